"""The texts of customers that are stored, with their explanations, page by page: for whoever looks back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from dataverse.store.choices import DIRECTIONS, Direction
from dataverse.store.queries import get
from dataverse.store.rows import Row, moment, rows
from dataverse.store.writes import stamp
from dataverse.webapi.client import Client
from dataverse.webapi.literals import quote_literal

PAGE = 1_000  # explanations are long: this many are some megabytes
_COLUMNS = "txv_textmessageid,txv_arrivedon,txv_from,txv_to,txv_routing"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivedText:
    """A text without what it says: when it arrived (UTC), from whom, to which number of ours, and the explanation of
    where it went (JSON; None where there is none)."""

    id: UUID
    arrived_on: datetime
    sender: str = field(repr=False)
    recipient: str = field(repr=False)
    routing: str | None = field(repr=False)


def arrived_since(
    client: Client, since: datetime, recipient: str = "", *, page_size: int = PAGE
) -> Iterator[list[ArrivedText]]:
    """The texts that arrived since then, the latest first, a page for each round trip; only those to one number of ours
    where `recipient` names it as it is stored. Raises what `Client.send` raises."""
    where = f"txv_direction eq {DIRECTIONS[Direction.INCOMING]} and txv_arrivedon ge {stamp(since)}"
    to = f" and txv_to eq {quote_literal(recipient)}" if recipient else ""
    query = f"txv_textmessages?$select={_COLUMNS}&$filter={where}{to}&$orderby=txv_arrivedon desc,txv_textmessageid"
    for page in client.pages(get(query).path, headers={"Prefer": f"odata.maxpagesize={page_size}"}):
        yield [_text(row) for row in rows(page)]


def _text(row: Row) -> ArrivedText:
    return ArrivedText(
        id=UUID(str(row["txv_textmessageid"])),
        arrived_on=moment(row["txv_arrivedon"]),
        sender=str(row["txv_from"] or ""),
        recipient=str(row["txv_to"] or ""),
        routing=str(row["txv_routing"]) if row["txv_routing"] else None,
    )
