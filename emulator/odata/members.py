"""The rows at the other end of a collection-valued navigation property, and the rows that have such or such members."""

from __future__ import annotations

from emulator.context import Sql
from emulator.metadata.model import Navigation, Table
from emulator.odata.joins import Source, points_to_table
from emulator.odata.nodes import And, Compare, Literal, Node, Or, QueryFunction
from emulator.odata.properties import unknown_property
from emulator.odata.sql import concatenated, every, quoted

_FEW = frozenset({"Edm.String", "Edm.Guid"})


def membership(table: Table, navigation: Navigation, member: Source) -> tuple[str, Sql, str]:
    """Of the members of a collection of `table`: the SQL of their parent's id, their FROM clause and the condition
    that makes them members."""
    if navigation.one_to_many is not None:
        link = navigation.one_to_many
        return member.sql(link.referencing_column), member.from_clause(), f"1{points_to_table(member, link)}"
    if navigation.many_to_many is None:
        raise unknown_property(table.logical_name, navigation.name)
    pair, alias = navigation.many_to_many, f"p{member.alias}"
    here, there = pair.column1, pair.column2
    if (pair.table1, pair.nav1) != (table.logical_name, navigation.name):
        here, there = there, here
    tables = concatenated(f"{quoted(pair.intersect_table)} {alias} join", member.from_clause())
    return f"{alias}.{quoted(here)}", tables, f"{member.sql(member.table.primary_id)} = {alias}.{quoted(there)}"


def owners_of(source: Source, navigation: Navigation, member: Source, inside: list[Sql], *, few: bool) -> Sql:
    """`source` has a member that is as `inside` says.

    Where `few` members are so, they are found first, through their own indexes; otherwise the members of each row are
    looked at, as soon as there is one.
    """
    row_id, conditions = source.sql(source.table.primary_id), every([member.visible(), *inside])
    parent, tables, belongs = membership(source.table, navigation, member)
    if few:
        head, where = f"{row_id} in (select {parent} from", f"where {parent} is not null and {belongs} and"
    else:
        head, where = "exists (select 1 from", f"where {parent} = {row_id} and {belongs} and"
    return concatenated(head, tables, where, conditions, ")")


def is_selective(node: Node | None) -> bool:
    """Whether few rows can be expected to fulfil a condition: it wants certain texts or ids."""
    match node:
        case Compare("eq", Literal(type=kind), _) | Compare("eq", _, Literal(type=kind)):
            return kind in _FEW
        case QueryFunction(name=name):
            return name.endswith(".In")
        case And(parts):
            return any(map(is_selective, parts))
        case Or(parts):
            return all(map(is_selective, parts))
    return False
