"""PATCH, PUT and DELETE on a row with `If-Match` and `If-None-Match`: what happens when the row is there or not.

Source: Learn, "Perform conditional operations using the Web API".
"""

from __future__ import annotations

from emulator.errors import DataverseError
from emulator.records.duplicates import record_exists
from emulator.records.keys import Address
from emulator.records.rows import Row
from emulator.seams import Work


def check_conditions(work: Work, address: Address, row: Row | None) -> None:
    """Raises 412 or 404 where the request's conditions are not met; returns where it may go on. Raises 403 for who may
    not read the row and asks for its version."""
    headers = work.call.headers
    if headers.get("if-none-match", "").strip() == "*" and row is not None:
        raise record_exists()
    wanted = headers.get("if-match", "").strip()
    if wanted and row is None:
        raise address.missing()
    if wanted in ("", "*") or row is None:
        return
    work.parts.security.check(work.context, address.table, str(address.row_id), "Read")
    if wanted != etag(row):
        message = "The version of the existing record doesn't match the RowVersion property provided."
        raise DataverseError(412, "0x80060882", message)


def etag(row: Row) -> str:
    """The ETag of a row: weak, its version."""
    return f'W/"{row["versionnumber"]}"'
