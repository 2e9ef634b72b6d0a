"""What the inspections of all providers have in common."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.accounts import ProviderAccount
from providers.inspection import Answer, Expected, Question, drive, understood, without_query
from providers.registry import inspectors, providers

NOW = datetime(2026, 11, 20, tzinfo=UTC)
EXPECTED = Expected(inbound_url="https://a.example/in", status_url="https://a.example/st", numbers=("12065550100",))
RESOURCE = (
    "/subscriptions/5b4b650e-28b9-4790-b3ab-ddbd88d727c4/resourceGroups/sms/providers/Microsoft.Communication"
    "/communicationServices/contoso"
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
NAMES = st.sampled_from(
    ["value", "services", "meta", "phone_numbers", "phoneNumbers", "incoming_phone_numbers", "status", "properties"]
)


def test_every_provider_can_be_asked():
    assert set(inspectors()) == set(providers(None))


@pytest.mark.parametrize("kind", sorted(inspectors()))
def test_an_empty_account_is_no_obstacle(kind, now, expected, remote):
    account = ProviderAccount(id="main", type=kind)

    for inspection in (
        inspectors()[kind].credentials(account, now),
        inspectors()[kind].configuration(account, expected, now),
    ):
        assert all(remark.standing != "good" for remark in drive(inspection, remote.ask))


@pytest.mark.parametrize("kind", sorted(inspectors()))
@given(body=st.dictionaries(NAMES, JSON, min_size=1, max_size=4))
def test_no_answer_breaks_an_inspection(kind, accounts, body):
    account = replace(accounts[kind], options={"resource_id": RESOURCE} if kind == "acs" else {})
    answer = Answer(status=200, body=json.dumps(body).encode())

    for inspection in (
        inspectors()[kind].credentials(account, NOW),
        inspectors()[kind].configuration(account, EXPECTED, NOW),
    ):
        assert drive(inspection, lambda question: answer)


def test_what_proves_who_asks_and_what_comes_back_never_show():
    question = Question(url="https://x.example/?PhoneNumber=12065550100", headers={"Authorization": "Basic hidden"})
    answer = Answer(status=200, body=b'{"auth_token": "hidden"}')

    assert "hidden" not in repr((question, answer))
    assert "12065550100" not in repr(question)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/x?code=hidden#hidden", "https://a.example/x"),
        ("https://u:hidden@a.example/x", "https://a.example/x"),
        ("https://[bad/x?hidden", "something that is no URL"),
        ("/x?hidden", "/x"),
        ("", ""),
    ],
)
def test_a_url_is_shown_without_what_may_be_secret(url, shown):
    assert without_query(url) == shown


@pytest.mark.parametrize(
    ("answer", "is_one"),
    [
        (Answer(status=200, body=b'{"a": 1}'), True),
        (Answer(status=200, body=b"{}"), False),
        (Answer(status=200, body=b"[1]"), False),
        (Answer(status=200, body=b"<html>"), False),
        (Answer(status=200, body=b"[" * 100_000), False),
        (Answer(status=404, body=b'{"a": 1}'), False),
        (Answer(status=0), False),
    ],
)
def test_only_a_json_object_with_200_is_an_answer_to_the_question(answer, is_one):
    assert understood(answer) is is_one
