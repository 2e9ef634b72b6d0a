"""Who owns, sees and hears of a text: asked of Dataverse as those users."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from dataverse.store.tables import owner_path
from messaging.records import Table
from tests.stores.organization import SELLING, TEXTING

CANNOT = "You cannot receive text messages yet"


def _sees(world, seller, event) -> bool:
    message = world.message(event)["txv_textmessageid"]
    return bool(world.rows(f"txv_textmessages?$filter=txv_textmessageid eq {message}", seller))


def test_a_text_is_seen_by_the_owners_of_its_number_and_its_record_and_by_nobody_else(world) -> None:
    seller, colleague, stranger, customer = world.seller(), world.seller(), world.seller(), world.customer()
    world.record(Table.CONTACT, colleague, mobilephone=customer)
    event = world.text(world.number(seller), customer)

    world.ingestion().ingest(event)
    later = world.text(event.recipient, customer)
    world.ingestion().ingest(later)

    assert world.conversation(event)["_ownerid_value"] == str(colleague.id)
    for text in (event, later):
        assert (_sees(world, seller, text), _sees(world, colleague, text), _sees(world, stranger, text)) == (
            True,
            True,
            False,
        )


def test_a_text_to_a_teams_number_is_seen_by_its_members(world) -> None:
    member, other, stranger, customer = world.seller(), world.seller(), world.seller(), world.customer()
    event = world.text(world.number(world.team(member, other)), customer)

    world.ingestion().ingest(event)

    assert (_sees(world, member, event), _sees(world, other, event), _sees(world, stranger, event)) == (
        True,
        True,
        False,
    )
    assert (world.bell(member), world.bell(other)) == ([f"Text from {customer}"], [f"Text from {customer}"])


def test_on_a_teams_number_the_member_who_owns_the_record_is_told_alone(world) -> None:
    member, other, customer = world.seller(), world.seller(), world.customer()
    world.record(Table.CONTACT, member, mobilephone=customer)

    world.ingestion().ingest(world.text(world.number(world.team(member, other)), customer))

    assert (world.bell(member), world.bell(other)) == (["Text from A name"], [])


def test_a_seller_without_the_privileges_is_told_so_and_the_text_is_stored(world) -> None:
    seller, customer = world.seller(texts=False), world.customer()
    event = world.text(world.number(seller), customer, "A secret")

    world.ingestion().ingest(event)

    assert world.bell(seller) == [CANNOT]
    assert world.message(event)["txv_body"] == "A secret"
    (entry,) = world.rows(f"appnotifications?$filter=_ownerid_value eq {seller.id}")
    assert "secret" not in str(entry)


def test_a_seller_without_the_privileges_is_told_once_a_day_however_many_texts_come(world) -> None:
    seller = world.seller(texts=False)
    our = world.number(seller)
    world.ingestion().ingest(world.text(our, world.customer()))
    world.dismiss(seller)

    events = [world.text(our, world.customer()) for _ in range(3)]
    for event in events:
        world.ingestion().ingest(event)

    assert world.bell(seller) == [], "it was dismissed, and says nothing new"
    assert [world.message(event)["txv_body"] for event in events] == ["Hello"] * 3
    assert None not in [world.message(event)["txv_notifiedon"] for event in events]

    world.clock_shift = timedelta(days=1)
    for _ in range(2):
        world.ingestion().ingest(world.text(our, world.customer()))
    assert world.bell(seller) == [CANNOT]


def test_members_of_a_team_without_the_privileges_are_each_told_once_a_day(world) -> None:
    member, later = world.seller(texts=False), world.seller(texts=False)
    team = world.team(member, texts=False)
    our = world.number(team)
    world.ingestion().ingest(world.text(our, world.customer()))
    world.link(f"{owner_path(team)}/teammembership_association", owner_path(later))
    world.dismiss(member)

    for _ in range(2):
        world.ingestion().ingest(world.text(our, world.customer()))

    assert (world.bell(member), world.bell(later)) == ([], [CANNOT])


def test_what_was_noted_by_hand_with_a_number_stops_no_text(world) -> None:
    seller = world.seller(texts=False)
    our = world.number(seller)
    (number,) = world.rows(f"txv_phonenumbers?$filter=txv_digits eq '{our.digits}'")
    world.update(f"txv_phonenumbers({number['txv_phonenumberid']})", {"txv_notices": '["what"]'})

    world.ingestion().ingest(world.text(our, world.customer()))

    assert world.bell(seller) == [CANNOT]


def test_the_record_of_a_seller_without_the_privileges_leaves_the_text_with_the_numbers_owner(world) -> None:
    seller, colleague, customer = world.seller(), world.seller(texts=False), world.customer()
    contact = world.record(Table.CONTACT, colleague, mobilephone=customer)
    event = world.text(world.number(seller), customer)

    world.ingestion().ingest(event)

    assert world.home(event) == contact
    assert world.conversation(event)["_ownerid_value"] == str(seller.id)
    assert world.bell(seller) == ["Text from A name"]


def test_a_role_that_was_taken_away_meanwhile_does_not_lose_the_text(world) -> None:
    seller, customer = world.seller(), world.customer()
    our, ingestion = world.number(seller), world.ingestion()
    ingestion.ingest(world.text(our, world.customer()))  # remembers that the seller may
    world.take_role(seller, TEXTING)
    event = world.text(our, customer)

    ingestion.ingest(event)

    assert world.message(event)["_ownerid_value"] != str(seller.id)
    assert max(world.bell(seller)) == CANNOT


def _told(world, event) -> dict[str, object]:
    return json.loads(str(world.message(event)["txv_routing"]))["told"]


def test_a_seller_without_a_licence_is_passed_over_and_it_is_said_why(world) -> None:
    gone, colleague, customer = world.seller(islicensed=False), world.seller(), world.customer()
    world.record(Table.CONTACT, colleague, mobilephone=customer)
    event = world.text(world.number(gone), customer)

    world.ingestion().ingest(event)

    assert (world.bell(gone), world.bell(colleague)) == ([], ["Text from A name"])
    assert _told(world, event) == {"line": "record", "passed_over": [{"id": str(gone.id), "because": "no licence"}]}


def test_next_in_line_are_the_members_of_the_team_that_owns_the_record(world) -> None:
    gone, member, other, customer = world.seller(), world.seller(), world.seller(), world.customer()
    world.record(Table.CONTACT, world.team(member, other, gone), mobilephone=customer)
    our = world.number(gone)
    world.speak(member, 1036)
    world.update(f"systemusers({gone.id})", {"isdisabled": True})
    event = world.text(our, customer)

    world.ingestion().ingest(event)

    assert [world.bell(each) for each in (gone, member, other)] == [[], ["SMS de A name"], ["Text from A name"]]
    assert [_sees(world, each, event) for each in (member, other)] == [True, True]
    assert _told(world, event)["line"] == "record"


def test_where_nobody_else_can_be_told_the_administrators_are_and_can_read_it(world) -> None:
    gone, customer = world.seller(), world.customer()
    our = world.number(gone)
    world.update(f"systemusers({gone.id})", {"isdisabled": True})
    event = world.text(our, customer)

    with world.administrator() as administrator:
        world.ingestion().ingest(event)

        assert world.bell(administrator) == [f"Text from {customer}"]
        assert _sees(world, administrator, event)
    told = _told(world, event)  # administrators of other tests, without a licence, may have been passed over too
    assert told["line"] == "administrators"
    assert {"id": str(gone.id), "because": "disabled"} in told["passed_over"]


def test_where_there_is_nobody_at_all_the_text_is_stored_and_says_so(world) -> None:
    gone = world.seller()
    our = world.number(gone)
    world.update(f"systemusers({gone.id})", {"isdisabled": True})
    event = world.text(our, world.customer())

    world.ingestion().ingest(event)

    assert _told(world, event)["line"] is None
    assert world.message(event)["txv_notifiedon"] is not None


def test_who_is_told_in_the_ordinary_case_is_said_too(world) -> None:
    event = world.text(world.number(world.seller()), world.customer())

    world.ingestion().ingest(event)

    assert _told(world, event) == {"line": "number", "passed_over": []}


@pytest.mark.parametrize("owner", ["seller", "team"])
def test_who_is_disabled_is_passed_over(world, owner: str) -> None:
    gone, colleague, customer = world.seller(), world.seller(), world.customer()
    contact = world.record(Table.CONTACT, colleague, mobilephone=customer)
    our = world.number(gone if owner == "seller" else world.team(gone))
    world.update(f"systemusers({gone.id})", {"isdisabled": True})
    event = world.text(our, customer)

    world.ingestion().ingest(event)

    assert world.home(event) == contact
    assert (world.bell(gone), world.bell(colleague)) == ([], ["Text from A name"])


def test_whoever_the_number_is_given_to_sees_the_texts_from_then_on(world) -> None:
    before, after, customer = world.seller(), world.seller(), world.customer()
    our, ingestion = world.number(before), world.ingestion()
    ingestion.ingest(world.text(our, customer))
    (number,) = world.rows(f"txv_phonenumbers?$filter=txv_digits eq '{our.digits}'")
    world.update(f"txv_phonenumbers({number['txv_phonenumberid']})", {"ownerid@odata.bind": f"/{owner_path(after)}"})
    event = world.text(our, customer)

    ingestion.ingest(event)

    assert (_sees(world, after, event), world.bell(after)) == (True, [f"2 texts from {customer}"])


def test_who_is_given_the_role_sees_the_next_text_at_once(world) -> None:
    seller, customer = world.seller(texts=False), world.customer()
    our, ingestion = world.number(seller), world.ingestion()
    ingestion.ingest(world.text(our, customer))
    world.give_role(seller, TEXTING)
    event = world.text(our, customer)

    ingestion.ingest(event)

    assert (_sees(world, seller, event), max(world.bell(seller))) == (True, CANNOT)
    talk = world.conversation(event)["activityid"]
    assert world.rows(f"txv_textconversations?$filter=activityid eq {talk}", seller)


def test_a_new_lead_belongs_to_the_numbers_owner_whether_or_not_he_may_read_texts(world) -> None:
    seller = world.seller(texts=False)
    event = world.text(world.number(seller), world.customer())

    world.ingestion().ingest(event)

    (lead,) = world.rows(f"leads?$filter=leadid eq {world.home(event).id}", seller)
    assert lead["_owninguser_value"] == str(seller.id)
    assert world.message(event)["_ownerid_value"] != str(seller.id)


def test_a_new_lead_that_the_numbers_owner_may_not_have_is_kept_by_the_service(world) -> None:
    seller = world.seller()
    event = world.text(world.number(seller), world.customer())
    world.take_role(seller, SELLING)

    world.ingestion().ingest(event)

    (lead,) = world.rows(f"leads?$filter=leadid eq {world.home(event).id}")
    assert lead["_owninguser_value"] not in (None, str(seller.id))
