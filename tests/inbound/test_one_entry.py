"""One entry behind a bell for each conversation: earlier ones are taken away once there is a newer one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from dataverse.store.bell import Bell, conversation_in
from dataverse.store.tables import owner_path
from dataverse.webapi.request import Request
from messaging.records import Table
from pipeline.sweep import RUNG_LATELY

ONE, OTHER = "6f1d9e0c-6a5b-4c0e-9d4e-0c4c7b1f0a01", "6f1d9e0c-6a5b-4c0e-9d4e-0c4c7b1f0a02"


@pytest.fixture
def known(world):
    """A seller with a number, and a customer who is a contact of hers."""
    seller, customer = world.seller(), world.customer()
    world.record(Table.CONTACT, seller, mobilephone=customer)
    return seller, world.number(seller), customer


def _take(world, our, *customers):
    for customer in customers:
        world.ingestion().ingest(world.text(our, customer))


def _put(client, reader, data: object, title: str) -> None:
    """An entry behind the reader's bell, made by whoever the client signs in as."""
    body = {"title": title, "data": data, "ownerid@odata.bind": f"/{owner_path(reader)}"}
    client.send(Request(method="POST", path="appnotifications", body=body))


def test_a_reader_has_one_entry_for_each_conversation_and_it_is_the_newest(world, known) -> None:
    seller, our, customer = known
    _take(world, our, customer, customer, customer)

    for _ in range(2):
        world.sweep().run()

    assert world.bell(seller) == ["3 texts from A name"]


def test_two_conversations_keep_one_entry_each(world, known) -> None:
    seller, our, customer = known
    other = world.customer()
    _take(world, our, customer, other, customer, other)

    world.sweep().run()

    assert sorted(world.bell(seller)) == sorted(["2 texts from A name", f"2 texts from {other}"])


def test_every_member_of_a_team_keeps_an_entry_of_each_conversation(world) -> None:
    member, colleague, customer = world.seller(), world.seller(), world.customer()
    _take(world, world.number(world.team(member, colleague)), customer, customer)

    world.sweep().run()

    assert world.bell(member) == world.bell(colleague) == [f"2 texts from {customer}"]


def test_entries_of_other_apps_and_people_are_never_touched(world, known) -> None:
    seller, our, customer = known
    _take(world, our, customer)
    (entry,) = world.entries(seller)
    for _ in range(2):
        _put(world.client, seller, entry["data"], "Someone else's")  # about the very same conversation
    _take(world, our, customer)

    world.sweep().run()

    assert sorted(world.bell(seller)) == ["2 texts from A name", "Someone else's", "Someone else's"]


def test_an_entry_in_which_no_conversation_is_found_is_never_touched(world) -> None:
    without, seller = world.seller(texts=False), world.seller()
    our = world.number(world.team(without, seller, texts=False))
    for data in (None, "spoiled", json.dumps({"actions": [{"data": {"entityName": "contact", "entityId": ONE}}]})):
        _put(world.service, seller, data, "Not about texts")
    _take(world, our, world.customer())

    world.sweep().run()

    assert world.bell(without) == ["You cannot receive text messages yet"]
    assert world.bell(seller).count("Not about texts") == 3


def test_an_entry_that_arrives_while_old_ones_are_taken_away_stays(world, known) -> None:
    seller, our, customer = known
    _take(world, our, customer, customer)

    class Rings(Bell):
        def take_away(self, entries) -> None:
            _take(world, our, customer)
            super().take_away(entries)

    sweep = world.sweep()
    replace(sweep, bell=Rings(world.service)).run()

    assert sorted(world.bell(seller)) == ["2 texts from A name", "3 texts from A name"]
    world.sweep().run()
    assert world.bell(seller) == ["3 texts from A name"]


def test_an_entry_that_is_dismissed_meanwhile_is_no_matter(world, known) -> None:
    seller, our, customer = known
    _take(world, our, customer)
    (entry,) = Bell(world.service).entries([seller.id])
    world.dismiss(seller)

    Bell(world.service).take_away([entry.id, uuid4()])

    assert world.bell(seller) == []


def test_old_entries_go_with_the_next_text_however_old_they_are(world, known) -> None:
    seller, our, customer = known
    other = world.customer()
    _take(world, our, customer, customer)
    world.clock_shift = RUNG_LATELY + timedelta(minutes=1)
    world.sweep().run()  # nobody's bell was rung lately
    assert len(world.bell(seller)) == 2

    world.clock_shift = timedelta()
    _take(world, our, other)
    world.sweep().run()

    assert sorted(world.bell(seller)) == sorted(["2 texts from A name", f"Text from {other}"])


def _pane(conversation: str) -> dict[str, object]:
    target = {"pageType": "entityrecord", "entityName": "txv_textconversation", "entityId": conversation}
    return {"title": "Open", "data": {"type": "sidepane", "paneOptions": {"title": "x"}, "navigationTarget": target}}


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (json.dumps({"actions": [_pane(ONE)]}), ONE),
        (json.dumps({"actions": [_pane(ONE.upper())]}), ONE),
        (json.dumps(json.dumps({"actions": [_pane(ONE)]})), ONE),  # JSON in JSON
        (f"?pagetype=entityrecord&etn=txv_textconversation&id=%7b{ONE}%7d", ONE),
        (json.dumps({"actions": [_pane(ONE), {"data": {"entityName": "contact", "entityId": OTHER}}]}), ONE),
        (json.dumps({"actions": [{"data": {"entityId": OTHER}}, _pane(ONE), _pane(ONE)]}), ONE),
        (json.dumps({"entityId": ONE, "entityName": "txv_textconversation", "more": {"id": OTHER}}), ONE),
        (json.dumps({"actions": [_pane(ONE), _pane(OTHER)]}), None),  # of which it is is not certain
        (json.dumps({"entityName": "contact", "entityId": ONE}), None),
        ("txv_textconversation", None),
        ("", None),
    ],
)
def test_an_entry_is_of_the_conversation_that_it_opens(data: str, found: str | None) -> None:
    assert str(conversation_in(data)) == str(found)
