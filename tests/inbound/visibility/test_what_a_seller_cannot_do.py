"""What a seller cannot do, who holds *Salesperson* and *Text Messaging User*."""

from __future__ import annotations

from uuid import uuid4

import pytest

from dataverse.store.queries import get
from dataverse.webapi.request import Request
from messaging.errors import PrivilegeMissing
from messaging.records import Table


@pytest.fixture
def roles(selling, texting):
    return (selling, texting)


def _write(client, target: str, body) -> None:
    client.send(Request(method="PATCH", path=target, body=body, repeatable=True))


def _send(client, change) -> None:
    answer = client.batch([change])
    for part in answer.parts:
        answer.raise_for(part)


def test_a_seller_cannot_text_from_the_number_of_a_colleague(world, me, mine, colleague, first_text) -> None:
    _, _, change = first_text(world.number(colleague), world.customer(), world.record(Table.CONTACT, me))

    with pytest.raises(PrivilegeMissing):
        _send(mine, change)


def test_a_seller_cannot_put_a_conversation_on_the_record_of_a_colleague(
    world, me, mine, colleague, first_text
) -> None:
    _, _, change = first_text(world.number(me), world.customer(), world.record(Table.LEAD, colleague))

    with pytest.raises(PrivilegeMissing):
        _send(mine, change)


def test_a_seller_cannot_put_texts_into_the_conversation_of_colleagues(world, mine, colleague, arrives) -> None:
    talk = world.conversation(arrives(world.number(colleague), world.customer()))["activityid"]
    body = {"txv_name": "Mine", "txv_conversationid@odata.bind": f"/txv_textconversations({talk})"}

    with pytest.raises(PrivilegeMissing):
        _write(mine, f"txv_textmessages({uuid4()})", body)


def test_a_seller_cannot_delete_texts(world, me, mine, arrives) -> None:
    text = world.message(arrives(world.number(me), world.customer()))["txv_textmessageid"]

    with pytest.raises(PrivilegeMissing):
        mine.send(Request(method="DELETE", path=f"txv_textmessages({text})"))


@pytest.mark.parametrize("table", ["txv_phonekeys", "txv_consents", "asyncoperations"])
def test_what_lists_the_numbers_of_all_customers_is_closed_to_sellers(mine, table: str) -> None:
    with pytest.raises(PrivilegeMissing):
        list(mine.rows(get(table).path))


def test_a_seller_cannot_take_a_number(world, me, mine, colleague) -> None:
    our = world.number(me)
    (number,) = world.rows(f"txv_phonenumbers?$select=txv_phonenumberid&$filter=txv_digits eq '{our.digits}'")
    row = number["txv_phonenumberid"]

    with pytest.raises(PrivilegeMissing):
        _write(mine, f"txv_phonenumbers({row})", {"txv_name": "Mine"})
    with pytest.raises(PrivilegeMissing):
        _write(mine, f"txv_phonenumbers({uuid4()})", {"txv_name": "Mine", "txv_digits": world.customer()[1:]})
