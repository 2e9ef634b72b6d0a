"""Doubles for the ports: small stores in memory that keep the promises of the real ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from messaging.consent import Consent, KnownConsent
from messaging.envelope import Envelope, decode, encode
from messaging.errors import Conflict, Unavailable
from messaging.events import DeliveryReported, Event, MessageReceived, OptOutSeen
from messaging.numbers import read_address
from messaging.status import Progress
from messaging.tracking import SentMessage

NOW = datetime(2026, 11, 20, 9, 22, 45, tzinfo=UTC)


@dataclass
class QueueInMemory:
    """Keeps what is sent; `down` makes it unreachable."""

    sent: list[tuple[str, Envelope | str, float]] = field(default_factory=list)
    down: bool = False

    def send(self, queue: str, text: str, *, delay_s: float = 0.0) -> None:
        if self.down:
            raise Unavailable("the queue is down")
        try:
            self.sent.append((queue, decode(text), delay_s))
        except ValueError:
            self.sent.append((queue, text, delay_s))


@dataclass
class ReportsInMemory:
    """Messages with versions; `meanwhile` runs once before the next write, as another worker would."""

    messages: dict[str, SentMessage] = field(default_factory=dict)
    writes: int = 0
    meanwhile: Callable[[], None] | None = None

    def find(self, account: str, provider_message_id: str, reference: str | None) -> SentMessage | None:
        return self.messages.get(f"{account}/{provider_message_id}")

    def record(self, message: SentMessage, progress: Progress) -> None:
        if self.meanwhile is not None:
            other, self.meanwhile = self.meanwhile, None
            other()
        key = next(key for key, kept in self.messages.items() if kept.id == message.id)
        if self.messages[key].etag != message.etag:
            raise Conflict("changed since it was read")
        self.writes += 1
        self.messages[key] = replace(message, etag=f"v{self.writes}", progress=progress)


@dataclass
class ConsentsInMemory:
    """One consent, and whether its evidence is stored."""

    kept: Consent | None = None
    evidence: UUID | None = field(default_factory=lambda: UUID(int=5))
    shown_by: UUID | None = None
    conflicts: int = 0

    def find(self, event: OptOutSeen) -> KnownConsent:
        return KnownConsent(consent=self.kept, evidence=self.evidence)

    def record(self, event: OptOutSeen, known: KnownConsent) -> None:
        if self.conflicts:
            self.conflicts -= 1
            raise Conflict("changed since it was read")
        decided_on = event.occurred_at or event.received_at
        self.kept = Consent(id=UUID(int=6), choice=event.choice, decided_on=decided_on, etag="v")
        self.shown_by = known.evidence


@pytest.fixture
def queue() -> QueueInMemory:
    return QueueInMemory()


@pytest.fixture
def reports() -> ReportsInMemory:
    return ReportsInMemory()


@pytest.fixture
def consents() -> ConsentsInMemory:
    return ConsentsInMemory()


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
