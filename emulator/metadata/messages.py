"""Each table as a row of `entity`, and its messages as rows of sdkmessage and sdkmessagefilter: clients look up there
what a table takes, and refer to it."""

from __future__ import annotations

import sqlite3

from emulator.metadata.identity import metadata_id
from emulator.metadata.model import Table

MESSAGES = ("Create", "Update", "Delete", "CreateMultiple", "UpdateMultiple", "UpsertMultiple")


def create_entity(db: sqlite3.Connection, table: Table) -> None:
    """Adds the row of a table, unless it is there. Its id is that of the definition."""
    db.execute(
        "INSERT OR IGNORE INTO entity (entityid, name, logicalname, objecttypecode, isactivity, versionnumber) "
        "VALUES (?, ?, ?, ?, ?, 1)",
        (table.metadata_id, table.schema_name, table.logical_name, table.object_type_code, table.is_activity),
    )


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
