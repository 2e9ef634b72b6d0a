"""Whoever sees a text sees what came with it, and nobody else does: asked as sellers with the roles of the schema."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dataverse.schema.roles.administrator import ADMINISTRATOR
from dataverse.store.attachments import Attachments
from dataverse.store.tables import owner_path, path
from dataverse.webapi.request import Request
from messaging import ids
from messaging.errors import NotFound, PrivilegeMissing
from messaging.events import MessageReceived
from messaging.media import File, Missing, Slot
from messaging.records import Principal, Record, Table


@pytest.fixture
def comes_with_a_picture(world, arrives) -> Callable[..., MessageReceived]:
    """A text with a picture, and one that could not be fetched."""

    def text(our, customer: str) -> MessageReceived:
        event, notes = arrives(our, customer), Attachments(world.service)
        notes.store(_slot(event, 0), File(content_type="image/png", content=b"PNG"), None)
        notes.say(_slot(event, 1), Missing.NOT_YET, None)
        return event

    return text


@pytest.fixture
def sees(acting) -> Callable[[Principal, MessageReceived], bool]:
    """Whether a user sees the text with both: by their ids, in a list, with the text. All must agree."""

    def look(user: Principal, event: MessageReceived) -> bool:
        client, slots = acting(user), (_slot(event, 0), _slot(event, 1))
        text = slots[0].message_id
        expanded = f"txv_textmessages({text})?$expand=txv_textmessage_Annotations($select=annotationid,documentbody)"
        found = [
            *(_found(client, f"annotations({slot.id})?$select=documentbody,notetext") for slot in slots),
            len(list(client.rows(f"annotations?$filter=_objectid_value%20eq%20{text}"))) == 2,
            _found(client, f"txv_textmessages({text})?$select=txv_body"),
            _found(client, expanded),
        ]
        assert len(set(found)) == 1, f"the ways to look at it disagree: {found}"
        return found[0]

    return look


def _slot(event: MessageReceived, position: int) -> Slot:
    account, message = event.account, event.message_id
    return Slot(ids.attachment_id(account, message, position), ids.message_id(account, message), position)


def _found(client, target: str) -> bool:
    try:
        client.send(Request(method="GET", path=target, repeatable=True))
    except (NotFound, PrivilegeMissing):
        return False
    return True


def _contact(world, owner: Principal, customer: str) -> Record:
    return world.record(Table.CONTACT, owner, mobilephone=customer)


def test_the_owners_of_number_and_record_see_an_attachment_and_no_colleague(
    world, seller, comes_with_a_picture, sees
) -> None:
    on_number, on_record, colleague, customer = seller(), seller(), seller(), world.customer()
    _contact(world, on_record, customer)
    _contact(world, colleague, world.customer())
    world.number(colleague)

    event = comes_with_a_picture(world.number(on_number), customer)

    assert [sees(user, event) for user in (on_number, on_record, colleague)] == [True, True, False]


def test_the_members_of_the_teams_that_own_number_and_record_see_an_attachment(
    world, seller, team, comes_with_a_picture, sees
) -> None:
    on_number, on_record, colleague, customer = seller(), seller(), seller(), world.customer()
    _contact(world, team(on_record), customer)
    team(colleague)

    event = comes_with_a_picture(world.number(team(on_number)), customer)

    assert [sees(user, event) for user in (on_number, on_record, colleague)] == [True, True, False]


def test_an_attachment_goes_along_when_the_record_gets_another_owner(world, seller, comes_with_a_picture, sees) -> None:
    before, after, customer = seller(), seller(), world.customer()
    contact = _contact(world, before, customer)
    event = comes_with_a_picture(world.number(seller()), customer)

    world.update(path(contact), {"ownerid@odata.bind": f"/{owner_path(after)}"})

    assert [sees(user, event) for user in (before, after)] == [False, True]


def test_an_attachment_that_comes_after_its_text_was_given_away_follows_it(world, seller, arrives, sees) -> None:
    before, after, customer = seller(), seller(), world.customer()
    contact = _contact(world, before, customer)
    event, notes = arrives(world.number(seller()), customer), Attachments(world.service)
    world.update(path(contact), {"ownerid@odata.bind": f"/{owner_path(after)}"})

    for position in (0, 1):
        notes.store(_slot(event, position), File(content_type="image/png", content=b"PNG"), None)

    assert [sees(user, event) for user in (before, after)] == [False, True]


def test_a_seller_gives_a_conversation_with_attachments_to_another(
    world, me, mine, colleague, comes_with_a_picture, sees
) -> None:
    customer = world.customer()
    _contact(world, me, customer)
    event = comes_with_a_picture(world.number(me), customer)
    talk = world.conversation(event)["activityid"]

    owner = {"ownerid@odata.bind": f"/{owner_path(colleague)}"}
    mine.send(Request(method="PATCH", path=f"txv_textconversations({talk})", body=owner, repeatable=True))

    assert sees(colleague, event)


def test_the_role_for_texts_alone_changes_no_attachment(world, holding, texting, acting, comes_with_a_picture) -> None:
    me = holding(texting)
    event = comes_with_a_picture(world.number(me), world.customer())
    target = f"annotations({_slot(event, 0).id})"

    for change in (
        Request(method="PATCH", path=target, body={"notetext": "Never mind"}, repeatable=True),
        Request(method="DELETE", path=target, repeatable=True),
    ):
        with pytest.raises(PrivilegeMissing):
            acting(me).send(change)


def test_an_administrator_of_texts_sees_and_erases_an_attachment_with_its_text(
    world, holding, acting, seller, comes_with_a_picture, sees
) -> None:
    administrator = holding(ADMINISTRATOR.id)
    event = comes_with_a_picture(world.number(seller()), world.customer())
    assert sees(administrator, event)

    target = f"txv_textmessages({_slot(event, 0).message_id})"
    acting(administrator).send(Request(method="DELETE", path=target, repeatable=True))

    for position in (0, 1):
        assert not world.rows(f"annotations?$filter=annotationid eq {_slot(event, position).id}")
