"""Everything that one incoming text writes, decided before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from messaging.events import MessageReceived
from messaging.records import Conversation, Principal, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLead:
    """The lead for a number that no record carries. `reason` says for people why there is one."""

    id: UUID
    number: str = field(repr=False)
    reason: str = field(default="", repr=False)
    owner: Principal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One text with its place. `conversation` is the row it joins, or None where `conversation_id` is a new one; one
    that waited for a record is put on `record` with it.

    `owner` owns the message, and the conversation where that is new or put on a record (None: the service keeps them);
    the conversation is shared with `shared_with`. `routing` is the stored explanation.
    """

    message_id: UUID
    event: MessageReceived
    number_id: UUID | None
    conversation_id: UUID
    conversation: Conversation | None
    record: Record | None
    new_lead: NewLead | None = None
    owner: Principal | None
    shared_with: Principal | None
    routing: dict[str, object]

    @property
    def takes_along(self) -> bool:
        """Whether the conversation it joins has waited for a record, and is put on one now."""
        return self.conversation is not None and self.conversation.waits and self.record is not None

    @property
    def unread(self) -> int:
        """How many texts of the conversation are unread with this one."""
        return 1 if self.conversation is None else self.conversation.unread + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """Who has been told, and on which day, that privileges are lacking: kept with a number of ours, whose row is at the
    version `etag`."""

    number: UUID
    etag: str
    told: Mapping[UUID, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMessage:
    """What is known of a text that is already there."""

    id: UUID
    etag: str
    conversation_id: UUID | None
    created_on: datetime
    notified_on: datetime | None
