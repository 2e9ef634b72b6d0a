"""Which definition a path means: `EntityDefinitions(LogicalName='x')`, `Attributes(<id>)` and their like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from emulator.errors import DataverseError
from emulator.metadata.model import Column, Key, ManyToMany, OneToMany, OptionSet, Schema, Table
from emulator.paths import literal, named_arguments

Piece = TypeVar("Piece", Column, Key, OptionSet, Table, OneToMany | ManyToMany)


def find_table(schema: Schema, arguments: str) -> Table:
    """The table behind `LogicalName='x'` or a metadata id; raises 404 without one."""
    return _find("Entity", schema.tables, arguments)


def find_column(table: Table, arguments: str) -> Column:
    """A column by logical name or id."""
    return _find("Attribute", table.columns, arguments)


def find_key(table: Table, arguments: str) -> Key:
    """An alternate key by logical name or id."""
    return _find("EntityKey", table.keys, arguments)


def find_option_set(schema: Schema, arguments: str) -> OptionSet:
    """A global choice by name or id."""
    return _find("OptionSet", {each.name.lower(): each for each in schema.option_sets.values()}, arguments)


def find_relationship(schema: Schema, arguments: str) -> OneToMany | ManyToMany:
    """A relationship by schema name or id."""
    both: Iterable[OneToMany | ManyToMany] = (*schema.one_to_many.values(), *schema.many_to_many.values())
    return _find("Relationship", {each.schema_name.lower(): each for each in both}, arguments)


def _find(kind: str, pieces: Mapping[str, Piece], arguments: str) -> Piece:
    wanted = wanted_name(arguments).lower()
    found = pieces.get(wanted)
    if found is None:
        found = next((each for each in pieces.values() if each.metadata_id == wanted), None)
    if found is None:
        raise not_found(kind, wanted)
    return found


def wanted_name(arguments: str) -> str:
    """The name or the id between parentheses."""
    if "=" not in arguments:
        return str(literal(arguments.strip()))
    return str(next((literal(text) for text in named_arguments(arguments).values()), ""))


def not_found(kind: str, name: str) -> DataverseError:
    """404: no definition of this name."""
    return DataverseError(404, "0x80060888", f"Could not find {kind} definition '{name}'.")
