"""What Dataverse knows around a text, in one round trip."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from dataverse.store import queries, rows
from dataverse.store.batches import has_more, pages
from dataverse.store.queries import LeadWindow
from dataverse.webapi.batch import Answer
from dataverse.webapi.batch_answer import BatchAnswer
from dataverse.webapi.client import Client
from dataverse.webapi.request import Json, Request, Response
from messaging import ids
from messaging.errors import PermanentError
from messaging.numbers import Address, AddressKind
from messaging.records import PHONE_COLUMNS, Conversation, Person, Principal, Record, Table
from notifications.recipients import Line
from routing.candidate import Candidate, SecondLook, Surroundings
from routing.match import regions_for
from routing.qualified import without_qualified_leads

# A number whose leads were renumbered more often than this in a row does not exist.
GENERATIONS = 8

_log = logging.getLogger("textverse.directory")


MOST_CARRIERS = 5_000
"""Records of one table that are compared: as many as Dataverse answers at once. The switchboard of a large customer has
thousands. Beyond, those that are active and were updated last stay; that some were left out is told."""


@dataclass(frozen=True, slots=True)
class Directory:
    """Looks up numbers. `default_region` tells where (ISO 3166) numbers without a country code are first read,
    `phone_index` whether the phone index is complete, so that it finds them all; else they are found by spellings.
    `lead_window` tells which new leads of a number are counted (None: none are)."""

    client: Client
    default_region: Callable[[], str | None] = lambda: None
    phone_index: Callable[[], bool] = lambda: False
    lead_window: Callable[[], LeadWindow | None] = lambda: None
    most: int = MOST_CARRIERS

    def look(self, our: Address, customer: Address) -> Surroundings:
        """The receiving number, the records that carry the customer's, and the conversations with it (one `$batch` of
        six reads; three for a short code or a name, which no record carries)."""
        return self._surroundings(our, customer, pages(self.client, self._around(our, customer)))

    def look_again(self, our: Address, customer: Address, message_id: UUID) -> SecondLook:
        """The same, and what a first attempt may have left (one `$batch` of eight reads). Leads that were made for the
        number and carry it are candidates even where the phone index does not hold them yet."""
        leads = tuple(ids.lead_id(customer.key, generation) for generation in range(GENERATIONS))
        more = [queries.stored_message(message_id), queries.leads_made(leads)]
        *around, message, page = pages(self.client, [*self._around(our, customer), *more])
        made = rows.rows(page)
        carrying = tuple(rows.carriers(Table.LEAD, made, customer, self._regions(our, customer)))
        return SecondLook(
            surroundings=self._surroundings(our, customer, around, carrying),
            stored=next((rows.stored_message(row) for row in rows.rows(message)), None),
            taken_leads=frozenset(UUID(str(row["leadid"])) for row in made).difference(
                one.record.id for one in carrying
            ),
        )

    def next_in_line(self, record_owner: Principal | None) -> Sequence[tuple[Line, Sequence[Person]]]:
        """Who is told where nobody behind the number can be (one `$batch` of two reads, or one): those behind the
        record, then the administrators. What Dataverse refuses to tell is nobody: no text is lost for it."""
        lines = {Line.RECORD: queries.people_behind(record_owner)} if record_owner is not None else {}
        lines[Line.ADMINISTRATORS] = queries.administrators()
        answer = self.client.batch(tuple(lines.values()), continue_on_error=True)
        return [(line, _people(answer, part)) for line, part in zip(lines, answer.parts, strict=True)]

    def _around(self, our: Address, customer: Address) -> list[Request]:
        common = [queries.our_number(our, self.lead_window()), queries.our_people(our), queries.conversations(customer)]
        if customer.kind is not AddressKind.PHONE:
            return common
        by_index = self.phone_index()
        return common + [
            queries.carriers(table, customer, by_index=by_index, most=self.most) for table in PHONE_COLUMNS
        ]

    def _surroundings(
        self, our: Address, customer: Address, found: list[Json], made: Sequence[Candidate] = ()
    ) -> Surroundings:
        numbers, people, talks, *carrying = map(rows.rows, found)
        cut = {table: self.most for table, page in zip(PHONE_COLUMNS, found[3:], strict=False) if has_more(page)}
        regions = self._regions(our, customer)
        conversations = [rows.conversation(row) for row in talks]
        candidates = [
            *(
                one
                for table, records in zip(PHONE_COLUMNS, carrying, strict=False)
                for one in rows.carriers(table, records, customer, regions)
            ),
            *made,
            *(home for _, home in conversations if home is not None),
        ]
        return Surroundings(
            number=rows.our_number(numbers, people),
            candidates=without_qualified_leads(_merged(candidates, [talk for talk, _ in conversations], our)),
            conversations=tuple(talk for talk, _ in conversations),
            cut=cut,
        )

    def _regions(self, our: Address, customer: Address) -> Sequence[str]:
        return regions_for(customer, our, self.default_region())


def _people(answer: BatchAnswer, part: Answer) -> list[Person]:
    try:
        answer.raise_for(part)
    except PermanentError as error:
        _log.error("who is next in line cannot be read: %s", error)
        return []
    return [rows.person(row) for row in rows.rows(part.json())] if isinstance(part, Response) else []


def _merged(
    candidates: Iterable[Candidate], conversations: Iterable[Conversation], our: Address
) -> tuple[Candidate, ...]:
    """Each record once, with all the ways in which it was found and its latest text between the two numbers."""
    last = {
        talk.record: talk.last_message_on
        for talk in sorted(conversations, key=lambda talk: str(talk.last_message_on or ""))
        if talk.record is not None and talk.our_digits == our.key
    }
    merged: dict[Record, Candidate] = {}
    for one in candidates:
        before = merged.get(one.record)
        found_by = tuple(dict.fromkeys((*(before.found_by if before else ()), *one.found_by)))
        merged[one.record] = replace(one, found_by=found_by, last_conversation_on=last.get(one.record))
    return tuple(merged.values())
