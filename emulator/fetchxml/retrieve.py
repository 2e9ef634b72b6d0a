"""Answers FetchXML queries: a page of rows, or the groups of an aggregation, as the body of the answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from emulator.context import Context, Sql
from emulator.fetchxml.aggregates import query_aggregates
from emulator.fetchxml.columns import query_columns
from emulator.fetchxml.cookies import write_cookie
from emulator.fetchxml.model import Fetch
from emulator.fetchxml.ordering import Sorted, order_of
from emulator.fetchxml.paging import Page, order_for_cookies, page_of
from emulator.fetchxml.reading import LARGEST, read_query
from emulator.fetchxml.refusals import OTHER_ENTITY, TOO_MANY_RECORDS, refused
from emulator.fetchxml.tables import QueryTables, query_tables
from emulator.fetchxml.timeout import time_limit
from emulator.metadata.model import Table
from emulator.odata import annotation
from emulator.odata.paging import SortKey
from emulator.odata.read import totals
from emulator.odata.rows import Json
from emulator.odata.sql import Row, concatenated, every, fetch, quoted

MORE = "Microsoft.Dynamics.CRM.morerecords"
COOKIE = "Microsoft.Dynamics.CRM.fetchxmlpagingcookie"


def retrieve_multiple(context: Context, table: Table, text: str, *, count: bool = False) -> Json:
    """What a FetchXML query about a table finds; `count` asks for the number of all rows, as the query itself may.

    Raises `DataverseError` 400 for what Dataverse refuses, 403 for a table that the caller may not read, 501 for what
    is not built.
    """
    query = read_query(text)
    if query.entity.name in context.schema.tables and query.entity.name != table.logical_name:
        raise refused(OTHER_ENTITY)
    tables = query_tables(context, query.entity)
    answer = _aggregated if query.aggregate else _rows
    with time_limit(context.db):
        return answer(query, tables, count=count or query.total)


def _rows(query: Fetch, tables: QueryTables, *, count: bool) -> Json:
    columns = query_columns(tables, query.entity, distinct=query.distinct)
    order = order_of(tables, query.entity, raw=query.raw_order, distinct=query.distinct)
    keys = [each.key for each in order]
    known = order_for_cookies(tables, order, distinct=query.distinct)
    page = page_of(query, known)
    # Distinct rows may differ in what they are sorted by alone; the others bring what a cookie says of them.
    beside = [key.sql for key in keys] if query.distinct else _named(known or ())
    selection = _selection(tables, [*columns.select(), *beside], distinct=query.distinct)
    rows = _select(tables, selection, keys, page)
    total = _count(tables, selection, LARGEST) if count else None
    body = _head(tables, columns.shape, total)
    return body | _paging(tables, page, rows, known) | {"value": columns.render(rows[: page.size])}


def _aggregated(query: Fetch, tables: QueryTables, *, count: bool) -> Json:
    aggregates = query_aggregates(tables, query)
    if _count(tables, _selection(tables, ["1"]), query.aggregate_limit) > query.aggregate_limit:
        raise refused(TOO_MANY_RECORDS)
    page = page_of(query, None)
    selection = _selection(tables, aggregates.select())
    rows = _select(tables, selection, aggregates.order(query, tables), page, aggregates.groups)
    body = _head(tables, "", _count(tables, selection, LARGEST, aggregates.groups) if count else None)
    return body | _paging(tables, page, rows, None) | {"value": aggregates.render(rows[: page.size])}


def _named(order: Sequence[Sorted]) -> Iterator[str]:
    """What a cookie says of a row, to be found by `=0`, `=1`, …"""
    return (f"{each.shown} as {quoted(f'={index}')}" for index, each in enumerate(order))


def _selection(tables: QueryTables, shown: Iterable[str], *, distinct: bool = False) -> Sql:
    return concatenated(f"select {'distinct ' if distinct else ''}{', '.join(shown)} from", tables.from_clause, "where")


def _select(
    tables: QueryTables, selection: Sql, keys: Sequence[SortKey], page: Page, groups: Sequence[str] = ()
) -> list[Row]:
    """The rows of a page, and one more if there is one."""
    statement = concatenated(
        selection,
        every([*tables.where, page.behind]),
        _grouped(groups),
        f"order by {', '.join(key.clause for key in keys)}" if keys else "",
        ("limit ? offset ?", (page.size + 1, page.offset)),
    )
    return fetch(tables.context.db, statement)


def _count(tables: QueryTables, selection: Sql, most: int, groups: Sequence[str] = ()) -> int:
    """The number of rows, one more than `most` if there are more."""
    limited = concatenated(selection, every(tables.where), _grouped(groups), ("limit ?", (most + 1,)))
    rows = fetch(tables.context.db, concatenated("select count(*) as found from (", limited, ")"))
    return int(str(rows[0]["found"]))


def _grouped(groups: Sequence[str]) -> str:
    return f"group by {', '.join(groups)}" if groups else ""


def _head(tables: QueryTables, shape: str, total: int | None) -> Json:
    context = tables.context
    url = f"{context.url}$metadata#{tables.root.table.set_name}{shape}"
    return {"@odata.context": url, **totals(context, total)}


def _paging(tables: QueryTables, page: Page, rows: Sequence[Row], order: Sequence[Sorted] | None) -> Json:
    """The annotations of a page that is not the last, as far as the client prefers them."""
    if not page.follows or len(rows) <= page.size:
        return {}
    found: Json = {COOKIE: None, MORE: True}
    if order is not None:
        first, last = ([row[f"={index}"] for index in range(len(order))] for row in (rows[0], rows[page.size - 1]))
        found[COOKIE] = write_cookie(page.number, order, first, last)
    return {
        f"@{name}": value
        for name, value in found.items()
        if value is not None and annotation.wants(tables.context.preferences, name)
    }
