"""GET on an entity set with a query in FetchXML: in the URL, or in the row of a view.

Source: Learn, "Use FetchXml to retrieve data" and "Retrieve and run predefined queries". No preference but for
annotations is applied: the size of a page is up to the query.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from emulator.errors import bad_query, does_not_exist, not_supported
from emulator.exchange import Answer, applied
from emulator.fetchxml.refusals import INVALID_XML, refused
from emulator.fetchxml.retrieve import retrieve_multiple
from emulator.metadata.model import Table
from emulator.odata.literals import GUID
from emulator.odata.options import decoded
from emulator.odata.sql import concatenated, every, fetch, quoted
from emulator.seams import Work

_BESIDE = frozenset({"$count", "tag"})
_COUNT = {"true": True, "false": False}


def _given(work: Work, text: str) -> str:
    return text


def _view_of(table: str) -> Callable[[Work, str], str]:
    def find(work: Work, row_id: str) -> str:
        return _view(work, table, row_id)

    return find


# Where each query option has its FetchXML from.
OPTIONS: Mapping[str, Callable[[Work, str], str]] = {
    "fetchXml": _given,
    "savedQuery": _view_of("savedquery"),
    "userQuery": _view_of("userquery"),
}


def asks_by_fetchxml(query: str) -> bool:
    """Whether a query string has an option that this module answers."""
    return any(part.partition("=")[0] in OPTIONS for part in query.split("&"))


def answer_fetchxml(work: Work, table: Table) -> Answer:
    """Answers GET on an entity set. Raises `DataverseError` 400, 403, 404 and 501."""
    name, value, count = _options(work.call.query)
    rows = retrieve_multiple(work.context, table, OPTIONS[name](work, value), count=count)
    preferences = {key: each for key, each in work.context.preferences.items() if key != "odata.maxpagesize"}
    return Answer(status=200, payload=rows, headers=applied(preferences))


def _options(query: str) -> tuple[str, str, bool]:
    """The option with the query, its value, and whether `$count=true` stands beside it."""
    given: dict[str, str] = {}
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if name in given:
            raise bad_query(f"Query option '{name[:60]}' was specified more than once.")
        if name:
            given[decoded(name).strip()] = decoded(value)
    (name, value), *others = [(key, each) for key, each in given.items() if key not in _BESIDE]
    if others:
        raise not_supported(f"'{name[:60]}' together with '{others[0][0][:60]}'")
    count = given.get("$count", "false").strip()
    if count not in _COUNT:
        raise bad_query("Invalid value for $count query option found. Valid values are 'true', 'false'.")
    return name, value, _COUNT[count]


def _view(work: Work, name: str, row_id: str) -> str:
    """The FetchXML of a view that the caller may read."""
    table = work.context.schema.tables.get(name)
    if table is None:
        raise not_supported(f"queries of the table '{name}'")
    if not re.fullmatch(GUID, row_id.strip()):
        raise bad_query(f"The id '{row_id[:60]}' of the {name} is not a guid.")
    key = row_id.strip().lower()
    found = fetch(
        work.context.db,
        concatenated(
            f"select t0.{quoted('fetchxml')} as text from {quoted(name)} t0 where",
            every([(f"t0.{quoted(table.primary_id)} = ?", (key,)), work.context.visible(table, "t0")]),
        ),
    )
    if not found:
        raise does_not_exist(name, key)
    if not found[0]["text"]:
        raise refused(INVALID_XML)
    return str(found[0]["text"])
