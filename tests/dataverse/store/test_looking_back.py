"""Stored texts page by page, and the names of records as far as the reader may see them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from dataverse.store.arrived_texts import ArrivedText, arrived_since
from dataverse.store.choices import DIRECTIONS, Direction
from dataverse.store.record_names import record_names
from dataverse.store.writes import stamp
from dataverse.webapi.address import SERVICE_PATH
from dataverse.webapi.auth import StaticToken
from dataverse.webapi.client import Client
from dataverse.webapi.literals import IN_LIST_LIMIT
from function_app.dataverse_client import connect
from messaging.records import Record, Table
from tests.stores.organization import SELLING

LONG_AGO = datetime(2020, 5, 1, tzinfo=UTC)


@pytest.fixture
def org(in_the_emulator):
    return in_the_emulator


@pytest.fixture
def texts(org):
    """Five texts to one number, a minute apart, the third with an explanation, and one that went the other way."""
    our, customer = org.customer(), org.customer()
    ids = [uuid4() for _ in range(6)]
    for place, text in enumerate(ids):
        way = Direction.INCOMING if place < 5 else Direction.OUTGOING
        body = {
            "txv_name": "Text",
            "txv_direction": DIRECTIONS[way],
            "txv_from": customer,
            "txv_to": our,
            "txv_arrivedon": stamp(LONG_AGO + timedelta(minutes=place)),
            "txv_routing": '{"version": 1}' if place == 2 else None,
        }
        org.create(f"txv_textmessages({text})", body)
    return our, customer, ids


def test_the_texts_of_customers_come_the_latest_first_page_by_page(org, texts) -> None:
    our, customer, ids = texts

    pages = list(arrived_since(org.client, LONG_AGO, our, page_size=2))

    assert [len(page) for page in pages] == [2, 2, 1]
    found = [text for page in pages for text in page]
    assert [text.id for text in found] == ids[4::-1]
    third = LONG_AGO + timedelta(minutes=2)
    assert found[2] == ArrivedText(
        id=ids[2], arrived_on=third, sender=customer, recipient=our, routing='{"version": 1}'
    )
    assert found[0].routing is None
    assert customer not in repr(found)


def test_only_those_that_arrived_since_are_read(org, texts) -> None:
    our, _, ids = texts

    (page,) = arrived_since(org.client, LONG_AGO + timedelta(minutes=3), our)

    assert [text.id for text in page] == [ids[4], ids[3]]
    everybodys = [text.id for page in arrived_since(org.client, LONG_AGO) for text in page]
    assert set(ids[:5]) <= set(everybodys)
    assert ids[5] not in everybodys


def test_records_of_all_tables_are_named_and_those_that_are_gone_are_left_out(org) -> None:
    contact = org.record(Table.CONTACT, firstname="Ada", lastname="Quist")
    account = org.record(Table.ACCOUNT, name="Wick & Sons")
    lead = org.record(Table.LEAD, lastname="Wilma")
    opportunity = org.record(Table.OPPORTUNITY, name="Fog bell")

    named = record_names(org.client, [contact, account, lead, opportunity, Record(Table.CONTACT, uuid4())])

    assert named == {contact: "Ada Quist", account: "Wick & Sons", lead: "Wilma", opportunity: "Fog bell"}
    assert record_names(org.client, []) == {}


def test_many_records_are_asked_for_in_several_round_trips(org) -> None:
    some = org.record(Table.CONTACT, lastname="Quist")
    strangers = [Record(Table.CONTACT, UUID(int=number)) for number in range(2 * IN_LIST_LIMIT)]

    assert record_names(org.client, [*strangers, some]) == {some: "Quist"}


def test_what_the_reader_may_not_read_has_no_name(org) -> None:
    seller, without_a_role = org.seller(), org.seller(texts=False)
    org.take_role(without_a_role, SELLING)
    hers, foreign = org.record(Table.CONTACT, seller, lastname="Quist"), org.record(Table.CONTACT, lastname="Secret")

    assert record_names(org.client, [hers, foreign]) == {hers: "Quist", foreign: "Secret"}
    with _as(org, seller) as client:
        assert record_names(client, [hers, foreign]) == {hers: "Quist"}
    with _as(org, without_a_role) as client:
        assert record_names(client, [hers, foreign]) == {}


def _as(org, seller) -> Client:
    url = org.client.service_url.removesuffix(SERVICE_PATH)
    return connect(url, StaticToken(url, f"user:{seller.id}"))
