"""Images: copies of the row as it was before and is after, for the steps that ask for them."""

from __future__ import annotations

from collections.abc import Mapping

from emulator.context import Context
from emulator.events.contract import Json, entity, pairs
from emulator.events.steps import ASYNCHRONOUS, Step, names
from emulator.metadata.model import Table
from emulator.odata.sql import fetch
from emulator.records.rows import fetch as fetch_row
from emulator.seams import Change

PRE, POST, BOTH = 0, 1, 2
_OF_STEP = """
    select entityalias as alias, imagetype as kind, attributes from sdkmessageprocessingstepimage
    where sdkmessageprocessingstepid = ? order by entityalias"""
# What an asynchronous step is given in any case, so that its job has a name.
_PRIMARY_NAME = "AsynchronousStepPrimaryName"


def images(context: Context, change: Change, step: Step) -> tuple[list[Json], list[Json]]:
    """The images before and after a change, as the context holds them."""
    after = None if change.message == "Delete" else fetch_row(context.db, change.table, change.row_id)
    before: Json = {}
    behind: Json = {}
    for image in fetch(context.db, (_OF_STEP, (step.id,))):
        alias, attributes = str(image["alias"]), str(image["attributes"] or "")
        if image["kind"] in (PRE, BOTH) and change.before:
            before[alias] = _image(change.table, change.row_id, change.before, names(attributes))
        if image["kind"] in (POST, BOTH) and after is not None:
            behind[alias] = _image(change.table, change.row_id, after, names(attributes))
    if step.mode == ASYNCHRONOUS and after is not None:
        behind[_PRIMARY_NAME] = _image(change.table, change.row_id, after, {change.table.primary_name})
    return pairs(before), pairs(behind)


def _image(table: Table, row_id: str, row: Mapping[str, object], wanted: set[str]) -> Json:
    """The wanted columns, all without any; empty ones are left out, as in a row that was read."""
    filled = {name: value for name, value in row.items() if value is not None}
    return entity(table, row_id, filled, [name for name in filled if name in wanted] if wanted else None)
