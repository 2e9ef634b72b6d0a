"""Indexes that keep equality on text off full table scans: keys, names, telephone numbers and e-mail addresses.

Indexed is what filters compare, otherwise SQLite could not use the index; only keys and names are sorted by, so the
other indexes leave out the rows without a value.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from emulator.metadata.model import ColumnType, Table
from emulator.odata.collation import as_compared
from emulator.odata.sql import quoted

_FORMATS = frozenset({"Phone", "Email"})


def create_text_indexes(db: sqlite3.Connection, table: Table) -> None:
    """Make the indexes of a table's text columns that are not there yet."""
    for statement in text_indexes(table):
        db.execute(statement)


def text_indexes(table: Table) -> Iterator[str]:
    """`create index if not exists …`, one column each; lookups and the unique indexes of keys are not among them."""
    named = {table.primary_name, *(name for key in table.keys.values() for name in key.columns)}
    for column in table.columns.values():
        if column.type is ColumnType.STRING and (column.format_name in _FORMATS or column.logical_name in named):
            name = quoted(f"{table.logical_name}.{column.logical_name}.folded")
            value = as_compared(quoted(column.logical_name))
            partly = "" if column.logical_name in named else f" where {quoted(column.logical_name)} is not null"
            yield f"create index if not exists {name} on {quoted(table.logical_name)} ({value}){partly}"
