"""`Prefer: odata.track-changes`, and the delta links that come of it.

Source: Learn, "Use change tracking to synchronize data with external systems": changed rows as they are now, by
version, then what was deleted; a row that was created and deleted in between is told as deleted. A round tells what was
changed until it began. What is changed while its pages are read comes in the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from emulator.context import Context, Sql
from emulator.errors import DataverseError, bad_query
from emulator.exchange import Answer, applied
from emulator.metadata.model import Table
from emulator.metadata.privileges import privilege_name
from emulator.odata.joins import ROOT, Links, Source
from emulator.odata.options import Options, decoded, parse_options
from emulator.odata.paging import LARGEST_PAGE, SortKey
from emulator.odata.read import preferred_page_size
from emulator.odata.rows import Json, render
from emulator.odata.selection import columns_of, select
from emulator.odata.sql import ALWAYS, Row, fetch, quoted
from emulator.seams import Work
from emulator.tracking.tokens import Place, delta_token, first_place, is_page_token, next_page, next_round, page_token

PREFERENCE = "odata.track-changes"
_REFUSED = ("$filter", "$orderby", "$expand", "$top")
_TOKENS = ("$deltatoken", "$skiptoken")
_DELETED = """
    from _deletion d where d.entity = ? and d.version > ? and d.version <= ?
    and not exists (select 1 from {} t where t.{} = d.id)"""


def asks_for_changes(work: Work) -> bool:
    """Whether a request is for this part of the emulator: by its preference, or by a token."""
    given = _given(work.call.query)
    has_token = "$deltatoken" in given or is_page_token(given.get("$skiptoken", ""))
    return has_token or PREFERENCE in work.context.preferences


def retrieve_changes(work: Work, table: Table) -> Answer:
    """A page of a round. Raises 400 for other options than `$select`, for tables that are not tracked and for tokens
    that have expired, 403 for callers who do not read the whole table."""
    context = work.context
    options = _options(work, table)
    place = _place(context, _given(work.call.query))
    limit = preferred_page_size(context) or LARGEST_PAGE
    items, rest = _page(context, table, options, place, limit)
    selected = f"({','.join(options.select)})" if options.select else ""
    delta = "" if place.since is None else "/$delta"
    body: Json = {"@odata.context": f"{context.url}$metadata#{table.set_name}{selected}{delta}"}
    if rest is None:
        body["@odata.deltaLink"] = _link(work, table, f"$deltatoken={delta_token(place)}")
    else:
        body["@odata.nextLink"] = _link(work, table, f"$skiptoken={page_token(rest)}")
    headers = applied(context.preferences)
    if PREFERENCE in context.preferences:
        headers["Preference-Applied"] = ",".join(filter(None, (PREFERENCE, headers.get("Preference-Applied"))))
    return Answer(status=200, payload={**body, "value": items}, headers=headers)


def count_changes(work: Work, table: Table) -> int:
    """How many changes a delta link would tell; all of them, not only the first 5,000."""
    _options(work, table)
    place = _place(work.context, _given(work.call.query))
    statement = f'select count(*) as number from "{table.logical_name}" where versionnumber > ? and versionnumber <= ?'
    rows = fetch(work.context.db, (statement, (place.told, place.until)))[0]["number"]
    gone = fetch(work.context.db, _deletions(table, place.after_rows(), "count(*) as number"))[0]["number"]
    return int(str(rows)) + int(str(gone))


def _given(query: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in query.split("&") if part)
    return {decoded(name).strip(): decoded(value) for name, _, value in pairs}


def _options(work: Work, table: Table) -> Options:
    """What is selected, once it is clear that the request may be answered."""
    for name in _given(work.call.query):
        if name in _REFUSED:
            raise bad_query(f'The "{name}" query parameter isn\'t supported when Change Tracking is enabled.')
    if not table.change_tracking:
        raise DataverseError(400, "0x80072491", f"Entity {table.logical_name} isn't enabled for change tracking.")
    if work.context.visible(table, ROOT) != ALWAYS:
        message = (
            f"Principal user (Id={work.context.user_id}, type=8) is missing {privilege_name('Read', table)} privilege "
            f"at the depth Global, which change tracking of '{table.logical_name}' takes."
        )
        raise DataverseError(403, "0x80040220", message)
    return parse_options("&".join(_others(work.call.query)), frozenset({"$select"}))


def _others(query: str) -> list[str]:
    return [part for part in query.split("&") if part and decoded(part.partition("=")[0]).strip() not in _TOKENS]


def _place(context: Context, given: dict[str, str]) -> Place:
    if "$skiptoken" in given:
        return next_page(context, given["$skiptoken"])
    return next_round(context, given["$deltatoken"]) if "$deltatoken" in given else first_place(context)


def _page(
    context: Context, table: Table, options: Options, place: Place, limit: int
) -> tuple[list[Json], Place | None]:
    """What a page tells, and where the next one begins; None after the last."""
    items: list[Json] = []
    if not place.deletions:
        rows = _rows(context, table, options, place, limit + 1)
        items += rows[0][:limit]
        if len(rows[0]) > limit:
            return items, replace(place, told=rows[1][limit - 1], page=place.page + 1)
        place = place.after_rows()
    gone = fetch(context.db, _deletions(table, place, "d.id, d.version", limit - len(items) + 1))
    told = gone[: limit - len(items)]
    items += [_deleted(context, table, row) for row in told]
    if len(gone) == len(told):
        return items, None
    return items, replace(place, told=int(str(told[-1]["version"])) if told else place.told, page=place.page + 1)


def _rows(context: Context, table: Table, options: Options, place: Place, limit: int) -> tuple[list[Json], list[int]]:
    """Changed rows by version, and their versions."""
    source = Source(context, table, ROOT, Links())
    columns, physical = columns_of(context, table, options)
    number = source.sql("versionnumber")
    where: Sequence[Sql] = [(f"{number} > ?", (place.told,)), (f"{number} <= ?", (place.until,))]
    rows = select(source, physical, where, [SortKey(number, descending=False)], limit)
    return render(context, table, columns, rows, etag=True), [int(str(row["versionnumber"])) for row in rows]


def _deletions(table: Table, place: Place, shown: str, limit: int = -1) -> Sql:
    """Rows that were deleted and are not there again, by version."""
    tables = _DELETED.format(quoted(table.logical_name), quoted(table.primary_id))
    statement = f"select {shown} {tables} order by d.version limit ?"
    return statement, (table.logical_name, place.told, place.until, limit)


def _deleted(context: Context, table: Table, row: Row) -> Json:
    url = f"{context.url}$metadata#{table.set_name}/$deletedEntity"
    return {"@odata.context": url, "id": row["id"], "reason": "deleted"}


def _link(work: Work, table: Table, token: str) -> str:
    return f"{work.context.url}{table.set_name}?{'&'.join([*_others(work.call.query), token])}"
