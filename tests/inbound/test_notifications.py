"""What stands behind a seller's bell: what is unread in a conversation, in the seller's language."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from messaging.records import Table
from pipeline.ingest import CUT_OFF_AFTER


@pytest.fixture
def known(world):
    """A seller with a number, and a customer who is a contact of hers."""
    seller, customer = world.seller(), world.customer()
    world.record(Table.CONTACT, seller, mobilephone=customer)
    return seller, world.number(seller), customer


def _take(world, our, customer, body="Hello", **facts):
    event = world.text(our, customer, body, **facts)
    world.ingestion().ingest(event)
    return event


def test_each_text_rings_and_its_title_counts_what_is_unread(world, known) -> None:
    seller, our, customer = known
    for body in ("One", "Two", "Three"):
        _take(world, our, customer, body)

    said = {entry["body"]: entry["title"] for entry in world.entries(seller)}
    assert said == {"One": "Text from A name", "Two": "2 texts from A name", "Three": "3 texts from A name"}


def test_each_conversation_is_counted_by_itself(world, known) -> None:
    seller, our, customer = known
    other = world.customer()
    for each in (customer, other, customer):
        _take(world, our, each)

    assert sorted(world.bell(seller)) == ["2 texts from A name", f"Text from {other}", "Text from A name"]


def test_what_was_read_counts_no_more(world, known) -> None:
    seller, our, customer = known
    for _ in range(2):
        event = _take(world, our, customer)
    world.read(event)
    world.dismiss(seller)

    _take(world, our, customer)

    assert world.bell(seller) == ["Text from A name"]


def test_what_was_dismissed_unread_is_still_counted(world, known) -> None:
    seller, our, customer = known
    _take(world, our, customer)
    world.dismiss(seller)

    _take(world, our, customer)

    assert world.bell(seller) == ["2 texts from A name"]


def test_every_member_of_a_team_reads_the_same_count(world) -> None:
    member, other, customer = world.seller(), world.seller(), world.customer()
    our = world.number(world.team(member, other))
    _take(world, our, customer)
    world.dismiss(member)

    _take(world, our, customer)

    assert world.bell(member) == [f"2 texts from {customer}"]
    assert sorted(world.bell(other)) == [f"2 texts from {customer}", f"Text from {customer}"]


def test_an_entry_opens_its_conversation(world, known) -> None:
    seller, our, customer = known
    talk = world.conversation(_take(world, our, customer))["activityid"]

    (action,) = json.loads(world.entries(seller)[0]["data"])["actions"]
    assert (action["title"], action["data"]["type"]) == ("Open", "sidepane")
    target = action["data"]["navigationTarget"]
    assert (target["entityName"], target["entityId"]) == ("txv_textconversation", talk)


@pytest.mark.parametrize(
    ("lcid", "title", "button"),
    [
        (1036, "SMS de A name", "Ouvrir"),
        (1046, "Mensagem de texto de A name", "Abrir"),
        (1053, "SMS från A name", "Öppna"),
        (1057, "Pesan teks dari A name", "Buka"),
        (1081, "A name का पाठ संदेश", "खोलें"),
        (1031, "Text from A name", "Open"),
    ],
)
def test_a_seller_reads_notifications_in_the_language_of_the_interface(world, known, lcid, title, button) -> None:
    seller, our, customer = known
    world.speak(seller, lcid)

    _take(world, our, customer)

    (entry,) = world.entries(seller)
    assert entry["title"] == title
    assert json.loads(entry["data"])["actions"][0]["title"] == button


def test_members_of_a_team_read_the_same_text_each_in_the_own_language(world) -> None:
    french, swede, customer = world.seller(), world.seller(), world.customer()
    world.speak(french, 1036)
    world.speak(swede, 1053)

    _take(world, world.number(world.team(french, swede)), customer)

    assert (world.bell(french), world.bell(swede)) == ([f"SMS de {customer}"], [f"SMS från {customer}"])


def test_a_run_that_is_finished_late_tells_of_all_that_is_unread_by_then(world, known) -> None:
    seller, our, customer = known
    cut_off = _take(world, our, customer, "First")
    world.update(f"txv_textmessages({world.message(cut_off)['txv_textmessageid']})", {"txv_notifiedon": None})
    _take(world, our, customer, "Second")
    world.dismiss(seller)
    world.clock_shift += CUT_OFF_AFTER + timedelta(seconds=5)

    world.ingestion().ingest(cut_off)

    assert world.bell(seller) == ["2 texts from A name"]
    assert world.message(cut_off)["txv_notifiedon"] is not None
