"""Texts are written once, whole or not at all, and told once: by every implementation."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from messaging.errors import AlreadyExists, Conflict, PrivilegeMissing
from messaging.inbound import Notices
from messaging.numbers import read_address
from messaging.records import Principal, PrincipalKind, Table


@pytest.fixture
def our(org):
    return org.number(org.team())


@pytest.fixture
def first(org, our, text, incoming):
    """The first text of an unknown number."""
    return incoming(text(our, org.customer()))


def _again(org, incoming):
    """What a second look finds of a text."""
    return org.directory().look_again(incoming.event.recipient, incoming.event.sender, incoming.message_id)


def _talk(org, incoming):
    (talk,) = _again(org, incoming).surroundings.conversations
    return talk


def test_a_first_text_makes_its_lead_its_conversation_and_itself(org, first) -> None:
    org.inbox().store(first, ())

    found = _again(org, first)
    (talk,), (candidate,) = found.surroundings.conversations, found.surroundings.candidates
    assert found.stored is not None
    assert (talk.id, talk.record, talk.unread) == (first.conversation_id, first.record, 1)
    assert (candidate.record, candidate.found_by) == (first.record, ("mobilephone", "a conversation"))


def test_the_same_text_twice_is_there_once(org, first) -> None:
    org.inbox().store(first, ())
    with pytest.raises(AlreadyExists):
        org.inbox().store(first, ())

    assert _talk(org, first).unread == 1


@pytest.mark.parametrize("taken", ["lead", "conversation", "message"])
def test_a_text_that_meets_anothers_row_is_not_written_at_all(org, our, text, incoming, joining, first, taken) -> None:
    org.inbox().store(first, ())
    before = _again(org, first)
    other = incoming(text(our, first.event.sender.value))
    if taken == "conversation":
        other = replace(other, new_lead=None)
    if taken == "message":
        other = joining(first.event, before.surroundings, message_id=first.message_id)

    with pytest.raises(AlreadyExists):
        org.inbox().store(other, ())

    assert _again(org, first) == before
    assert taken == "message" or _again(org, other).stored is None


def test_a_later_text_joins_the_conversation(org, our, text, joining, first) -> None:
    org.inbox().store(first, ())
    event = text(our, first.event.sender.value, received_at=org.now() + timedelta(minutes=3))

    org.inbox().store(later := joining(event, _again(org, first).surroundings), ())

    talk = _talk(org, later)
    assert (talk.id, talk.unread) == (first.conversation_id, 2)
    assert talk.last_message_on == event.received_at.replace(microsecond=0)


def test_a_text_that_comes_late_does_not_turn_the_clock_back(org, our, text, joining, first) -> None:
    org.inbox().store(first, ())
    event = text(our, first.event.sender.value, received_at=org.now() - timedelta(hours=3))

    org.inbox().store(joining(event, _again(org, first).surroundings), ())

    assert _talk(org, first).last_message_on == first.event.received_at.replace(microsecond=0)


def test_a_conversation_that_has_moved_on_is_looked_at_again(org, our, text, joining, first) -> None:
    org.inbox().store(first, ())
    around = _again(org, first).surroundings
    one, other = (joining(text(our, first.event.sender.value), around) for _ in range(2))
    org.inbox().store(one, ())

    with pytest.raises(Conflict):
        org.inbox().store(other, ())

    assert (_talk(org, first).unread, _again(org, other).stored) == (2, None)


def test_a_record_that_is_gone_is_a_conflict_and_nothing_is_written(org, our, text, incoming) -> None:
    contact = org.record(Table.CONTACT)
    org.remove(contact)
    lost = incoming(text(our, org.customer()), new_lead=None, record=contact)

    with pytest.raises(Conflict):
        org.inbox().store(lost, ())

    found = _again(org, lost)
    assert (found.stored, found.surroundings.conversations) == (None, ())


def test_a_number_that_is_gone_is_a_conflict(org, our, text, incoming) -> None:
    lost = incoming(text(our, org.customer()), number_id=uuid4())

    with pytest.raises(Conflict):
        org.inbox().store(lost, ())

    assert _again(org, lost).stored is None


def test_eight_workers_with_the_same_first_text_write_it_once(org, first) -> None:
    assert _at_once(org, [first] * 8) == (1, 7)
    assert _talk(org, first).unread == 1


def test_eight_texts_at_the_same_version_are_one_that_joins_and_seven_that_look_again(
    org, our, text, joining, first
) -> None:
    org.inbox().store(first, ())
    around = _again(org, first).surroundings

    assert _at_once(org, [joining(text(our, first.event.sender.value), around) for _ in range(8)]) == (1, 7)
    assert _talk(org, first).unread == 2


def _at_once(org, texts) -> tuple[int, int]:
    """How many were stored, and how many met something."""

    def store(incoming) -> bool:
        try:
            org.inbox().store(incoming, ())
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as workers:
        outcomes = list(workers.map(store, texts))
    return outcomes.count(True), outcomes.count(False)


def test_the_bell_rings_once_and_the_text_knows_it(org, first, ring) -> None:
    seller = org.seller()
    told = [ring(first.event, seller, first.conversation_id)]
    org.inbox().store(first, told)
    with pytest.raises(AlreadyExists):
        org.inbox().store(first, told)

    assert org.bell(seller).count(told[0].title) == 1
    assert _again(org, first).stored.notified_on is not None


def test_a_notification_that_is_refused_leaves_the_text_stored_and_unmarked(org, first, ring) -> None:
    nobody = Principal(PrincipalKind.USER, uuid4())

    org.inbox().store(first, [ring(first.event, nobody)])

    assert _again(org, first).stored.notified_on is None


def test_a_reader_whose_notification_is_refused_silences_nobody_else(org, first, ring) -> None:
    seller, nobody = org.seller(), Principal(PrincipalKind.USER, uuid4())
    told = ring(first.event, seller)

    org.inbox().store(first, [ring(first.event, nobody), told])

    assert org.bell(seller).count(told.title) == 1
    assert _again(org, first).stored.notified_on is not None


def test_told_late_each_reader_hears_once_although_another_one_is_refused(org, first, ring) -> None:
    seller, nobody = org.seller(), Principal(PrincipalKind.USER, uuid4())
    org.inbox().store(first, [ring(first.event, nobody)])
    stored, told = _again(org, first).stored, ring(first.event, seller)

    org.inbox().notify(stored, [told, ring(first.event, nobody)])
    with pytest.raises(Conflict):
        org.inbox().notify(stored, [told, ring(first.event, nobody)])

    assert org.bell(seller).count(told.title) == 1
    assert _again(org, first).stored.notified_on is not None


def test_a_text_of_which_nobody_can_be_told_stays_without_its_mark(org, first, ring) -> None:
    nobody, no_one = (Principal(PrincipalKind.USER, uuid4()) for _ in range(2))

    org.inbox().store(first, [ring(first.event, nobody), ring(first.event, no_one)])

    assert _again(org, first).stored.notified_on is None


def test_who_is_told_that_privileges_are_lacking_is_noted_in_the_same_breath(
    org, our, text, joining, first, ring
) -> None:
    seller, today = org.seller(), org.now().date()
    number = org.directory().look(our, first.event.sender).number
    notices = Notices(number=number.id, etag=number.etag, told={seller.id: today})
    told = ring(first.event, seller)
    org.inbox().store(first, [told], notices)
    around = _again(org, first).surroundings
    assert (around.number.notices, org.bell(seller).count(told.title)) == ({seller.id: today}, 1)

    later = joining(text(our, first.event.sender.value), around)
    with pytest.raises(Conflict):  # somebody else noted something since the number was read
        org.inbox().store(later, [ring(later.event, seller)], notices)

    assert org.bell(seller).count(told.title) == 1
    assert _again(org, later).stored.notified_on is None


def test_a_text_that_was_cut_off_is_told_later_and_only_once(org, first, ring) -> None:
    seller, nobody = org.seller(), Principal(PrincipalKind.USER, uuid4())
    org.inbox().store(first, [ring(first.event, nobody)])  # nobody was told, as if the run had been cut off
    stored, told = _again(org, first).stored, ring(first.event, seller)

    org.inbox().notify(stored, [told])
    with pytest.raises(Conflict):
        org.inbox().notify(stored, [told])

    assert org.bell(seller).count(told.title) == 1
    assert _again(org, first).stored.notified_on is not None


@pytest.mark.parametrize("role", ["owner", "shared_with"])
def test_who_may_not_read_texts_is_given_none(org, our, text, incoming, role: str) -> None:
    without = org.team(texts=False)
    refused = incoming(text(our, org.customer()), **{role: without})

    with pytest.raises(PrivilegeMissing):
        org.inbox().store(refused, ())

    found = _again(org, refused)
    assert (found.stored, found.surroundings.conversations, found.taken_leads) == (None, (), frozenset())


def test_a_text_belongs_to_whom_it_is_given_to(org, our, text, incoming) -> None:
    owner, reader = org.team(), org.team()
    given = incoming(text(our, org.customer()), owner=owner, shared_with=reader)

    org.inbox().store(given, ())

    (candidate,) = _again(org, given).surroundings.candidates
    assert (_talk(org, given).owner, candidate.owner) == (owner, owner)


def test_a_conversation_without_a_record_waits_for_one(org, our, text, incoming) -> None:
    code = read_address("CONTOSO")
    alone = incoming(text(our, "CONTOSO"), new_lead=None, record=None, conversation_id=uuid4())

    org.inbox().store(alone, ())

    talks = org.directory().look(our, code).conversations
    assert [talk.record for talk in talks if talk.our_digits == our.key] == [None]
