"""Pieces of SQL with their parameters: put together in the order in which the text is read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping

from emulator.context import Sql
from emulator.errors import not_supported
from emulator.metadata.model import Table

Row = Mapping[str, object]
ALWAYS: Sql = ("1", ())
NEVER: Sql = ("0", ())
_TOO_DEEP = ("parser stack overflow", "Expression tree is too large")
_BY_ID = "select {} from {} where {} = ?"
_IN_JSON = "in (select value from json_each(?))"


def quoted(name: str) -> str:
    """A table or column name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def every(conditions: Iterable[Sql]) -> Sql:
    """All of the conditions; what always holds is left out."""
    parts = [part for part in conditions if part != ALWAYS]
    return _joined(" and ", parts) if parts else ALWAYS


def some(conditions: Iterable[Sql]) -> Sql:
    """At least one of the conditions."""
    parts = list(conditions)
    return _joined(" or ", parts) if parts else NEVER


def negated(condition: Sql) -> Sql:
    """True exactly where the condition is not: a comparison with null counts as false, not as unknown."""
    return f"({condition[0]}) is not true", condition[1]


def one_of(operand: str, ids: Iterable[object]) -> Sql:
    """The operand is one of many ids: a single parameter, however many there are."""
    return f"{operand} {_IN_JSON}", (json.dumps(sorted({str(each) for each in ids})),)


def fetch(db: sqlite3.Connection, statement: Sql) -> list[Row]:
    """The rows of a statement by column name, whatever the connection's row factory is.

    Raises `DataverseError` 501 for a statement that goes beyond what SQLite's parser can hold.
    """
    cursor = db.cursor()
    cursor.row_factory = None
    try:
        cursor.execute(statement[0], tuple(statement[1]))
    except sqlite3.OperationalError as error:
        if str(error).startswith(_TOO_DEEP):
            raise not_supported("a query that is nested as deeply as this one") from error
        raise
    names = [each[0] for each in cursor.description]
    return [dict(zip(names, values, strict=True)) for values in cursor]


def by_id(table: Table, row_id: str, columns: str = "*") -> Sql:
    """The row of a table with this id."""
    return _BY_ID.format(columns, quoted(table.logical_name), quoted(table.primary_id)), (row_id,)


def among(operand: str, values: Iterable[object]) -> Sql:
    """The operand is one of the values."""
    parameters = tuple(values)
    return f"{operand} in ({', '.join('?' * len(parameters))})", parameters


def concatenated(*parts: Sql | str) -> Sql:
    """Texts and conditions one after the other, separated by spaces."""
    pieces = [(part, ()) if isinstance(part, str) else part for part in parts]
    return " ".join(text for text, _ in pieces if text), tuple(value for _, values in pieces for value in values)


def _joined(glue: str, parts: list[Sql]) -> Sql:
    if len(parts) == 1:
        return parts[0]
    return "(" + glue.join(text for text, _ in parts) + ")", tuple(value for _, values in parts for value in values)
