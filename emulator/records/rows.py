"""Rows in and out of SQLite, by table and id."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from emulator.metadata.model import Table

Row = dict[str, object]


def fetch(db: sqlite3.Connection, table: Table, row_id: str) -> Row | None:
    """The whole row with its physical columns, or None."""
    cursor = db.execute(f'SELECT * FROM "{table.logical_name}" WHERE "{table.primary_id}" = ?', (row_id,))
    found = cursor.fetchone()
    return dict(zip((column[0] for column in cursor.description), found, strict=True)) if found else None


def exists(db: sqlite3.Connection, table: Table, row_id: str) -> bool:
    """Whether there is a row with this id."""
    statement = f'SELECT 1 FROM "{table.logical_name}" WHERE "{table.primary_id}" = ?'
    return db.execute(statement, (row_id,)).fetchone() is not None


def insert(db: sqlite3.Connection, table: Table, values: Mapping[str, object]) -> None:
    """Adds a row and gives it a version."""
    row = {**values, "versionnumber": next_version(db)}
    columns = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" * len(row))
    db.execute(f'INSERT INTO "{table.logical_name}" ({columns}) VALUES ({marks})', tuple(row.values()))


def update(db: sqlite3.Connection, table: Table, row_id: str, values: Mapping[str, object]) -> None:
    """Changes a row and gives it a new version."""
    row = {**values, "versionnumber": next_version(db)}
    changes = ", ".join(f'"{name}" = ?' for name in row)
    statement = f'UPDATE "{table.logical_name}" SET {changes} WHERE "{table.primary_id}" = ?'
    db.execute(statement, (*row.values(), row_id))


def remove(db: sqlite3.Connection, table: Table, row_id: str) -> None:
    """Takes a row out, without a thought for others."""
    db.execute(f'DELETE FROM "{table.logical_name}" WHERE "{table.primary_id}" = ?', (row_id,))


def create_version_counter(db: sqlite3.Connection) -> None:
    """The counter that every change of a row draws from: one for the whole database, as in Dataverse."""
    db.execute("CREATE TABLE IF NOT EXISTS _version (value INTEGER NOT NULL)")
    if db.execute("SELECT count(*) FROM _version").fetchone()[0] == 0:
        db.execute("INSERT INTO _version VALUES (1000000)")


def next_version(db: sqlite3.Connection) -> int:
    """The next value of the version counter."""
    version: int = db.execute("UPDATE _version SET value = value + 1 RETURNING value").fetchone()[0]
    return version


def children(db: sqlite3.Connection, table: Table, column: str, row_id: str, target: str) -> list[str]:
    """Ids of the rows of `table` whose lookup `column` points to the row `row_id` of `target`."""
    statement = f'SELECT "{table.primary_id}" FROM "{table.logical_name}" WHERE "{column}" = ?'
    parameters: tuple[str, ...] = (row_id,)
    if table.columns[column].is_polymorphic and target != "owner":
        statement += f' AND "{column}__table" = ?'
        parameters = (row_id, target)
    return [found for (found,) in db.execute(statement, parameters)]
