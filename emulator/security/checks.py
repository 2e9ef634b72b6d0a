"""What the write path asks before and after it touches a row."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Protocol

from emulator.context import Context
from emulator.metadata.model import Schema, Table
from emulator.metadata.privileges import privilege_name
from emulator.odata.sql import by_id, fetch
from emulator.security.impersonation import ACT_FOR_OTHERS, Impersonation
from emulator.security.inheritance import lookups_that_hand_down, refresh
from emulator.security.row_security import RowSecurity


class Written(Protocol):
    """A row that was written: `message` is Create, Update or Delete, `values` the physical columns that were given,
    `before` the row as it was."""

    @property
    def message(self) -> str: ...
    @property
    def table(self) -> Table: ...
    @property
    def row_id(self) -> str: ...
    @property
    def values(self) -> Mapping[str, object]: ...
    @property
    def before(self) -> Mapping[str, object]: ...


def access(db: sqlite3.Connection, schema: Schema, user_id: str, real_user_id: str | None = None) -> RowSecurity:
    """The rights of the user that a request acts as. Raises `DataverseError` 403 where another user sent it who may
    not act for others."""
    if real_user_id is None:
        return RowSecurity(db, schema, user_id)
    sender = RowSecurity(db, schema, real_user_id)
    sender.check_named(ACT_FOR_OTHERS)
    return Impersonation(db, schema, user_id, sender)


def check_named(context: Context, name: str) -> None:
    """Raise `DataverseError` 403 unless the caller holds a privilege that belongs to no table."""
    caller(context).check_named(name)


def check_privilege(context: Context, table: Table, verb: str) -> None:
    """Raise `DataverseError` 403 unless the caller holds the table's privilege for a verb at some depth."""
    caller(context).check(table, None, verb)


def check(context: Context, table: Table, row_id: str, right: str) -> None:
    """Raise `DataverseError` 403 unless the caller has a right on a row, 404 if the row is not there."""
    caller(context).check(table, row_id, right)


def check_can_hold(context: Context, table: Table, principal_id: str, kind: str) -> None:
    """Raise `DataverseError` 403 unless a user or team can read rows of a table at some depth, by whichever role:
    otherwise none can be shared with it."""
    principal = caller(context).other(principal_id, kind)
    if principal.privilege_depth(privilege_name("Read", table)) is None:
        raise principal.missing(table, "Read")


def caller(context: Context) -> RowSecurity:
    """The rights of the context's user."""
    if isinstance(context.access, RowSecurity):
        return context.access
    return RowSecurity(context.db, context.schema, context.user_id)


def on_created(context: Context, table: Table, row_id: str) -> None:
    """After a row was inserted: its owner must be able to own it, and it inherits its parents' shares."""
    _check_owner(context, table, row_id)
    refresh(context.db, context.schema, table, row_id)


def on_reparented(context: Context, table: Table, row_id: str) -> None:
    """After a lookup of a row was changed: what it inherits follows its parents."""
    refresh(context.db, context.schema, table, row_id)


def on_assigned(context: Context, table: Table, row_id: str) -> None:
    """After a row got another owner: the owner must be able to own it, and its children inherit from the new one."""
    _check_owner(context, table, row_id)
    refresh(context.db, context.schema, table, row_id)


def on_deleted(context: Context, table: Table, row_id: str) -> None:
    """After a row was deleted: its shares go; those of a user or team go with it."""
    context.db.execute("delete from principalobjectaccess where objectid = ?", (row_id,))
    if table.logical_name in {"systemuser", "team"}:
        context.db.execute("delete from principalobjectaccess where principalid = ?", (row_id,))


def observe(context: Context, change: Written) -> None:
    """The same as one observer of all writes: calls whichever of the above a change asks for."""
    if change.message == "Create":
        on_created(context, change.table, change.row_id)
    elif change.message == "Delete":
        on_deleted(context, change.table, change.row_id)
    elif "ownerid" in change.values:
        on_assigned(context, change.table, change.row_id)
    elif any(_moved(change, lookup) for lookup in lookups_that_hand_down(context.schema, change.table)):
        on_reparented(context, change.table, change.row_id)


def _moved(change: Written, lookup: str) -> bool:
    """Whether a lookup got another row; the same one again is no reparenting (Learn)."""
    return lookup in change.values and change.values[lookup] != change.before.get(lookup)


def _check_owner(context: Context, table: Table, row_id: str) -> None:
    if table.ownership != "UserOwned":
        return
    for row in fetch(context.db, by_id(table, row_id)):
        owner = caller(context).other(str(row["ownerid"]), str(row["ownerid__table"]))
        if not owner.can_own(table):
            raise owner.missing(table, "Read")
