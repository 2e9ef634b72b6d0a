"""From the first segment of a path to the part that answers it."""

from __future__ import annotations

from emulator.csdl.document import csdl_document
from emulator.definitions import ROOTS, serve_definitions
from emulator.exchange import Answer, expand_reference, wrong_method
from emulator.operations import call_operation, registered
from emulator.paths import split_path
from emulator.records.links import unknown_segment
from emulator.resources import serve_rows
from emulator.seams import Work


def serve(work: Work) -> Answer:
    """Answers a call inside its transaction. Raises `DataverseError` for whatever is refused."""
    segments = split_path(expand_reference(work.call.path, work.call.references))
    if not segments:
        return _service_document(work)
    first = segments[0]
    table = work.context.schema.by_set(first.name)
    if table is not None:
        return serve_rows(work, table, segments)
    if first.name in ROOTS:
        return serve_definitions(work, segments)
    if first.name == "$metadata":
        return _metadata(work)
    if first.name[:1].isupper() and len(segments) == 1:
        return call_operation(work, first, None)
    raise unknown_segment(first.name)


def _metadata(work: Work) -> Answer:
    """The schema as XML. `?annotations=true` is taken: it has no further annotations to show."""
    if work.call.method != "GET":
        raise wrong_method(work.call)
    document = csdl_document(work.context.schema, registered())
    return Answer(status=200, binary=document, headers={"Content-Type": "application/xml"})


def _service_document(work: Work) -> Answer:
    if work.call.method != "GET":
        raise wrong_method(work.call)
    names = sorted(table.set_name for table in work.context.schema.tables.values())
    sets = [{"name": name, "kind": "EntitySet", "url": name} for name in names]
    return Answer(status=200, payload={"@odata.context": f"{work.context.url}$metadata", "value": sets})
