"""A look into Dataverse, as the service or as a seller: what became of a text."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from dataverse.store.choices import STATUS_OF
from dataverse.store.queries import get
from dataverse.store.tables import RECORD_TABLES, path, regarding
from dataverse.webapi.client import Client
from dataverse.webapi.literals import quote_literal
from local.company.cast import SELLERS, Seller
from messaging.errors import PermanentError
from messaging.records import Record, Table
from messaging.status import Status

_TEXT = "txv_textmessageid,txv_status,txv_routing,_txv_conversationid_value"


@dataclass(frozen=True, slots=True)
class StoredText:
    """A text as it stands in Dataverse."""

    id: UUID
    status: Status
    record: Record | None
    conversation: UUID
    unread: int
    routing: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Look:
    """Reads as the service, or as a seller; `client` makes a client for a bearer token."""

    client: Callable[[str], Client]

    def texts(self, column: str, value: str) -> list[StoredText]:
        """The texts with this in a column (`txv_from`, `txv_providermessageid`)."""
        return [
            self._stored(row) for row in self.rows(f"txv_textmessages?$select={_TEXT}&$filter={_equals(column, value)}")
        ]

    def leads(self, number: str) -> int:
        """How many leads carry the number, written as E.164."""
        return len(self.rows(f"leads?$select=leadid&$filter={_equals('mobilephone', number)}"))

    def bell(self, seller: Seller) -> list[str]:
        """The titles behind a seller's bell, read as that seller."""
        mine = f"appnotifications?$select=title&$filter=_ownerid_value eq {seller.principal.id}&$orderby=createdon desc"
        return [str(row["title"]) for row in self.rows(mine, seller)]

    def bells(self) -> dict[Seller, frozenset[str]]:
        """The ids of the entries of each seller."""
        return {seller: self._entries(seller) for seller in SELLERS}

    def may_read(self, seller: Seller, text: StoredText) -> bool:
        """Whether the seller sees the text in Dynamics."""
        try:
            return bool(self.rows(f"txv_textmessages?$filter=txv_textmessageid eq {text.id}", seller))
        except PermanentError:
            return False  # without any privilege on the table the question itself is refused

    def name(self, record: Record | None) -> str:
        """A record as people call it: `contact Ada Quist`."""
        if record is None:
            return "no record"
        column = RECORD_TABLES[record.table].name
        return f"{record.table.value} {self._one(f'{path(record)}?$select={column}')[column]}"

    def named(self, table: object, record_id: object) -> str:
        """The same, for a record as the stored explanation names it."""
        return self.name(Record(Table(str(table)), UUID(str(record_id))))

    def rows(self, query: str, seller: Seller | None = None) -> list[dict[str, object]]:
        """The rows of a query."""
        client = self.client(f"user:{seller.principal.id}" if seller else "service")
        return list(client.rows(get(query).path))

    def _entries(self, seller: Seller) -> frozenset[str]:
        mine = f"appnotifications?$select=appnotificationid&$filter=_ownerid_value eq {seller.principal.id}"
        return frozenset(str(row["appnotificationid"]) for row in self.rows(mine, seller))

    def _one(self, query: str) -> dict[str, object]:
        return self.client("service").send(get(query)).json()

    def _stored(self, row: Mapping[str, object]) -> StoredText:
        conversation = UUID(str(row["_txv_conversationid_value"]))
        expand = ",".join(f"{regarding(table)}($select={known.id})" for table, known in RECORD_TABLES.items())
        talk = self._one(f"txv_textconversations({conversation})?$select=txv_unreadcount&$expand={expand}")
        return StoredText(
            id=UUID(str(row["txv_textmessageid"])),
            status=STATUS_OF[int(str(row["txv_status"]))],
            record=_record(talk),
            conversation=conversation,
            unread=int(str(talk["txv_unreadcount"] or 0)),
            routing=json.loads(str(row["txv_routing"] or "{}")),
        )


def _record(talk: Mapping[str, object]) -> Record | None:
    for table, known in RECORD_TABLES.items():
        there = talk.get(regarding(table))
        if isinstance(there, Mapping):
            return Record(table, UUID(str(there[known.id])))
    return None


def _equals(column: str, value: str) -> str:
    return f"{column} eq {quote_literal(value)}"
