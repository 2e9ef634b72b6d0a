"""Rows as Dataverse answers them → our values. Pure; a row that lacks what was selected is a defect, not data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from dataverse.store.choices import MAKES_LEADS
from dataverse.store.queries import LEAD_MAKERS
from dataverse.store.tables import RECORD_TABLES, regarding
from messaging.countries import country_region
from messaging.inbound import StoredMessage
from messaging.numbers import Address
from messaging.records import COUNTRY_COLUMN, Conversation, OurNumber, Person, Principal, PrincipalKind, Record, Table
from routing.candidate import Candidate
from routing.match import matching_columns

Row = Mapping[str, object]


def rows(answer: Mapping[str, object], key: str = "value") -> list[Row]:
    """The rows of a collection, also of an expanded one."""
    found = answer.get(key)
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []


def moment(value: object) -> datetime:
    """A date-time column that is never empty (`2026-11-20T09:22:45Z`) as an aware one; ValueError if it is."""
    return datetime.fromisoformat(str(value))


def moment_or_none(value: object) -> datetime | None:
    """A date-time column that may be empty."""
    return None if value is None else moment(value)


def owner(row: Row) -> Principal | None:
    """Who owns the row: the user or the team, whichever column is filled."""
    for kind, column in ((PrincipalKind.USER, "_owninguser_value"), (PrincipalKind.TEAM, "_owningteam_value")):
        if row.get(column):
            return Principal(kind, UUID(str(row[column])))
    return None


def person(row: Row) -> Person:
    """A user as one who can be told, in the language of his settings."""
    chosen = next((settings.get("uilanguageid") for settings in rows(row, "user_settings")), None)
    return Person(
        UUID(str(row["systemuserid"])),
        str(row.get("fullname") or ""),
        enabled=row["isdisabled"] is not True,
        language=chosen if isinstance(chosen, int) else 0,
        licensed=row["islicensed"] is not False,
    )


def our_number(numbers: Sequence[Row], people: Sequence[Row]) -> OurNumber | None:
    """The number that was texted, with the people behind it; None where no row has it."""
    holder = owner(numbers[0]) if numbers else None
    if holder is None:
        return None
    return OurNumber(
        id=UUID(str(numbers[0]["txv_phonenumberid"])),
        owner=holder,
        people=tuple(person(row) for row in people),
        notices=notices(numbers[0].get("txv_notices")),
        etag=str(numbers[0]["@odata.etag"]),
        new_leads=MAKES_LEADS.get(numbers[0].get("txv_newleads")),
        new_leads_lately=len(rows(numbers[0], LEAD_MAKERS)),
    )


def notices(text: object) -> Mapping[UUID, date]:
    """Who was told on which day (JSON); what somebody has spoiled by hand counts as nobody."""
    try:
        return {UUID(reader): date.fromisoformat(day) for reader, day in json.loads(str(text or "{}")).items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def candidate(table: Table, row: Row, found_by: tuple[str, ...]) -> Candidate:
    """A record as a candidate; `found_by` says how it came in."""
    known = RECORD_TABLES[table]
    lead = row.get(known.origin)
    return Candidate(
        record=Record(table, UUID(str(row[known.id]))),
        name=str(row.get(known.name) or ""),
        owner=owner(row),
        active=row["statecode"] == 0,
        modified_on=moment(row["modifiedon"]),
        found_by=found_by,
        came_from=UUID(str(lead)) if lead else None,
    )


def carriers(table: Table, found: Iterable[Row], customer: Address, regions: Sequence[str]) -> Iterable[Candidate]:
    """The records that really carry the number (a spelling or a key can mean another one), and their opportunities."""
    known = RECORD_TABLES[table]
    for row in found:
        phones = {column: str(row[column]) for column in known.phones if row.get(column)}
        country = country_region(str(row.get(COUNTRY_COLUMN) or ""))
        columns = matching_columns(phones, customer, regions, country=country)
        if not columns:
            continue
        yield candidate(table, row, columns)
        for collection in known.opportunities:
            for opportunity in rows(row, collection):
                yield candidate(Table.OPPORTUNITY, opportunity, (f"its {table.value}",))


def conversation(row: Row) -> tuple[Conversation, Candidate | None]:
    """A conversation, and the record that it stands on as a candidate."""
    home = next(
        (
            candidate(table, there, ("a conversation",))
            for table in RECORD_TABLES
            if isinstance(there := row.get(regarding(table)), Mapping)
        ),
        None,
    )
    unread = row.get("txv_unreadcount")
    return (
        Conversation(
            id=UUID(str(row["activityid"])),
            our_digits=str(row["txv_ourdigits"] or ""),  # an empty text is kept as null
            owner=owner(row),
            record=home.record if home else None,
            last_message_on=moment_or_none(row.get("txv_lastmessageon")),
            unread=unread if isinstance(unread, int) else 0,
            etag=str(row["@odata.etag"]),
            elsewhere=home is None and row.get("_regardingobjectid_value") is not None,
        ),
        home,
    )


def stored_message(row: Row) -> StoredMessage:
    """A text that is already there."""
    talk = row.get("_txv_conversationid_value")
    return StoredMessage(
        id=UUID(str(row["txv_textmessageid"])),
        etag=str(row["@odata.etag"]),
        conversation_id=UUID(str(talk)) if talk else None,
        created_on=moment(row["createdon"]),
        notified_on=moment_or_none(row.get("txv_notifiedon")),
    )
