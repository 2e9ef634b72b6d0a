"""Creating a row: defaults, owner, state, then the row itself."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import uuid4

from emulator.errors import DataverseError, not_supported
from emulator.metadata.kinds import POINTER
from emulator.metadata.model import ColumnType, Table
from emulator.metadata.physical import USER_SETTINGS, VIEWS
from emulator.records import parties
from emulator.records.documents import about_document
from emulator.records.duplicates import refusing_duplicates
from emulator.records.names import full_name
from emulator.records.ownership import owner_columns
from emulator.records.payload import Submission
from emulator.records.rows import insert
from emulator.records.states import settle
from emulator.records.values import written
from emulator.records.writing import modified
from emulator.seams import Change, Work

# Rows that come about by other means: mirrored, by association, by sharing, with a table.
NOT_WRITABLE = frozenset({*VIEWS, POINTER, "activityparty", "principalobjectaccess", "privilege"})
# Every user has them, and they are changed like any row.
MADE_WITH_OTHERS = frozenset({*NOT_WRITABLE, USER_SETTINGS})


def create_one(work: Work, table: Table, submission: Submission) -> str:
    """Creates this row alone and returns its id. Raises 412 for an id or a key that is taken, 400 for what is wrong."""
    if table.logical_name in MADE_WITH_OTHERS or table.is_intersect:
        raise not_supported(f"creating rows of {table.logical_name} directly")
    work.parts.security.check_privilege(work.context, table, "Create")
    given = submission.values
    row_id = str(given.get(table.primary_id) or uuid4())
    values = {**_defaults(table), **given, table.primary_id: row_id}
    values.update(settle(table, given, None, row_id))
    values.update(_audit(work, table, given))
    if table.ownership == "UserOwned":
        owner, kind = str(given.get("ownerid") or work.context.user_id), given.get("ownerid__table") or "systemuser"
        values.update(owner_columns(work.context, owner, str(kind)))
    values.update(full_name(table, values, {}))
    values.update(about_document(table, given))
    _check_required(table, values)
    with refusing_duplicates(table):
        insert(work.context.db, table, values)
    _check_links(work, table, submission, row_id)
    work.parts.security.check(work.context, table, row_id, "Create")
    if table.is_activity:
        parties.replace(work, table, row_id, submission.parties or [])
    work.note(Change(message="Create", table=table, row_id=row_id, values=values))
    return row_id


def _defaults(table: Table) -> dict[str, object]:
    values: dict[str, object] = {
        column.logical_name: int(column.default) if isinstance(column.default, bool) else column.default
        for column in table.columns.values()
        if column.default is not None
    }
    if table.is_activity:
        values["activitytypecode"] = table.logical_name
    return values


def _audit(work: Work, table: Table, given: Mapping[str, object]) -> dict[str, object]:
    """Who and when. `overriddencreatedon` is how imports keep the date of the original."""
    now = written(work.context.now())
    values: dict[str, object] = {}
    if "createdon" in table.columns:
        values = {"createdon": now, **modified(work.context)}
        values.update(createdby=work.context.user_id, createdonbehalfby=work.context.real_user_id)
        if given.get("overriddencreatedon"):
            values.update(createdon=given["overriddencreatedon"], overriddencreatedon=now)
    if table.columns.get("organizationid") is not None:
        values["organizationid"] = work.context.db.execute("SELECT organizationid FROM organization").fetchone()[0]
    money = [name for name in given if name in table.columns and table.columns[name].type is ColumnType.MONEY]
    if money and "transactioncurrencyid" in table.columns and not given.get("transactioncurrencyid"):
        currency = work.context.db.execute("SELECT basecurrencyid FROM organization").fetchone()
        values["transactioncurrencyid"] = currency[0]
    if "objecttypecode" in table.columns and "objectid__table" in given:
        values["objecttypecode"] = given["objectid__table"]
    return values


def _check_required(table: Table, values: Mapping[str, object]) -> None:
    missing = [name for name, column in table.columns.items() if column.required and values.get(name) is None]
    if missing:
        raise DataverseError(400, "0x80040200", f"Required field '{missing[0]}' is missing.")


def _check_links(work: Work, table: Table, submission: Submission, row_id: str) -> None:
    """Linking a row to another takes Append on the one and AppendTo on the other."""
    linked = {name: target for name, target in submission.links.items() if name != "ownerid"}
    if linked:
        work.parts.security.check(work.context, table, row_id, "Append")
    for target in linked.values():
        work.parts.security.check(work.context, target.table, str(target.row_id), "AppendTo")
