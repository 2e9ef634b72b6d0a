"""Roles in a tree of business units: each unit has a copy of every role of the unit above it.

Source: Learn, "Security roles", "role table": a role is changed where it was made, and its copies follow. A user who
moves to another unit loses the roles, and the unit of the user's rows follows (as an environment does unless it is told
otherwise, Learn: DoNotRemoveRolesOnChangeBusinessUnit, AlwaysMoveRecordToOwnerBusinessUnit).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from uuid import NAMESPACE_URL, uuid5

from emulator.context import Context
from emulator.errors import DataverseError, not_supported
from emulator.metadata.physical import VIEWS
from emulator.odata.sql import Row, fetch, quoted
from emulator.records.duplicates import refusing_duplicates
from emulator.records.rows import insert, next_version
from emulator.records.values import written
from emulator.seams import Change

_FOLLOWING = ("name", "description", "isinherited")


def follow_units(context: Context, change: Change) -> None:
    """An observer: keeps the copies of roles, and what a user has by a unit."""
    react = _REACTIONS.get((change.table.logical_name, change.message))
    if react is not None:
        react(context, change)


def check_own(db: sqlite3.Connection, role_id: str) -> None:
    """Raises 400 for a role that is a copy: it is changed with the role that it comes from."""
    (row,) = fetch(db, ("select parentroleid from role where roleid = ?", (role_id,)))
    if row["parentroleid"] is not None:
        message = f"The role {role_id} is inherited and cannot be changed: change it in the unit that it comes from."
        raise DataverseError(400, "0x80040203", message)


def spread_privileges(db: sqlite3.Connection, role_id: str) -> None:
    """Gives the copies of a role its privileges, and no others."""
    for copy in _copies(db, role_id):
        copy_id = str(copy["roleid"])
        db.execute("delete from roleprivileges where roleid = ?", (copy_id,))
        found = fetch(db, ("select privilegeid, privilegedepthmask from roleprivileges where roleid = ?", (role_id,)))
        for row in found:
            own_id = str(uuid5(NAMESPACE_URL, f"roleprivileges/{copy_id}/{row['privilegeid']}"))
            db.execute(
                "insert into roleprivileges (roleprivilegeid, roleid, privilegeid, privilegedepthmask, versionnumber) "
                "values (?, ?, ?, ?, 1)",
                (own_id, copy_id, row["privilegeid"], row["privilegedepthmask"]),
            )


def _role_made(context: Context, change: Change) -> None:
    unit = str(change.values["businessunitid"])
    context.db.execute("update role set parentrootroleid = roleid where roleid = ?", (change.row_id,))
    for row in _below(context.db, unit):
        _inherit(context, str(row["businessunitid"]), change.row_id)


def _role_changed(context: Context, change: Change) -> None:
    changed = {name: value for name, value in change.values.items() if name in _FOLLOWING}
    if not changed:
        return
    check_own(context.db, change.row_id)
    for copy in _copies(context.db, change.row_id):
        for name, value in changed.items():
            statement = f"update role set {quoted(name)} = ?, versionnumber = ? where roleid = ?"
            context.db.execute(statement, (value, next_version(context.db), copy["roleid"]))


def _role_deleted(context: Context, change: Change) -> None:
    if change.before.get("parentroleid") is not None:
        raise DataverseError(400, "0x80040203", f"The role {change.row_id} is inherited and cannot be deleted.")
    for copy in _copies(context.db, change.row_id):
        for table in ("roleprivileges", "systemuserroles", "teamroles", "role"):
            context.db.execute(f'delete from "{table}" where roleid = ?', (copy["roleid"],))


def _unit_made(context: Context, change: Change) -> None:
    parent = change.values.get("parentbusinessunitid")
    if parent is None:
        raise DataverseError(400, "0x80040200", "Required field 'parentbusinessunitid' is missing.")
    for row in fetch(context.db, ("select roleid from role where businessunitid = ?", (parent,))):
        _inherit(context, change.row_id, str(row["roleid"]))


def _unit_changed(context: Context, change: Change) -> None:
    parent = "parentbusinessunitid"
    if parent in change.values and change.values[parent] != change.before[parent]:
        raise not_supported("moving a business unit")


def _inherit(context: Context, unit: str, role_id: str) -> None:
    """Makes the copy of a role for a unit; its parent is the copy of the unit above."""
    (role,) = fetch(context.db, ("select * from role where roleid = ?", (role_id,)))
    root = str(role["parentrootroleid"] or role["roleid"])
    statement = """
        select r.roleid from role r join businessunit b on b.parentbusinessunitid = r.businessunitid
        where b.businessunitid = ? and coalesce(r.parentrootroleid, r.roleid) = ?"""
    (above,) = fetch(context.db, (statement, (unit, root)))
    now, table = written(context.now()), context.schema.tables["role"]
    copy = {name: value for name, value in role.items() if name in table.columns}
    copy.update(roleid=str(uuid5(NAMESPACE_URL, f"role/{root}/{unit}")), businessunitid=unit, createdon=now)
    copy.update(parentroleid=above["roleid"], parentrootroleid=root, modifiedon=now)
    with refusing_duplicates(table):
        insert(context.db, table, copy)
    spread_privileges(context.db, root)


def _user_moved(context: Context, change: Change) -> None:
    unit, user = change.values.get("businessunitid"), change.row_id
    if unit is None or unit == change.before["businessunitid"]:
        return
    context.db.execute("delete from systemuserroles where systemuserid = ?", (user,))
    for table in context.schema.tables.values():
        if table.ownership == "UserOwned" and table.logical_name not in VIEWS:
            changes = "set owningbusinessunit = ?, versionnumber = ?"
            statement = f"update {quoted(table.logical_name)} {changes} where ownerid = ?"
            context.db.execute(statement, (unit, next_version(context.db), user))


def _copies(db: sqlite3.Connection, role_id: str) -> list[Row]:
    return fetch(db, ("select roleid from role where parentrootroleid = ?1 and roleid <> ?1", (role_id,)))


def _below(db: sqlite3.Connection, unit: str) -> list[Row]:
    """The units below a unit, those nearer to it first."""
    statement = """
        with recursive below(id, depth) as (
            select businessunitid, 1 from businessunit where parentbusinessunitid = ?
            union all
            select b.businessunitid, depth + 1 from businessunit b join below on b.parentbusinessunitid = below.id
        ) select id as businessunitid from below order by depth"""
    return fetch(db, (statement, (unit,)))


_REACTIONS: dict[tuple[str, str], Callable[[Context, Change], None]] = {
    ("role", "Create"): _role_made,
    ("role", "Update"): _role_changed,
    ("role", "Delete"): _role_deleted,
    ("businessunit", "Create"): _unit_made,
    ("businessunit", "Update"): _unit_changed,
    ("systemuser", "Update"): _user_moved,
}
