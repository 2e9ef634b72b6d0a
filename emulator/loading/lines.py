"""A file of rows: JSON Lines, one object a line, each with its `@odata.type`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from emulator.jsontext import read_json
from emulator.metadata.model import Schema, Table
from emulator.operations import NAMESPACE

Body = dict[str, object]
_TYPE = "@odata.type"


class Unloadable(Exception):
    """The file cannot be loaded; the sentence names it and the line. Nothing of it was."""


class BadLine(ValueError):
    """A line that is no row; says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file: where it stands, and what it says."""

    number: int
    table: Table
    body: Body


def read_lines(file: Path, schema: Schema) -> Iterator[Line]:
    """The rows of a file in order, empty lines left out. Raises `Unloadable`."""
    try:
        with file.open("rb") as lines:
            for number, text in enumerate(lines, 1):
                if text.strip():
                    yield _line(file, number, text, schema)
    except OSError as error:
        raise Unloadable(f"{file} cannot be read: {error.strerror}.") from error


def at(file: Path, number: int, problem: object) -> Unloadable:
    """What is wrong with a line."""
    return Unloadable(f"{file}, line {number}: {problem} Nothing was loaded.")


def _line(file: Path, number: int, text: bytes, schema: Schema) -> Line:
    try:
        body = _object(text)
        return Line(number, _table(body, schema), body)
    except BadLine as error:
        raise at(file, number, error) from error


def _object(text: bytes) -> Body:
    try:
        body = read_json(text)
    except (ValueError, RecursionError) as error:
        raise BadLine(f"this is not JSON ({error}).") from error
    if not isinstance(body, dict):
        raise BadLine("a row is a JSON object.")
    return body


def _table(body: Body, schema: Schema) -> Table:
    kind = body.get(_TYPE)
    if not isinstance(kind, str):
        raise BadLine(f'"{_TYPE}" is missing: it names the table, such as "{NAMESPACE}contact".')
    table = schema.tables.get(kind.removeprefix("#").removeprefix(NAMESPACE))
    if table is None:
        raise BadLine(f"there is no table '{kind}'.")
    if not isinstance(body.get(table.primary_id), str):
        raise BadLine(f"{table.primary_id} is missing: rows come with their ids, so that loading them twice adds none.")
    return table
