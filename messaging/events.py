"""What a provider tells us, in one vocabulary. An unknown type or status is an event too, never an exception."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from messaging.numbers import Address
from messaging.status import FailureReason, Status

Raw = Mapping[str, object]


class ConsentChoice(StrEnum):
    """What a customer decided about being texted."""

    OPTED_OUT = "OptedOut"
    OPTED_IN = "OptedIn"


@dataclass(frozen=True, slots=True)
class Media:
    """An attachment that waits at the provider."""

    url: str = field(repr=False)
    content_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived:
    """A customer's text. `occurred_at` is the provider's time (UTC, where it gives one), `received_at` ours."""

    kind: Literal["message_received"] = "message_received"
    account: str
    provider: str
    message_id: str
    sender: Address = field(repr=False)
    recipient: Address
    body: str = field(repr=False)
    media: tuple[Media, ...] = ()
    segments: int | None = None
    occurred_at: datetime | None = None
    received_at: datetime
    raw: Raw = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaWaiting:
    """An attachment of a stored text that is still at the provider: the one at `position`, from 0. `received_at` is
    that of the text."""

    kind: Literal["media_waiting"] = "media_waiting"
    account: str
    provider: str
    message_id: str
    position: int
    media: Media
    received_at: datetime
    raw: Raw = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReported:
    """What became of a text of ours. `status` is None where the provider's word (`native_status`) is not known to us;
    `reference` is our own id where the provider gives it back."""

    kind: Literal["delivery_reported"] = "delivery_reported"
    account: str
    provider: str
    message_id: str
    reference: str | None = None
    status: Status | None
    native_status: str
    failure: FailureReason | None = None
    detail: str = ""
    occurred_at: datetime | None = None
    received_at: datetime
    raw: Raw = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOutSeen:
    """The provider says that a customer opted out (or in again) towards one of our numbers."""

    kind: Literal["opt_out_seen"] = "opt_out_seen"
    account: str
    provider: str
    message_id: str
    customer: Address = field(repr=False)
    recipient: Address | None = None
    choice: ConsentChoice
    occurred_at: datetime | None = None
    received_at: datetime
    raw: Raw = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownEvent:
    """An authentic callback of a type that we do not know; kept whole, for the day that we do."""

    kind: Literal["unknown"] = "unknown"
    account: str
    provider: str
    native_type: str
    received_at: datetime
    raw: Raw = field(default_factory=dict, repr=False)


Event = MessageReceived | MediaWaiting | DeliveryReported | OptOutSeen | UnknownEvent
