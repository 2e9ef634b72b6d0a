"""From the first segment of a path to the part that answers it."""

from __future__ import annotations

from emulator.definitions import ROOTS, serve_definitions
from emulator.errors import not_supported
from emulator.exchange import Answer, Call, expand_reference, wrong_method
from emulator.operations import call_operation
from emulator.paths import split_path
from emulator.records.links import unknown_segment
from emulator.resources import serve_rows
from emulator.seams import Work


def serve(work: Work, call: Call) -> Answer:
    """Answers a call inside its transaction. Raises `DataverseError` for whatever is refused."""
    segments = split_path(expand_reference(call.path, call.references))
    if not segments:
        return _service_document(work, call)
    first = segments[0]
    table = work.context.schema.by_set(first.name)
    if table is not None:
        return serve_rows(work, call, table, segments)
    if first.name in ROOTS:
        return serve_definitions(work, call, segments)
    if first.name == "$metadata":
        raise not_supported("$metadata")
    if first.name[:1].isupper() and len(segments) == 1:
        return call_operation(work, call, first, None)
    raise unknown_segment(first.name)


def _service_document(work: Work, call: Call) -> Answer:
    if call.method != "GET":
        raise wrong_method(call)
    names = sorted(table.set_name for table in work.context.schema.tables.values())
    sets = [{"name": name, "kind": "EntitySet", "url": name} for name in names]
    return Answer(status=200, payload={"@odata.context": f"{work.context.url}$metadata", "value": sets})
