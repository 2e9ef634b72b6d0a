"""The last step of every change: the row is written with who and when, and the observers hear of it."""

from __future__ import annotations

from collections.abc import Mapping

from emulator.context import Context
from emulator.metadata.model import Table
from emulator.records.duplicates import refusing_duplicates
from emulator.records.rows import Row, update
from emulator.records.values import written
from emulator.seams import Change, Work


def write(work: Work, table: Table, row_id: str, values: Mapping[str, object], before: Row) -> None:
    """Writes physical columns as they are; raises 412 where an alternate key is taken."""
    stamped = dict(values)
    if "modifiedon" in table.columns:
        stamped.update(modified(work.context))
    with refusing_duplicates(table):
        update(work.context.db, table, row_id, stamped)
    work.note(Change(message="Update", table=table, row_id=row_id, values=stamped, before=before))


def modified(context: Context) -> Row:
    """Who changed a row and when: the impersonated user, on whose behalf somebody else acts."""
    return {
        "modifiedon": written(context.now()),
        "modifiedby": context.user_id,
        "modifiedonbehalfby": context.real_user_id,
    }
