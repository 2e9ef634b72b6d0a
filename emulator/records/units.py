"""Business units bring their default team, and users belong to the default team of their unit: by themselves."""

from __future__ import annotations

from uuid import uuid4

from emulator.context import Context
from emulator.records.rows import insert
from emulator.records.values import written
from emulator.seams import Change


def keep_default_teams(context: Context, change: Change) -> None:
    """An observer: makes the default team of a new unit, moves users to that of theirs."""
    if change.table.logical_name == "businessunit" and change.message == "Create":
        _add_team(context, change)
    elif change.table.logical_name == "systemuser" and change.values.get("businessunitid"):
        context.db.execute(
            "DELETE FROM teammembership WHERE systemuserid = ? AND teamid IN (SELECT teamid FROM team WHERE isdefault)",
            (change.row_id,),
        )
        statement = "SELECT teamid FROM team WHERE isdefault AND businessunitid = ?"
        for (team,) in context.db.execute(statement, (change.values["businessunitid"],)).fetchall():
            pair = {"teammembershipid": str(uuid4()), "teamid": team, "systemuserid": change.row_id}
            insert(context.db, context.schema.tables["teammembership"], pair)


def _add_team(context: Context, change: Change) -> None:
    now = written(context.now())
    team = {
        "teamid": str(uuid4()),
        "name": change.values["name"],
        "businessunitid": change.row_id,
        "isdefault": 1,
        "teamtype": 0,
        "administratorid": context.user_id,
        "createdon": now,
        "createdby": context.user_id,
        "modifiedon": now,
        "modifiedby": context.user_id,
    }
    insert(context.db, context.schema.tables["team"], team)
