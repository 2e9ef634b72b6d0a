"""The messages of each table, rows of sdkmessage and sdkmessagefilter: clients look up there what a table takes."""

from __future__ import annotations

import sqlite3

from emulator.metadata.identity import metadata_id
from emulator.metadata.model import Table

MESSAGES = ("Create", "Update", "Delete", "CreateMultiple", "UpdateMultiple", "UpsertMultiple")


def create_messages(db: sqlite3.Connection, table: Table) -> None:
    """Adds the messages of a table, unless they are there."""
    for name in MESSAGES:
        message = metadata_id("sdkmessage", name)
        db.execute(
            "INSERT OR IGNORE INTO sdkmessage (sdkmessageid, name, isprivate, versionnumber) VALUES (?, ?, 0, 1)",
            (message, name),
        )
        db.execute(
            "INSERT OR IGNORE INTO sdkmessagefilter (sdkmessagefilterid, sdkmessageid, primaryobjecttypecode, "
            "secondaryobjecttypecode, iscustomprocessingstepallowed, versionnumber) VALUES (?, ?, ?, 'none', 1, 1)",
            (metadata_id("sdkmessagefilter", name, table.logical_name), message, table.logical_name),
        )
