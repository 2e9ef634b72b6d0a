"""What the parameters of messages have in common: rows by reference, yes or no, numbers."""

from __future__ import annotations

from collections.abc import Mapping

from emulator.errors import DataverseError
from emulator.records.keys import Address
from emulator.records.rows import Row, fetch
from emulator.seams import Work
from emulator.security.references import referenced

Arguments = Mapping[str, object]


def invalid(message: str) -> DataverseError:
    """400: a parameter is not what the message takes."""
    return DataverseError(400, "0x80040203", message)


def row_of(work: Work, arguments: Arguments, name: str) -> tuple[Address, Row]:
    """The row that a parameter names. Raises 400 for a parameter that names none, 404 for a row that is not there."""
    table, row_id = referenced(work.context, arguments, name)
    found = fetch(work.context.db, table, row_id)
    return Address(table=table, row_id=row_id, text=row_id), found or {}


def flag(arguments: Arguments, name: str) -> bool:
    """A parameter that is true or false; raises 400 for anything else."""
    given = arguments.get(name)
    if not isinstance(given, bool):
        raise invalid(f"The parameter {name} is true or false.")
    return given


def number(arguments: Arguments, name: str) -> int:
    """A parameter that is a whole number; raises 400 for anything else."""
    given = arguments.get(name)
    if isinstance(given, bool) or not isinstance(given, int):
        raise invalid(f"The parameter {name} is a number.")
    return given
