"""What a query shows: columns of the entity by their properties, columns with an alias and of link-entities by theirs.

A row leaves out what is null. Annotations come as far as the client prefers them; a column with an alias says there
which one it is. Sources: Learn, "Select columns using FetchXml" and "Join tables using FetchXml".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from emulator.context import Context
from emulator.fetchxml.model import Attribute, Entity
from emulator.fetchxml.names import find_column
from emulator.fetchxml.refusals import INVALID_AGGREGATE, SAME_ALIAS, refused
from emulator.fetchxml.tables import QueryTables
from emulator.metadata.model import Column, ColumnType, Table
from emulator.metadata.physical import companion
from emulator.odata import annotation
from emulator.odata.collation import COLLATION
from emulator.odata.joins import Source
from emulator.odata.properties import edm_type, property_name
from emulator.odata.rows import CURRENCY, Json, render
from emulator.odata.sql import Row, quoted

ATTRIBUTE_NAME = "OData.Community.Display.V1.AttributeName"


@dataclass(frozen=True, slots=True)
class Aliased:
    """One value of a row under a name of its own. `pointer` is the SQL of the table that a polymorphic lookup has."""

    name: str
    table: Table
    column: Column
    sql: str
    pointer: str | None = None

    def select(self) -> Iterator[str]:
        """The SQL of the value and of its pointer, to be found in a row by `#name` and `#name__table`."""
        yield f"{self.sql} as {quoted(f'#{self.name}')}"
        if self.pointer is not None:
            yield f"{self.pointer} as {quoted(f'#{self.name}__table')}"

    def render(self, context: Context, rows: Sequence[Row]) -> Iterator[Json]:
        """The value with its annotations for each row; nothing where it is null."""
        name, shown = self.column.logical_name, property_name(self.column)
        plain = [
            {self.table.primary_id: None, name: row[f"#{self.name}"], companion(name): row.get(f"#{self.name}__table")}
            for row in rows
        ]
        names_column = annotation.wants(context.preferences, ATTRIBUTE_NAME)
        for value in render(context, self.table, [self.column], plain, etag=False):
            if value[shown] is None:
                yield {}
                continue
            found: Json = {f"{self.name}@{ATTRIBUTE_NAME}": name} if names_column else {}
            for each in (annotation.FORMATTED, annotation.LOOKUP_TABLE):
                if f"{shown}@{each}" in value:
                    found[f"{self.name}@{each}"] = value[f"{shown}@{each}"]
            yield found | {self.name: value[shown]}


@dataclass(frozen=True, slots=True)
class Columns:
    """What a query without aggregation shows. `own` are the columns of the entity that have no alias."""

    source: Source
    own: list[Column]
    aliased: list[Aliased]
    distinct: bool
    chosen: bool

    def select(self) -> Iterator[str]:
        """The SQL of all values; without `distinct` also of the row's id and version."""
        table = self.source.table
        shown = {} if self.distinct else {name: self.source.sql(name) for name in (table.primary_id, "versionnumber")}
        for column in self.own:
            shown[column.logical_name] = value_of(self.source, column)
            if column.is_polymorphic:
                shown[companion(column.logical_name)] = self.source.sql(companion(column.logical_name))
        yield from (f"{sql} as {quoted(name)}" for name, sql in shown.items())
        for each in self.aliased:
            yield from each.select()

    def render(self, rows: Sequence[Row]) -> list[Json]:
        """The rows as the Web API shows them."""
        context, table = self.source.context, self.source.table
        return rendered(
            render(context, table, self.own, [{table.primary_id: None, **row} for row in rows], etag=not self.distinct),
            [each.render(context, rows) for each in self.aliased],
        )

    @property
    def shape(self) -> str:
        """What the context URL says of the properties: their names, unless all of them are shown."""
        return f"({','.join(property_name(column) for column in self.own)})" if self.chosen else ""


def rendered(values: list[Json], aliased: list[Iterator[Json]]) -> list[Json]:
    """Rows put together from their own values, without those that are null, and from those with an alias."""
    rows = [{name: value for name, value in row.items() if value is not None} for row in values]
    for each in aliased:
        for row, value in zip(rows, each, strict=True):
            row.update(value)
    return rows


def query_columns(tables: QueryTables, entity: Entity, *, distinct: bool) -> Columns:
    """What the attributes of the entity and of its link-entities show. Raises `DataverseError` 400."""
    own, aliased = _of_entity(tables.root, entity)
    for joined in tables.joined:
        prefix = "" if joined.link.kind == "matchfirstrowusingcrossapply" else f"{joined.link.shown_as}."
        for attribute in _attributes(joined.source.table, joined.link.entity):
            column = find_column(joined.source.table, attribute.name)
            name = f"{prefix}{column.logical_name}" if prefix else column.schema_name
            aliased.append(show(joined.source, column, attribute.alias or name))
    if not distinct:
        own.append(tables.root.table.columns[tables.root.table.primary_id])
    own = list({column.logical_name: column for column in own}.values())
    check_names([*(property_name(column) for column in own), *(each.name for each in aliased)])
    return Columns(tables.root, own, aliased, distinct, chosen=entity.attributes is not None)


def show(source: Source, column: Column, name: str) -> Aliased:
    """A column under a name of its own."""
    pointer = source.sql(companion(column.logical_name)) if column.is_polymorphic else None
    return Aliased(name, source.table, column, value_of(source, column), pointer)


def value_of(source: Source, column: Column) -> str:
    """A column in SQL, told apart from others and grouped as Dataverse compares text."""
    return source.sql(column.logical_name) + (f" collate {COLLATION}" if edm_type(column) == "Edm.String" else "")


def check_names(names: Sequence[str]) -> None:
    """Raise `DataverseError` 400 where two values of a row would have the same name."""
    if len(set(names)) < len(names):
        raise refused(SAME_ALIAS)


def _of_entity(source: Source, entity: Entity) -> tuple[list[Column], list[Aliased]]:
    own: list[Column] = []
    aliased: list[Aliased] = []
    for attribute in _attributes(source.table, entity):
        column = find_column(source.table, attribute.name)
        if attribute.alias is None:
            own.append(column)
        else:
            aliased.append(show(source, column, attribute.alias))
    if any(column.type is ColumnType.MONEY for column in own) and CURRENCY in source.table.columns:
        own.append(source.table.columns[CURRENCY])
    return own, aliased


def _attributes(table: Table, entity: Entity) -> Iterator[Attribute]:
    """The attributes of an entity; those of all its columns where it names none."""
    readable = [name for name, column in table.columns.items() if column.on_read]
    for name in readable if entity.attributes is None else ():
        yield Attribute(name=name, alias=None, aggregate=None, groupby=False, date_grouping=None, distinct=False)
    for attribute in entity.attributes or ():
        if attribute.aggregate or attribute.groupby or attribute.date_grouping:
            raise refused(INVALID_AGGREGATE, "The attribute 'aggregate' of the fetch is not true.")
        yield attribute
