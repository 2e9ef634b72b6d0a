"""Rows of the Web API → what the page shows, JSON-ready. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from uuid import UUID

from dataverse.store.choices import DIRECTIONS, STATUS_OF, Direction
from dataverse.store.rows import Row
from dataverse.store.tables import RECORD_TABLES, regarding
from local.phone.people import shown
from local.phone.queries import FORMATTED, TARGET
from local.phone.sentences import called, headline
from messaging.records import Record, Table

NAMELESS = "(no name)"

Shown = dict[str, object]


def notification(row: Row) -> Shown:
    """An entry behind a bell; `opens` is the conversation that it leads to."""
    return {
        "id": row["appnotificationid"],
        "title": row.get("title") or "",
        "body": row.get("body") or "",
        "on": row.get("createdon"),
        "whose": row.get(f"_ownerid_value{FORMATTED}") or "",
        "opens": _opened(row.get("data")),
    }


def conversation(row: Row, last: Row | None) -> Shown:
    """An entry of the list of conversations; `last` is its latest text."""
    ours = str(row.get("txv_ourdigits") or "")
    return {
        "id": row["activityid"],
        "customer": shown(str(row.get("txv_customer") or "")),
        "ours": shown(f"+{ours}") if len(ours) > 8 else ours,
        "record": record_of(row),
        "owner": row.get(f"_ownerid_value{FORMATTED}") or "",
        "on": row.get("txv_lastmessageon"),
        "unread": row.get("txv_unreadcount") or 0,
        "last": {"text": last.get("txv_body") or "", "incoming": _incoming(last)} if last else None,
    }


def message(row: Row) -> Shown:
    """A text of a conversation, with the reason why it is there in a few words."""
    return {
        **_text(row),
        "status": _status(row),
        "failure": row.get("txv_failurereason") or "",
        "detail": row.get("txv_statusdetail") or "",
        "said_on": row.get("txv_providertime"),
        "account": row.get("txv_provideraccount") or "",
        "because": headline(_string(row.get("txv_routing"))),
    }


def on_phone(row: Row) -> Shown | None:
    """A text as the customer's phone has it, and where it was filed; None for one of ours that never got there."""
    if not _incoming(row) and _status(row) not in {"Sent", "Delivered"}:
        return None
    talk = row.get("txv_conversationid")
    filed = talk if isinstance(talk, Mapping) else None
    return {
        **_text(row),
        "filed": {
            "record": record_of(filed),
            "owner": filed.get(f"_ownerid_value{FORMATTED}") or "",
            "conversation": filed["activityid"],
        }
        if filed
        else None,
    }


def record_of(row: Row) -> Shown | None:
    """The record that a conversation stands on, by its name or by what may be said of it; None without one."""
    for table, known in RECORD_TABLES.items():
        there = row.get(regarding(table))
        if isinstance(there, Mapping):
            return {"name": str(there.get(known.name) or NAMELESS), "table": table.value, "seen": True}
    kind, target = row.get(f"_regardingobjectid_value{TARGET}"), row.get("_regardingobjectid_value")
    if not target or kind not in set(Table):
        return None
    name = called(Record(Table(str(kind)), UUID(str(target))), {})
    return {"name": name, "table": kind, "seen": False}


def latest(found: Iterable[Row]) -> dict[str, Row]:
    """Conversation → its latest text."""
    return {str(row.get("_txv_conversationid_value")): row for row in in_order(found)}


def in_order(found: Iterable[Row]) -> list[Row]:
    """Texts by arrival. What is written to a text later moves none; those without milliseconds come after those of the
    same second that have them."""
    return sorted(found, key=_order)


def names(table: Table, found: Iterable[Row]) -> dict[Record, str]:
    """Records that may be seen → their names."""
    known = RECORD_TABLES[table]
    return {Record(table, UUID(str(row[known.id]))): str(row.get(known.name) or NAMELESS) for row in found}


def people(found: Iterable[Row]) -> dict[UUID, str]:
    """Users who may be seen → their names."""
    return {UUID(str(row["systemuserid"])): str(row.get("fullname") or NAMELESS) for row in found}


def _text(row: Row) -> Shown:
    return {
        "id": row["txv_textmessageid"],
        "text": row.get("txv_body") or "",
        "incoming": _incoming(row),
        "on": _arrived(row) or None,
    }


def _arrived(row: Row) -> str:
    return str(row.get("txv_arrivedon") or row.get("createdon") or "")


def _order(row: Row) -> tuple[str, int, str, str]:
    ms = row.get("txv_arrivedms")
    afterwards = ms if isinstance(ms, int) else 1_000
    return _arrived(row), afterwards, str(row.get("createdon") or ""), str(row["txv_textmessageid"])


def _incoming(row: Row) -> bool:
    return row.get("txv_direction") == DIRECTIONS[Direction.INCOMING]


def _status(row: Row) -> str:
    value = row.get("txv_status")
    return STATUS_OF[value].value if isinstance(value, int) and value in STATUS_OF else ""


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _opened(data: object) -> str | None:
    """The record behind the first action of a notification (column `data`, JSON)."""
    try:
        found: object = json.loads(data) if isinstance(data, str) else None
        for step in ("actions", 0, "data", "navigationTarget", "entityId"):
            found = found[step]  # type: ignore[index]  # what is no such thing raises, and then nothing is opened
    except (ValueError, LookupError, TypeError):
        return None
    return found if isinstance(found, str) else None
