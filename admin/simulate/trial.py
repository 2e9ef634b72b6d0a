"""A text that nobody sent goes through the service's own use case; what that would write is kept, and not written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from admin.session import Session
from dataverse.store.directory import Directory
from dataverse.store.privileges import Privileges
from dataverse.store.queries import LeadWindow
from dataverse.store.running_settings import RunningSettings
from messaging.events import MessageReceived
from messaging.inbound import Incoming, Notices, StoredMessage
from messaging.numbers import Address
from messaging.records import Person, Principal, Table
from notifications.content import Notification
from notifications.recipients import Line
from pipeline.ingest import Ingestion
from routing.candidate import SecondLook, Surroundings
from routing.outcome import Outcome, outcome
from routing.rank import Decision, decide


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What would become of a text: the decision and its outcome, the rows that would be written, the entries behind
    the readers' bells. `names` are those of the users who may be told."""

    cut: Mapping[Table, int]
    decision: Decision
    result: Outcome
    incoming: Incoming
    entries: Sequence[Notification]
    names: Mapping[UUID, str]


def run(session: Session, held: RunningSettings, customer: Address, our: Address) -> Trial:
    """Take in a text from `customer` to `our` by the rules that are `held`, and write nothing. Raises what
    `Client.send` raises."""
    client = session.reading_client
    clock = session.machine.now
    seen = _Seen(
        Directory(
            client,
            default_region=lambda: held.default_region or None,
            phone_index=lambda: held.phone_index,
            lead_window=lambda: LeadWindow.last_hour(clock(), held.leads_per_hour),
        )
    )
    kept = _Kept()
    Ingestion(
        directory=seen, inbox=kept, privileges=Privileges(client, clock), clock=clock, settings=lambda: held
    ).ingest(_text(customer, our, clock()))
    if seen.around is None or kept.incoming is None:
        raise AssertionError("a text was taken in without being placed")
    decision = decide(seen.around.candidates, seen.around.number, held.tier_order)
    return Trial(
        cut=seen.around.cut,
        decision=decision,
        result=outcome(decision, customer, held),
        incoming=kept.incoming,
        entries=kept.entries,
        names={person.id: person.name for person in seen.people},
    )


def _text(customer: Address, our: Address, now: datetime) -> MessageReceived:
    # Its id is new each time, so that the service takes it for a text that it has never seen.
    return MessageReceived(
        account="",
        provider="",
        message_id=str(uuid4()),
        sender=customer,
        recipient=our,
        body="",
        received_at=now,
    )


@dataclass
class _Kept:
    """An inbox that keeps what it is given, for whoever asks what would have been written."""

    incoming: Incoming | None = None
    entries: Sequence[Notification] = ()

    def store(self, incoming: Incoming, notifications: Sequence[Notification], _: Notices | None = None) -> None:
        self.incoming, self.entries = incoming, notifications

    def notify(self, stored: StoredMessage, *_: object) -> None:
        raise AssertionError(f"text {stored.id} is new and yet stored")


@dataclass
class _Seen:
    """The directory, remembering what it answered."""

    directory: Directory
    around: Surroundings | None = None
    people: list[Person] = field(default_factory=list)

    def look(self, our: Address, customer: Address) -> Surroundings:
        return self._remember(self.directory.look(our, customer))

    def look_again(self, our: Address, customer: Address, message_id: UUID) -> SecondLook:
        again = self.directory.look_again(our, customer, message_id)
        self._remember(again.surroundings)
        return again

    def next_in_line(self, record_owner: Principal | None) -> Sequence[tuple[Line, Sequence[Person]]]:
        lines = self.directory.next_in_line(record_owner)
        self.people.extend(person for _, people in lines for person in people)
        return lines

    def _remember(self, around: Surroundings) -> Surroundings:
        self.around = around
        self.people.extend(around.number.people if around.number else ())
        return around
