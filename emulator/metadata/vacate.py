"""The SQLite side of what is deleted from the schema: tables and columns with their rows, indexes of keys."""

from __future__ import annotations

import sqlite3

from emulator.metadata.model import Key, Schema, Table
from emulator.metadata.physical import companion, physical_columns


def vacate(db: sqlite3.Connection, before: Schema, after: Schema) -> None:
    """Drops what `after` no longer has, with the data in it. To be done before what is new is created."""
    for name, table in before.tables.items():
        there = after.tables.get(name)
        if there is None:
            db.execute(f'DROP TABLE "{name}"')
        elif there is not table:
            _shrink(db, table, there)


def _shrink(db: sqlite3.Connection, before: Table, after: Table) -> None:
    for name, key in before.keys.items():
        if name not in after.keys:
            _drop_index_of(db, after, key)
    left = {name for name, _ in physical_columns(after)}
    for name in before.columns.keys() - after.columns.keys():
        gone = [each for each, _ in physical_columns(before) if each in (name, companion(name)) and each not in left]
        for column in gone:
            _drop_indexes_with(db, after, column)
            db.execute(f'ALTER TABLE "{after.logical_name}" DROP COLUMN "{column}"')


def _drop_index_of(db: sqlite3.Connection, table: Table, key: Key) -> None:
    """The one that makes the key's values unique."""
    for _, name, is_unique, origin, _ in db.execute(f'PRAGMA index_list("{table.logical_name}")').fetchall():
        columns = tuple(row[2] for row in db.execute(f'PRAGMA index_info("{name}")'))
        if origin == "c" and is_unique and columns == key.columns:
            db.execute(f'DROP INDEX "{name}"')


def _drop_indexes_with(db: sqlite3.Connection, table: Table, column: str) -> None:
    """Those that speak of a column, be it inside an expression or a condition, which no PRAGMA tells."""
    statement = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"
    for name, sql in db.execute(statement, (table.logical_name,)).fetchall():
        if f'"{column}"' in sql:
            db.execute(f'DROP INDEX "{name}"')
