"""Update or insert: what PATCH does, by id or by alternate key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from emulator.records.deep import create
from emulator.records.keys import Address
from emulator.records.payload import read_submission
from emulator.records.rows import fetch
from emulator.records.update import update
from emulator.seams import Work


def upsert(work: Work, address: Address, body: Mapping[str, object]) -> tuple[Address, bool]:
    """Changes the row at the address, or makes it. Returns its address with the id, and whether it was made.

    Key values in the body of an update are passed over; in that of a create they win over those of the address.
    """
    table = address.table
    row = fetch(work.context.db, table, address.row_id) if address.row_id else None
    submission = read_submission(work.context, table, body, creating=row is None)
    if row is not None:
        for column in address.key or ():
            submission.values.pop(column, None)
        update(work, table, str(address.row_id), submission, row)
        return address, False
    if address.key is None:
        submission.values[table.primary_id] = address.row_id
    for column, value in (address.key or {}).items():
        submission.values.setdefault(column, value)
    return replace(address, row_id=create(work, table, submission)), True
