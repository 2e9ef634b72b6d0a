"""Two rows with the same id, or with the same values of an alternate key: SQLite notices, Dataverse's words."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from emulator.errors import DataverseError
from emulator.metadata.model import Key, Table


@contextmanager
def refusing_duplicates(table: Table) -> Iterator[None]:
    """Turns a broken uniqueness into 412: 0x80060892 for an alternate key, 0x80040237 for an id."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        columns = set(re.findall(rf"\b{table.logical_name}\.(\w+)", str(error)))
        key = next((key for key in table.keys.values() if set(key.columns) == columns), None)
        raise (_violated(table, key) if key else record_exists()) from error


def record_exists() -> DataverseError:
    """412: a row with this id is there."""
    return DataverseError(412, "0x80040237", "A record with matching key values already exists.")


def _violated(table: Table, key: Key) -> DataverseError:
    names = ", ".join(table.columns[column].display_name or column for column in key.columns)
    message = (
        f"Entity Key {key.display_name or key.schema_name} violated. A record with the same value for {names} already "
        "exists. A duplicate record cannot be created. Select one or more unique values and try again."
    )
    return DataverseError(412, "0x80060892", message)
