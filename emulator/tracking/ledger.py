"""What the database remembers for change tracking: the rows that were deleted, and whose history it is.

Changes are told by the version counter. It is drawn from inside the write transaction, of which there is one at a time:
so versions rise in the order of the commits, and who reads a state with version N has seen all changes up to N.
"""

from __future__ import annotations

import sqlite3

from emulator.metadata.model import Table
from emulator.odata.sql import quoted
from emulator.seams import new_id


def create_ledger(db: sqlite3.Connection) -> None:
    """The tables behind it. `_history` has one line that has not ended; the others are those of which this database is
    an earlier state."""
    db.execute(
        "CREATE TABLE IF NOT EXISTS _deletion (entity TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, "
        "PRIMARY KEY (entity, id)) WITHOUT ROWID"
    )
    db.execute("CREATE INDEX IF NOT EXISTS _deletion_version ON _deletion (entity, version)")
    db.execute("CREATE TABLE IF NOT EXISTS _history (name TEXT PRIMARY KEY, ended INTEGER)")
    if db.execute("SELECT count(*) FROM _history").fetchone()[0] == 0:
        _begin(db)


def track(db: sqlite3.Connection, table: Table) -> None:
    """Has SQLite note the deletions of a tracked table, whichever way a row is deleted, and find rows by version."""
    if not table.change_tracking:
        return
    name, key = table.logical_name, quoted(table.primary_id)
    db.execute(f'CREATE INDEX IF NOT EXISTS "{name}.version" ON "{name}" (versionnumber)')
    db.execute(
        f'CREATE TRIGGER IF NOT EXISTS "{name}.deletion" AFTER DELETE ON "{name}" BEGIN '
        "UPDATE _version SET value = value + 1; "
        f"INSERT OR REPLACE INTO _deletion SELECT '{name}', OLD.{key}, value FROM _version; END"
    )


def version(db: sqlite3.Connection) -> int:
    """The version of the last change."""
    found: int = db.execute("SELECT value FROM _version").fetchone()[0]
    return found


def history(db: sqlite3.Connection) -> str:
    """The name of the history that goes on."""
    return str(db.execute("SELECT name FROM _history WHERE ended IS NULL").fetchone()[0])


def is_past(db: sqlite3.Connection, name: str, number: int) -> bool:
    """Whether version `number` of a history lies behind this database's state."""
    found = db.execute("SELECT ended FROM _history WHERE name = ?", (name,)).fetchone()
    return found is not None and number <= (version(db) if found[0] is None else found[0])


def begin_history(db: sqlite3.Connection) -> None:
    """After an earlier state was restored: versions are given out a second time, to other changes. What was known of
    the first ones counts up to here only."""
    db.execute("UPDATE _history SET ended = ? WHERE ended IS NULL", (version(db),))
    _begin(db)


def _begin(db: sqlite3.Connection) -> None:
    db.execute("INSERT INTO _history VALUES (?, NULL)", (new_id(),))
