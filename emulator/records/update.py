"""Changing a row, and what a change of owner does to the rows below it."""

from __future__ import annotations

from collections.abc import Mapping

from emulator.errors import DataverseError, not_supported
from emulator.metadata.model import Column, ColumnType, Table
from emulator.records import parties
from emulator.records.cascades import assign_children
from emulator.records.create import NOT_WRITABLE
from emulator.records.documents import about_document
from emulator.records.names import full_name
from emulator.records.ownership import owner_columns
from emulator.records.payload import Submission
from emulator.records.rows import Row
from emulator.records.states import settle
from emulator.records.values import written
from emulator.records.writing import write
from emulator.seams import Work

_CLOSED_BY: dict[tuple[str, object], str] = {
    ("opportunity", 1): "WinOpportunity",
    ("opportunity", 2): "LoseOpportunity",
}


def update(work: Work, table: Table, row_id: str, submission: Submission, before: Row) -> None:
    """Changes the row `before`. Raises 400 for what does not fit, 412 for a key that another row has."""
    if table.logical_name in NOT_WRITABLE or table.is_intersect:
        raise not_supported(f"changing rows of {table.logical_name} directly")
    given = dict(submission.values)
    if "ownerid" in given and given["ownerid"] is None:
        raise DataverseError(400, "0x80040229", "The owner ID is invalid or missing.")
    owner, kind = given.pop("ownerid", None), given.pop("ownerid__table", None)
    if given or submission.parties is not None or owner is None:
        work.parts.security.check(work.context, table, row_id, "Write")
    if owner is not None:
        # Also where it is the same one: to name an owner is to assign (Learn: Assign, "Update the ownerid property").
        work.parts.security.check(work.context, table, row_id, "Assign")
    if owner is not None and owner != before["ownerid"]:
        given.update(owner_columns(work.context, str(owner), str(kind)))
    _check_links(work, table, row_id, submission, before)
    _check_closing(table, given, before)
    given.update(settle(table, given, before.get("statecode"), row_id))
    given.update(full_name(table, given, before))
    given.update(about_document(table, given))
    given.update(_closing(work, table, given, before))
    check_required(table, given)
    if submission.parties is not None:
        parties.replace(work, table, row_id, submission.parties)
    if given or submission.parties is not None:
        write(work, table, row_id, given, before)
    if owner is not None and owner != before["ownerid"]:
        assign_children(work, table, row_id, str(owner), str(kind), before)


def _check_closing(table: Table, given: Mapping[str, object], before: Row) -> None:
    """Opportunities are closed by the actions for it, not by their state (Learn: opportunity, SetState)."""
    message = _CLOSED_BY.get((table.logical_name, given.get("statecode")))
    if message and given["statecode"] != before["statecode"]:
        text = f"This message can not be used to set the state of opportunity. Use the {message} message instead."
        raise DataverseError(400, "0x80100005", text)


def _closing(work: Work, table: Table, given: Mapping[str, object], before: Row) -> dict[str, object]:
    """An activity that is completed or canceled ends now, unless its end was given."""
    closes = table.is_activity and given.get("statecode") in (1, 2) and given.get("statecode") != before["statecode"]
    if closes and not given.get("actualend", before["actualend"]):
        return {"actualend": written(work.context.now())}
    return {}


def check_required(table: Table, given: Mapping[str, object]) -> None:
    """Raises 400 0x80040200 where a column is emptied that must hold something."""
    emptied = [name for name, value in given.items() if value is None and name in table.columns]
    missing = [name for name in emptied if _always_filled(table.columns[name])]
    if missing:
        raise DataverseError(400, "0x80040200", f"Required field '{missing[0]}' is missing.")


def _always_filled(column: Column) -> bool:
    return column.required or column.required_level == "SystemRequired" or column.type is ColumnType.STATUS


def _check_links(work: Work, table: Table, row_id: str, submission: Submission, before: Row) -> None:
    changed = {
        name: target
        for name, target in submission.links.items()
        if name != "ownerid" and target.row_id != before.get(name)
    }
    if changed:
        work.parts.security.check(work.context, table, row_id, "Append")
    for target in changed.values():
        work.parts.security.check(work.context, target.table, str(target.row_id), "AppendTo")
