"""A schema in the making: what changes is copied first, so that requests under way keep the schema they began with."""

from __future__ import annotations

from dataclasses import replace

from emulator.metadata.identity import metadata_id
from emulator.metadata.model import Cascades, Column, ColumnType, Key, ManyToMany, OneToMany, OptionSet, Schema, Table

CASCADES = {
    "none": Cascades(delete="NoCascade"),
    "referential": Cascades(),
    "restrict": Cascades(delete="Restrict"),
    "parental": Cascades(
        assign="Cascade", delete="Cascade", merge="Cascade", reparent="Cascade", share="Cascade", unshare="Cascade"
    ),
}


class Draft:
    """Collects changes on top of a schema; `schema` is the result so far."""

    def __init__(self, schema: Schema | None = None) -> None:
        base = schema or Schema()
        self.schema = Schema(dict(base.tables), dict(base.one_to_many), dict(base.many_to_many), dict(base.option_sets))
        self._own: set[str] = set()

    def put_table(self, table: Table) -> Table:
        self._own.add(table.logical_name)
        self.schema.tables[table.logical_name] = table
        return table

    def table(self, logical_name: str) -> Table:
        """The table, copied once, ready to be changed."""
        table = self.schema.tables[logical_name]
        if logical_name not in self._own:
            table = self.put_table(replace(table, columns=dict(table.columns), keys=dict(table.keys)))
        return table

    def drop_table(self, logical_name: str) -> None:
        self._own.discard(logical_name)
        del self.schema.tables[logical_name]

    def put_column(self, table: str, column: Column) -> Column:
        self.table(table).columns[column.logical_name] = column
        return column

    def put_key(self, table: str, key: Key) -> None:
        self.table(table).keys[key.logical_name] = key

    def put_option_set(self, option_set: OptionSet) -> None:
        self.schema.option_sets[option_set.name] = option_set

    def link(
        self,
        schema_name: str,
        column: str,
        target: str,
        nav: str | None = None,
        cascades: Cascades = CASCADES["referential"],
        *,
        collection: str | None = None,
        custom: bool = False,
        adds_target: bool = True,
        hierarchical: bool = False,
    ) -> OneToMany:
        """A 1:N relationship through the lookup `table.column`, whose targets grow by `target` as a rule."""
        table_name, column_name = column.split(".")
        lookup = self.table(table_name).columns[column_name]
        if adds_target and target not in lookup.targets and lookup.type is not ColumnType.OWNER:
            self.put_column(table_name, replace(lookup, targets=(*lookup.targets, target)))
        link = OneToMany(
            schema_name=schema_name,
            referenced_table=target,
            referencing_table=table_name,
            referencing_column=column_name,
            referencing_nav=nav or column_name,
            referenced_nav=collection or schema_name,
            metadata_id=metadata_id("relationship", schema_name),
            cascades=cascades,
            custom=custom,
            hierarchical=hierarchical,
        )
        self.schema.one_to_many[schema_name] = link
        return link

    def link_many(
        self,
        schema_name: str,
        intersect: str,
        side1: tuple[str, str],
        side2: tuple[str, str],
        navs: tuple[object, object] = (None, None),
    ) -> None:
        """An N:N relationship; each side is a table and the column that holds its id in the intersect table. The
        navigation properties are named like the relationship unless `navs` says otherwise."""
        self.schema.many_to_many[schema_name] = ManyToMany(
            schema_name=schema_name,
            intersect_table=intersect,
            table1=side1[0],
            column1=side1[1],
            nav1=str(navs[0] or schema_name),
            table2=side2[0],
            column2=side2[1],
            nav2=str(navs[1] or schema_name),
            metadata_id=metadata_id("relationship", schema_name),
        )
