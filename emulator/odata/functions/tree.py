"""Query functions about a hierarchy: what is above or under a row by its table's hierarchical relationship.

`PropertyName` is the key of such a table, or a lookup to one. Source: Microsoft Learn, "Query hierarchical data", which
also says that 100 levels are followed. Rows that the caller may not read still connect those above and below them.
"""

from __future__ import annotations

from collections.abc import Callable

from emulator.context import Sql
from emulator.errors import bad_query
from emulator.metadata.model import OneToMany
from emulator.odata.functions.operands import VALUE, Function, identifier, stored
from emulator.odata.joins import Operand
from emulator.odata.nodes import Node
from emulator.odata.sql import quoted, some

_DEEPEST = 100
_TREE = (
    "in (with recursive tree(id, level) as (select ?, 0 union select {found}, level + 1 "
    "from {table} r join tree on {known} = tree.id where level < {deepest} and {found} is not null) "
    "select id from tree where level >= {least})"
)


def _related(operand: Operand, value: Node, *, up: bool, itself: bool) -> Sql:
    start = stored(operand, value)
    return some((_walk(operand, link, up=up, itself=itself), (start,)) for link in _hierarchies(operand))


def _walk(operand: Operand, link: OneToMany, *, up: bool, itself: bool) -> str:
    table = operand.source.context.schema.tables[link.referencing_table]
    child, parent = f"r.{quoted(table.primary_id)}", f"r.{quoted(link.referencing_column)}"
    known, found = (child, parent) if up else (parent, child)
    return f"{identifier(operand)} " + _TREE.format(
        found=found, known=known, table=quoted(table.logical_name), deepest=_DEEPEST, least=0 if itself else 1
    )


def _hierarchies(operand: Operand) -> list[OneToMany]:
    """The relationships that make hierarchies of what the property identifies; raises `DataverseError` 400 without."""
    column, table = operand.column, operand.source.table
    tables = {table.logical_name} if column.logical_name == table.primary_id else set(column.targets)
    links = operand.source.context.schema.one_to_many.values()
    found = [link for link in links if link.hierarchical and link.referencing_table in tables]
    if not found:
        raise bad_query(f"The property '{column.logical_name}' does not belong to a hierarchical relationship.")
    return found


def _function(*, up: bool, itself: bool) -> Function:
    build: Callable[[Operand, Node], Sql] = lambda operand, value: _related(operand, value, up=up, itself=itself)  # noqa: E731
    return Function(build, (VALUE,))


FUNCTIONS = {
    "Above": _function(up=True, itself=False),
    "AboveOrEqual": _function(up=True, itself=True),
    "Under": _function(up=False, itself=False),
    "UnderOrEqual": _function(up=False, itself=True),
    "NotUnder": _function(up=False, itself=False).negated(),
}
