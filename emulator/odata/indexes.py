"""Indexes that keep queries off full table scans, also at a million rows.

Text: keys, names, telephone numbers, e-mail addresses and every single line of a custom table (Dataverse makes indexes
by what it sees asked). Indexed is what filters compare, otherwise SQLite could not use the index; only keys and names
are sorted by, so the other indexes leave out the rows without a value. Beside text: `modifiedon` for those who ask what
is new, and the rows whose `statecode` is not 0, which are few as a rule (those with 0 are found by the first index that
comes to hand). Lookups and alternate keys have their indexes from `emulator.metadata.physical`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from emulator.metadata.model import Column, ColumnType, Table
from emulator.odata.collation import as_compared
from emulator.odata.sql import quoted

_FORMATS = frozenset({"Phone", "Email"})


def create_indexes(db: sqlite3.Connection, table: Table) -> None:
    """Make the indexes of a table that are not there yet."""
    for statement in indexes(table):
        db.execute(statement)


def indexes(table: Table) -> Iterator[str]:
    """`create index if not exists …`, for text first."""
    named = _named(table)
    for column in table.columns.values():
        if has_text_index(table, column):
            partly = "" if column.logical_name in named else f" where {quoted(column.logical_name)} is not null"
            value = as_compared(quoted(column.logical_name))
            yield _statement(table, f"{column.logical_name}.folded", value) + partly
    if "modifiedon" in table.columns:
        yield _statement(table, "modified", f"{quoted('modifiedon')}, {quoted(table.primary_id)}")
    if "statecode" in table.columns:
        yield _statement(table, "closed", quoted(table.primary_id)) + f" where {is_closed(quoted('statecode'))}"


def is_closed(statecode: str) -> str:
    """What the index of rows with another state than the first is chosen by: SQLite wants the same words in both."""
    return f"{statecode} <> 0"


def has_text_index(table: Table, column: Column) -> bool:
    """Whether a column's text is indexed as it is compared."""
    asked = column.format_name in _FORMATS or (table.custom and column.custom)
    return column.type is ColumnType.STRING and (asked or column.logical_name in _named(table))


def _named(table: Table) -> set[str]:
    return {table.primary_name, *(name for key in table.keys.values() for name in key.columns)}


def _statement(table: Table, name: str, what: str) -> str:
    full_name = quoted(f"{table.logical_name}.{name}")
    return f"create index if not exists {full_name} on {quoted(table.logical_name)} ({what})"
