"""What the rules say, told once more and from nothing but the rules: DESIGN §4 and §5, ADR 4, 12 and 17.

It knows what stands in Dataverse because it is told of everything that anybody does there, one thing after the other.
So at each look of a run it can say where a text belongs and who is to hear of it; and a text that is stored later
belongs there, whatever has happened since, or else the write would have been refused.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from messaging.events import MessageReceived
from messaging.numbers import Address
from messaging.records import Principal, PrincipalKind, Record, Table

ORDER = (Table.CONTACT, Table.ACCOUNT, Table.OPPORTUNITY, Table.LEAD)
WINDOW = timedelta(seconds=150)  # ADR 4: whoever is told twice was told that long after the text was stored


@dataclass(frozen=True)
class OurLine:
    """A number of ours, its row, its owner and the people behind it."""

    address: Address
    row: UUID
    owner: Principal
    people: tuple[Principal, ...]


@dataclass
class Facts:
    """A record as it stands. `columns` has the customers' numbers in it, `index` those by which it is found."""

    owner: Principal
    modified_on: datetime
    columns: dict[str, str | None] = field(default_factory=dict)
    index: set[str] = field(default_factory=set)
    parent: Record | None = None
    active: bool = True
    made_for: str | None = None

    def carries(self, customer: str) -> bool:
        return customer in self.columns.values()


@dataclass
class Talk:
    """A conversation as it stands."""

    our: str
    customer: str
    record: Record | None
    last_on: datetime
    unread: int

    def take(self, event: MessageReceived) -> None:
        self.unread += 1
        self.last_on = max(self.last_on, event.received_at)


@dataclass(frozen=True)
class Told:
    """Who hears of a text, and how many texts the title counts."""

    people: frozenset[UUID]
    count: int


@dataclass(frozen=True)
class Verdict:
    """What the rules say at a look: the candidates, the best of them (None: an unknown number), the conversations that
    the text may join, the leads that the number has already, all that were made for it, the owner of our number, and
    who is told if the text is stored by then."""

    candidates: frozenset[Record]
    winner: Record | None
    talks: frozenset[UUID]
    leads: frozenset[Record]
    made: frozenset[Record]
    line_owner: Principal
    in_charge: frozenset[UUID]
    late: Told | None


@dataclass
class Text:
    """A text that was sent; what is known of its row once it is there."""

    customer: str
    body: str
    talk: UUID | None = None
    stored_on: datetime | None = None
    notified: bool = False
    tellings: list[Told] = field(default_factory=list)


@dataclass
class Oracle:
    """What there is, and what the rules make of it. `indexed`: they are found by the phone index, not by spelling.
    `behind` has the people behind each user and team."""

    lines: dict[str, OurLine]
    behind: Mapping[Principal, tuple[Principal, ...]]
    indexed: bool
    records: dict[Record, Facts] = field(default_factory=dict)
    talks: dict[UUID, Talk] = field(default_factory=dict)
    texts: dict[UUID, Text] = field(default_factory=dict)

    def judge(self, message_id: UUID, event: MessageReceived, *, again: bool) -> Verdict:
        """What the rules say of a text now. `again`: a second look finds new leads before the index does."""
        line, customer = self.lines[event.recipient.key], event.sender.value
        leads = frozenset(one for one in self._made_for(customer) if self.records[one].carries(customer))
        candidates = self._candidates(customer) | (leads if again else set())
        winner = self._best(candidates, line, customer)
        text = self.texts[message_id]
        home = self.talks[text.talk] if text.talk else None
        return Verdict(
            candidates=frozenset(candidates),
            winner=winner,
            talks=self._joined(line, customer, winner),
            leads=leads,
            made=self._made_for(customer),
            line_owner=line.owner,
            in_charge=self._in_charge(line, winner),
            late=home and Told(self._in_charge(line, home.record), home.unread),
        )

    def store(self, event: MessageReceived, verdict: Verdict, row: dict[str, object], home: Record | None) -> None:
        """Note that a text is stored, by a run to which the rules said `verdict` when it last looked; `home` is the
        record of its conversation. Fails where the rules wanted something else."""
        text, talk = self.texts[UUID(str(row["txv_textmessageid"]))], UUID(str(row["_txv_conversationid_value"]))
        now, customer = datetime.fromisoformat(str(row["createdon"])), event.sender.value
        if verdict.winner is None:
            assert home is not None and home.table is Table.LEAD and home not in self.records, "it is not on a new lead"
            assert not verdict.leads & self.records.keys(), "a second lead for a number"  # a deleted one is none
            assert self._made_for(customer) <= verdict.made, "a second lead: another was made since the look"
            columns = {"mobilephone": customer}
            self.records[home] = Facts(verdict.line_owner, now, columns, made_for=customer)
        else:
            assert home == verdict.winner, "the text is on another record than the rules name"
        assert (talk in verdict.talks) if verdict.talks else (talk not in self.talks), "it is in another conversation"
        assert row["txv_body"] == text.body
        told = [UUID(one["id"]) for one in json.loads(str(row["txv_routing"]))["candidates"]]
        assert set(told) == {one.id for one in verdict.candidates}, "the explanation names other candidates"
        assert told[:1] == [one.id for one in (verdict.winner,) if one], "the explanation names another winner"
        text.talk, text.stored_on = talk, now
        self.talks.setdefault(talk, Talk(event.recipient.key, customer, home, event.received_at, 0)).take(event)
        self.talks[talk].record = home  # one that waited without a record is taken along

    def owner(self, talk: UUID) -> Principal:
        """DESIGN §3: a conversation belongs to the owner of its record; without one, to the owner of the number."""
        record = self.talks[talk].record
        return self.records[record].owner if record else self.lines[self.talks[talk].our].owner

    def readers(self, talk: UUID) -> set[Principal]:
        """DESIGN §3: those to whom the record or the number belongs, or their teams."""
        owners = (self.owner(talk), self.lines[self.talks[talk].our].owner)
        return {person for owner in owners for person in self.behind[owner]}

    def _joined(self, line: OurLine, customer: str, winner: Record | None) -> frozenset[UUID]:
        there = dict(self._between(line, customer))
        on_it = {key for key, talk in there.items() if talk.record == winner}
        return frozenset(on_it or {key for key, talk in there.items() if talk.record is None})

    def _made_for(self, customer: str) -> frozenset[Record]:
        return frozenset(one for one, facts in self.records.items() if facts.made_for == customer)

    def _candidates(self, customer: str) -> set[Record]:
        found = {
            one for one, facts in self.records.items() if facts.carries(customer) and self._is_found(facts, customer)
        }
        found |= {one for one, facts in self.records.items() if facts.parent in found}
        return found | {talk.record for talk in self.talks.values() if talk.customer == customer and talk.record}

    def _is_found(self, facts: Facts, customer: str) -> bool:
        return not self.indexed or customer in facts.index

    def _between(self, line: OurLine, customer: str) -> Iterable[tuple[UUID, Talk]]:
        return [
            (key, talk) for key, talk in self.talks.items() if (talk.our, talk.customer) == (line.address.key, customer)
        ]

    def _best(self, candidates: Iterable[Record], line: OurLine, customer: str) -> Record | None:
        tied = list(candidates)
        for better in self._tiers(line, customer):
            most = max(map(better, tied), default=None)
            tied = [one for one in tied if better(one) == most]
        return min(tied, key=lambda one: one.id, default=None)

    def _tiers(self, line: OurLine, customer: str) -> tuple[Callable[[Record], Any], ...]:
        """The first six tiers of DESIGN §5: the record for which they give the most wins."""
        team = {line.owner, *line.people} if line.owner.kind is PrincipalKind.TEAM else set()
        seller = {line.owner} if line.owner.kind is PrincipalKind.USER else set()

        def last_talk(record: Record) -> str:
            ons = [talk.last_on for _, talk in self._between(line, customer) if talk.record == record]
            return max(ons).isoformat() if ons else ""

        return (
            last_talk,
            lambda record: self.records[record].owner in seller,
            lambda record: self.records[record].owner in team,
            lambda record: -ORDER.index(record.table),
            lambda record: self.records[record].active,
            lambda record: self.records[record].modified_on,
        )

    def _in_charge(self, line: OurLine, record: Record | None) -> frozenset[UUID]:
        """ADR 12: the number's owner; for a team the member who owns the record, else every member."""
        owner = self.records[record].owner if record else None
        return frozenset(person.id for person in ([owner] if owner in line.people else line.people))


def check_bells(texts: Iterable[Text], entries: Iterable[dict[str, object]]) -> None:
    """Each text rang for those in charge, once, with the right count; more often only as `Text.tellings` has it."""
    rang = Counter((str(row["body"]), UUID(str(row["_ownerid_value"])), _count(str(row["title"]))) for row in entries)
    due = Counter((text.body, person, told.count) for text in texts for told in text.tellings for person in told.people)
    assert rang == due, "bells: " + str({key: (rang[key], due[key]) for key in rang | due if rang[key] != due[key]})


def _count(title: str) -> int:
    first = title.split(maxsplit=1)[0]
    return int(first) if first.isdecimal() else 1
