"""All that the conversation pane needs, as a seller through the Web API, who holds *Text Messaging User* and no other
role."""

from __future__ import annotations

from uuid import uuid4

import pytest

from dataverse.store.choices import DIRECTIONS, STATUSES, Direction
from dataverse.store.queries import get
from dataverse.store.tables import RECORD_TABLES, owner_path, path, regarding
from dataverse.webapi.request import ChangeSet, Request
from messaging.errors import PrivilegeMissing
from messaging.records import PrincipalKind, Table
from messaging.status import Status


@pytest.fixture
def roles(texting):
    return (texting,)


def _rows(client, query: str):
    return list(client.rows(get(query).path))


def _change(client, target: str, body, etag: str = "*") -> None:
    client.send(Request(method="PATCH", path=target, headers={"If-Match": etag}, body=body, repeatable=True))


def _make(client, target: str, body) -> None:
    client.send(Request(method="PATCH", path=target, headers={"If-None-Match": "*"}, body=body, repeatable=True))


def _send(client, change: ChangeSet) -> None:
    answer = client.batch([change])
    for part in answer.parts:
        answer.raise_for(part)


def test_a_seller_lists_the_numbers_that_are_theirs_or_their_teams(world, me, mine, colleague, team) -> None:
    own, ours, theirs = world.number(me), world.number(team(me)), world.number(colleague)
    world.number(team(colleague))

    found = {row["txv_digits"] for row in _rows(mine, "txv_phonenumbers?$select=txv_digits,txv_name")}

    assert found == {own.digits, ours.digits}
    assert theirs.digits not in found


def test_a_seller_reads_conversations_and_texts_and_why_they_are_there(world, me, mine, colleague, arrives) -> None:
    customer = world.customer()
    contact = world.record(Table.CONTACT, me, mobilephone=customer)
    event = arrives(world.number(colleague), customer)

    (talk,) = _rows(mine, f"txv_textconversations?$filter=_regardingobjectid_value eq {contact.id}")
    texts = _rows(
        mine, f"txv_textmessages?$filter=_txv_conversationid_value eq {talk['activityid']}&$orderby=createdon"
    )

    assert (talk["txv_customer"], talk["txv_unreadcount"]) == (customer, 2)
    assert {row["txv_body"] for row in texts} == {"Hello", event.body}
    assert "candidates" in str(texts[0]["txv_routing"])


def test_a_seller_marks_a_conversation_as_read_on_the_own_number_and_on_the_own_record(
    world, me, mine, colleague, arrives
) -> None:
    for number, owner in ((me, colleague), (colleague, me)):
        customer = world.customer()
        world.record(Table.CONTACT, owner, mobilephone=customer)
        event = arrives(world.number(number), customer)
        talk = world.conversation(event)["activityid"]
        (row,) = _rows(mine, f"txv_textconversations?$select=txv_unreadcount&$filter=activityid eq {talk}")

        _change(mine, f"txv_textconversations({talk})", {"txv_unreadcount": 0}, str(row["@odata.etag"]))

        assert world.conversation(event)["txv_unreadcount"] == 0


@pytest.mark.parametrize("table", [Table.CONTACT, Table.ACCOUNT, Table.LEAD, Table.OPPORTUNITY])
def test_a_seller_begins_a_conversation_on_a_record_of_theirs_from_their_number(
    world, me, mine, first_text, table: Table
) -> None:
    our, customer, record = world.number(me), world.customer(), world.record(table, me)
    talk, text, change = first_text(our, customer, record)

    _send(mine, change)

    (row,) = _rows(mine, f"txv_textmessages?$filter=txv_textmessageid eq {text}")
    assert (row["_ownerid_value"], row["txv_status"]) == (str(me.id), STATUSES[Status.QUEUED])
    (row,) = _rows(mine, f"txv_textconversations?$filter=_regardingobjectid_value eq {record.id}")
    assert row["activityid"] == talk


def test_a_conversation_from_the_teams_number_is_shared_with_the_team(
    world, me, mine, seller, team, acting, first_text
) -> None:
    mate = seller()
    ours, customer = team(me, mate), world.customer()
    our, record = world.number(ours), world.record(Table.CONTACT, me)
    talk, text, change = first_text(our, customer, record)

    _send(mine, change)
    _grant(mine, talk, ours)

    assert _rows(acting(mate), f"txv_textmessages?$filter=txv_textmessageid eq {text}")
    assert _rows(acting(mate), f"txv_textconversations?$filter=activityid eq {talk}")


def test_a_seller_answers_in_a_conversation_that_is_shared_with_them(world, me, mine, colleague, arrives) -> None:
    customer = world.customer()
    world.record(Table.CONTACT, colleague, mobilephone=customer)
    our = world.number(me)
    talk = world.conversation(arrives(our, customer))["activityid"]
    text = uuid4()
    body = {
        "txv_name": "Answer",
        "txv_direction": DIRECTIONS[Direction.OUTGOING],
        "txv_status": STATUSES[Status.QUEUED],
        "txv_body": "Yes",
        "txv_from": our.value,
        "txv_to": customer,
        "txv_conversationid@odata.bind": f"/txv_textconversations({talk})",
        "txv_sentbyid@odata.bind": f"/systemusers({me.id})",
    }

    _make(mine, f"txv_textmessages({text})", body)

    assert world.rows(f"txv_textmessages?$filter=txv_textmessageid eq {text}", colleague)
    _change(mine, f"txv_textmessages({text})", {"txv_status": STATUSES[Status.SCHEDULED]})  # not yet, then


def test_a_seller_keeps_templates_and_reads_those_that_are_shared(world, me, mine, acting, colleague) -> None:
    own, theirs = uuid4(), uuid4()
    _make(mine, f"txv_texttemplates({own})", {"txv_title": "Hello", "txv_text": "Hello {{ContactFirstName}}"})
    _change(mine, f"txv_texttemplates({own})", {"txv_text": "Hi {{ContactFirstName}}"})
    _make(acting(colleague), f"txv_texttemplates({theirs})", {"txv_title": "Bye", "txv_shared": True})

    found = {row["txv_texttemplateid"] for row in _rows(mine, "txv_texttemplates?$filter=txv_shared eq true")}

    assert str(theirs) in found
    with pytest.raises(PrivilegeMissing):
        _change(mine, f"txv_texttemplates({theirs})", {"txv_title": "Mine now"})
    mine.send(Request(method="DELETE", path=f"txv_texttemplates({own})"))
    with pytest.raises(PrivilegeMissing):
        mine.send(Request(method="DELETE", path=f"txv_texttemplates({theirs})"))


def test_a_seller_moves_a_conversation_to_another_record_of_theirs(world, me, mine, colleague, arrives) -> None:
    customer = world.customer()
    world.record(Table.CONTACT, me, mobilephone=customer)
    event = arrives(world.number(colleague), customer)
    talk = world.conversation(event)["activityid"]
    for table in (Table.ACCOUNT, Table.LEAD, Table.OPPORTUNITY, Table.CONTACT):
        record = world.record(table, me)

        _change(mine, f"txv_textconversations({talk})", {f"{regarding(table)}@odata.bind": f"/{path(record)}"})

        assert world.home(event) == record


def test_a_seller_gives_a_conversation_of_theirs_to_whoever_owns_the_record_now(
    world, me, mine, colleague, arrives
) -> None:
    customer = world.customer()
    contact = world.record(Table.CONTACT, me, mobilephone=customer)
    talk = world.conversation(arrives(world.number(me), customer))["activityid"]
    world.update(path(contact), {"ownerid@odata.bind": f"/{owner_path(colleague)}"})  # and its conversations with it
    world.update(f"txv_textconversations({talk})", {"ownerid@odata.bind": f"/{owner_path(me)}"})

    _change(mine, f"txv_textconversations({talk})", {"ownerid@odata.bind": f"/{owner_path(colleague)}"})

    assert world.rows(f"txv_textmessages?$filter=_txv_conversationid_value eq {talk}", colleague)


def test_a_seller_hears_the_bell_and_nobody_elses(world, me, mine, colleague, arrives) -> None:
    arrives(world.number(me), world.customer())
    arrives(world.number(colleague), world.customer())

    rung = _rows(mine, "appnotifications?$select=title,_ownerid_value")

    assert len(rung) == 2
    assert {row["_ownerid_value"] for row in rung} == {str(me.id)}


@pytest.mark.parametrize("table", list(Table))
def test_a_seller_reads_the_names_of_own_records_and_no_others(world, me, mine, colleague, table: Table) -> None:
    known, own, other = RECORD_TABLES[table], world.record(table, me), world.record(table, colleague)

    found = {row[known.id]: row[known.name] for row in _rows(mine, f"{known.set_name}?$select={known.id},{known.name}")}

    assert found == {str(own.id): "A name"}
    assert str(other.id) not in found


def test_a_seller_reads_the_own_name_and_who_wrote(mine, me, colleague) -> None:
    for user in (me, colleague):
        assert _rows(mine, f"systemusers?$select=firstname,fullname&$filter=systemuserid eq {user.id}")


def test_a_seller_reads_the_settings_and_what_a_provider_can_do(world, me, mine) -> None:
    world.define_settings()
    world.create(
        f"txv_smsproviders({uuid4()})", {"txv_name": "Main", "txv_callbackid": str(uuid4()), "txv_media": True}
    )

    assert _rows(mine, "environmentvariabledefinitions?$select=schemaname,defaultvalue")
    assert _rows(mine, "txv_smsproviders?$select=txv_media,txv_deliveryreports")


def _grant(client, talk: str, principal) -> None:
    key = "systemuserid" if principal.kind is PrincipalKind.USER else "teamid"
    body = {
        "Target": {"activityid": talk, "@odata.type": "Microsoft.Dynamics.CRM.txv_textconversation"},
        "PrincipalAccess": {
            "AccessMask": "ReadAccess,WriteAccess,AppendAccess,AppendToAccess",
            "Principal": {key: str(principal.id), "@odata.type": f"Microsoft.Dynamics.CRM.{principal.kind.value}"},
        },
    }
    client.send(Request(method="POST", path="GrantAccess", body=body, repeatable=True))
