"""Once the phone index is complete, texts find their records by it: however the number was typed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from dataverse.store.phone_index.state import PHONE_INDEX, IndexState
from dataverse.store.running_settings import DEFAULT_REGION, change_setting
from dataverse.store.settings_in_force import LIFETIME
from messaging.numbers import read_address
from messaging.phone_keys import RULES
from messaging.records import Record, Table


@pytest.fixture
def world(world):
    """The world with a phone index that is complete."""
    world.define_settings()
    world.define_index_state()
    yield world
    world.define_settings()
    world.forget_index_state()


def _found(world, customer: str) -> dict[Record, tuple[str, ...]]:
    around = world.ingestion().directory.look(read_address("+12065550100"), read_address(customer))
    return {one.record: one.found_by for one in around.candidates}


@pytest.mark.parametrize("typed", ["{number} ext. 12", "Mobile {number} (private)", "{number}/+442079460958"])
def test_spellings_that_nobody_generates_are_found(world, typed: str) -> None:
    customer = world.customer()
    contact = world.record(Table.CONTACT, telephone2=typed.format(number=customer))
    world.index(contact)

    assert _found(world, customer) == {contact: ("telephone2",)}


def test_a_number_with_dashes_between_all_digits_is_found(world) -> None:
    customer = world.customer()
    lead = world.record(Table.LEAD, telephone1="-".join(customer[2:]))
    world.index(lead)

    assert _found(world, customer) == {lead: ("telephone1",)}


def test_the_country_of_the_record_tells_how_its_number_is_read(world) -> None:
    berlin = world.record(Table.CONTACT, mobilephone="030 2345678", address1_country="Deutschland")
    utrecht = world.record(Table.CONTACT, mobilephone="030 2345678", address1_country="NL")
    world.index(berlin, utrecht)

    assert _found(world, "+49302345678") == {berlin: ("mobilephone",)}
    assert _found(world, "+31302345678") == {utrecht: ("mobilephone",)}


@pytest.mark.parametrize(("region", "found"), [("DE", "+49303456789"), ("NL", "+31303456789")])
def test_a_number_without_a_country_is_read_by_the_setting_of_today(world, region: str, found: str) -> None:
    contact = world.record(Table.CONTACT, mobilephone="030 3456789")
    world.index(contact)
    change_setting(world.client, DEFAULT_REGION, region)

    assert [contact in _found(world, number) for number in ("+49303456789", "+31303456789")].count(True) == 1
    assert contact in _found(world, found)
    world.remove(contact)


def test_forms_of_one_number_meet(world) -> None:
    contact = world.record(Table.CONTACT, mobilephone="+54 11 15 2345-6789")
    account = world.record(Table.ACCOUNT, telephone1="+54 9 11 2345 6789")
    world.index(contact, account)

    assert _found(world, "+5491123456789") == {contact: ("mobilephone",), account: ("telephone1",)}


def test_opportunities_come_along(world) -> None:
    customer = world.customer()
    account = world.record(Table.ACCOUNT, telephone1=customer)
    opportunity = world.opportunity(account)
    world.index(account)

    assert _found(world, customer) == {account: ("telephone1",), opportunity: ("its account",)}


def test_an_inactive_record_is_found_and_an_active_one_preferred(world) -> None:
    seller, customer = world.seller(), world.customer()
    closed, active = (world.record(Table.CONTACT, seller, mobilephone=customer) for _ in range(2))
    world.deactivate(closed)
    world.index(closed, active)
    event = world.text(world.number(seller), customer)

    world.ingestion().ingest(event)

    assert world.home(event) == active
    assert closed in _found(world, customer)


def test_an_entry_that_is_out_of_date_leads_to_nobody(world) -> None:
    old, new = world.customer(), world.customer()
    contact = world.record(Table.CONTACT, mobilephone=old)
    world.index(contact)
    world.change(contact, mobilephone=new)

    assert (_found(world, old), _found(world, new)) == ({}, {})
    world.index(contact)
    assert _found(world, new) == {contact: ("mobilephone",)}


@pytest.mark.parametrize("state", [IndexState(), IndexState(rules=RULES), IndexState(rules=RULES - 1)])
def test_an_index_that_is_not_complete_loses_nobody(world, state: IndexState) -> None:
    if state.rules < RULES:
        state = replace(state, complete_on=world.now())
    world.define_index_state(state)
    customer = world.customer()
    contact = world.record(Table.CONTACT, mobilephone=customer)

    assert _found(world, customer) == {contact: ("mobilephone",)}


def test_a_state_that_cannot_be_read_means_spellings(world) -> None:
    (row,) = world.rows(f"environmentvariablevalues?$select=value&$filter=schemaname eq '{PHONE_INDEX}_value'")
    world.update(f"environmentvariablevalues({row['environmentvariablevalueid']})", {"value": "[1"})
    customer = world.customer()
    contact = world.record(Table.CONTACT, mobilephone=customer)

    assert _found(world, customer) == {contact: ("mobilephone",)}


def test_a_text_costs_two_round_trips_and_six_reads_by_the_index_too(world) -> None:
    seller, customer = world.seller(), world.customer()
    world.index(world.record(Table.CONTACT, seller, mobilephone=customer))
    our, ingestion = world.number(seller), world.ingestion()
    ingestion.ingest(world.text(our, customer))
    world.forget_requests()

    ingestion.ingest(world.text(our, customer))

    assert [len(request["operations"]) for request in world.requests()] == [6, 4]


def test_an_index_that_has_become_complete_is_used_after_five_minutes(world) -> None:
    world.define_index_state(IndexState())
    customer, ingestion = world.customer(), world.ingestion()
    lead = world.record(Table.LEAD, telephone1="-".join(customer))
    world.index(lead)
    number, sender = read_address("+12065550100"), read_address(customer)
    assert ingestion.directory.look(number, sender).candidates == ()

    world.define_index_state()
    world.clock_shift = LIFETIME

    assert [one.record for one in ingestion.directory.look(number, sender).candidates] == [lead]


def test_a_switchboard_is_compared_up_to_a_bound_and_the_explanation_says_so(world) -> None:
    seller, switchboard = world.seller(), world.customer()
    contacts = [world.record(Table.CONTACT, seller, telephone1=f"{switchboard} ext {n}") for n in range(8)]
    world.deactivate(contacts[-1])
    world.index(*contacts)
    ingestion = world.ingestion()
    few = replace(ingestion, directory=replace(ingestion.directory, most=5))
    event, other = world.text(world.number(seller), switchboard), world.text(world.number(seller), switchboard)

    few.ingest(event)
    ingestion.ingest(other)

    told = json.loads(str(world.message(event)["txv_routing"]))
    assert world.home(event) in contacts[:-1]
    assert len(told["candidates"]) == 5
    assert str(contacts[-1].id) not in {one["id"] for one in told["candidates"]}
    assert [(cut["table"], cut["carry_it"], cut["compared"]) for cut in told["cut"]] == [("contact", "more than 5", 5)]
    assert "active records before inactive" in told["cut"][0]["rule"]
    everything = json.loads(str(world.message(other)["txv_routing"]))
    assert (len(everything["candidates"]), "cut" in everything) == (8, False)
