"""What a provider calls us about, before it is put into the provider's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from messaging.status import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerText:
    """A customer's text to one of our numbers; numbers are E.164, `message_id` is in the provider's own form,
    `media` the content types of attachments by URL, where the provider has any."""

    message_id: str
    sender: str
    recipient: str
    text: str = field(repr=False)
    at: datetime
    media: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a text of ours, from `sender` (our number) to `recipient` (the customer's).

    `reference` is our own id, given back where the provider has a field for it; Twilio has none and calls the URL that
    it was given with the text.
    """

    message_id: str
    status: Status
    sender: str
    recipient: str
    at: datetime
    failure_code: str | None = None
    reference: str | None = None
