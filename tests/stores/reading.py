"""The ports that mostly read, over rows in memory: directory, privileges, reports, consents."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from dataverse.store.queries import LeadWindow
from messaging import ids
from messaging.consent import Consent, KnownConsent
from messaging.errors import AlreadyExists, Conflict
from messaging.events import OptOutSeen
from messaging.inbound import StoredMessage
from messaging.numbers import Address, AddressKind
from messaging.records import Conversation, OurNumber, Person, Principal, PrincipalKind, Record, Table
from messaging.status import Progress
from messaging.tracking import SentMessage
from notifications.recipients import Line
from routing.candidate import Candidate, SecondLook, Surroundings
from routing.match import matching_columns, regions_for
from routing.qualified import without_qualified_leads
from routing.spellings import spellings
from tests.stores.rows import ConsentRow, Rows, etag

_GENERATIONS = 8
_MOST_DETAIL = 1000


@dataclass
class DirectoryInMemory:
    """Looks up numbers."""

    rows: Rows
    default_region: str | None = None
    lead_window: LeadWindow | None = None

    def look(self, our: Address, customer: Address) -> Surroundings:
        conversations = self._conversations(customer)
        found: dict[Record, tuple[str, ...]] = {}
        for record, how in (*self._carriers(our, customer), *self._homes(conversations)):
            found[record] = tuple(dict.fromkeys((*found.get(record, ()), how)))
        last = {
            talk.record: talk.last_message_on
            for talk in sorted(conversations, key=lambda talk: str(talk.last_message_on))
            if talk.our_digits == our.key
        }
        return Surroundings(
            number=self._number(our),
            candidates=without_qualified_leads(
                self._candidate(record, how, last.get(record)) for record, how in found.items()
            ),
            conversations=tuple(conversations),
        )

    def look_again(self, our: Address, customer: Address, message_id: UUID) -> SecondLook:
        row = self.rows.messages.get(message_id)
        stored = row and StoredMessage(
            id=message_id,
            etag=etag(row.version),
            conversation_id=row.conversation,
            created_on=row.created_on,
            notified_on=row.notified_on,
        )
        leads = {ids.lead_id(customer.key, generation) for generation in range(_GENERATIONS)}
        made = {lead for lead in leads if Record(Table.LEAD, lead) in self.rows.records}
        taken = frozenset(made - {record.id for record, _ in self._carriers(our, customer)})
        return SecondLook(surroundings=self.look(our, customer), stored=stored, taken_leads=taken)

    def next_in_line(self, record_owner: Principal | None) -> list[tuple[Line, list[Person]]]:
        behind = [] if record_owner is None else self.rows.members.get(record_owner.id, [record_owner.id])
        people = [self.rows.users[each] for each in behind if each in self.rows.users]
        lines = [(Line.RECORD, people)] if record_owner is not None else []
        return [*lines, (Line.ADMINISTRATORS, [])]

    def _number(self, our: Address) -> OurNumber | None:
        row = self.rows.numbers.get(our.key)
        if row is None:
            return None
        members = [row.owner.id] if row.owner.kind is PrincipalKind.USER else self.rows.members[row.owner.id]
        people = tuple(self.rows.users[member] for member in members)
        return OurNumber(
            id=row.id,
            owner=row.owner,
            people=people,
            notices=dict(row.notices),
            etag=etag(row.version),
            new_leads=row.new_leads,
            new_leads_lately=self._new_leads_lately(row.id),
        )

    def _new_leads_lately(self, number: UUID) -> int:
        made = [row.lead_made_on for row in self.rows.conversations.values() if row.number == number]
        window = self.lead_window
        return 0 if window is None else min(window.most, sum(on is not None and on >= window.since for on in made))

    def _conversations(self, customer: Address) -> list[Conversation]:
        return [
            Conversation(
                id=key,
                our_digits=row.our_digits,
                owner=row.owner,
                record=row.record,
                last_message_on=row.last_message_on,
                unread=row.unread,
                etag=etag(row.version),
            )
            for key, row in self.rows.conversations.items()
            if row.customer_key == customer.key
        ]

    def _carriers(self, our: Address, customer: Address) -> Iterator[tuple[Record, str]]:
        if customer.kind is not AddressKind.PHONE:
            return
        regions, usual = regions_for(customer, our, self.default_region), set(spellings(customer))
        for record, row in self.rows.records.items():
            spelled = {column: text for column, text in row.phones.items() if text in usual}
            columns = matching_columns(spelled, customer, regions)
            yield from ((record, column) for column in columns)
            if columns:
                children = (child for child, each in self.rows.records.items() if each.parent == record)
                yield from ((child, f"its {record.table.value}") for child in children)

    def _homes(self, conversations: list[Conversation]) -> Iterator[tuple[Record, str]]:
        records = (talk.record for talk in conversations if talk.record in self.rows.records)
        yield from ((record, "a conversation") for record in records if record is not None)

    def _candidate(self, record: Record, found_by: tuple[str, ...], last: object) -> Candidate:
        row = self.rows.records[record]
        return Candidate(
            record=record,
            name=row.name,
            owner=row.owner,
            active=row.active,
            modified_on=row.modified_on,
            found_by=found_by,
            last_conversation_on=last,
            came_from=row.came_from,
        )


@dataclass
class PrivilegesInMemory:
    """Remembers a yes until it is told to forget."""

    rows: Rows
    known: set[Principal] = field(default_factory=set)

    def may_receive(self, principals: Collection[Principal]) -> Mapping[Principal, bool]:
        self.known |= self.rows.may_read.intersection(principals)
        return {one: one in self.known for one in principals}

    def forget(self) -> None:
        self.known.clear()


@dataclass
class ReportsInMemory:
    """Finds sent messages and notes where they stand."""

    rows: Rows

    def find(self, account: str, provider_message_id: str, reference: str | None) -> SentMessage | None:
        for key, row in self.rows.messages.items():
            theirs = (row.account, row.provider_message_id) == (account, provider_message_id)
            if theirs or (str(key) == reference and row.account in (account, None)):
                return SentMessage(id=key, etag=etag(row.version), progress=row.progress)
        return None

    def record(self, message: SentMessage, progress: Progress) -> None:
        with self.rows.writing():
            row = self.rows.messages[message.id]
            if etag(row.version) != message.etag:
                raise Conflict("changed since it was read")
            failure = progress.failure and replace(
                progress.failure,
                detail=progress.failure.detail[:_MOST_DETAIL],
                at=progress.failure.at.replace(microsecond=0),
            )
            detail = "" if failure else progress.detail[:_MOST_DETAIL]
            row.progress = Progress(progress.status, detail, failure)
            row.version += 1


@dataclass
class ConsentsInMemory:
    """Keeps one row per customer number."""

    rows: Rows

    def find(self, event: OptOutSeen) -> KnownConsent:
        row = self.rows.consents.get(event.customer.key)
        shown = (
            key
            for key, message in self.rows.messages.items()
            if (message.account, message.provider_message_id) == (event.account, event.message_id)
        )
        consent = row and Consent(id=row.id, choice=row.choice, decided_on=row.decided_on, etag=etag(row.version))
        return KnownConsent(consent=consent, evidence=next(shown, None))

    def record(self, event: OptOutSeen, known: KnownConsent) -> None:
        with self.rows.writing():
            row = self.rows.consents.get(event.customer.key)
            if known.consent is None and row is not None:
                raise AlreadyExists("there is a consent by now")
            if known.consent is not None and (row is None or etag(row.version) != known.consent.etag):
                raise Conflict("changed since it was read")
            row = row or ConsentRow(ids.consent_id(event.customer.key), version=0)
            row.choice, row.evidence = event.choice, known.evidence
            row.decided_on = (event.occurred_at or event.received_at).replace(microsecond=0)
            row.version += 1
            self.rows.consents[event.customer.key] = row
