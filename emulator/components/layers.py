"""What was changed and is not published yet: apps that are new, and the content of what is customized.

Dataverse keeps two layers of forms, views, web resources, site maps and apps: a plain GET shows what is published, the
function `RetrieveUnpublished` what was written since. New rows of these tables show at once, except new apps and their
settings.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping

from emulator.context import Context
from emulator.metadata.model import Table
from emulator.seams import Change

# The columns of which plain GET shows the published value.
LAYERED = {
    "webresource": ("content", "displayname", "description"),
    "systemform": ("formxml", "name", "description"),
    "savedquery": ("fetchxml", "layoutxml", "name", "description"),
    "sitemap": ("sitemapxml", "sitemapname"),
    "appmodule": ("name", "description", "clienttype"),
    "appsetting": ("value",),
}


def create_layers(db: sqlite3.Connection) -> None:
    """Where unpublished values are kept: the columns of a row as JSON."""
    db.execute(
        "CREATE TABLE IF NOT EXISTS _unpublished "
        "(tablename TEXT NOT NULL, rowid_ TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (tablename, rowid_))"
    )


def hold_back(context: Context, change: Change) -> None:
    """An observer: what an update writes to a layered column waits until it is published."""
    name = change.table.logical_name
    if change.message == "Delete" and name in LAYERED:
        context.db.execute("DELETE FROM _unpublished WHERE tablename = ? AND rowid_ = ?", (name, change.row_id))
    if change.message != "Update" or name not in LAYERED:
        return
    held = {column: change.values[column] for column in LAYERED[name] if column in change.values}
    if not held or change.before.get("componentstate") == 1:
        return
    waiting = {**unpublished(context.db, change.table, change.row_id), **held}
    context.db.execute(
        "INSERT OR REPLACE INTO _unpublished VALUES (?, ?, ?)", (name, change.row_id, json.dumps(waiting))
    )
    _put(context.db, change.table, change.row_id, {column: change.before[column] for column in held})


def unpublished(db: sqlite3.Connection, table: Table, row_id: str) -> dict[str, object]:
    """The values of a row that wait to be published."""
    statement = "SELECT body FROM _unpublished WHERE tablename = ? AND rowid_ = ?"
    found = db.execute(statement, (table.logical_name, row_id)).fetchone()
    values: dict[str, object] = json.loads(found[0]) if found else {}
    return values


def publish_row(db: sqlite3.Connection, table: Table, row_id: str) -> None:
    """What waited of a row comes into force, and so does the row itself."""
    values = unpublished(db, table, row_id)
    if "componentstate" in table.columns:
        values["componentstate"] = 0
    if values:
        _put(db, table, row_id, values)
    statement = "DELETE FROM _unpublished WHERE tablename = ? AND rowid_ = ?"
    db.execute(statement, (table.logical_name, row_id))


def _put(db: sqlite3.Connection, table: Table, row_id: str, values: Mapping[str, object]) -> None:
    changes = ", ".join(f'"{column}" = ?' for column in values)
    statement = f'UPDATE "{table.logical_name}" SET {changes} WHERE "{table.primary_id}" = ?'
    db.execute(statement, (*values.values(), row_id))
