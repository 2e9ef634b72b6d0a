"""The rows of an organization in memory: each with a version, changed under one lock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from messaging.events import ConsentChoice
from messaging.records import Person, Principal, Record
from messaging.status import Progress
from notifications.content import Notification


@dataclass
class NumberRow:
    """A number of ours."""

    id: UUID
    owner: Principal
    notices: dict[UUID, date] = field(default_factory=dict)
    new_leads: bool | None = None
    version: int = 1


@dataclass
class RecordRow:
    """A contact, account, opportunity or lead; `phones` are its phone columns as typed."""

    name: str
    owner: Principal
    phones: dict[str, str]
    modified_on: datetime
    active: bool = True
    parent: Record | None = None
    came_from: UUID | None = None


@dataclass
class ConversationRow:
    """A conversation; `shared_with` may see it beside its owner."""

    our_digits: str
    customer_key: str
    owner: Principal
    record: Record | None
    last_message_on: datetime
    unread: int = 1
    version: int = 1
    shared_with: set[Principal] = field(default_factory=set)
    number: UUID | None = None
    lead_made_on: datetime | None = None


@dataclass
class MessageRow:
    """One text, incoming or outgoing."""

    account: str | None
    provider_message_id: str | None
    created_on: datetime
    progress: Progress
    conversation: UUID | None = None
    notified_on: datetime | None = None
    version: int = 1


@dataclass
class ConsentRow:
    """What the customer behind a number decided."""

    id: UUID
    choice: ConsentChoice | None = None
    decided_on: datetime | None = None
    evidence: UUID | None = None
    version: int = 1


@dataclass
class Rows:
    """Everything. Numbers and consents by their digits. `meanwhile` runs once, before the next write: what another
    worker does at just that moment."""

    users: dict[UUID, Person] = field(default_factory=dict)
    members: dict[UUID, list[UUID]] = field(default_factory=dict)
    may_read: set[Principal] = field(default_factory=set)
    numbers: dict[str, NumberRow] = field(default_factory=dict)
    records: dict[Record, RecordRow] = field(default_factory=dict)
    conversations: dict[UUID, ConversationRow] = field(default_factory=dict)
    messages: dict[UUID, MessageRow] = field(default_factory=dict)
    consents: dict[str, ConsentRow] = field(default_factory=dict)
    told: list[Notification] = field(default_factory=list)
    writes: int = 0
    meanwhile: Callable[[], None] | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """The moment of a write: nobody else's."""
        other, self.meanwhile = self.meanwhile, None
        if other is not None:
            other()
        with self._lock:
            yield
            self.writes += 1


def etag(version: int) -> str:
    """A version as Dataverse writes it."""
    return f'W/"{version}"'
