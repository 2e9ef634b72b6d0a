"""Who owns a row, and what follows from it: owning user, team and business unit."""

from __future__ import annotations

from emulator.context import Context
from emulator.errors import DataverseError

_ACCESS_TEAM = 1


def owner_columns(context: Context, owner: str, kind: str) -> dict[str, object]:
    """The columns of a user-owned row that depend on its owner, a user or a team by `kind`."""
    extra = ", teamtype" if kind == "team" else ", 0"
    statement = f"SELECT businessunitid{extra} FROM {kind} WHERE {kind}id = ?"
    found = context.db.execute(statement, (owner,)).fetchone()
    if found[1] == _ACCESS_TEAM:
        raise DataverseError(400, "0x80048340", "You cannot assign a record to the access team.")
    return {
        "ownerid": owner,
        "ownerid__table": kind,
        "owninguser": owner if kind == "systemuser" else None,
        "owningteam": owner if kind == "team" else None,
        "owningbusinessunit": found[0],
    }
