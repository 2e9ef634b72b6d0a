"""What the use cases need of the world. Adapters satisfy these structurally and import nothing from here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from messaging.accounts import ProviderAccount
from messaging.consent import KnownConsent
from messaging.events import Event, MediaWaiting, OptOutSeen
from messaging.inbound import Incoming, Notices, StoredMessage
from messaging.media import File, Missing, Slot, Standing
from messaging.numbers import Address
from messaging.records import Person, Principal
from messaging.status import Progress
from messaging.tracking import SentMessage
from messaging.web import HttpRequest, HttpResponse
from notifications.content import Notification
from notifications.recipients import Line
from routing.candidate import SecondLook, Surroundings
from routing.tiers import TierName


class Queue(Protocol):
    """Where work waits. Nothing here is first in, first out, and everything may come twice."""

    def send(self, queue: str, text: str, *, delay_s: float = 0.0, lifetime_s: float | None = None) -> None:
        """Put a message on a queue, to be seen after `delay_s` and gone after `lifetime_s`. Raises Unavailable."""
        ...


class Reading(Protocol):
    """A callback as read: its events, and what the provider wants to hear."""

    @property
    def events(self) -> Sequence[Event]: ...

    @property
    def answer(self) -> HttpResponse: ...


class CallbackReader(Protocol):
    """A provider's receiving side."""

    def verify(self, request: HttpRequest, account: ProviderAccount, now: datetime) -> None:
        """Raises CallbackRejected where the callback is not the account's, Unavailable where that is not known now."""
        ...

    def read(self, request: HttpRequest, account: ProviderAccount, received_at: datetime) -> Reading:
        """Raises Malformed."""
        ...


class Directory(Protocol):
    """What Dataverse knows around a text."""

    def look(self, our: Address, customer: Address) -> Surroundings:
        """One round trip."""
        ...

    def look_again(self, our: Address, customer: Address, message_id: UUID) -> SecondLook:
        """One round trip: the same, and whether the message and which leads of this number are there already."""
        ...

    def next_in_line(self, record_owner: Principal | None) -> Sequence[tuple[Line, Sequence[Person]]]:
        """One round trip: whom to tell where nobody behind the number can be, line by line."""
        ...


class Privileges(Protocol):
    """Who may receive texts."""

    def may_receive(self, principals: Collection[Principal]) -> Mapping[Principal, bool]:
        """For each of `principals`, whether it may read text messages. No round trip for those known already."""
        ...

    def forget(self) -> None:
        """Ask anew the next time: someone's privileges have changed."""
        ...


class PhoneIndex(Protocol):
    """The index that finds records by their numbers."""

    def bring_up_to_date(self, table: str, record_ids: Iterable[UUID]) -> int:
        """See to the entries of these records; how many were written. Raises Conflict to be called again."""
        ...


class RunningSettings(Protocol):
    """What administrators change while the service runs: the order of the tiers, whether notifications show what a text
    says, and whether an unknown number makes a lead."""

    @property
    def tier_order(self) -> tuple[TierName, ...]: ...

    @property
    def notification_text(self) -> bool: ...

    @property
    def new_leads(self) -> bool: ...


class Settings(Protocol):
    """Calling it gives the settings that hold now. Raises a TransientError where they have never been read."""

    def __call__(self) -> RunningSettings: ...


class Inbox(Protocol):
    """Where incoming texts are written."""

    def store(self, incoming: Incoming, notifications: Sequence[Notification], notices: Notices | None = None) -> None:
        """One round trip: all rows together or none; then the notifications together with the mark that they were sent
        and with `notices`, if there is anything to note.

        Raises AlreadyExists or Conflict where a row was there before or changed since.
        """
        ...

    def notify(
        self, stored: StoredMessage, notifications: Sequence[Notification], notices: Notices | None = None
    ) -> None:
        """The notifications alone, for a text whose first run was cut off. Raises Conflict if another run did it."""
        ...


class MediaSource(Protocol):
    """Where attachments are fetched from."""

    def fetch(self, event: MediaWaiting) -> File:
        """Raises TransientError or ConfigurationError where it may be had later, NotFetched where it never will."""
        ...


class Attachments(Protocol):
    """Where attachments are written, or a sentence in the place of one. What is there goes along, None for nothing."""

    def find(self, slot: Slot) -> Standing | None:
        """One round trip."""
        ...

    def store(self, slot: Slot, file: File, there: Standing | None) -> None:
        """One round trip. Raises Conflict if something else is there by now, NotFound if the text is gone, Refused
        where the document is not taken."""
        ...

    def say(self, slot: Slot, missing: Missing, there: Standing | None) -> None:
        """One round trip; raises as `store` does."""
        ...


class Reports(Protocol):
    """The messages that delivery reports are about."""

    def find(self, account: str, provider_message_id: str, reference: str | None) -> SentMessage | None: ...

    def record(self, message: SentMessage, progress: Progress) -> None:
        """Raises Conflict if the message changed since it was read."""
        ...


class Consents(Protocol):
    """What customers decided about being texted."""

    def find(self, event: OptOutSeen) -> KnownConsent:
        """What is known of the customer's choice, and the message that shows the new one, where it is stored."""
        ...

    def record(self, event: OptOutSeen, known: KnownConsent) -> None:
        """Raises Conflict if the consent changed since it was read."""
        ...


class Clock(Protocol):
    """The time now, in UTC."""

    def __call__(self) -> datetime: ...
