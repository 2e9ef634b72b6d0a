"""The records that a text may belong to, and the facts that decide between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from messaging.inbound import StoredMessage
from messaging.records import Conversation, OurNumber, Principal, Record, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A record that carries the customer's number or holds a conversation with it.

    `found_by` names the columns that carry the number, or how else the record was found. `last_conversation_on` is
    the time of its latest text between the receiving number and this customer (UTC), None without one. `came_from` is
    the lead that was qualified into it.
    """

    record: Record
    name: str = field(default="", repr=False)
    owner: Principal | None
    active: bool
    modified_on: datetime
    found_by: tuple[str, ...]
    last_conversation_on: datetime | None = None
    came_from: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What Dataverse knows around one text: the receiving number, the candidates, the customer's conversations. `cut`
    has the tables in which more records carry the number than were compared, with how many of them were."""

    number: OurNumber | None
    candidates: tuple[Candidate, ...]
    conversations: tuple[Conversation, ...]
    cut: Mapping[Table, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondLook:
    """What is read after a write met something that was already there: the surroundings anew, the message if it is
    stored, and the leads that were made for this number before and carry it no longer."""

    surroundings: Surroundings
    stored: StoredMessage | None
    taken_leads: frozenset[UUID]
