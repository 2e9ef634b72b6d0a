"""Aggregation: groups and what is counted and summed in them.

Source: Learn, "Aggregate data using FetchXml". An average of whole numbers is a whole number and their sum over nothing
is 0, as its examples show; any other measure over nothing is null and left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from emulator.errors import not_supported
from emulator.fetchxml import refusals
from emulator.fetchxml.columns import Aliased, check_names, rendered, show, value_of
from emulator.fetchxml.model import Attribute, Entity, Fetch
from emulator.fetchxml.names import find_column
from emulator.fetchxml.ordering import sort_key
from emulator.fetchxml.refusals import refused
from emulator.fetchxml.tables import QueryTables
from emulator.metadata.model import Column, ColumnType
from emulator.odata.fiscal import fiscal_calendar
from emulator.odata.joins import Source
from emulator.odata.paging import SortKey
from emulator.odata.properties import NUMBERS, edm_type
from emulator.odata.rows import Json
from emulator.odata.sql import Row

_DATES = frozenset({"Edm.DateTimeOffset", "Edm.Date"})
# Weeks begin on Sunday, the first one with 1 January. Quarters are those of the organization's fiscal year.
_DATE_PARTS: Mapping[str, str] = {
    "day": "cast(strftime('%d', {0}) as integer)",
    "week": "(strftime('%j', {0}) + strftime('%w', {0}, 'start of year') - 1) / 7 + 1",
    "month": "cast(strftime('%m', {0}) as integer)",
    "quarter": "dataverse_fiscal_period({0}, {1.month:d}, {1.day:d}, 3)",
    "year": "cast(strftime('%Y', {0}) as integer)",
}
_FISCAL = frozenset({"fiscal-period", "fiscal-year"})
_FUNCTIONS: Mapping[str, str] = {
    "count": "count(*)",
    "countcolumn": "count({})",
    "sum": "sum({})",
    "avg": "avg({})",
    "min": "min({})",
    "max": "max({})",
}
_WHOLE: Mapping[str, str] = {"sum": "coalesce(sum({}), 0)", "avg": "cast(avg({}) as integer)"}
_FITTING = {"sum": NUMBERS, "avg": NUMBERS, "min": NUMBERS | _DATES, "max": NUMBERS | _DATES}
_CHOICES = frozenset({ColumnType.CHOICE, ColumnType.STATE, ColumnType.STATUS})


@dataclass(frozen=True, slots=True)
class Aggregates:
    """The values of an aggregation: all of them, and those that make the groups, each with what sorts it."""

    source: Source
    values: list[Aliased]
    groups: list[str]
    sorting: Mapping[str, SortKey]

    def select(self) -> Iterator[str]:
        for value in self.values:
            yield from value.select()

    def order(self, fetch: Fetch, tables: QueryTables) -> list[SortKey]:
        """What the groups are sorted by: aliases, then the groups themselves. Raises `DataverseError` 400."""
        keys = []
        for order in (*fetch.entity.orders, *(each for one in tables.joined for each in one.link.entity.orders)):
            if order.attribute is not None:
                raise refused(refusals.ORDER_BY_ATTRIBUTE)
            if order.alias is None:
                raise refused(refusals.AGGREGATE_ORDER_BY_NOTHING)
            if order.alias not in self.sorting:
                raise refused(refusals.UNKNOWN_ALIAS, f"There is no alias '{order.alias[:60]}' to sort by.")
            keys.append(SortKey(self.sorting[order.alias].sql, order.descending))
        return [*keys, *(SortKey(group, descending=False) for group in self.groups)]

    def render(self, rows: Sequence[Row]) -> list[Json]:
        """The groups as the Web API shows them."""
        return rendered([{} for _ in rows], [value.render(self.source.context, rows) for value in self.values])


def query_aggregates(tables: QueryTables, fetch: Fetch) -> Aggregates:
    """What the attributes of an aggregation ask for. Raises `DataverseError` 400 and 501."""
    entities: list[tuple[Source, Entity]] = [(tables.root, fetch.entity)]
    entities += [(each.source, each.link.entity) for each in tables.joined]
    values: list[Aliased] = []
    groups: list[str] = []
    sorting: dict[str, SortKey] = {}
    for source, entity in entities:
        if entity.attributes is None:
            raise refused(refusals.PLAIN_ATTRIBUTE)
        for attribute in entity.attributes:
            column = find_column(source.table, attribute.name)
            value = _value(source, column, attribute)
            values.append(value)
            sorting[value.name] = SortKey(value.sql, descending=False)
            if attribute.groupby:
                groups += [value.sql, *([value.pointer] if value.pointer else [])]
                if not attribute.date_grouping:
                    sorting[value.name] = sort_key(source, column, descending=False, raw=fetch.raw_order)
    if not values:
        raise refused(refusals.INVALID_AGGREGATE)
    check_names([value.name for value in values])
    return Aggregates(tables.root, values, groups, sorting)


def _value(source: Source, column: Column, attribute: Attribute) -> Aliased:
    if attribute.alias is None:
        raise refused(refusals.INVALID_ALIAS, f"The attribute '{attribute.name}' has no alias.")
    if attribute.groupby and attribute.aggregate:
        raise refused(refusals.GROUP_AND_AGGREGATE)
    if attribute.aggregate:
        return _measure(source, column, attribute, attribute.alias)
    if not attribute.groupby:
        raise refused(refusals.PLAIN_ATTRIBUTE)
    if attribute.date_grouping:
        return _date_part(source, column, attribute.date_grouping, attribute.alias)
    return show(source, column, attribute.alias)


def _date_part(source: Source, column: Column, part: str, alias: str) -> Aliased:
    if part in _FISCAL:
        raise not_supported(f"grouping by {part}")
    if part not in _DATE_PARTS or edm_type(column) not in _DATES:
        raise refused(refusals.INVALID_DATE_GROUPING)
    sql = _DATE_PARTS[part].format(source.sql(column.logical_name), fiscal_calendar(source.context.db))
    return Aliased(alias, source.table, _number(column), sql)


def _measure(source: Source, column: Column, attribute: Attribute, alias: str) -> Aliased:
    function = attribute.aggregate or ""
    if function not in _FUNCTIONS:
        raise refused(refusals.INVALID_AGGREGATE, f"There is no aggregate function '{function[:60]}'.")
    kind = edm_type(column)
    if kind not in _FITTING.get(function, {kind}) or (function in _FITTING and column.type in _CHOICES):
        raise refused(
            refusals.UNFIT_AGGREGATE, f"Aggregate {function} is not supported for attribute of type {column.type}."
        )
    sql = source.sql(column.logical_name)
    if function in {"count", "countcolumn"}:
        inside = ("distinct " if attribute.distinct and function == "countcolumn" else "") + value_of(source, column)
        return Aliased(alias, source.table, _number(column), _FUNCTIONS[function].format(inside))
    form = _WHOLE.get(function) if column.type is ColumnType.INTEGER else None
    return Aliased(alias, source.table, column, (form or _FUNCTIONS[function]).format(sql))


def _number(column: Column) -> Column:
    """What stands for a column where only a whole number is made of it."""
    return Column(
        logical_name=column.logical_name,
        schema_name=column.schema_name,
        type=ColumnType.INTEGER,
        metadata_id=column.metadata_id,
    )
