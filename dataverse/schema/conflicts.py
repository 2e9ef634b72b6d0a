"""Differences that no step can settle without dropping something: an administrator has to decide."""

from __future__ import annotations

from collections.abc import Iterator

from dataverse.schema.actual import Actual, ActualTable
from dataverse.schema.model import Schema, Table, Type


def conflicts(desired: Schema, actual: Actual) -> Iterator[str]:
    """One sentence for each conflict, naming what is there and what is needed."""
    publisher = desired.publisher
    if actual.publisher and (actual.publisher.prefix, actual.publisher.option_prefix) != (
        publisher.prefix,
        publisher.option_prefix,
    ):
        yield (
            f"The publisher {publisher.name} has the prefix {actual.publisher.prefix} and the option prefix "
            f"{actual.publisher.option_prefix} instead of {publisher.prefix} and {publisher.option_prefix}."
        )
    for name in desired.others():
        if name not in actual.others:
            yield f"There is no table {name}: install Dynamics 365 Sales in this environment first."
    for table in desired.tables:
        there = actual.tables.get(table.name)
        if there is not None:
            yield from _table(table, there)


def _table(table: Table, there: ActualTable) -> Iterator[str]:
    if there.ownership != table.ownership or there.is_activity != table.is_activity:
        yield (
            f"The table {table.name} is {_nature(there.ownership, is_activity=there.is_activity)} instead of "
            f"{_nature(table.ownership, is_activity=table.is_activity)}."
        )
    for column in (table.primary, *table.columns):
        present = there.columns.get(column.name)
        if present is not None and present.type != column.type:
            yield f"The column {table.name}.{column.name} is of the type {present.type} instead of {column.type}."
    for lookup in table.lookups:
        target = there.lookups.get(lookup.name)
        present = there.columns.get(lookup.name)
        if present is not None and present.type != Type.LOOKUP:
            yield f"The column {table.name}.{lookup.name} is of the type {present.type} instead of Lookup."
        elif target not in (None, lookup.target):
            yield f"The lookup {table.name}.{lookup.name} points to {target}, not to {lookup.target}."
    for key in table.keys:
        built = there.keys.get(key.name)
        if built is not None and built.columns != frozenset(key.columns):
            yield f"The key {key.name} is over {', '.join(sorted(built.columns))} instead of {', '.join(key.columns)}."


def _nature(ownership: str, *, is_activity: bool) -> str:
    return f"{ownership} and {'an' if is_activity else 'no'} activity"
