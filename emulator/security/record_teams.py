"""Access teams that come about by themselves: one for each row and template, with which the row is shared.

Payloads: Microsoft Learn, AddUserToRecordTeam and RemoveUserFromRecordTeam. The team needs no role: what it has been
given counts for members who hold the privilege. It stays when its last member has gone.
"""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from emulator.context import Context
from emulator.errors import DataverseError
from emulator.metadata.model import Table
from emulator.metadata.physical import companion
from emulator.odata.sql import by_id, fetch
from emulator.records.rows import exists, insert
from emulator.records.values import written
from emulator.security.references import referenced
from emulator.security.sharing import Bound, Json, Parameters, bound_principal, check_grant, give, shareable

_ACCESS = 1


def add_user_to_record_team(context: Context, bound: Bound | None, parameters: Parameters) -> Json:
    """Puts the user into the team of a row, and makes the team if there is none. The caller needs Share on the row and
    whatever the template gives."""
    user = bound_principal(bound)
    table, row_id = shareable(context, parameters, "Record")
    template, mask = _template(context, table, parameters)
    check_grant(context, table, row_id, user, mask)
    team = _team(row_id, template)
    if not exists(context.db, context.schema.tables["team"], team):
        _make(context, table, row_id, template)
        give(context, table, row_id, (team, "team"), mask)
    membership = str(uuid5(NAMESPACE_URL, f"teammembership/{team}/{user[0]}"))
    context.db.execute(
        "insert or ignore into teammembership (teammembershipid, teamid, systemuserid, versionnumber) "
        "values (?, ?, ?, 1)",
        (membership, team, user[0]),
    )
    return {"AccessTeamId": team}


def remove_user_from_record_team(context: Context, bound: Bound | None, parameters: Parameters) -> Json:
    """Takes the user out of the team of a row; the caller needs Share on the row."""
    user, _ = bound_principal(bound)
    table, row_id = shareable(context, parameters, "Record")
    template, _ = _template(context, table, parameters)
    team = _team(row_id, template)
    context.db.execute("delete from teammembership where teamid = ? and systemuserid = ?", (team, user))
    return {"AccessTeamId": team}


def _template(context: Context, table: Table, parameters: Parameters) -> tuple[str, int]:
    """The id of the template and the rights that it gives."""
    kind, template = referenced(context, parameters, "TeamTemplate")
    (row,) = fetch(context.db, by_id(kind, template))
    if kind.logical_name != "teamtemplate" or row["objecttypecode"] != table.object_type_code:
        raise DataverseError(400, "0x80040203", f"The team template is not for rows of {table.logical_name}.")
    return template, int(str(row["defaultaccessrightsmask"]))


def _team(row_id: str, template: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"team/{row_id}/{template}"))


def _make(context: Context, table: Table, row_id: str, template: str) -> None:
    now = written(context.now())
    (row,) = fetch(context.db, by_id(table, row_id))
    team = {
        "teamid": _team(row_id, template),
        "name": f"{row_id}+{template}",
        "teamtype": _ACCESS,
        "systemmanaged": 1,
        "isdefault": 0,
        "teamtemplateid": template,
        "regardingobjectid": row_id,
        companion("regardingobjectid"): table.logical_name,
        "businessunitid": row["owningbusinessunit"],
        "administratorid": context.user_id,
        "createdon": now,
        "createdby": context.user_id,
        "modifiedon": now,
        "modifiedby": context.user_id,
    }
    insert(context.db, context.schema.tables["team"], team)
