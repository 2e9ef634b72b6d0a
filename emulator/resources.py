"""Rows over HTTP: what each form of a resource path does for each method."""

from __future__ import annotations

from emulator.errors import bad_query, not_supported
from emulator.exchange import Answer, Call, applied, wrong_method
from emulator.metadata.model import Table
from emulator.navigations import present, serve_below
from emulator.operations import NAMESPACE, Target, call_operation
from emulator.paths import Segment
from emulator.records.cascades import delete
from emulator.records.conditions import check_conditions
from emulator.records.create import NOT_WRITABLE, create
from emulator.records.keys import Address, locate
from emulator.records.payload import read_submission
from emulator.records.rows import fetch
from emulator.records.upsert import upsert
from emulator.seams import Work
from emulator.solutions import note_component

_NEVER_DELETED = frozenset({*NOT_WRITABLE, "systemuser", "organization"})


def serve_rows(work: Work, call: Call, table: Table, segments: list[Segment]) -> Answer:
    """Answers a request whose path starts with an entity set."""
    first, rest = segments[0], segments[1:]
    if first.arguments is None:
        return _on_set(work, call, table, rest)
    address = locate(work.context, table, first.arguments)
    if not rest:
        return _on_row(work, call, address)
    return serve_below(work, call, address, rest)


def _on_set(work: Work, call: Call, table: Table, rest: list[Segment]) -> Answer:
    if rest and rest[0].name.startswith(NAMESPACE):
        return call_operation(work, call, rest[0], Target(table, None))
    if rest and rest[0].name == "$count" and call.method == "GET":
        return Answer(status=200, text=str(work.parts.reader.count(work.context, table, call.query)))
    if rest:
        raise bad_query(f"Resource not found for the segment '{rest[0].name}'.")
    if call.method == "GET":
        rows = work.parts.reader.retrieve_multiple(work.context, table, call.query)
        return Answer(status=200, payload=rows, headers=applied(work.context.preferences))
    if call.method == "POST":
        return _create(work, call, table)
    raise wrong_method(call)


def _create(work: Work, call: Call, table: Table) -> Answer:
    submission = read_submission(work.context, table, call.json(), creating=True)
    row_id = create(work, table, submission)
    note_component(work, table, row_id)
    return _written(work, call, Address(table=table, row_id=row_id, text=row_id), created=True)


def _written(work: Work, call: Call, address: Address, *, created: bool) -> Answer:
    """204 with the row's address, or the row itself for `Prefer: return=representation`."""
    row_path = f"{address.table.set_name}({address.row_id})"
    if work.context.preferences.get("return") == "representation":
        shown = work.parts.reader.retrieve(work.context, address.table, str(address.row_id), call.query)
        if shown is not None:
            headers = {"Preference-Applied": "return=representation", "ETag": str(shown.get("@odata.etag", ""))}
            return Answer(status=201 if created else 200, payload=shown, headers=headers, row=row_path)
    url = work.context.url + address.path
    headers = {"OData-EntityId": url, "Location": url} if created else {"OData-EntityId": url}
    return Answer(status=204, headers=headers, row=row_path)


def _on_row(work: Work, call: Call, address: Address) -> Answer:
    if call.method == "GET":
        return _show(work, call, address)
    if call.method == "PATCH":
        return _patch(work, call, address)
    if call.method == "DELETE":
        return _delete(work, call, address)
    raise wrong_method(call)


def _show(work: Work, call: Call, address: Address) -> Answer:
    shown = address.row_id and work.parts.reader.retrieve(work.context, address.table, address.row_id, call.query)
    if not shown:
        raise address.missing()
    tag = str(shown.get("@odata.etag", ""))
    if tag and call.headers.get("if-none-match") == tag:
        return Answer(status=304, headers={"ETag": tag})
    return Answer(status=200, payload=shown, headers={"ETag": tag, **applied(work.context.preferences)})


def _patch(work: Work, call: Call, address: Address) -> Answer:
    row = fetch(work.context.db, address.table, address.row_id) if address.row_id else None
    check_conditions(call.headers, address, row)
    written, created = upsert(work, address, call.json())
    if created:
        note_component(work, written.table, str(written.row_id))
    return _written(work, call, written, created=created)


def _delete(work: Work, call: Call, address: Address) -> Answer:
    table = address.table
    row = present(work, address)
    check_conditions(call.headers, address, row)
    if table.logical_name in _NEVER_DELETED or table.is_intersect:
        raise not_supported(f"deleting rows of {table.logical_name}")
    work.parts.security.check(work.context, table, str(address.row_id), "Delete")
    delete(work, table, str(address.row_id), row)
    return Answer()
