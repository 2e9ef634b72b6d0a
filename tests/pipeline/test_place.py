"""From a decision to rows: which conversation a text joins, and which one it takes along."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from messaging.events import MessageReceived
from messaging.inbound import Incoming
from messaging.numbers import read_address
from messaging.records import Conversation, OurNumber, Principal, PrincipalKind, Record, Table
from pipeline.place import place
from routing.candidate import Candidate, Surroundings
from routing.outcome import Becomes, Outcome
from routing.rank import decide

OUR, CUSTOMER = read_address("+12065550100"), read_address("+12065550187")
SELLER, COLLEAGUE, NOBODY = (Principal(PrincipalKind.USER, UUID(int=n)) for n in (1, 2, 3))
NOW = datetime(2026, 11, 20, tzinfo=UTC)
CONTACT, LEAD = Record(Table.CONTACT, UUID(int=20)), Record(Table.LEAD, UUID(int=21))
WAITING = Conversation(
    id=UUID(int=30),
    our_digits=OUR.key,
    owner=SELLER,
    record=None,
    last_message_on=NOW,
    unread=1,
    etag='W/"1"',
)
EVENT = MessageReceived(
    account="twilio-demo",
    provider="twilio",
    message_id="SM1",
    sender=CUSTOMER,
    recipient=OUR,
    body="Hello",
    received_at=NOW,
)


def _placed(*conversations: Conversation, owner: Principal = COLLEAGUE, becomes: Becomes = Becomes.RECORD) -> Incoming:
    """The text of a customer who is a contact of `owner`, to a number of the seller."""
    number = OurNumber(id=UUID(int=9), owner=SELLER)
    contact = Candidate(record=CONTACT, owner=owner, active=True, modified_on=NOW, found_by=("telephone1",))
    around = Surroundings(number=number, candidates=(contact,), conversations=conversations)
    candidates = () if becomes is Becomes.LEAD else around.candidates
    allowed = {SELLER: True, COLLEAGUE: True, NOBODY: False}
    return place(EVENT, UUID(int=40), around, decide(candidates, number), Outcome(becomes), allowed, frozenset())


def test_a_conversation_that_waits_is_given_to_the_owner_of_its_record_and_shared_with_the_numbers() -> None:
    placed = _placed(WAITING)

    assert (placed.conversation, placed.takes_along, placed.record) == (WAITING, True, CONTACT)
    assert (placed.owner, placed.shared_with, placed.unread) == (COLLEAGUE, SELLER, 2)


@pytest.mark.parametrize("owner", [SELLER, NOBODY])
def test_the_owner_of_the_number_keeps_it_who_owns_the_record_too_or_whose_owner_may_not_read_texts(owner) -> None:
    placed = _placed(WAITING, owner=owner)

    assert (placed.takes_along, placed.owner, placed.shared_with) == (True, SELLER, None)


def test_what_waits_on_another_number_is_not_taken_along() -> None:
    assert _placed(replace(WAITING, our_digits="12065550199")).conversation is None


def test_what_somebody_put_on_a_row_of_another_table_does_not_wait_and_is_left_there() -> None:
    assert _placed(replace(WAITING, elsewhere=True)).conversation is None


def test_a_conversation_on_the_record_comes_before_one_that_waits() -> None:
    there = replace(WAITING, id=UUID(int=31), record=CONTACT, owner=COLLEAGUE)

    placed = _placed(WAITING, there)

    assert (placed.conversation, placed.takes_along) == (there, False)


def test_a_text_that_waits_joins_the_conversation_that_waits_and_takes_it_nowhere() -> None:
    placed = _placed(WAITING, replace(WAITING, id=UUID(int=32), record=LEAD), becomes=Becomes.WAITS)

    assert (placed.conversation, placed.takes_along, placed.record) == (WAITING, False, None)


@pytest.mark.parametrize("becomes", [Becomes.ASKED, Becomes.WAITS])
def test_a_text_that_waits_joins_no_conversation_that_somebody_put_on_a_row_of_another_table(becomes) -> None:
    on_a_case = replace(WAITING, elsewhere=True)

    placed = _placed(on_a_case, becomes=becomes)

    assert (placed.conversation, placed.record) == (None, None)
    assert _placed(on_a_case, replace(WAITING, id=UUID(int=31)), becomes=becomes).conversation_id == UUID(int=31)


def test_a_new_lead_takes_the_conversation_along() -> None:
    placed = _placed(WAITING, becomes=Becomes.LEAD)

    assert placed.new_lead is not None
    assert (placed.record, placed.takes_along) == (Record(Table.LEAD, placed.new_lead.id), True)


def test_where_no_row_may_be_given_away_a_conversation_stays_with_whom_it_was() -> None:
    number = OurNumber(id=UUID(int=9), owner=SELLER)
    around = Surroundings(number=number, candidates=(), conversations=(WAITING,))

    placed = place(EVENT, UUID(int=40), around, decide((), number), Outcome(Becomes.LEAD), None, frozenset())

    assert (placed.takes_along, placed.owner, placed.shared_with) == (True, None, None)
