"""Rows over HTTP: what each form of a resource path does for each method."""

from __future__ import annotations

from urllib.parse import unquote

from emulator.errors import bad_query, not_supported
from emulator.exchange import Answer, applied, wrong_method
from emulator.metadata.model import Table
from emulator.navigations import serve_below
from emulator.operations import NAMESPACE, Target, call_operation
from emulator.paths import Segment
from emulator.present import present, read
from emulator.queries import count, retrieve_multiple
from emulator.records.cascades import delete
from emulator.records.conditions import check_conditions
from emulator.records.create import MADE_WITH_OTHERS
from emulator.records.deep import create
from emulator.records.keys import Address, locate
from emulator.records.payload import read_submission
from emulator.records.rows import fetch
from emulator.records.upsert import upsert
from emulator.seams import Work
from emulator.solutions import note_component

_NEVER_DELETED = frozenset({*MADE_WITH_OTHERS, "systemuser", "organization"})


def serve_rows(work: Work, table: Table, segments: list[Segment]) -> Answer:
    """Answers a request whose path starts with an entity set."""
    first, rest = segments[0], segments[1:]
    if first.arguments is None:
        return _on_set(work, table, rest)
    address = locate(work.context, table, first.arguments)
    if not rest:
        return _on_row(work, address)
    return serve_below(work, address, rest)


def _on_set(work: Work, table: Table, rest: list[Segment]) -> Answer:
    if len(rest) == 1 and rest[0].name.startswith(NAMESPACE):
        return call_operation(work, rest[0], Target(table, None))
    if [segment.name for segment in rest] == ["$count"] and work.call.method == "GET":
        return count(work, table)
    if rest:
        raise bad_query(f"Resource not found for the segment '{rest[0].name}'.")
    if work.call.method == "GET":
        return retrieve_multiple(work, table)
    if work.call.method == "POST":
        return _create(work, table)
    raise wrong_method(work.call)


def _create(work: Work, table: Table) -> Answer:
    submission = read_submission(work.context, table, work.call.json(), creating=True)
    row_id = create(work, table, submission)
    note_component(work, table, row_id)
    return _written(work, Address(table=table, row_id=row_id, text=row_id), created=True)


def _written(work: Work, address: Address, *, created: bool) -> Answer:
    """204 with the row's address, or the row itself for `Prefer: return=representation`."""
    row_path = f"{address.table.set_name}({address.row_id})"
    if work.context.preferences.get("return") == "representation":
        query = work.call.query if work.call.method == "POST" else _without_expand(work.call.query)
        shown = work.parts.reader.retrieve(work.context, address.table, str(address.row_id), query)
        if shown is not None:
            told = ",".join(("return=representation", *applied(work.context.preferences).values()))
            headers = {"Preference-Applied": told, "ETag": str(shown.get("@odata.etag", ""))}
            return Answer(status=201 if created else 200, payload=shown, headers=headers, row=row_path)
    url = work.context.url + address.path
    headers = {"OData-EntityId": url, "Location": url} if created else {"OData-EntityId": url}
    return Answer(status=204, headers=headers, row=row_path)


def _without_expand(query: str) -> str:
    """Learn: `$expand` is ignored where an update returns data."""
    return "&".join(part for part in query.split("&") if unquote(part.partition("=")[0]).strip() != "$expand")


def _on_row(work: Work, address: Address) -> Answer:
    if work.call.method == "GET":
        return _show(work, address)
    if work.call.method == "PATCH":
        return _patch(work, address)
    if work.call.method == "DELETE":
        return _delete(work, address)
    raise wrong_method(work.call)


def _show(work: Work, address: Address) -> Answer:
    shown = read(work, address, work.call.query)
    tag = str(shown.get("@odata.etag", ""))
    if tag and work.call.headers.get("if-none-match") == tag and not _shows_more(work):
        return Answer(status=304, headers={"ETag": tag})
    return Answer(status=200, payload=shown, headers={"ETag": tag, **applied(work.context.preferences)})


def _shows_more(work: Work) -> bool:
    """The tag tells of the row's own columns: what is expanded or annotated may have changed without it."""
    return "$expand" in work.call.parameters() or "odata.include-annotations" in work.context.preferences


def _patch(work: Work, address: Address) -> Answer:
    row = fetch(work.context.db, address.table, address.row_id) if address.row_id else None
    check_conditions(work, address, row)
    written, created = upsert(work, address, work.call.json())
    if created:
        note_component(work, written.table, str(written.row_id))
    return _written(work, written, created=created)


def _delete(work: Work, address: Address) -> Answer:
    table = address.table
    row = present(work, address)
    check_conditions(work, address, row)
    if table.logical_name in _NEVER_DELETED or table.is_intersect:
        raise not_supported(f"deleting rows of {table.logical_name}")
    work.parts.security.check(work.context, table, str(address.row_id), "Delete")
    delete(work, table, str(address.row_id), row)
    return Answer()
