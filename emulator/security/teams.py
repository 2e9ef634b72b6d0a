"""Who is in a team. Payloads: Microsoft Learn, AddMembersTeam and RemoveMembersTeam."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from emulator.context import Context
from emulator.errors import DataverseError
from emulator.security.checks import caller
from emulator.security.references import referenced
from emulator.security.sharing import Bound, Parameters


def add_members_team(context: Context, bound: Bound | None, parameters: Parameters) -> None:
    """Put users into a team; those who are in it stay."""
    team_id, users = _members(context, bound, parameters)
    for user_id in users:
        own_id = str(uuid5(NAMESPACE_URL, f"teammembership/{team_id}/{user_id}"))
        context.db.execute(
            "insert into teammembership (teammembershipid, teamid, systemuserid, versionnumber) select ?1, ?2, ?3, 1 "
            "where not exists (select 1 from teammembership where teamid = ?2 and systemuserid = ?3)",
            (own_id, team_id, user_id),
        )


def remove_members_team(context: Context, bound: Bound | None, parameters: Parameters) -> None:
    """Take users out of a team."""
    team_id, users = _members(context, bound, parameters)
    for user_id in users:
        context.db.execute(
            "delete from teammembership where teamid = ? and systemuserid = ?",
            (team_id, user_id),
        )


def _members(context: Context, bound: Bound | None, parameters: Parameters) -> tuple[str, list[str]]:
    if bound is None or bound.row_id is None:
        raise DataverseError(400, "0x80060888", "The operation is bound to a team.")
    caller(context).check(bound.table, bound.row_id, "Write")
    given = parameters.get("Members")
    if not isinstance(given, list) or not given:
        raise DataverseError(400, "0x80048d19", "The parameter Members is not a list of users.")
    rows = [referenced(context, {"Members": each}, "Members") for each in given]
    if any(table.logical_name != "systemuser" for table, _ in rows):
        raise DataverseError(400, "0x80048d19", "The parameter Members is not a list of users.")
    return bound.row_id, [row_id for _, row_id in rows]
