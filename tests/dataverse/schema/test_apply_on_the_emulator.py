"""The schema in a running environment: the emulator, as `python -m emulator` starts it, over HTTP."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import count
from uuid import UUID, uuid5

import pytest

from dataverse.schema.apply import apply, preview
from dataverse.schema.components import Components
from dataverse.schema.desired import TEXTVERSE
from dataverse.schema.model import Schema
from dataverse.schema.steps import Step
from dataverse.schema.watcher import Silent
from dataverse.webapi.client import Client
from dataverse.webapi.errors import AlreadyExists, RequestRefused, RowNotFound
from dataverse.webapi.request import ChangeSet, Request

TABLES = replace(TEXTVERSE, components=Components())
INCOMING, RECEIVED = 471100000, 471100000
SPACE = UUID("9f0f5b1e-6a53-4d5a-9a0e-2f5a3c1d7e44")


@pytest.fixture
def provisioned(emulated: Client) -> Client:
    """The same with our tables."""
    apply(emulated, TABLES, sleep=time.sleep)
    return emulated


def identifier(name: str) -> str:
    return str(uuid5(SPACE, name))


def create(path: str, **body: object) -> Request:
    return Request(method="PATCH", path=path, headers={"If-None-Match": "*"}, body=body, repeatable=True)


def test_a_fresh_environment_gets_everything_and_a_second_run_finds_nothing_to_do(emulated: Client) -> None:
    assert apply(emulated, sleep=time.sleep) != ()
    assert preview(emulated).steps == ()
    assert apply(emulated, sleep=time.sleep) == ()


@pytest.mark.parametrize("steps", [1, 3, 9, 30, 62])
def test_a_run_that_was_cut_off_is_finished_by_the_next(emulated: Client, steps: int) -> None:
    class CutOff(Silent):
        def started(self, step: Step) -> None:
            if next(left) == steps:
                raise KeyboardInterrupt

    left = count()
    everything = [step.what for step in preview(emulated, TABLES).steps]
    with pytest.raises(KeyboardInterrupt):
        apply(emulated, TABLES, sleep=time.sleep, watch=CutOff())
    assert [step.what for step in apply(emulated, TABLES, sleep=time.sleep)] == everything[steps:]


def earlier(schema: Schema) -> Schema:
    """The schema as an earlier version may have had it: shorter texts, fewer columns, no keys, no notes, no
    consent."""
    tables = []
    for table in schema.tables:
        columns = [replace(column, length=column.length and column.length // 2) for column in table.columns]
        tables.append(replace(table, columns=tuple(columns[:-1]), keys=(), notes=False))
    return replace(schema, tables=tuple(tables[:-1]))


def test_an_earlier_version_grows_into_this_one(emulated: Client) -> None:
    apply(emulated, earlier(TABLES), sleep=time.sleep)
    what = [step.what for step in apply(emulated, TABLES, sleep=time.sleep)]
    assert "column txv_textmessage.txv_body: 10000 characters instead of 5000" in what
    assert "key txv_textmessage_providermessage" in what
    assert "table txv_textmessage: its rows can have notes" in what
    assert preview(emulated, TABLES).steps == ()


def test_a_later_version_is_not_cut_back(emulated: Client, provisioned: Client) -> None:
    assert preview(emulated, earlier(TABLES)).steps == ()


def conversation_and_message(contact: str) -> list[Request]:
    conversation, message = identifier("conversation"), identifier("message")
    return [
        create(f"contacts({contact})", lastname="Ellison"),
        create(
            f"txv_textconversations({conversation})",
            subject="SMS",
            txv_ourdigits="12065550100",
            txv_lastdirection=INCOMING,
            txv_unreadcount=1,
            **{"regardingobjectid_contact_txv_textconversation@odata.bind": f"/contacts({contact})"},
        ),
        create(
            f"txv_textmessages({message})",
            txv_body="Is the showroom open today? 😀",
            txv_direction=INCOMING,
            txv_status=RECEIVED,
            txv_provideraccount="AC1",
            txv_providermessageid="SM1",
            txv_arrivedon="2026-01-31T08:00:00Z",
            **{"txv_conversationid@odata.bind": f"/txv_textconversations({conversation})"},
        ),
    ]


def test_a_conversation_is_written_with_logical_names_and_read_back(emulated: Client, provisioned: Client) -> None:
    requests = conversation_and_message(identifier("contact"))
    answer = emulated.batch([ChangeSet(tuple(requests))])
    for part in answer.parts:
        answer.raise_for(part)
    found = list(
        emulated.rows("txv_textmessages?$select=txv_body,txv_status&$expand=txv_conversationid($select=subject)")
    )
    assert [(row["txv_body"], row["txv_status"]) for row in found] == [("Is the showroom open today? 😀", RECEIVED)]
    conversation = found[0]["txv_conversationid"]
    assert isinstance(conversation, dict)
    assert conversation["subject"] == "SMS"


def test_the_same_message_of_a_provider_is_there_once(emulated: Client, provisioned: Client) -> None:
    requests = conversation_and_message(identifier("contact"))
    emulated.batch([ChangeSet(tuple(requests))])
    for again in (requests[2], replace(requests[2], path=f"txv_textmessages({identifier('another')})")):
        with pytest.raises(AlreadyExists):
            emulated.send(again)


def test_a_message_goes_with_its_conversation(emulated: Client, provisioned: Client) -> None:
    emulated.batch([ChangeSet(tuple(conversation_and_message(identifier("contact"))))])
    emulated.send(Request(method="DELETE", path=f"txv_textconversations({identifier('conversation')})"))
    with pytest.raises(RowNotFound):
        emulated.send(Request(method="GET", path=f"txv_textmessages({identifier('message')})"))


def test_an_index_entry_goes_with_its_contact(emulated: Client, provisioned: Client) -> None:
    contact, entry = identifier("contact"), identifier("entry")
    emulated.send(create(f"contacts({contact})", lastname="Ellison"))
    bind = {"txv_contactid@odata.bind": f"/contacts({contact})"}
    emulated.send(create(f"txv_phonekeys({entry})", txv_digits="12065550187", txv_column="mobilephone", **bind))
    emulated.send(Request(method="DELETE", path=f"contacts({contact})"))
    with pytest.raises(RowNotFound):
        emulated.send(Request(method="GET", path=f"txv_phonekeys({entry})"))


def test_consent_outlives_its_evidence(emulated: Client, provisioned: Client) -> None:
    emulated.batch([ChangeSet(tuple(conversation_and_message(identifier("contact"))))])
    evidence = {"txv_evidenceid@odata.bind": f"/txv_textmessages({identifier('message')})"}
    emulated.send(create(f"txv_consents({identifier('consent')})", txv_digits="12065550187", **evidence))
    emulated.send(Request(method="DELETE", path=f"txv_textmessages({identifier('message')})"))
    row = emulated.send(Request(method="GET", path="txv_consents(txv_digits='12065550187')")).json()
    assert row["_txv_evidenceid_value"] is None


def test_a_text_that_is_too_long_and_a_choice_that_is_none_are_refused(emulated: Client, provisioned: Client) -> None:
    for body in ({"txv_name": "x" * 101}, {"txv_numbertype": 1}):
        with pytest.raises(RequestRefused):
            emulated.send(Request(method="POST", path="txv_phonenumbers", body=body))
