"""The row at an address, as it is stored or as the caller sees it."""

from __future__ import annotations

from emulator.operations import Json
from emulator.records.keys import Address
from emulator.records.rows import Row, fetch
from emulator.seams import Work


def present(work: Work, address: Address) -> Row:
    """The row at an address; raises 404 without one."""
    row = fetch(work.context.db, address.table, address.row_id) if address.row_id else None
    if row is None:
        raise address.missing()
    return row


def read(work: Work, address: Address, query: str) -> Json:
    """The row at an address as the caller sees it; raises 404 without one, 403 for one that the caller may not read."""
    if address.row_id is None:
        work.parts.security.check_privilege(work.context, address.table, "Read")
    shown = address.row_id and work.parts.reader.retrieve(work.context, address.table, address.row_id, query)
    if shown:
        return shown
    present(work, address)
    work.parts.security.check(work.context, address.table, str(address.row_id), "Read")
    raise address.missing()
