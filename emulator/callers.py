"""Who asks: the bearer token names a user, or stands for the application user."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from emulator.errors import DataverseError, not_supported
from emulator.paths import parse_guid
from emulator.seeds import APPLICATION_USER

_ACT_AS_USER = "user:"
_IMPERSONATION = ("callerobjectid", "mscrmcallerid")


class Unauthorized(Exception):
    """No bearer token, or one that names nobody: 401 with a challenge."""


def caller(db: sqlite3.Connection, headers: Mapping[str, str]) -> str:
    """The id of the user that the request acts as. Raises `Unauthorized`, or 403 0x80040225 for a disabled user."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthorized
    for name in _IMPERSONATION:
        if name in headers:
            raise not_supported(f"impersonation by the header {name} (use the bearer token user:<systemuserid>)")
    user_id = APPLICATION_USER
    if token.startswith(_ACT_AS_USER):
        named = parse_guid(token.removeprefix(_ACT_AS_USER).strip())
        if named is None:
            raise Unauthorized
        user_id = named
    found = db.execute("SELECT isdisabled FROM systemuser WHERE systemuserid = ?", (user_id,)).fetchone()
    if found is None:
        raise Unauthorized
    if found[0]:
        message = "The specified user is either disabled or is not a member of any business unit."
        raise DataverseError(403, "0x80040225", message)
    return user_id
