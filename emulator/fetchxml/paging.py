"""Which rows are on the page that a query asks for: by a paging cookie, or by counting from the first row.

Source: Learn, "Page results using FetchXml". Dataverse gives no cookie for every query; here those get none that may
show a row of the entity more than once, sort by other tables or show distinct values. They are paged by numbers alone,
up to row 50,000.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from emulator.context import Sql
from emulator.fetchxml.cookies import read_cookie
from emulator.fetchxml.model import Fetch
from emulator.fetchxml.ordering import Sorted
from emulator.fetchxml.reading import LARGEST
from emulator.fetchxml.refusals import NO_COOKIE, OTHER_ORDER, refused
from emulator.fetchxml.tables import QueryTables
from emulator.odata.paging import after
from emulator.odata.sql import ALWAYS

_MOST_WITHOUT_COOKIE = 50_000


@dataclass(frozen=True, slots=True)
class Page:
    """`size` rows behind those that `behind` and then `offset` leave out. `follows` tells whether there may be more
    pages, which there are not of a query with `top`."""

    number: int
    size: int
    offset: int
    behind: Sql
    follows: bool


def page_of(fetch: Fetch, order: Sequence[Sorted] | None) -> Page:
    """The page that a query asks for. `order` is None where cookies are not for it. Raises `DataverseError` 400."""
    if fetch.top is not None:
        return Page(1, fetch.top, 0, ALWAYS, follows=False)
    number, size = fetch.page or 1, min(fetch.size or LARGEST, LARGEST)
    if fetch.cookie:
        if order is None:
            raise refused(OTHER_ORDER)
        before, keys = read_cookie(fetch.cookie, order)
        if before < number:
            skipped = number - before - 1
            return Page(number, size, skipped * size, after([each.key for each in order], keys), follows=True)
    if number * size > max(_MOST_WITHOUT_COOKIE, size):
        raise refused(NO_COOKIE)
    return Page(number, size, (number - 1) * size, ALWAYS, follows=True)


def order_for_cookies(tables: QueryTables, order: Sequence[Sorted], *, distinct: bool) -> Sequence[Sorted] | None:
    """The part of the order that a cookie holds: down to the id of the entity. None where there can be no cookie."""
    ids = [index for index, each in enumerate(order) if _is_id(each, tables)]
    if distinct or not ids or not all(joined.is_single for joined in tables.joined):
        return None
    kept = order[: ids[0] + 1]
    return kept if all(each.source is tables.root for each in kept) else None


def _is_id(each: Sorted, tables: QueryTables) -> bool:
    return each.source is tables.root and each.column.logical_name == tables.root.table.primary_id
