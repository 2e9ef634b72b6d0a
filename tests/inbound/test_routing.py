"""Where a text goes, through Dataverse: each tier, each spelling, each kind of sender."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from uuid import UUID

import pytest

from dataverse.store.tables import path
from messaging import ids
from messaging.numbers import Address, AddressKind, read_address
from messaging.records import Record, Table
from providers.payload import MAX_ADDRESS, Payload


def _national(number: str) -> str:
    return f"({number[2:5]}) {number[5:8]}-{number[8:]}"


def _decided_by(world, event) -> object:
    return json.loads(str(world.message(event)["txv_routing"]))["decided_by"]


@pytest.mark.parametrize("table", [Table.CONTACT, Table.ACCOUNT, Table.LEAD])
def test_a_text_goes_to_the_record_that_carries_the_number(world, table: Table) -> None:
    seller, customer = world.seller(), world.customer()
    our = world.number(seller)
    record = world.record(table, seller, telephone1=_national(customer))
    event = world.text(our, customer, "Ja, gerne 🎟️ שלום")

    world.ingestion().ingest(event)

    row, talk = world.message(event), world.conversation(event)
    assert world.home(event) == record
    assert (row["txv_body"], row["txv_from"], row["txv_to"]) == ("Ja, gerne 🎟️ שלום", customer, our.value)
    assert (row["txv_providermessageid"], row["txv_provideraccount"]) == (event.message_id, "twilio-demo")
    assert (talk["txv_unreadcount"], talk["txv_customerdigits"], talk["txv_ourdigits"]) == (1, customer[1:], our.digits)
    assert talk["_ownerid_value"] == row["_ownerid_value"] == str(seller.id)


def test_a_new_lead_says_what_it_is_and_why_it_is_there(world) -> None:
    team, customer = world.team(world.seller()), world.customer()
    our = world.number(team)
    event = world.text(our, customer)

    world.ingestion().ingest(event)

    (lead,) = world.rows(f"leads?$filter=leadid eq {world.home(event).id}")
    assert (lead["subject"], lead["lastname"], lead["mobilephone"]) == (f"Text from {customer}", customer, customer)
    assert lead["description"] == (
        f"A text to {our.value} made this lead: no record carries the number and none holds a conversation with it."
    )
    assert (lead["_owningteam_value"], lead["leadsourcecode"]) == (str(team.id), None)


@pytest.mark.parametrize(
    "typed", ["+1{0}{1}{2}", "1-{0}-{1}-{2}", "({0}) {1}-{2}", "{0}.{1}.{2}", "001 {0} {1} {2}", "{0}{1}{2}"]
)
def test_a_number_is_found_however_it_was_typed(world, typed: str) -> None:
    seller, customer = world.seller(), world.customer()
    contact = world.record(Table.CONTACT, seller, mobilephone=typed.format(customer[2:5], customer[5:8], customer[8:]))
    event = world.text(world.number(seller), customer)

    world.ingestion().ingest(event)

    assert world.home(event) == contact


def test_a_national_spelling_of_another_country_is_somebody_else(world) -> None:
    seller = world.seller()
    # In an American organization these digits are a number in Seattle, not one in Egypt.
    world.record(Table.CONTACT, seller, mobilephone="2065559999")
    event = world.text(world.number(seller), "+2065559999")

    world.ingestion().ingest(event)

    home = world.home(event)
    assert home is not None
    assert home.table is Table.LEAD


@pytest.mark.parametrize(
    ("table", "collection"),
    [
        (Table.CONTACT, "parentcontactid"),
        (Table.CONTACT, "customerid_contact"),
        (Table.ACCOUNT, "parentaccountid"),
        (Table.ACCOUNT, "customerid_account"),
    ],
)
def test_an_opportunity_is_found_through_its_contact_account_or_customer(world, table: Table, collection: str) -> None:
    seller, other, customer = world.seller(), world.seller(), world.customer()
    carrier = world.record(table, other, telephone1=customer)
    opportunity = world.record(Table.OPPORTUNITY, seller, **{f"{collection}@odata.bind": f"/{path(carrier)}"})
    event = world.text(world.number(seller), customer)

    world.ingestion().ingest(event)

    assert (world.home(event), _decided_by(world, event)) == (opportunity, "owned_by_seller")


def test_the_latest_conversation_with_this_number_beats_everything(world) -> None:
    seller, customer = world.seller(), world.customer()
    our, other_number = world.number(seller), world.number(seller)
    lead = world.record(Table.LEAD, mobilephone=customer)
    first = world.text(our, customer)
    world.ingestion().ingest(first)
    contact = world.record(Table.CONTACT, seller, mobilephone=customer)

    again, elsewhere = world.text(our, customer), world.text(other_number, customer)
    world.ingestion().ingest(again)
    world.ingestion().ingest(elsewhere)

    assert (world.home(again), _decided_by(world, again)) == (lead, "latest_conversation")
    assert (world.home(elsewhere), _decided_by(world, elsewhere)) == (contact, "owned_by_seller")
    assert world.conversation(again)["txv_unreadcount"] == 2


@pytest.mark.parametrize("owner", ["member", "team"])
def test_on_a_teams_number_the_teams_records_come_first(world, owner: str) -> None:
    member, stranger, customer = world.seller(), world.seller(), world.customer()
    team = world.team(member, world.seller())
    world.record(Table.CONTACT, stranger, mobilephone=customer)
    lead = world.record(Table.LEAD, {"member": member, "team": team}[owner], mobilephone=customer)
    event = world.text(world.number(team), customer)

    world.ingestion().ingest(event)

    assert (world.home(event), _decided_by(world, event)) == (lead, "owned_by_team")


def test_an_inactive_contact_beats_an_active_lead_and_an_active_contact_an_inactive_one(world) -> None:
    seller, customer = world.seller(), world.customer()
    our = world.number(seller)
    stranger = world.seller()
    old = world.record(Table.CONTACT, stranger, mobilephone=customer)
    world.deactivate(old)
    world.record(Table.LEAD, stranger, mobilephone=customer)
    first = world.text(our, customer)
    world.ingestion().ingest(first)
    assert (world.home(first), _decided_by(world, first)) == (old, "table")

    other = world.customer()
    inactive = world.record(Table.CONTACT, stranger, mobilephone=other)
    world.deactivate(inactive)
    active = world.record(Table.CONTACT, stranger, mobilephone=other)
    second = world.text(our, other)
    world.ingestion().ingest(second)
    assert (world.home(second), _decided_by(world, second)) == (active, "active")


def test_the_lowest_id_decides_among_records_of_the_same_moment(world) -> None:
    seller, stranger, customer = world.seller(), world.seller(), world.customer()
    our = world.number(seller)
    contacts = [world.record(Table.CONTACT, stranger, mobilephone=customer) for _ in range(2)]
    while len({row["modifiedon"] for row in world.rows(f"contacts?$filter=mobilephone eq '%2B{customer[1:]}'")}) > 1:
        for contact in contacts:  # a second passed between the two: times are kept to the second
            world.update(path(contact), {"jobtitle": "Keeper"})
    event = world.text(our, customer)

    world.ingestion().ingest(event)

    assert world.home(event) == min(contacts, key=lambda record: record.id.int)
    assert _decided_by(world, event) == "lowest_id"


def test_the_most_recently_updated_decides_before_the_lowest_id(world) -> None:
    seller, stranger = world.seller(), world.seller()
    our = world.number(seller)
    other = world.customer()
    older = world.record(Table.CONTACT, stranger, mobilephone=other)
    time.sleep(1.1)
    newer = world.record(Table.CONTACT, stranger, mobilephone=other)
    second = world.text(our, other)
    world.ingestion().ingest(second)
    assert world.home(second) == newer != older
    assert _decided_by(world, second) == "modified"


def test_an_unknown_number_becomes_a_lead_of_the_numbers_owner(world) -> None:
    seller, customer = world.seller(), world.customer()
    event = world.text(world.number(seller), customer)

    world.ingestion().ingest(event)

    (lead,) = world.rows(f"leads?$filter=mobilephone eq '%2B{customer[1:]}'")
    assert (
        world.home(event)
        == Record(Table.LEAD, ids.lead_id(customer[1:], 0))
        == Record(Table.LEAD, UUID(str(lead["leadid"])))
    )
    assert (lead["_owninguser_value"], lead["statecode"]) == (str(seller.id), 0)
    assert customer in str(lead["subject"])


def test_a_lead_whose_number_was_changed_is_not_hijacked(world) -> None:
    seller, customer = world.seller(), world.customer()
    our = world.number(seller)
    first = world.text(our, customer)
    world.ingestion().ingest(first)
    old = world.home(first)
    # The seller finds out that the number was somebody else's, and moves the talk away from the lead.
    world.update(f"leads({old.id})", {"mobilephone": world.customer()})
    world.delete(f"txv_textconversations({world.conversation(first)['activityid']})")

    second = world.text(our, customer)
    world.ingestion().ingest(second)

    assert world.home(second) == Record(Table.LEAD, ids.lead_id(customer[1:], 1)) != old


def test_a_conversation_that_was_moved_takes_the_next_text_with_it(world) -> None:
    seller, customer = world.seller(), world.customer()
    our = world.number(seller)
    contact = world.record(Table.CONTACT, seller, mobilephone=customer)
    first = world.text(our, customer)
    world.ingestion().ingest(first)
    account = world.record(Table.ACCOUNT, seller)
    talk = world.conversation(first)["activityid"]
    bind = {"regardingobjectid_account_txv_textconversation@odata.bind": f"/accounts({account.id})"}
    world.update(f"txv_textconversations({talk})", bind)

    second = world.text(our, customer)
    world.ingestion().ingest(second)

    assert (world.home(second), world.conversation(second)["activityid"]) == (account, talk)
    # And back: should the contact win again, its derived id is taken by the moved conversation.
    world.update(f"txv_textconversations({talk})", {"txv_ourdigits": world.number(seller).digits})
    third = world.text(our, customer)
    world.ingestion().ingest(third)
    assert world.home(third) == contact
    assert world.conversation(third)["activityid"] != talk


@pytest.mark.parametrize("sender", ["24273", "Contoso"])
def test_a_short_code_or_a_name_makes_no_lead_and_waits_without_a_record(world, sender: str) -> None:
    seller = world.seller()
    event = replace(world.text(world.number(seller), world.customer()), sender=read_address(sender))
    leads = len(world.rows("leads?$select=leadid"))

    world.ingestion().ingest(event)

    assert world.home(event) is None
    assert world.conversation(event)["_ownerid_value"] == str(seller.id)
    assert len(world.rows("leads?$select=leadid")) == leads


def test_a_text_to_a_number_that_has_no_row_is_stored_all_the_same(world) -> None:
    seller, customer = world.seller(), world.customer()
    contact = world.record(Table.CONTACT, seller, mobilephone=customer)
    event = world.text(read_address(world.customer()), customer)

    world.ingestion().ingest(event)

    assert world.home(event) == contact
    assert world.bell(seller) == ["Text from A name"]


def test_texts_to_a_number_that_is_not_named_are_one_conversation(world) -> None:
    customer, unnamed = world.customer(), Address(AddressKind.ALPHANUMERIC, "", "")
    first, second = world.text(unnamed, customer), world.text(unnamed, customer)

    world.ingestion().ingest(first)
    world.ingestion().ingest(second)

    assert world.conversation(first) == world.conversation(second)
    assert world.conversation(second)["txv_unreadcount"] == 2


@pytest.mark.parametrize("name", ["x" * MAX_ADDRESS, "ΐ" * MAX_ADDRESS, "👍" * (MAX_ADDRESS // 2)])
def test_the_longest_name_that_a_text_may_come_from_is_kept(world, name: str) -> None:
    sender = Payload({"from": name}).sender("from")
    event = replace(world.text(world.number(world.seller()), world.customer()), sender=sender)

    world.ingestion().ingest(event)

    assert world.message(event)["txv_from"] == name
