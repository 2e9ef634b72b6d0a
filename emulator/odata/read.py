"""Reading rows: the answers to GET on an entity set, on a row, and on `/$count`."""

from __future__ import annotations

from emulator.context import Context, Sql
from emulator.metadata.model import Table
from emulator.odata import annotation
from emulator.odata.aggregation import Aggregation, aggregate, aggregation
from emulator.odata.expansion import Expander
from emulator.odata.filters import Scope, condition
from emulator.odata.joins import ROOT, Links, Source
from emulator.odata.options import COLLECTION, COUNT, SINGLE, Options, decoded, parse_options
from emulator.odata.paging import LARGEST_PAGE, after, order_of, read_token, sort_keys, write_token
from emulator.odata.rows import Json, render
from emulator.odata.selection import columns_of, select
from emulator.odata.sql import concatenated, every, fetch


def retrieve_multiple(
    context: Context, table: Table, query: str, *, within: Sql | None = None, path: str | None = None
) -> Json:
    """The rows of a table that a query asks for, as the body of the answer (one page, with `@odata.nextLink`).

    `query` is the URL's query string as it came, still percent-encoded. `within` narrows the rows down by a condition
    over the alias `t0`, for collections such as `accounts(id)/contact_customer_accounts`; `path` is then that path,
    for the link to the next page. Raises `DataverseError` (400, 403, 501).
    """
    options = parse_options(query, COLLECTION)
    source = Source(context, table, ROOT, Links())
    where = _conditions(source, options, within)
    page_size = preferred_page_size(context)
    if options.apply is not None:
        groups = aggregation(source, options, where)
        return _groups(context, groups, options, page_size, path or table.set_name, query)
    expander = Expander(context, options.is_nested, page_size)
    expander.check(table, options)
    columns, physical = columns_of(context, table, options)
    keys = sort_keys(source, options.orderby)
    page, behind = 1, where
    if options.skip_token is not None:
        page, values = read_token(options.skip_token, order_of(key.clause for key in keys), len(keys))
        behind = [*where, after(keys, values)]
    limit, pages = _limit(options, page_size)
    rows = select(source, physical, behind, keys, limit + 1)
    body: Json = {"@odata.context": _context_url(context, table, options)}
    body |= totals(context, _count(source, where) if options.count else None)
    body["value"] = items = render(context, table, columns, rows[:limit], etag=True)
    expander.attach(table, options, rows[:limit], items)
    if pages and len(rows) > limit:
        values = [rows[limit - 1][f"${index}"] for index in range(len(keys))]
        token = write_token(page + 1, order_of(key.clause for key in keys), values)
        body["@odata.nextLink"] = _next_link(context, path or table.set_name, query, token)
    return body


def _groups(
    context: Context, groups: Aggregation, options: Options, page_size: int | None, path: str, query: str
) -> Json:
    """A page of groups; pages of these are found by their number, not by a last row."""
    page = 1 if options.skip_token is None else read_token(options.skip_token, order_of([groups.order]), 0)[0]
    limit, pages = _limit(options, page_size)
    found = aggregate(groups, limit + 1, (page - 1) * limit)
    body: Json = {"@odata.context": f"{context.url}$metadata#{groups.source.table.set_name}", "value": found[:limit]}
    if pages and len(found) > limit:
        body["@odata.nextLink"] = _next_link(context, path, query, write_token(page + 1, order_of([groups.order]), []))
    return body


def retrieve(context: Context, table: Table, row_id: str, query: str) -> Json | None:
    """One row as the body of the answer; None if it is not there or the caller may not read it."""
    options = parse_options(query, SINGLE)
    source = Source(context, table, ROOT, Links())
    expander = Expander(context, options.is_nested, None)
    expander.check(table, options)
    columns, physical = columns_of(context, table, options)
    where = [(f"{source.sql(table.primary_id)} = ?", (row_id.lower(),)), source.visible()]
    rows = select(source, physical, where)
    values = render(context, table, columns, rows, etag=True)
    expander.attach(table, options, rows, values)
    return {"@odata.context": _context_url(context, table, options) + "/$entity"} | values[0] if values else None


def count(context: Context, table: Table, query: str, *, within: Sql | None = None) -> int:
    """How many rows there are, for `/$count`: 5,000 at most, as Dataverse counts."""
    options = parse_options(query, COUNT)
    source = Source(context, table, ROOT, Links())
    where = _conditions(source, options, within)
    return min(_count(source, where), LARGEST_PAGE)


def preferred_page_size(context: Context) -> int | None:
    """`Prefer: odata.maxpagesize`, 5,000 at most; None where it is not there or no positive number."""
    text = context.preferences.get("odata.maxpagesize", "").strip()
    if not text.isascii() or not text.isdigit() or int(text[:10]) == 0:
        return None
    return min(int(text[:10]), LARGEST_PAGE)


def _conditions(source: Source, options: Options, within: Sql | None) -> list[Sql]:
    """What a row must fulfil: the caller may read it, it is where the path leads, and the filter holds."""
    conditions = [source.visible(), *([within] if within is not None else [])]
    if options.filter is not None:
        conditions.append(condition(options.filter, Scope(source)))
    return conditions


def _limit(options: Options, page_size: int | None) -> tuple[int, bool]:
    """How many rows to answer with, and whether the rest follows on other pages; a page size overrules `$top`."""
    if page_size is None and options.top is not None:
        return min(options.top, LARGEST_PAGE), False
    return page_size or LARGEST_PAGE, True


def _count(source: Source, where: list[Sql]) -> int:
    """The number of rows, one more than 5,000 if there are more."""
    inner = concatenated("select 1 from", source.from_clause(), "where", every(where), f"limit {LARGEST_PAGE + 1}")
    return len(fetch(source.context.db, inner))


def totals(context: Context, total: int | None) -> Json:
    """The annotations of a collection: how many rows there are in all (None where nobody asked), and the version of
    the definitions."""
    body: Json = {} if total is None else {"@odata.count": min(total, LARGEST_PAGE)}
    known = {
        annotation.TOTAL: -1 if total is None else min(total, LARGEST_PAGE),
        annotation.TOTAL_EXCEEDED: total is not None and total > LARGEST_PAGE,
        annotation.METADATA_VERSION: str(context.metadata_version),
    }
    return body | {f"@{name}": value for name, value in known.items() if annotation.wants(context.preferences, name)}


def _context_url(context: Context, table: Table, options: Options) -> str:
    return f"{context.url}$metadata#{table.set_name}{_shape(options)}"


def _shape(options: Options) -> str:
    """The selected properties and expansions as a context URL has them: `(name,primarycontactid(fullname))`."""
    parts = list(options.select or ())
    parts += [
        f"{each.name}{'/$ref' if each.reference else ''}{_shape(each.options) or '()'}" for each in options.expand
    ]
    return f"({','.join(parts)})" if parts else ""


def _next_link(context: Context, path: str, query: str, token: str) -> str:
    parts = [part for part in query.split("&") if part and decoded(part.partition("=")[0]).strip() != "$skiptoken"]
    return f"{context.url}{path}?{'&'.join([*parts, f'$skiptoken={token}'])}"
