"""Which definition `EntityDefinitions(LogicalName='x')` means."""

from __future__ import annotations

from emulator.errors import DataverseError
from emulator.metadata.model import Schema, Table
from emulator.paths import literal, named_arguments


def find_table(schema: Schema, arguments: str) -> Table:
    """The table behind `LogicalName='x'` or a metadata id; raises 404 without one."""
    wanted = wanted_name(arguments)
    table = schema.tables.get(wanted)
    if table is None:
        table = next((each for each in schema.tables.values() if each.metadata_id == wanted.lower()), None)
    if table is None:
        raise not_found("Entity", wanted)
    return table


def wanted_name(arguments: str) -> str:
    """The name or the id between parentheses."""
    if "=" not in arguments:
        return str(literal(arguments.strip()))
    return str(next((literal(text) for text in named_arguments(arguments).values()), ""))


def not_found(kind: str, name: str) -> DataverseError:
    """404: no definition of this name."""
    return DataverseError(404, "0x80060888", f"Could not find {kind} definition '{name}'.")
