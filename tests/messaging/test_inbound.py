"""What one incoming text writes: it counts itself among the unread ones."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from messaging.events import MessageReceived
from messaging.inbound import Incoming
from messaging.numbers import read_address
from messaging.records import Conversation

EVENT = MessageReceived(
    provider="twilio",
    account="a",
    message_id="SM1",
    sender=read_address("+12065550187"),
    recipient=read_address("+12065550100"),
    body="Hello",
    media=(),
    segments=1,
    occurred_at=None,
    received_at=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
    raw={},
)


def _talk(unread: int) -> Conversation:
    here = {"id": UUID(int=1), "our_digits": EVENT.recipient.key, "owner": None, "record": None}
    return Conversation(**here, last_message_on=None, unread=unread, etag="1")


@pytest.mark.parametrize(("before", "unread"), [(None, 1), (_talk(0), 1), (_talk(2), 3)])
def test_a_text_counts_itself_among_the_unread_ones(before: Conversation | None, unread: int) -> None:
    nowhere = {"number_id": None, "record": None, "owner": None, "shared_with": None, "routing": {}}
    incoming = Incoming(
        **nowhere, message_id=UUID(int=2), event=EVENT, conversation_id=UUID(int=1), conversation=before
    )

    assert incoming.unread == unread
