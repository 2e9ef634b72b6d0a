"""`simulate --days`: which of the texts that are stored would be elsewhere under other rules."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from admin import signin
from admin.simulate import past_texts
from messaging.records import Table

VARIABLES = ("EnvironmentVariableDefinition", "EnvironmentVariableValue")


@pytest.fixture
def between(desk, customer):
    """An inactive contact and an active lead of the seller with one number: by the default order the contact wins."""
    ada = {"firstname": "Ada", "lastname": "Quist", "mobilephone": customer}
    contact = desk.organization.record(Table.CONTACT, desk.seller, **ada)
    desk.organization.deactivate(contact)
    return contact, desk.organization.record(Table.LEAD, desk.seller, lastname="Wilma Wick", mobilephone=customer)


def known(desk, event, place: int, **values: object) -> None:
    """At the arrival of a text, the candidate at this place had other values than it has."""
    explanation = json.loads(desk.stored(event)["txv_routing"])
    explanation["candidates"][place]["values"].update(values)
    desk.organization.update(desk.target(event), {"txv_routing": json.dumps(explanation)})


def test_a_text_that_another_order_would_place_elsewhere_is_listed_with_both_records(here, desk, customer, between):
    event = desk.arrives(customer)

    ran = here("simulate", "--days", "1", "--tiers", "active")
    document = here("simulate", "--days", "1", "--tiers", "active", "--json").document

    assert ran.code == 0, ran.err
    (line,) = (line for line in ran.out.splitlines() if customer in line)
    assert line.split()[2:] == [
        customer,
        desk.our.value,
        "Ada",
        "Quist",
        "(contact)",
        "Wilma",
        "Wick",
        "(lead)",
        "active",
    ]
    assert "1 text of the last 1 day: 1 would move, 0 could not be judged." in ran.out
    assert "settings set txv_tierorder active,latest_conversation," in ran.out
    contact, lead = between
    (move,) = document["moves"]
    assert move["id"] in desk.target(event)
    assert move["then"] == {"table": "contact", "id": str(contact.id), "name": "Ada Quist"}
    assert move["now"] == {"table": "lead", "id": str(lead.id), "name": "Wilma Wick"}
    assert (move["from"], move["to"], move["decided_by"]) == (customer, desk.our.value, "active")
    assert document["summary"] == {
        "days": 1,
        "texts": 1,
        "would_move": 1,
        "listed": 1,
        "not_judged": 0,
        "not_judged_because": {},
    }


def test_it_judges_by_what_was_known_at_the_arrival(here, desk, customer, between):
    contact, _ = between
    desk.arrives(customer)
    desk.organization.change(contact, statecode=0, statuscode=1)

    assert here("simulate", "--days", "1", "--tiers", "active", "--json").document["summary"]["would_move"] == 1


def test_under_the_order_in_force_nothing_moves_until_the_order_is_changed(here, desk, customer, between):
    desk.arrives(customer)

    before = here("simulate", "--days", "1")
    here(
        "settings",
        "set",
        "txv_tierorder",
        "active,latest_conversation,owned_by_seller,owned_by_team,table,modified,lowest_id",
    )
    after = here("simulate", "--days", "1")

    assert "1 text of the last 1 day: 0 would move" in before.out
    assert "name another one with --tiers" in before.out
    assert "1 text of the last 1 day: 1 would move" in after.out
    assert "To put this order in force" not in after.out


def test_it_says_what_the_service_then_does_with_the_next_text(here, desk, customer, between):
    other = desk.organization.customer()
    twin = desk.organization.record(Table.CONTACT, desk.seller, lastname="Twin", mobilephone=other)
    desk.organization.deactivate(twin)
    lead = desk.organization.record(Table.LEAD, desk.seller, lastname="Twin lead", mobilephone=other)
    desk.arrives(customer)
    order = "active,latest_conversation,owned_by_seller,owned_by_team,table,modified,lowest_id"

    (move,) = here("simulate", "--days", "1", "--tiers", order, "--json").document["moves"]
    here("settings", "set", "txv_tierorder", order)
    stored = desk.stored(desk.arrives(other))

    assert move["now"]["table"] == "lead"
    assert stored["txv_conversationid"]["_regardingobjectid_value"] == str(lead.id)


def test_only_texts_of_these_days_and_to_this_number_are_looked_at(here, org, desk, customer, between):
    other = org.organization.number(desk.seller)
    desk.arrives(customer, ago=timedelta(days=3))
    desk.arrives(customer, other)

    def texts(*words: str) -> int:
        return here("simulate", *words, "--json").document["summary"]["texts"]

    assert texts("--days", "1") == 1
    assert texts("--days", "4") == 2
    assert texts("--days", "4", "--to", other.value) == 1
    assert texts("--days", "2", "--to", desk.our.value) == 0


@pytest.mark.parametrize(
    ("change", "because"),
    [
        (None, "no explanation is stored with them"),
        ({"version": 7}, "their explanation is of another version"),
        ({"tiers": "none"}, "their explanation cannot be read"),
        ({"not_shown": 9}, "their explanation shows the best of many candidates only, and another one might win"),
    ],
)
def test_what_the_stored_explanation_does_not_tell_is_counted_with_the_reason(
    here, org, desk, customer, between, change, because
):
    event = desk.arrives(customer)
    stored = json.loads(desk.stored(event)["txv_routing"])
    spoiled = None if change is None else json.dumps({**stored, **change})
    org.organization.update(desk.target(event), {"txv_routing": spoiled})

    ran = here("simulate", "--days", "1", "--tiers", "active")

    assert ran.code == 0
    assert "0 would move, 1 could not be judged." in ran.out
    assert f"  1 not judged: {because}" in ran.out
    document = here("simulate", "--days", "1", "--tiers", "active", "--json").document
    assert document["summary"]["not_judged_because"] == {because: 1}


def test_a_text_that_somebody_was_asked_for_moves_where_another_order_is_clear(here, desk, customer):
    for _ in range(2):
        desk.organization.record(Table.CONTACT, desk.seller, lastname="Twin", mobilephone=customer)
    here("settings", "set", "txv_ambiguoustexts", "ask")
    event = desk.arrives(customer)
    same = here("simulate", "--days", "1", "--json").document
    known(desk, event, 0, active=False)

    clear = here("simulate", "--days", "1", "--tiers", "active")

    assert same["moves"] == []
    assert "somebody is asked" in clear.out
    assert "Twin (contact)" in clear.out


def test_a_clear_text_moves_to_nobody_where_the_order_makes_it_ambiguous_and_somebody_would_be_asked(
    here, desk, customer, between
):
    known(desk, desk.arrives(customer), 1, modified="2027-01-01T00:00:00+00:00")
    here("settings", "set", "txv_ambiguoustexts", "ask")

    (move,) = here("simulate", "--days", "1", "--tiers", "modified", "--json").document["moves"]

    assert (move["then"]["table"], move["now"], move["decided_by"]) == ("contact", None, "modified")


def test_texts_that_made_a_lead_move_nowhere(here, desk, customer):
    desk.arrives(customer)

    assert here("simulate", "--days", "1", "--tiers", "active", "--json").document["summary"]["would_move"] == 0


def test_of_many_that_would_move_the_latest_are_listed_and_all_are_counted(here, desk, customer, between, monkeypatch):
    monkeypatch.setattr(past_texts, "MOST_LISTED", 1)
    desk.arrives(customer, ago=timedelta(hours=2))
    latest = desk.arrives(customer, desk.organization.number(desk.seller))

    ran = here("simulate", "--days", "1", "--tiers", "active")
    document = here("simulate", "--days", "1", "--tiers", "active", "--json").document

    assert "2 texts of the last 1 day: 2 would move" in ran.out
    assert "The latest 1 that would move are listed" in ran.out
    assert [move["id"] in desk.target(latest) for move in document["moves"]] == [True]


def test_records_are_named_only_to_who_may_read_them(here, desk, customer, monkeypatch):
    hers = desk.organization.record(Table.CONTACT, desk.seller, lastname="Quist", mobilephone=customer)
    desk.organization.deactivate(hers)
    foreign = desk.organization.record(Table.LEAD, lastname="Secret Wick", mobilephone=customer)
    order = "table,active,latest_conversation,owned_by_seller,owned_by_team,modified,lowest_id"
    here("settings", "set", "txv_tierorder", order)
    desk.arrives(customer)
    desk.organization.give_role(desk.seller, VARIABLES)
    monkeypatch.setattr(signin, "_DEVELOPMENT_TOKEN", f"user:{desk.seller.id}")

    ran = here("simulate", "--days", "1", "--tiers", "active")

    assert "Quist (contact)" in ran.out
    assert f"lead {foreign.id}" in ran.out
    assert "Secret" not in ran.out


def test_without_any_text_that_is_said(here, desk):
    ran = here("simulate", "--days", "7")

    assert ran.code == 0
    assert "0 texts of the last 7 days: 0 would move, 0 could not be judged." in ran.out


@pytest.mark.parametrize("days", ["0", "-1", "some", "99999"])
def test_what_is_no_number_of_days_is_refused(here, days):
    assert here("simulate", "--days", days).code == 2


def test_of_days_nothing_but_reads_is_asked(here, desk, customer, between, asked):
    desk.arrives(customer)
    since = asked()

    assert "1 would move" in here("simulate", "--days", "1", "--tiers", "active").out

    assert {method for method, _ in since()} == {"GET"}
