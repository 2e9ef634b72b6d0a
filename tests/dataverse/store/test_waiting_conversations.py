"""A conversation that waits for a record is put on one by the text that finds it: once, by every implementation."""

from __future__ import annotations

from uuid import uuid4

import pytest

from messaging.errors import Conflict, PrivilegeMissing
from messaging.records import Table


@pytest.fixture
def our(org):
    return org.number(org.team())


@pytest.fixture
def waiting(org, our, text, incoming):
    """A text that waits without a record."""
    one = incoming(text(our, org.customer()), new_lead=None, record=None, conversation_id=uuid4(), owner=org.team())
    org.inbox().store(one, ())
    return one


def _around(org, waiting):
    event = waiting.event
    return org.directory().look_again(event.recipient, event.sender, waiting.message_id).surroundings


@pytest.fixture
def finding(org, our, text, joining, waiting):
    """A later text of the same customer that goes to a record."""

    def make(record, **facts):
        facts = {"record": record, **facts}
        return joining(text(our, waiting.event.sender.value), _around(org, waiting), **facts)

    return make


def test_the_text_that_finds_the_record_puts_the_conversation_on_it_and_gives_it_to_its_owner(
    org, waiting, finding
) -> None:
    contact, owner = org.record(Table.CONTACT), org.team()
    (before,) = _around(org, waiting).conversations

    org.inbox().store(finding(contact, owner=owner), ())

    (talk,) = _around(org, waiting).conversations
    assert (before.waits, talk.waits) == (True, False)
    assert (talk.id, talk.record, talk.owner, talk.unread) == (waiting.conversation_id, contact, owner, 2)


@pytest.mark.parametrize("same", [True, False])
def test_it_keeps_its_owner_where_that_is_the_same_or_nobody_may_be_given_it(org, waiting, finding, same) -> None:
    contact = org.record(Table.CONTACT)

    org.inbox().store(finding(contact, owner=waiting.owner if same else None), ())

    (talk,) = _around(org, waiting).conversations
    assert (talk.record, talk.owner) == (contact, waiting.owner)


def test_it_is_put_on_one_record_only(org, waiting, finding) -> None:
    one, other = (finding(org.record(Table.CONTACT)) for _ in range(2))
    org.inbox().store(one, ())

    with pytest.raises(Conflict):
        org.inbox().store(other, ())

    (talk,) = _around(org, waiting).conversations
    assert (talk.record, talk.unread) == (one.record, 2)


def test_where_the_record_is_gone_it_waits_on(org, waiting, finding) -> None:
    contact = org.record(Table.CONTACT)
    org.remove(contact)

    with pytest.raises(Conflict):
        org.inbox().store(finding(contact), ())

    (talk,) = _around(org, waiting).conversations
    assert (talk.waits, talk.unread) == (True, 1)


def test_where_the_owner_may_not_read_texts_it_waits_on(org, waiting, finding) -> None:
    with pytest.raises(PrivilegeMissing):
        org.inbox().store(finding(org.record(Table.CONTACT), owner=org.team(texts=False)), ())

    (talk,) = _around(org, waiting).conversations
    assert (talk.waits, talk.unread) == (True, 1)
