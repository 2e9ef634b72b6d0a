"""Definitions that are taken away again: tables, columns, keys, relationships and global choices."""

from __future__ import annotations

from dataclasses import replace

from emulator.metadata.attributes import Body
from emulator.metadata.draft import Draft
from emulator.metadata.model import ColumnType, ManyToMany, OneToMany


def remove_table(draft: Draft, owner: str, body: Body) -> None:
    """The table `owner`, and every relationship that it is part of, with the lookups behind them."""
    schema = draft.schema
    for link in list(schema.one_to_many.values()):
        if link.referenced_table == owner and link.referencing_table != owner:
            _unlink(draft, link)
        elif owner in (link.referenced_table, link.referencing_table):
            del schema.one_to_many[link.schema_name]
    for pair in list(schema.many_to_many.values()):
        if owner in (pair.table1, pair.table2):
            _part(draft, pair)
    draft.drop_table(owner)


def remove_column(draft: Draft, owner: str, body: Body) -> None:
    """A column of the table `owner`; a lookup takes its relationships along."""
    name = str(body["LogicalName"])
    for link in list(draft.schema.one_to_many.values()):
        if (link.referencing_table, link.referencing_column) == (owner, name):
            del draft.schema.one_to_many[link.schema_name]
    del draft.table(owner).columns[name]


def remove_key(draft: Draft, owner: str, body: Body) -> None:
    """An alternate key of the table `owner`."""
    del draft.table(owner).keys[str(body["LogicalName"])]


def remove_relationship(draft: Draft, owner: str, body: Body) -> None:
    """A relationship with its lookup, or with the table between."""
    name = str(body["SchemaName"])
    if name in draft.schema.one_to_many:
        _unlink(draft, draft.schema.one_to_many[name])
    else:
        _part(draft, draft.schema.many_to_many[name])


def remove_option_set(draft: Draft, owner: str, body: Body) -> None:
    """A global choice that no column uses."""
    del draft.schema.option_sets[str(body["Name"])]


def _unlink(draft: Draft, link: OneToMany) -> None:
    """Takes a relationship away; its lookup stays only while it can point elsewhere."""
    del draft.schema.one_to_many[link.schema_name]
    table, name = link.referencing_table, link.referencing_column
    column = draft.schema.tables[table].columns.get(name)
    if column is None or column.type is ColumnType.OWNER:
        return
    targets = tuple(target for target in column.targets if target != link.referenced_table)
    if targets or not column.custom:
        draft.put_column(table, replace(column, targets=targets))
    else:
        del draft.table(table).columns[name]


def _part(draft: Draft, pair: ManyToMany) -> None:
    del draft.schema.many_to_many[pair.schema_name]
    draft.drop_table(pair.intersect_table)
