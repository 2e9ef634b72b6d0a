"""Which conversations a change concerns, read with the owners of their records and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from dataverse.store.batches import chunks, has_more, pages
from dataverse.store.queries import get
from dataverse.store.rows import Row, owner, rows
from dataverse.store.tables import RECORD_TABLES, regarding
from dataverse.store.visibility.standing import NUMBER, OWNERS, Standing, standing
from dataverse.webapi.client import Client
from dataverse.webapi.literals import IN_LIST_LIMIT, in_list
from dataverse.webapi.request import Request
from messaging.records import PHONE_COLUMNS, Principal, Table
from messaging.row_changes import PHONE_NUMBER, TEXT_CONVERSATION

_RECORDS = ",".join(f"{regarding(table)}($select={known.id},{OWNERS})" for table, known in RECORD_TABLES.items())
_CONVERSATIONS = (
    f"txv_textconversations?$select=activityid,txv_ourdigits,_regardingobjectid_value,{OWNERS}"
    f"&$expand={_RECORDS},{NUMBER}($select={OWNERS})&$orderby=activityid&$filter="
)


def concerned(client: Client, table: str, ids: Sequence[UUID]) -> Iterator[Standing]:
    """The conversations on these records, on these numbers, or themselves, by `table` (one round trip for each 5,000,
    one more for numbers and for records that were merged into others). Those of other tables are none."""
    if table == TEXT_CONVERSATION:
        yield from _with_numbers(client, _rows(client, _any("activityid", ids)))
    elif table == PHONE_NUMBER:
        yield from _with_numbers(client, _of_numbers(client, ids))
    elif table in RECORD_TABLES:
        yield from _with_numbers(client, _on_records(client, Table(table), ids))


def _on_records(client: Client, table: Table, ids: Sequence[UUID]) -> Iterator[Row]:
    """The conversations on records, and on those that they were merged into: these have got theirs."""
    about = get(_CONVERSATIONS + _any("_regardingobjectid_value", ids))
    mergeable = table in PHONE_COLUMNS
    page, *merged = pages(client, [about, *([_masters(table, ids)] if mergeable else [])])
    yield from rows(page)
    if has_more(page):
        yield from client.rows(client.path_of(str(page["@odata.nextLink"])))
    masters = {UUID(str(row["_masterid_value"])) for each in merged for row in rows(each)}.difference(ids)
    if masters:
        yield from _rows(client, _any("_regardingobjectid_value", sorted(masters)))


def _masters(table: Table, ids: Sequence[UUID]) -> Request:
    known = RECORD_TABLES[table]
    where = f"{in_list(known.id, ids)} and _masterid_value ne null"
    return get(f"{known.set_name}?$select={known.id},_masterid_value&$filter={where}")


def _of_numbers(client: Client, ids: Sequence[UUID]) -> Iterator[Row]:
    # By the digits too: a conversation can be older than the row of its number.
    held = client.rows(get(f"txv_phonenumbers?$select=txv_digits&$filter={in_list(NUMBER, ids)}").path)
    digits = [str(row["txv_digits"]) for row in held if row.get("txv_digits")]
    same = f" or {in_list('txv_ourdigits', digits)}" if digits else ""
    return _rows(client, f"{_any(f'_{NUMBER}_value', ids)}{same}")


def _with_numbers(client: Client, found: Iterable[Row]) -> Iterator[Standing]:
    """Each once, with the owner of its number; where it does not say which row that is, the digits do."""
    talks = {talk.id: talk for talk in map(standing, found)}
    lacking = {talk.digits for talk in talks.values() if talk.number_owner is None and talk.digits}
    owners = dict(_owners(client, sorted(lacking)))
    for talk in talks.values():
        yield talk if talk.number_owner else replace(talk, number_owner=owners.get(talk.digits))


def _owners(client: Client, digits: Sequence[str]) -> Iterator[tuple[str, Principal | None]]:
    for some in chunks(digits, IN_LIST_LIMIT):
        query = get(f"txv_phonenumbers?$select=txv_digits,{OWNERS}&$filter={in_list('txv_digits', some)}")
        yield from ((str(row["txv_digits"]), owner(row)) for row in client.rows(query.path))


def _rows(client: Client, where: str) -> Iterator[Row]:
    return client.rows(get(_CONVERSATIONS + where).path)


def _any(column: str, ids: Iterable[UUID]) -> str:
    return "(" + " or ".join(f"{column} eq {each}" for each in ids) + ")"
