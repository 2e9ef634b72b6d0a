"""The SQLite side of what is deleted from the schema: tables and columns with their rows, indexes of keys."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

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
            _drop_indexes(db, after, unique=True, reaches=_over(key))
    left = {name for name, _ in physical_columns(after)}
    for name in before.columns.keys() - after.columns.keys():
        gone = [each for each, _ in physical_columns(before) if each in (name, companion(name)) and each not in left]
        for column in gone:
            _drop_indexes(db, after, unique=False, reaches=_with(column))
            db.execute(f'ALTER TABLE "{after.logical_name}" DROP COLUMN "{column}"')


def _with(column: str) -> Callable[[tuple[str, ...]], bool]:
    return lambda columns: column in columns


def _over(key: Key) -> Callable[[tuple[str, ...]], bool]:
    return lambda columns: columns == key.columns


def _drop_indexes(
    db: sqlite3.Connection, table: Table, *, unique: bool, reaches: Callable[[tuple[str, ...]], bool]
) -> None:
    """Those over certain columns; of the indexes that make unique only if `unique`."""
    for _, name, is_unique, origin, _ in db.execute(f'PRAGMA index_list("{table.logical_name}")').fetchall():
        columns = tuple(row[2] for row in db.execute(f'PRAGMA index_info("{name}")'))
        if origin == "c" and (is_unique or not unique) and reaches(columns):
            db.execute(f'DROP INDEX "{name}"')
