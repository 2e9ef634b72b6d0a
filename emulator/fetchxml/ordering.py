"""What a query is sorted by.

Orders of the entity come first, those inside of link-entities after them; the ids of all joined rows make the order
total. A lookup is sorted by the name of its target, a choice by its label (with `useraworderby` by its value). Source:
Learn, "Order rows using FetchXml".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from emulator.fetchxml.model import Entity, Order
from emulator.fetchxml.names import find_column
from emulator.fetchxml.refusals import ORDER_BY_ALIAS, ORDER_BY_NOTHING, refused
from emulator.fetchxml.tables import QueryTables
from emulator.metadata.model import Column, ColumnType
from emulator.odata.collation import comparable
from emulator.odata.joins import Source
from emulator.odata.options import Ordering
from emulator.odata.paging import SortKey, sort_keys
from emulator.odata.properties import edm_type, property_name

_CHOICES = frozenset({ColumnType.CHOICE, ColumnType.STATE, ColumnType.STATUS})


@dataclass(frozen=True, slots=True)
class Sorted:
    """A column of a certain row that results are sorted by."""

    source: Source
    column: Column
    key: SortKey

    @property
    def is_text(self) -> bool:
        """Whether the key is the column's text as it is compared, not the text itself."""
        return edm_type(self.column) == "Edm.String"

    @property
    def shown(self) -> str:
        """The SQL of what a cookie says of the row."""
        return self.source.sql(self.column.logical_name) if self.is_text else self.key.sql


def order_of(tables: QueryTables, entity: Entity, *, raw: bool, distinct: bool) -> list[Sorted]:
    """What the rows are sorted by, all in all; without ids where only distinct values are shown."""
    found: dict[str, Sorted] = {}
    for source, order in _orders(tables, entity):
        if order.alias is not None:
            raise refused(ORDER_BY_ALIAS)
        if order.attribute is None:
            raise refused(ORDER_BY_NOTHING)
        row = source if order.entity is None else tables.named(order.entity)
        column = find_column(row.table, order.attribute)
        found.setdefault(
            row.sql(column.logical_name),
            Sorted(row, column, sort_key(row, column, descending=order.descending, raw=raw)),
        )
    for source in () if distinct else (tables.root, *(each.source for each in tables.joined)):
        column = source.table.columns[source.table.primary_id]
        found.setdefault(source.sql(column.logical_name), Sorted(source, column, _plain(source, column)))
    return list(found.values())


def sort_key(source: Source, column: Column, *, descending: bool, raw: bool) -> SortKey:
    """How a column sorts."""
    if column.type in _CHOICES and not raw:
        return SortKey(_rank(source, column), descending)
    return sort_keys(source, (Ordering((property_name(column),), descending),))[0]


def _orders(tables: QueryTables, entity: Entity) -> Iterator[tuple[Source, Order]]:
    for order in entity.orders:
        yield tables.root, order
    for joined in tables.joined:
        for order in joined.link.entity.orders:
            yield joined.source, order


def _plain(source: Source, column: Column) -> SortKey:
    return SortKey(source.sql(column.logical_name), descending=False)


def _rank(source: Source, column: Column) -> str:
    """The place of a choice's label among all of its labels."""
    labels = sorted(column.options, key=lambda option: (comparable(option.label), option.value))
    cases = [f"when {int(option.value)} then {rank}" for rank, option in enumerate(labels)]
    return f"case {source.sql(column.logical_name)} {' '.join(cases)} end" if cases else source.sql(column.logical_name)
