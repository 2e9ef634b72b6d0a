"""The role *Text Messaging Service* is enough (all tests here run with it) and no more than that: without any one of
its privileges, something that the service is for goes wrong.

What it is for are the scenes below; a new privilege needs one that fails without it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from uuid import UUID

import pytest

from dataverse.schema.components import Privilege
from dataverse.schema.roles.service import SERVICE
from dataverse.store.attachments import Attachments
from dataverse.store.running_settings import NEW_LEADS, NOTIFICATION_TEXT, change_setting
from dataverse.store.tables import owner_path, path, regarding
from dataverse.webapi.literals import quote_literal
from dataverse.webapi.request import Request
from messaging.errors import TextverseError
from messaging.events import ConsentChoice, DeliveryReported, Media, OptOutSeen
from messaging.media import File, Missing, Slot, waiting
from messaging.numbers import read_address
from messaging.records import Principal, Table
from messaging.row_changes import PHONE_NUMBER, TEXT_CONVERSATION
from messaging.status import Status

BOUND = f"roles({SERVICE.id})/Microsoft.Dynamics.CRM."


def _about_a_colleagues_record(world, table: Table) -> None:
    """The conversation is the colleague's, shared with the number's owner; both see the texts."""
    seller, colleague, customer = world.seller(), world.seller(), world.customer()
    record, our = world.record(table, colleague, telephone1=customer), world.number(seller)
    for event in (world.text(our, customer), later := world.text(our, customer)):
        world.ingestion().ingest(event)
    for reader in (seller, colleague):
        assert len(world.rows(f"txv_textmessages?$filter=txv_to eq {quote_literal(our.value)}", reader)) == 2
    assert (world.home(later), world.conversation(later)["txv_unreadcount"]) == (record, 2)
    assert sorted(world.bell(seller)) == ["2 texts from A name", "Text from A name"]


def texts_about_a_colleagues_contact(world) -> None:
    _about_a_colleagues_record(world, Table.CONTACT)


def texts_about_a_colleagues_account(world) -> None:
    _about_a_colleagues_record(world, Table.ACCOUNT)


def texts_about_a_colleagues_lead(world) -> None:
    _about_a_colleagues_record(world, Table.LEAD)


def a_text_to_a_seller_who_reads_swedish(world) -> None:
    seller, customer = world.seller(), world.customer()
    world.speak(seller, 1053)
    world.ingestion().ingest(world.text(world.number(seller), customer))
    assert world.bell(seller) == [f"SMS från {customer}"]


def a_text_to_a_seller_without_the_privileges(world) -> None:
    seller = world.seller(texts=False)
    world.ingestion().ingest(world.text(world.number(seller), world.customer()))
    assert world.bell(seller) == ["You cannot receive text messages yet"]


def a_text_to_a_seller_who_has_left(world) -> None:
    """The administrators hear of it."""
    gone, customer = world.seller(), world.customer()
    our = world.number(gone)
    world.update(f"systemusers({gone.id})", {"isdisabled": True})
    with world.administrator() as administrator:
        world.ingestion().ingest(world.text(our, customer))
        assert world.bell(administrator) == [f"Text from {customer}"]


def a_text_about_an_opportunity(world) -> None:
    seller, customer = world.seller(), world.customer()
    contact = world.record(Table.CONTACT, mobilephone=customer)
    opportunity = world.opportunity(contact, seller)
    event = world.text(world.number(seller), customer)
    world.ingestion().ingest(event)
    assert world.home(event) == opportunity


def two_texts_of_which_the_earlier_one_is_old_news(world) -> None:
    seller, customer = world.seller(), world.customer()
    our = world.number(seller)
    for _ in range(2):
        world.ingestion().ingest(world.text(our, customer))
    world.sweep().run()
    assert world.bell(seller) == [f"2 texts from {customer}"]


def a_text_to_a_teams_number(world) -> None:
    member, customer = world.seller(texts=False), world.customer()
    team = world.team(member)
    event = world.text(world.number(team), customer)
    world.ingestion().ingest(event)
    assert world.conversation(event)["_ownerid_value"] == str(team.id)
    assert world.bell(member) == [f"Text from {customer}"]


def a_text_from_nobody_known(world) -> None:
    seller, customer = world.seller(), world.customer()
    event = world.text(world.number(seller), customer)
    world.ingestion().ingest(event)
    (lead,) = world.rows(f"leads?$filter=mobilephone eq {quote_literal(customer)}", seller)
    assert lead["_ownerid_value"] == str(seller.id)


def the_same_text_twice(world) -> None:
    seller, customer = world.seller(), world.customer()
    event = world.text(world.number(seller), customer)
    for _ in range(2):
        world.ingestion().ingest(event)
    assert (world.conversation(event)["txv_unreadcount"], len(world.bell(seller))) == (1, 1)


def a_delivery_report(world) -> None:
    sent, message_id = world.sent("twilio-demo", f"SM{world.customer()}"), f"SM{world.customers[-1]}"
    report = DeliveryReported(
        account="twilio-demo",
        provider="twilio",
        message_id=message_id,
        reference=None,
        status=Status.DELIVERED,
        native_status="delivered",
        received_at=world.now(),
    )
    world.tracking().track(report, 0)
    (row,) = world.rows(f"txv_textmessages?$select=txv_status&$filter=txv_textmessageid eq {sent}")
    assert row["txv_status"] == 471_100_005


def a_consent_that_is_changed(world) -> None:
    """With the text that shows it."""
    seller, customer = world.seller(), world.customer()
    for choice in (ConsentChoice.OPTED_OUT, ConsentChoice.OPTED_IN):
        event = world.text(world.number(seller), customer)
        world.ingestion().ingest(event)
        seen = OptOutSeen(
            account=event.account,
            provider=event.provider,
            message_id=event.message_id,
            customer=read_address(customer),
            choice=choice,
            received_at=world.now(),
        )
        world.consenting().note(seen, 0)
        (row,) = world.rows(f"txv_consents?$filter=txv_digits eq '{customer[1:]}'")
        assert row["_txv_evidenceid_value"] == world.message(event)["txv_textmessageid"]


def a_picture_that_comes_at_the_second_attempt(world) -> None:
    """There is a sentence in its place until then."""
    seller = world.seller()
    event = world.text(world.number(seller), world.customer(), media=(Media("https://api.twilio.com/1", "image/png"),))
    world.ingestion().ingest(event)
    slot, notes = Slot.of(*waiting(event)), Attachments(world.service)
    notes.say(slot, Missing.NOT_YET, notes.find(slot))
    notes.store(slot, File(content_type="image/png", content=b"PNG"), notes.find(slot))
    (note,) = world.rows(f"annotations?$select=isdocument&$filter=annotationid eq {slot.id}")
    assert note["isdocument"] is True


def a_setting_that_was_changed(world) -> None:
    """Notifications no longer say what a text says."""
    world.define_settings()
    change_setting(world.client, NOTIFICATION_TEXT, "no")
    seller = world.seller()
    try:
        world.ingestion().ingest(world.text(world.number(seller), world.customer(), "Meet me at nine"))
        (entry,) = world.rows(f"appnotifications?$select=body&$filter=_ownerid_value eq {seller.id}")
        assert "Meet" not in str(entry["body"])
    finally:
        world.define_settings()


def a_text_that_takes_a_waiting_conversation_along(world) -> None:
    """To the record of a colleague, whose it is from then on."""
    world.define_settings()
    seller, colleague, customer = world.seller(), world.seller(), world.customer()
    our = world.number(seller)
    try:
        change_setting(world.client, NEW_LEADS, "no")
        world.ingestion().ingest(first := world.text(our, customer))
        contact = world.record(Table.CONTACT, colleague, mobilephone=customer)
        world.ingestion().ingest(world.text(our, customer))
        assert (world.home(first), world.conversation(first)["_ownerid_value"]) == (contact, str(colleague.id))
    finally:
        world.define_settings()


def a_record_whose_number_was_changed(world) -> None:
    """It is entered into the phone index, and no longer under its old number."""
    contact = world.record(Table.CONTACT, mobilephone=world.customer())
    index = f"txv_phonekeys?$select=txv_digits&$filter=_txv_contactid_value eq {contact.id}"
    for number in (contact, world.customer(), world.customer()):
        if isinstance(number, str):
            world.change(contact, mobilephone=number)
        world.follow(contact)
    (entry,) = world.rows(index)
    assert entry["txv_digits"] == world.customers[-1][1:]


def a_conversation_that_is_moved_to_a_colleagues_record(world) -> None:
    """It is given to the colleague, and its texts with it."""
    seller, colleague, customer = world.seller(), world.seller(), world.customer()
    world.record(Table.CONTACT, seller, mobilephone=customer)
    event, elsewhere = world.text(world.number(seller), customer), world.record(Table.CONTACT, colleague)
    world.ingestion().ingest(event)
    talk = world.conversation(event)["activityid"]
    world.update(f"txv_textconversations({talk})", {f"{regarding(elsewhere.table)}@odata.bind": f"/{path(elsewhere)}"})
    world.hint(TEXT_CONVERSATION, UUID(str(talk)))
    for reader in (seller, colleague):
        assert len(world.rows(f"txv_textmessages?$filter=_txv_conversationid_value eq {talk}", reader)) == 1
    assert world.conversation(event)["_ownerid_value"] == str(colleague.id)


def a_number_that_is_given_away_after_its_owner_wrote_a_text(world) -> None:
    """Whoever wrote it reads it no longer."""
    seller, colleague, customer = world.seller(), world.seller(), world.customer()
    world.record(Table.CONTACT, colleague, mobilephone=customer)
    event = world.text(world.number(seller), customer)
    world.ingestion().ingest(event)
    row = world.conversation(event)
    text = world.sent()
    bound = {"txv_conversationid@odata.bind": f"/txv_textconversations({row['activityid']})"}
    world.update(f"txv_textmessages({text})", {**bound, **_owned_by(seller)})
    world.update(f"txv_phonenumbers({row['_txv_phonenumberid_value']})", _owned_by(world.seller()))
    world.hint(PHONE_NUMBER, UUID(str(row["_txv_phonenumberid_value"])))
    (row,) = world.rows(f"txv_textmessages?$filter=txv_textmessageid eq {text}", colleague)
    assert row["_ownerid_value"] == str(colleague.id)


def _owned_by(owner: Principal) -> dict[str, object]:
    return {"ownerid@odata.bind": f"/{owner_path(owner)}"}


def a_night_after_which_a_text_finds_its_record(world) -> None:
    world.define_index_state()
    try:
        customer, seller = world.customer(), world.seller()
        contact = world.record(Table.CONTACT, seller, telephone1="-".join(customer))
        world.repair()
        event = world.text(world.number(seller), customer)
        world.ingestion().ingest(event)
        assert world.home(event) == contact
    finally:
        world.forget_index_state()


# Each with the words of privileges that it is there for: those are looked at first.
SCENES: dict[Callable[..., None], str] = {
    texts_about_a_colleagues_contact: "Contact Activity PhoneNumber",
    texts_about_a_colleagues_account: "Account",
    texts_about_a_colleagues_lead: "Lead",
    a_text_about_an_opportunity: "Opportunity",
    a_text_from_nobody_known: "CreateLead",
    a_text_to_a_teams_number: "Team",
    two_texts_of_which_the_earlier_one_is_old_news: "AppNotification",
    a_text_to_a_seller_who_has_left: "Role",
    a_text_to_a_seller_without_the_privileges: "Writetxv_phonenumber",
    a_text_to_a_seller_who_reads_swedish: "UserSettings",
    the_same_text_twice: "Readtxv_textmessage",
    a_delivery_report: "Writetxv_textmessage",
    a_consent_that_is_changed: "Consent AppendTotxv_textmessage",
    a_text_that_takes_a_waiting_conversation_along: "Assign",
    a_picture_that_comes_at_the_second_attempt: "Note",
    a_setting_that_was_changed: "ReadEnvironmentVariable",
    a_record_whose_number_was_changed: "phonekey",
    a_conversation_that_is_moved_to_a_colleagues_record: "AssignActivity",
    a_number_that_is_given_away_after_its_owner_wrote_a_text: "Assigntxv_textmessage",
    a_night_after_which_a_text_finds_its_record: "WriteEnvironmentVariable",
}


@contextmanager
def _without(world, privilege: Privilege):
    (row,) = world.rows(f"privileges?$select=privilegeid&$filter=name eq '{privilege.name}'")
    given = {"PrivilegeId": row["privilegeid"], "Depth": privilege.depth}
    world.client.send(
        Request(method="POST", path=f"{BOUND}RemovePrivilegeRole", body={"PrivilegeId": row["privilegeid"]})
    )
    try:
        yield
    finally:
        world.client.send(Request(method="POST", path=f"{BOUND}AddPrivilegesRole", body={"Privileges": [given]}))


def _goes_wrong(world, scene: Callable[..., None]) -> bool:
    try:
        scene(world)
    except (TextverseError, AssertionError, ValueError):
        return True
    return False


def _is_for(words: str, privilege: Privilege) -> bool:
    return any(word.lower() in privilege.name.lower() for word in words.split())


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_the_role_is_enough_for(world, scene: Callable[..., None]) -> None:
    scene(world)


@pytest.mark.parametrize("privilege", SERVICE.privileges, ids=lambda privilege: privilege.name)
def test_without_one_privilege_something_goes_wrong(world, privilege: Privilege) -> None:
    likely = sorted(SCENES, key=lambda scene: not _is_for(SCENES[scene], privilege))
    with _without(world, privilege):
        failing = next((scene.__name__ for scene in likely if _goes_wrong(world, scene)), None)

    assert failing, f"{privilege.name} is not needed: '{privilege.why}' goes well without it"
