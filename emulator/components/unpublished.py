"""`RetrieveUnpublished` and `RetrieveUnpublishedMultiple`: rows with what was written and not published yet.

Filters of the query are applied to what is published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from emulator.components.layers import LAYERED, unpublished
from emulator.context import Context
from emulator.errors import does_not_exist, not_supported
from emulator.metadata.model import Table
from emulator.operations import Handler, Json, Operation, Target, add
from emulator.seams import Work


def retrieve_unpublished(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json:
    """One row with its latest values."""
    if target is None or target.row_id is None:
        raise not_supported("RetrieveUnpublished without a row")
    shown = work.parts.reader.retrieve(
        replace(work.context, published_only=False), target.table, target.row_id, work.call.query
    )
    if shown is None:
        raise does_not_exist(target.table.logical_name, target.row_id)
    return _latest(work.context, target.table, shown)


def retrieve_unpublished_multiple(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json:
    """Rows with their latest values, those among them that were never published."""
    if target is None:
        raise not_supported("RetrieveUnpublishedMultiple without a table")
    context, table = replace(work.context, published_only=False), target.table
    found = work.parts.reader.retrieve_multiple(context, table, work.call.query)
    rows = found["value"]
    shown = [_latest(context, table, row) for row in rows] if isinstance(rows, list) else []
    return {**found, "value": shown}


def _latest(context: Context, table: Table, row: Json) -> Json:
    waiting = unpublished(context.db, table, str(row[table.primary_id]))
    return {**row, **{name: value for name, value in waiting.items() if name in row}}


_FUNCTIONS: dict[str, Handler] = {
    "RetrieveUnpublished": retrieve_unpublished,
    "RetrieveUnpublishedMultiple": retrieve_unpublished_multiple,
}
for _table in LAYERED:
    for _name, _handler in _FUNCTIONS.items():
        add(Operation(_name, "GET", _table, _handler))
