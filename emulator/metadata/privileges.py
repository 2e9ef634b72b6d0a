"""The privileges that come with a table: `prvReadContact` and its like, rows of the table `privilege`.

Activity tables share those of `Activity`. System Administrator holds every privilege everywhere, also on tables that
are made later.
"""

from __future__ import annotations

import sqlite3

from emulator.metadata.identity import metadata_id
from emulator.metadata.model import Table

# Bits of the access mask (Learn: AccessRights).
ACCESS_RIGHTS = {
    "Create": 32,
    "Read": 1,
    "Write": 2,
    "Delete": 65536,
    "Append": 4,
    "AppendTo": 16,
    "Assign": 524288,
    "Share": 262144,
}
BASIC, LOCAL, GLOBAL = 1, 2, 8
# Those that are not called after the schema name of their table, or are those of another one: the value of an
# environment variable is as open as its definition.
_NAMES = {
    "systemuser": "User",
    "annotation": "Note",
    "savedquery": "Query",
    "environmentvariablevalue": "EnvironmentVariableDefinition",
}
# Rows of these tables come and go with others.
_NONE = frozenset({"owner", "activityparty", "principalobjectaccess", "privilege", "solutioncomponent"})
_ASSIGNED = frozenset({"role"})  # though nobody owns one: who may give it to users


def privilege_name(verb: str, table: Table) -> str:
    """`prvReadContact`; every activity table answers with `prvReadActivity`."""
    if table.is_activity:
        return f"prv{verb}Activity"
    return f"prv{verb}{_NAMES.get(table.logical_name, table.schema_name)}"


def _without_rows(schema_name: str) -> Table:
    name = schema_name.lower()
    return Table(
        logical_name=name,
        schema_name=schema_name,
        set_name="",
        primary_id=f"{name}id",
        primary_name="",
        object_type_code=0,
        metadata_id=metadata_id("entity", name),
        ownership="OrganizationOwned",
    )


# Tables that are definitions themselves: they have privileges, but no rows of ours.
DEFINITIONS = {name: _without_rows(name) for name in ("Entity", "Attribute", "Relationship", "OptionSet")}
# What each user has set in an app. Its columns are not documented; who is to see in-app notifications needs its
# privileges (Learn, "Send in-app notifications within model-driven apps").
SETTINGS_OF_USERS = _without_rows("AppUserSetting")


def create_privileges(db: sqlite3.Connection, table: Table) -> None:
    """Adds the privileges of a table, unless they are there."""
    if table.is_intersect or table.logical_name in _NONE:
        return
    for verb, right in ACCESS_RIGHTS.items():
        given = verb not in ("Assign", "Share") or (verb == "Assign" and table.logical_name in _ASSIGNED)
        if table.ownership == "UserOwned" or given:
            _add(db, privilege_name(verb, table), right, table.ownership)


def _add(db: sqlite3.Connection, name: str, right: int, ownership: str) -> None:
    """Rows that users own can be reached at every depth; users, teams, units and roles from the unit upwards."""
    privilege = metadata_id("privilege", name)
    by_owner, by_unit = int(ownership == "UserOwned"), int(ownership in ("UserOwned", "BusinessOwned"))
    added = db.execute(
        "INSERT OR IGNORE INTO privilege (privilegeid, name, accessright, canbebasic, canbelocal, canbedeep, "
        "canbeglobal, canbeentityreference, canbeparententityreference, versionnumber) "
        "VALUES (?, ?, ?, ?, ?, ?, 1, 0, 0, 1)",
        (privilege, name, right, by_owner, by_unit, by_unit),
    )
    if added.rowcount:
        for (role,) in db.execute("SELECT roleid FROM role WHERE name = 'System Administrator'").fetchall():
            grant(db, role, name, GLOBAL)


def grant(db: sqlite3.Connection, role: str, name: str, depth: int) -> None:
    """Gives a role a privilege that it does not have yet."""
    privilege = metadata_id("privilege", name)
    db.execute(
        "INSERT INTO roleprivileges (roleprivilegeid, roleid, privilegeid, privilegedepthmask, versionnumber) "
        "VALUES (?, ?, ?, ?, 1)",
        (metadata_id("roleprivilege", role, privilege), role, privilege, depth),
    )
