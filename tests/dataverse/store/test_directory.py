"""What is known around a text: the same from every implementation."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import phonenumbers
import pytest

from dataverse.store.queries import LeadWindow
from messaging.numbers import read_address
from messaging.records import Record, Table
from routing.qualified import FROM_ITS_LEAD

PHONES = {
    Table.CONTACT: ("mobilephone", "telephone1", "telephone2", "telephone3"),
    Table.ACCOUNT: ("telephone1", "telephone2", "telephone3"),
    Table.LEAD: ("mobilephone", "telephone1", "telephone2", "telephone3"),
}


def _look(org, customer: str, our=None):
    return org.directory().look(our or read_address("+12065550100"), read_address(customer))


def _found(org, customer: str, our=None) -> dict[Record, tuple[str, ...]]:
    return {one.record: one.found_by for one in _look(org, customer, our).candidates}


def test_around_strangers_there_is_nothing(org) -> None:
    around = _look(org, org.customer(), read_address(org.customer()))

    assert (around.number, around.candidates, around.conversations) == (None, (), ())


def test_the_number_of_a_user_leads_to_the_user(org) -> None:
    seller = org.seller()
    our = org.number(seller)

    number = _look(org, org.customer(), our).number

    assert number is not None
    assert (number.owner, [person.id for person in number.people]) == (seller, [seller.id])
    assert number.people[0].enabled


def test_the_number_of_a_team_leads_to_its_members(org) -> None:
    members = {org.seller(), org.seller()}
    our = org.number(team := org.team(*members))

    number = _look(org, org.customer(), our).number

    assert number is not None
    assert (number.owner, {person.principal for person in number.people}) == (team, members)


def test_the_number_of_a_team_without_members_has_an_owner_and_no_people(org) -> None:
    our = org.number(team := org.team())

    number = _look(org, org.customer(), our).number

    assert number is not None
    assert (number.owner, number.people) == (team, ())


def test_a_seller_who_is_disabled_is_known_to_be(org) -> None:
    gone = org.seller(isdisabled=True)

    number = _look(org, org.customer(), org.number(gone)).number

    assert number is not None
    assert [person.enabled for person in number.people] == [False]


@pytest.mark.parametrize("says", [None, True, False])
def test_a_number_says_for_itself_whether_it_makes_leads_if_it_does(org, says) -> None:
    number = _look(org, org.customer(), org.number(org.team(), new_leads=says)).number

    assert number is not None
    assert (number.new_leads, number.new_leads_lately) == (says, 0)


@pytest.mark.parametrize(("age", "most", "counted"), [(30, 5, 2), (30, 1, 1), (-30, 5, 0)])
def test_new_leads_of_a_number_are_counted_since_then_and_no_further_than_needed(
    org, text, incoming, age, most, counted
) -> None:
    our, other = org.number(org.team()), org.number(org.team())
    for number, makes in ((our, True), (our, True), (our, False), (other, True)):
        row = _look(org, org.customer(), number).number
        event = text(number, org.customer())
        facts = {} if makes else {"new_lead": None, "record": None}
        org.inbox().store(incoming(event, number_id=row.id, **facts), ())

    window = LeadWindow(org.now() - timedelta(minutes=age), most)
    around = org.directory(window).look(our, read_address(org.customer()))

    assert (around.number.new_leads_lately, _look(org, org.customer(), our).number.new_leads_lately) == (counted, 0)


def test_a_lead_that_was_qualified_is_found_as_what_came_from_it(org, text, incoming) -> None:
    our, customer = org.number(org.team()), org.customer()
    stored = incoming(text(our, customer))
    org.inbox().store(stored, ())
    contact = org.record(Table.CONTACT, mobilephone=customer)
    deal = org.opportunity(contact)
    for heir in (contact, deal):
        org.qualify(stored.record, heir)

    around = _look(org, customer, our)

    assert {one.record: one.found_by[-1] for one in around.candidates} == dict.fromkeys((contact, deal), FROM_ITS_LEAD)
    (talk,) = around.conversations
    assert {one.last_conversation_on for one in around.candidates} == {talk.last_message_on}


@pytest.mark.parametrize(
    ("table", "column"), [(table, column) for table, columns in PHONES.items() for column in columns]
)
def test_a_record_is_found_by_each_of_its_phone_columns(org, table: Table, column: str) -> None:
    team, customer = org.team(), org.customer()
    record = org.record(table, team, **{column: customer})

    (candidate,) = _look(org, customer).candidates

    assert (candidate.record, candidate.found_by, candidate.owner) == (record, (column,), team)
    assert (candidate.active, candidate.last_conversation_on) == (True, None)
    assert abs(candidate.modified_on - org.now()) < timedelta(minutes=10)


def test_a_record_with_the_number_in_two_columns_is_found_once(org) -> None:
    customer = org.customer()
    contact = org.record(Table.CONTACT, mobilephone=customer, telephone2=customer)

    assert _found(org, customer) == {contact: ("mobilephone", "telephone2")}


def test_a_number_is_found_as_people_type_it_and_no_other_is(org) -> None:
    customer, other = org.customer(), org.customer()
    typed = phonenumbers.format_number(phonenumbers.parse(customer), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    contact = org.record(Table.CONTACT, mobilephone=typed)
    org.record(Table.CONTACT, mobilephone=other)
    org.record(Table.CONTACT, mobilephone=customer[:-1])

    assert _found(org, customer) == {contact: ("mobilephone",)}


def test_a_number_in_no_usual_spelling_is_not_found(org) -> None:
    customer = org.customer()
    org.record(Table.CONTACT, mobilephone="-".join(customer))

    assert _found(org, customer) == {}


@pytest.mark.parametrize("table", [Table.CONTACT, Table.ACCOUNT])
def test_opportunities_are_found_through_who_carries_the_number(org, table: Table) -> None:
    customer = org.customer()
    carrier = org.record(table, telephone1=customer)
    opportunity = org.opportunity(carrier)

    assert _found(org, customer) == {carrier: ("telephone1",), opportunity: (f"its {table.value}",)}


def test_a_closed_record_is_found_and_known_to_be_closed(org) -> None:
    customer = org.customer()
    for table in PHONES:
        org.deactivate(org.record(table, telephone1=customer))

    assert [one.active for one in _look(org, customer).candidates] == [False] * 3


def test_a_number_that_was_changed_is_found_no_more(org) -> None:
    customer = org.customer()
    contact = org.record(Table.CONTACT, mobilephone=customer)
    org.change(contact, mobilephone=None)

    assert _found(org, customer) == {}


def test_a_conversation_leads_to_its_record_whatever_number_that_carries(org, text, incoming) -> None:
    our, customer = org.number(org.team()), org.customer()
    account = org.record(Table.ACCOUNT)
    event = text(our, customer)
    org.inbox().store(incoming(event, new_lead=None, record=account), ())

    here, elsewhere = _look(org, customer, our), _look(org, customer)

    for around in (here, elsewhere):
        (talk,), (candidate,) = around.conversations, around.candidates
        assert (talk.record, talk.our_digits, talk.unread) == (account, our.key, 1)
        assert (candidate.record, candidate.found_by) == (account, ("a conversation",))
    moment = event.received_at.replace(microsecond=0)
    assert here.candidates[0].last_conversation_on == here.conversations[0].last_message_on == moment
    assert elsewhere.candidates[0].last_conversation_on is None


def test_a_short_code_is_on_no_record_and_its_conversation_is_found(org, text, incoming) -> None:
    our, code = org.number(org.team()), "24273"
    org.record(Table.CONTACT, mobilephone=code)
    event = text(our, code, account=f"account {uuid4()}")
    org.inbox().store(incoming(event, new_lead=None, record=None, conversation_id=uuid4()), ())

    around = _look(org, code, our)

    assert around.candidates == ()
    assert [talk.record for talk in around.conversations if talk.our_digits == our.key] == [None]


def test_a_second_look_sees_what_the_first_run_left(org, text, incoming) -> None:
    our, customer = org.number(org.team()), org.customer()
    stored = incoming(text(our, customer))
    before = org.directory().look_again(our, read_address(customer), stored.message_id)
    org.inbox().store(stored, ())
    org.change(stored.record, mobilephone=None)

    after = org.directory().look_again(our, read_address(customer), stored.message_id)

    assert (before.stored, before.taken_leads) == (None, frozenset())
    assert after.taken_leads == {stored.new_lead.id}, "though it carries another number by now"
    assert after.stored is not None
    assert (after.stored.id, after.stored.conversation_id) == (stored.message_id, stored.conversation_id)
    assert after.stored.notified_on is not None, "nobody was to be told"
    assert abs(after.stored.created_on - org.now()) < timedelta(minutes=10)
