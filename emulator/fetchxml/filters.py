"""From filters and conditions to SQL with bound parameters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from emulator.context import Sql
from emulator.errors import not_supported
from emulator.fetchxml.model import Condition, Filter, Link
from emulator.fetchxml.names import find_column
from emulator.fetchxml.operators import comparison, condition
from emulator.fetchxml.refusals import UNKNOWN_ALIAS, refused
from emulator.odata.joins import Operand, Source
from emulator.odata.sql import every, some


class Tables(Protocol):
    """The other tables of the query."""

    def named(self, name: str) -> Source:
        """The joined table that a condition names; raises `DataverseError` 400 where there is none."""
        ...

    def related(self, parent: Source, link: Link) -> Sql:
        """The condition that a row has related rows as the link asks for."""
        ...


@dataclass(frozen=True, slots=True)
class Scope:
    """The row that a filter is about. Only where the tables are `joined` may a condition name another of them: in the
    filters of the entity, not in those of a link-entity, which hold while it is being joined."""

    source: Source
    tables: Tables
    joined: bool

    def row(self, name: str | None) -> Source:
        """The row that a condition is about."""
        if name is None:
            return self.source
        if not self.joined:
            raise not_supported("a condition inside of a link-entity that names another table")
        return self.tables.named(name)


def filtered(filters: Iterable[Filter], scope: Scope) -> Sql:
    """All of the filters hold."""
    return every([sql for each in filters if (sql := _filter(each, scope)) is not None])


def _filter(each: Filter, scope: Scope) -> Sql | None:
    """None for a filter without any condition: it restricts nothing, not even among alternatives."""
    parts = [sql for part in each.parts if (sql := _part(part, scope)) is not None]
    if not parts:
        return None
    return some(parts) if each.any_of else every(parts)


def _part(part: Condition | Filter | Link, scope: Scope) -> Sql | None:
    if isinstance(part, Filter):
        return _filter(part, scope)
    if isinstance(part, Link):
        return scope.tables.related(scope.source, part)
    return _condition(part, scope)


def _condition(each: Condition, scope: Scope) -> Sql:
    operand = _operand(scope.row(each.entity), each.attribute)
    if each.value_of is None:
        return condition(each.operator, operand, each.values)
    name, _, column = each.value_of.rpartition(".")
    if each.values:
        raise refused(UNKNOWN_ALIAS, "A condition has either a value or valueof.")
    return comparison(each.operator, operand, _operand(scope.row(name) if name else operand.source, column))


def _operand(source: Source, name: str) -> Operand:
    return Operand(source, find_column(source.table, name))
