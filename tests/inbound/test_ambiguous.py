"""Texts that only a date or an id could place: said to be ambiguous, and on request left to a person.

And conversations that wait for a record, for whichever reason: where they go once there is one.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest

from dataverse.store.running_settings import AMBIGUOUS_TEXTS, NEW_LEADS, change_setting
from dataverse.store.settings_in_force import LIFETIME
from dataverse.store.tables import path, regarding
from dataverse.webapi.request import Request
from messaging.errors import TransientError
from messaging.records import Table
from pipeline.ingest import CUT_OFF_AFTER


@pytest.fixture
def world(world):
    """The world with the variables of the settings, without a value."""
    world.define_settings()
    yield world
    world.define_settings()


@pytest.fixture
def asking(world):
    """An organization that wants to be asked."""
    change_setting(world.client, AMBIGUOUS_TEXTS, "ask")
    return world


@pytest.fixture
def shared(world):
    """Two contacts of a stranger with one number, which nothing but dates and ids tells apart; and who is texted."""
    seller, stranger, customer = world.seller(), world.seller(), world.customer()
    contacts = [world.record(Table.CONTACT, stranger, mobilephone=customer) for _ in range(2)]
    return seller, world.number(seller), customer, contacts


def _take(world, our, customer, body="Hello", ingestion=None):
    event = world.text(our, customer, body)
    (ingestion or world.ingestion()).ingest(event)
    return event


def _said(world, event) -> dict[str, object]:
    return json.loads(str(world.message(event)["txv_routing"]))


def _choose(world, event, record) -> None:
    talk = world.conversation(event)["activityid"]
    world.update(f"txv_textconversations({talk})", {f"{regarding(record.table)}@odata.bind": f"/{path(record)}"})


def _shared_with(world, event, seller) -> bool:
    return len(world.rows(f"txv_textmessages?$filter=txv_textmessageid eq {_id(world, event)}", seller)) == 1


def _id(world, event) -> object:
    return world.message(event)["txv_textmessageid"]


def test_an_ambiguous_text_is_decided_and_said_to_be_ambiguous_by_default(world, shared) -> None:
    _, our, customer, contacts = shared

    event = _take(world, our, customer)

    assert world.home(event) in contacts
    assert (_said(world, event)["ambiguous"], _said(world, event)["outcome"]) == (True, "record")
    again = _take(world, our, customer)
    assert "ambiguous" not in _said(world, again), "by now there is a conversation"


def test_an_ambiguous_text_waits_for_a_person_where_the_organization_wants_that(asking, shared) -> None:
    seller, our, customer, _ = shared

    event = _take(asking, our, customer)

    assert asking.home(event) is None
    assert asking.conversation(event)["_ownerid_value"] == str(seller.id)
    said = _said(asking, event)
    assert (said["ambiguous"], said["outcome"], len(said["candidates"])) == (True, "asked", 2)


def test_who_is_told_is_asked_whose_text_it_is_without_any_name(asking, shared) -> None:
    seller, our, customer, _ = shared

    event = _take(asking, our, customer, "See you")

    (entry,) = asking.entries(seller)
    assert entry["title"] == f"Whose text is this? (from {customer})"
    assert entry["body"] == "2 records match this number. See you"
    (action,) = json.loads(entry["data"])["actions"]
    assert action["title"] == "Choose"
    assert action["data"]["navigationTarget"]["entityId"] == asking.conversation(event)["activityid"]
    assert "A name" not in json.dumps(entry)


def test_every_member_of_the_team_that_owns_the_number_is_asked(asking) -> None:
    members, customer = [asking.seller(), asking.seller()], asking.customer()
    for _ in range(2):
        asking.record(Table.CONTACT, members[0], mobilephone=customer)

    _take(asking, asking.number(asking.team(*members)), customer)

    assert [asking.bell(member) for member in members] == [[f"Whose text is this? (from {customer})"]] * 2


def test_later_texts_join_the_conversation_that_waits_for_the_choice(asking, shared) -> None:
    seller, our, customer, _ = shared

    first, second = _take(asking, our, customer), _take(asking, our, customer)

    assert asking.conversation(first) == asking.conversation(second)
    assert asking.home(second) is None
    assert sorted(asking.bell(seller)) == [
        f"Whose 2 texts are these? (from {customer})",
        f"Whose text is this? (from {customer})",
    ]


@pytest.mark.parametrize("place", [0, 1])
def test_once_somebody_chose_the_next_text_follows(asking, shared, place) -> None:
    seller, our, customer, contacts = shared
    first = _take(asking, our, customer)
    _choose(asking, first, contacts[place])
    asking.dismiss(seller)

    second = _take(asking, our, customer)

    assert asking.home(second) == contacts[place]
    assert asking.conversation(first) == asking.conversation(second)
    assert (_said(asking, second)["decided_by"], _said(asking, second)["outcome"]) == ("latest_conversation", "record")
    assert asking.bell(seller) == ["2 texts from A name"]


def test_what_is_clear_is_decided_where_ambiguous_texts_are_asked_about(asking) -> None:
    seller, customer = asking.seller(), asking.customer()
    contact = asking.record(Table.CONTACT, seller, mobilephone=customer)
    asking.record(Table.LEAD, seller, mobilephone=customer)

    event = _take(asking, asking.number(seller), customer)

    assert (asking.home(event), _said(asking, event)["outcome"]) == (contact, "record")


def test_a_question_that_was_cut_off_is_asked_later_unless_somebody_chose_meanwhile(asking, shared) -> None:
    seller, our, customer, contacts = shared
    event = _take(asking, our, customer)
    for chosen, title in ((None, f"Whose text is this? (from {customer})"), (contacts[0], "Text from A name")):
        asking.update(f"txv_textmessages({_id(asking, event)})", {"txv_notifiedon": None})
        asking.dismiss(seller)
        if chosen:
            _choose(asking, event, chosen)
        asking.clock_shift = CUT_OFF_AFTER + timedelta(seconds=5)

        asking.ingestion().ingest(event)

        assert asking.bell(seller) == [title]


def test_a_conversation_that_waits_is_taken_along_by_the_text_that_finds_its_record(asking, shared) -> None:
    seller, our, customer, contacts = shared
    first = _take(asking, our, customer)
    colleague = asking.seller()
    found = asking.record(Table.CONTACT, colleague, mobilephone=customer)
    for contact in contacts:
        asking.deactivate(contact)

    second = _take(asking, our, customer)

    assert (asking.home(first), asking.home(second)) == (found, found)
    assert asking.conversation(first)["activityid"] == asking.conversation(second)["activityid"]
    assert asking.conversation(second)["txv_unreadcount"] == 2
    assert asking.conversation(second)["_ownerid_value"] == str(colleague.id)
    for reader in (seller, colleague):
        assert _shared_with(asking, first, reader)
        assert _shared_with(asking, second, reader)


def test_a_conversation_that_waits_is_taken_along_to_the_lead_that_a_later_text_makes(world) -> None:
    seller, customer = world.seller(), world.customer()
    our, ingestion = world.number(seller), world.ingestion()
    change_setting(world.client, NEW_LEADS, "no")
    first = _take(world, our, customer, ingestion=ingestion)
    change_setting(world.client, NEW_LEADS, "yes")
    world.clock_shift = LIFETIME

    second = _take(world, our, customer, ingestion=ingestion)

    assert (_said(world, first)["outcome"], _said(world, second)["outcome"]) == ("waits", "lead")
    assert _said(world, first)["waits_because"] == "new leads are turned off"
    assert world.home(first) == world.home(second)
    assert world.home(second).table is Table.LEAD


def test_eight_texts_at_once_take_a_waiting_conversation_along_once(asking, shared) -> None:
    _, our, customer, contacts = shared
    first = _take(asking, our, customer)
    asking.deactivate(contacts[0])
    events = [asking.text(our, customer) for _ in range(8)]

    def patiently(event) -> None:
        for _ in range(20):
            try:
                return asking.ingestion().ingest(event)
            except TransientError:
                continue
        raise AssertionError("never came to an end")

    with ThreadPoolExecutor(8) as workers:
        list(workers.map(patiently, events))

    assert {asking.home(event) for event in (first, *events)} == {contacts[1]}
    assert len({asking.conversation(event)["activityid"] for event in (first, *events)}) == 1
    assert asking.conversation(first)["txv_unreadcount"] == 9


def test_texts_of_two_conversations_are_never_mixed(asking, shared) -> None:
    _, our, customer, contacts = shared
    waiting = _take(asking, our, customer)
    waits = asking.conversation(waiting)["activityid"]
    asking.update(f"txv_textconversations({waits})", {"txv_ourdigits": "1"})  # out of the way for a moment
    moved = _take(asking, our, customer)
    _choose(asking, moved, contacts[0])
    asking.update(f"txv_textconversations({waits})", {"txv_ourdigits": our.digits})

    later = _take(asking, our, customer)

    assert asking.conversation(later)["activityid"] == asking.conversation(moved)["activityid"] != waits
    assert asking.home(waiting) is None


@pytest.fixture
def case(world):
    """A row of a table of the organization's own, on which activities can stand."""
    label = {"LocalizedLabels": [{"Label": "Case", "LanguageCode": 1033}]}
    name = {"@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata", "SchemaName": "new_Name"}
    body = {
        "SchemaName": "new_Case",
        "EntitySetName": "new_cases",
        "DisplayName": label,
        "OwnershipType": "UserOwned",
        "HasActivities": True,
        "Attributes": [{**name, "DisplayName": label, "IsPrimaryName": True, "MaxLength": 100}],
    }
    world.client.send(Request(method="POST", path="EntityDefinitions", body=body))
    row = str(uuid4())
    world.client.send(Request(method="PATCH", path=f"new_cases({row})", body={"new_name": "A case"}))
    yield row
    world.client.send(Request(method="DELETE", path="EntityDefinitions(LogicalName='new_case')"))


def test_a_conversation_that_somebody_put_on_a_row_of_another_table_is_left_there(asking, shared, case) -> None:
    _, our, customer, contacts = shared
    first = _take(asking, our, customer)
    talk = f"txv_textconversations({asking.conversation(first)['activityid']})"
    asking.update(talk, {"regardingobjectid_new_case_txv_textconversation@odata.bind": f"/new_cases({case})"})
    asking.deactivate(contacts[0])

    second = _take(asking, our, customer)

    assert asking.home(second) == contacts[1]
    assert asking.conversation(first)["_regardingobjectid_value"] == case
    assert asking.conversation(second)["activityid"] != asking.conversation(first)["activityid"]
