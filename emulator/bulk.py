"""`CreateMultiple`, `UpdateMultiple` and `UpsertMultiple`: many rows of one table, all of them or none.

Source: Learn, "Use bulk operation messages".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from emulator.errors import bad_query
from emulator.metadata.model import Table
from emulator.operations import ANY_TABLE, NAMESPACE, Json, Target, action
from emulator.records.deep import create
from emulator.records.keys import Address
from emulator.records.links import address_of
from emulator.records.payload import read_submission
from emulator.records.rows import fetch
from emulator.records.upsert import upsert
from emulator.records.values import payload_error
from emulator.seams import Work

Body = Mapping[str, object]


@action("CreateMultiple", bound_to=ANY_TABLE)
def create_multiple(work: Work, target: Target | None, arguments: Body) -> Json:
    """New rows; their ids in the same order."""
    table = _table(target)
    submissions = [read_submission(work.context, table, body, creating=True) for body in _targets(table, arguments)]
    return {"Ids": [create(work, table, submission) for submission in submissions]}


@action("UpdateMultiple", bound_to=ANY_TABLE)
def update_multiple(work: Work, target: Target | None, arguments: Body) -> None:
    """Rows that are there; raises 404 if one is not."""
    table = _table(target)
    for body in _targets(table, arguments):
        address = _address(work, table, body)
        if address.row_id is None or fetch(work.context.db, table, address.row_id) is None:
            raise address.missing()
        upsert(work, address, body)


@action("UpsertMultiple", bound_to=ANY_TABLE)
def upsert_multiple(work: Work, target: Target | None, arguments: Body) -> None:
    """Rows that are there or not, by id or by the alternate key in `@odata.id`."""
    table = _table(target)
    for body in _targets(table, arguments):
        upsert(work, _address(work, table, body), body)


def _table(target: Target | None) -> Table:
    if target is None or target.row_id is not None:
        raise bad_query("The operation is bound to a collection of rows.")
    return target.table


def _targets(table: Table, arguments: Body) -> Iterator[Body]:
    targets = arguments.get("Targets")
    if not isinstance(targets, list) or not targets:
        raise payload_error(table, "The parameter Targets must hold rows.")
    for body in targets:
        kind = str(body.get("@odata.type", "")) if isinstance(body, Mapping) else ""
        if kind.removeprefix("#") != NAMESPACE + table.logical_name:
            raise payload_error(table, f"Each of Targets needs '@odata.type': '{NAMESPACE}{table.logical_name}'.")
        yield body


def _address(work: Work, table: Table, body: Body) -> Address:
    link = body.get("@odata.id") or f"{table.set_name}({body.get(table.primary_id)})"
    address = address_of(work.context, str(link))
    if address.table is not table:
        raise payload_error(table, f"'{link}' is no row of {table.logical_name}.")
    return address
