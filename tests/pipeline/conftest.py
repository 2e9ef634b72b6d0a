"""A queue and an organization in memory, and the events that come in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from messaging.envelope import Envelope, decode, encode
from messaging.errors import Unavailable
from messaging.events import DeliveryReported, Event, MessageReceived
from messaging.numbers import read_address
from tests.stores.memory import MemoryOrganization

NOW = datetime(2026, 11, 20, 9, 22, 45, tzinfo=UTC)


@dataclass
class QueueInMemory:
    """Keeps what is sent; `down` makes it unreachable."""

    sent: list[tuple[str, Envelope | str, float]] = field(default_factory=list)
    down: bool = False

    def send(self, queue: str, text: str, *, delay_s: float = 0.0, lifetime_s: float | None = None) -> None:
        if self.down:
            raise Unavailable("the queue is down")
        try:
            self.sent.append((queue, decode(text), delay_s))
        except ValueError:
            self.sent.append((queue, text, delay_s))


@pytest.fixture
def queue() -> QueueInMemory:
    return QueueInMemory()


@pytest.fixture
def org() -> MemoryOrganization:
    """Rows in memory, held to the same contract as the real store (tests/dataverse/store)."""
    return MemoryOrganization()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def text_received() -> MessageReceived:
    return MessageReceived(
        account="twilio-demo",
        provider="twilio",
        message_id="SM1",
        sender=read_address("+12065550187"),
        recipient=read_address("+12065550100"),
        body="Hello",
        received_at=NOW,
    )


@pytest.fixture
def report() -> Callable[..., DeliveryReported]:
    def _report(**facts: object) -> DeliveryReported:
        plain: dict[str, object] = {
            "account": "twilio-demo",
            "provider": "twilio",
            "message_id": "SM1",
            "status": None,
            "native_status": "?",
            "received_at": NOW,
        }
        return DeliveryReported(**{**plain, **facts})  # type: ignore[arg-type]  # the facts are named by the tests

    return _report


@pytest.fixture
def queued() -> Callable[[Event], str]:
    return lambda event: encode(Envelope(event=event))
