"""What an administrator changes while the service runs: the next texts are placed and told by it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dataverse.store.running_settings import DEFAULT_REGION, NEW_LEADS, NOTIFICATION_TEXT, TIER_ORDER, change_setting
from dataverse.store.settings_in_force import LIFETIME
from messaging.records import Table
from routing.tiers import DEFAULT_ORDER


@pytest.fixture
def world(world):
    """The world with the variables of the settings, without a value."""
    world.define_settings()
    yield world
    world.define_settings()


def _body(world, seller) -> str:
    (entry,) = world.rows(f"appnotifications?$select=body&$filter=_ownerid_value eq {seller.id}")
    return str(entry["body"])


def test_the_order_of_the_tiers_decides(world) -> None:
    seller, customer = world.seller(), world.customer()
    our, ingestion = world.number(seller), world.ingestion()
    contact = world.record(Table.CONTACT, world.seller(), mobilephone=customer)
    lead = world.record(Table.LEAD, seller, mobilephone=customer)
    change_setting(world.client, TIER_ORDER, ",".join(("table", *(name for name in DEFAULT_ORDER if name != "table"))))
    event = world.text(our, customer)

    ingestion.ingest(event)

    assert world.home(event) == contact
    assert '"decided_by": "table"' in str(world.message(event)["txv_routing"])
    change_setting(world.client, TIER_ORDER, "")
    other = world.text(world.number(seller), customer)
    world.clock_shift = LIFETIME
    ingestion.ingest(other)
    assert world.home(other) == lead


def test_numbers_without_a_country_code_are_read_in_the_region(world) -> None:
    seller = world.seller()
    our, ingestion = world.number(seller), world.ingestion()
    contact = world.record(Table.CONTACT, seller, mobilephone="020 7946 0958")
    change_setting(world.client, DEFAULT_REGION, "GB")
    event = world.text(our, "+442079460958")

    ingestion.ingest(event)

    assert world.home(event) == contact


@pytest.mark.parametrize("shown", [True, False])
def test_notifications_show_the_text_unless_they_are_private(world, shown: bool) -> None:
    seller = world.seller()
    our, ingestion = world.number(seller), world.ingestion()
    change_setting(world.client, NOTIFICATION_TEXT, "yes" if shown else "no")

    ingestion.ingest(world.text(our, world.customer(), "Meet me at nine"))

    assert ("Meet me at nine" in _body(world, seller)) is shown
    assert ("read what it says" in _body(world, seller)) is not shown


def test_a_text_whose_first_run_was_cut_off_is_told_as_privately(world) -> None:
    seller, customer = world.seller(), world.customer()
    event, ingestion = world.text(world.number(seller), customer, "Meet me at nine"), world.ingestion()
    change_setting(world.client, NOTIFICATION_TEXT, "no")
    ingestion.ingest(event)
    message = world.message(event)["txv_textmessageid"]
    world.update(f"txv_textmessages({message})", {"txv_notifiedon": None})
    world.dismiss(seller)
    world.clock_shift = timedelta(minutes=4)

    ingestion.ingest(event)

    assert "Meet me" not in _body(world, seller)


def test_an_unknown_number_makes_no_lead_where_none_are_wanted(world) -> None:
    seller, customer = world.seller(), world.customer()
    our, ingestion = world.number(seller), world.ingestion()
    change_setting(world.client, NEW_LEADS, "no")
    first, second = (world.text(our, customer) for _ in range(2))

    for event in (first, second):
        ingestion.ingest(event)

    assert world.rows(f"leads?$filter=mobilephone eq '%2B{customer[1:]}'") == []
    assert (world.home(first), world.conversation(first)["_ownerid_value"]) == (None, str(seller.id))
    assert world.conversation(first)["activityid"] == world.conversation(second)["activityid"]
    assert sorted(world.bell(seller)) == [f"2 texts from {customer}", f"Text from {customer}"]


def test_a_wrong_value_stops_no_text(world) -> None:
    change_setting(world.client, TIER_ORDER, ",".join(DEFAULT_ORDER))
    (row,) = world.rows("environmentvariablevalues?$select=environmentvariablevalueid")
    world.update(f"environmentvariablevalues({row['environmentvariablevalueid']})", {"value": "[1, 2"})
    seller, customer = world.seller(), world.customer()
    contact = world.record(Table.CONTACT, seller, mobilephone=customer)
    event = world.text(world.number(seller), customer)

    world.ingestion().ingest(event)

    assert world.home(event) == contact


def test_every_five_minutes_a_text_costs_one_read_more(world) -> None:
    seller = world.seller()
    our, ingestion = world.number(seller), world.ingestion()
    ingestion.ingest(world.text(our, world.customer()))

    costs = []
    for minutes in (4, 5, 6):
        world.clock_shift = timedelta(minutes=minutes)
        ingestion.privileges.may_receive([seller])  # is asked anew at the same time, but that is not the point here
        world.forget_requests()
        ingestion.ingest(world.text(our, world.customer()))
        costs.append([len(request["operations"]) for request in world.requests()])

    assert costs == [[6, 5], [0, 6, 5], [6, 5]]
