"""Texts that are stored and of which nobody has been told, read as the events that they came as."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dataverse.store.choices import DIRECTIONS, Direction
from dataverse.store.queries import get
from dataverse.store.rows import Row, moment, rows
from dataverse.store.writes import stamp
from dataverse.webapi.client import Client
from messaging.events import Media, MessageReceived
from messaging.numbers import read_address

_COLUMNS = (
    "txv_textmessageid,txv_from,txv_to,txv_body,txv_mediacount,txv_provideraccount,txv_providermessageid,txv_arrivedon,"
    "createdon"
)
_log = logging.getLogger("textverse.sweep")


@dataclass(frozen=True, slots=True)
class Untold:
    """Finds incoming texts without the mark that somebody was told."""

    client: Client

    def find(self, since: datetime, before: datetime, most: int) -> Sequence[tuple[UUID, MessageReceived]]:
        """Those stored from `since` on and before `before`, the latest first, with the ids of their rows (one read).

        A row that nobody can read as a text any more is told to the log and left out.
        """
        where = (
            f"txv_notifiedon eq null and txv_direction eq {DIRECTIONS[Direction.INCOMING]}"
            f" and createdon ge {stamp(since)} and createdon lt {stamp(before)}"
        )
        order = "createdon desc,txv_textmessageid"
        query = get(f"txv_textmessages?$select={_COLUMNS}&$filter={where}&$orderby={order}&$top={most}")
        return [
            (UUID(str(row["txv_textmessageid"])), event)
            for row in rows(self.client.send(query).json())
            if (event := _event(row)) is not None
        ]


def _event(row: Row) -> MessageReceived | None:
    try:
        sender, recipient = (read_address(str(row[column] or "")) for column in ("txv_from", "txv_to"))
    except ValueError:
        _log.error("a stored text has no two numbers", extra={"message_id": row["txv_textmessageid"]})
        return None
    count = row["txv_mediacount"]
    return MessageReceived(
        account=str(row["txv_provideraccount"] or ""),
        provider="",  # nothing that is done late asks for it
        message_id=str(row["txv_providermessageid"] or ""),
        sender=sender,
        recipient=recipient,
        body=str(row["txv_body"] or ""),
        media=(Media(url=""),) * (count if isinstance(count, int) else 0),  # a notification counts them
        received_at=moment(row["txv_arrivedon"] or row["createdon"]),
    )
