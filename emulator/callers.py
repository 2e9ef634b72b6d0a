"""Who asks: the bearer token names a user, or stands for the application user; headers name whom that one acts for.

Source: Learn, "Impersonate another user using the Web API". How unknown users are refused is not said there: by object
id as a token of a stranger is, by id as any row that is not there."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from emulator.errors import DataverseError, does_not_exist
from emulator.paths import parse_guid
from emulator.seeds import APPLICATION_USER

_ACT_AS_USER = "user:"
# Header → the column of systemuser whose value it gives; the first one counts where both are there.
IMPERSONATION = {"callerobjectid": "azureactivedirectoryobjectid", "mscrmcallerid": "systemuserid"}


class Unauthorized(Exception):
    """No bearer token, or one that names nobody: 401 with a challenge."""


def caller(db: sqlite3.Connection, headers: Mapping[str, str]) -> str:
    """The id of the user that the request acts as. Raises `Unauthorized`, or 403 0x80040225 for a disabled user."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthorized
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
        raise _disabled()
    return user_id


def acting(db: sqlite3.Connection, user_id: str, headers: Mapping[str, str]) -> tuple[str, str | None]:
    """Whom a request acts as, and who sent it where that is somebody else. Raises 400, 403 or 404 for a user that
    cannot be acted for; whether the sender may act for others is a question of security."""
    header = next((name for name in IMPERSONATION if headers.get(name, "").strip()), None)
    if header is None:
        return user_id, None
    given = headers[header].strip().strip("{}")
    named = parse_guid(given)
    if named is None:
        raise DataverseError(400, "0x80040203", f"The header {header} holds no id: '{given[:60]}'.")
    statement = f"SELECT systemuserid, isdisabled FROM systemuser WHERE {IMPERSONATION[header]} = ?"
    found = db.execute(statement, (named,)).fetchone()
    if found is None and header == "callerobjectid":
        raise DataverseError(403, "0x80072560", "The user is not a member of the organization.")
    if found is None:
        raise does_not_exist("systemuser", named)
    if found[1]:
        raise _disabled()
    return found[0], None if found[0] == user_id else user_id


def _disabled() -> DataverseError:
    message = "The specified user is either disabled or is not a member of any business unit."
    return DataverseError(403, "0x80040225", message)
