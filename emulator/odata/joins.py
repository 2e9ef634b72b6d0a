"""Tables under their SQL aliases, and the rows that single-valued navigation properties lead to from them."""

from __future__ import annotations

from dataclasses import dataclass, field

from emulator.context import Context, Sql
from emulator.errors import DataverseError, bad_query, not_supported
from emulator.metadata.model import Column, ColumnType, Navigation, OneToMany, Table
from emulator.odata.properties import find_property, unknown_property
from emulator.odata.sql import concatenated, every, quoted

ROOT = "t0"
_MOST_LINKS = 15


@dataclass(slots=True)
class Links:
    """The related tables of one query so far: Dataverse takes 15."""

    count: int = 0

    def next_alias(self) -> str:
        self.count += 1
        if self.count > _MOST_LINKS:
            raise DataverseError(400, "0x8004430d", "Number of link entities in query exceeded maximum limit.")
        return f"t{self.count}"


@dataclass(frozen=True, slots=True)
class Operand:
    """A column of a certain row in SQL."""

    source: Source
    column: Column

    @property
    def sql(self) -> str:
        return self.source.sql(self.column.logical_name)


@dataclass(slots=True)
class Source:
    """A table under an alias, with the rows joined to it so far, by navigation property."""

    context: Context
    table: Table
    alias: str
    links: Links
    joined: dict[str, tuple[Source, OneToMany]] = field(default_factory=dict)

    def sql(self, column: str) -> str:
        return f"{self.alias}.{quoted(column)}"

    def operand(self, segments: tuple[str, ...]) -> Operand:
        """The column at the end of a path; raises `DataverseError` 400 for a name that is not there.

        An owner is of the type `principal`, which has nothing but its id, `ownerid/ownerid`.
        """
        source = self
        for index, name in enumerate(segments[:-1]):
            owner = source.table.columns.get(name)
            if owner is not None and owner.type is ColumnType.OWNER:
                if segments[index + 1 :] != ("ownerid",):
                    raise unknown_property("principal", segments[index + 1])
                return Operand(source, owner)
            source = source.follow(name)
        return Operand(source, find_property(source.table, segments[-1]))

    def follow(self, name: str) -> Source:
        """The row that a single-valued navigation property leads to."""
        if name not in self.joined:
            navigation = self.navigation(name)
            if navigation.is_collection or navigation.one_to_many is None:
                raise bad_query(f"The property '{name}' is a collection: it needs a lambda operator.")
            target = self.context.schema.tables[navigation.target]
            source = Source(self.context, target, self.links.next_alias(), self.links)
            self.joined[name] = (source, navigation.one_to_many)
        return self.joined[name][0]

    def navigation(self, name: str) -> Navigation:
        """A navigation property of this table; raises `DataverseError` 400 without one, 501 for the owner."""
        column = self.table.columns.get(name)
        if "." in name:
            raise not_supported(f"casts in a path ('{name}')")
        if column is not None and column.type is ColumnType.OWNER:
            raise not_supported(f"a path through '{name}' (use owninguser or owningteam)")
        navigation = self.context.schema.navigation(self.table.logical_name, name)
        if navigation is None:
            raise unknown_property(self.table.logical_name, name)
        return navigation

    def from_clause(self) -> Sql:
        """`table alias left join …` with everything that was followed."""
        return concatenated(f"{quoted(self.table.logical_name)} {self.alias}", *self.joins())

    def joins(self) -> list[Sql]:
        """The `left join` of every row that was followed, and of those that were followed from there."""
        parts: list[Sql] = []
        for source, link in self.joined.values():
            same_row = f"{self.sql(link.referencing_column)} = {source.sql(source.table.primary_id)}"
            same_row += points_to_table(self, link)
            matches = every([(same_row, ()), source.visible()])
            parts.append(concatenated(f"left join {quoted(source.table.logical_name)} {source.alias} on", matches))
            parts.extend(source.joins())
        return parts

    def visible(self) -> Sql:
        """The condition that the caller may read this row."""
        return self.context.visible(self.table, self.alias)


def points_to_table(source: Source, link: OneToMany) -> str:
    """` and …` where the lookup could point to other tables as well, else nothing. An owner is a user or a team, and
    `owner` is both."""
    column = source.table.columns[link.referencing_column]
    if not column.is_polymorphic or column.type is ColumnType.OWNER:
        return ""
    # A literal, so that SQLite's planner can use it; logical names have no quotes.
    return f" and {source.sql(link.referencing_column + '__table')} = '{link.referenced_table}'"
