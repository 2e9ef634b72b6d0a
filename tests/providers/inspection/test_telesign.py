"""What is found out at TeleSign, with its SDK as the oracle."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import responses
from telesign.messaging import MessagingClient
from telesign.util import AuthMethod

from messaging.accounts import CallbackSecret, ProviderAccount
from providers.inspection import Answer
from providers.telesign.inspection import NO_MESSAGE, REFUSALS, TeleSignInspector, message_status

CUSTOMER = "11111111-2222-3333-4444-555555555555"
KEY = "dGVsZXNpZ24tdGVzdC1hcGkta2V5LTAxMjM0NTY3ODk="
URL = f"https://rest-api.telesign.com/v1/messaging/{NO_MESSAGE}"
TELESIGN = TeleSignInspector()


@pytest.fixture
def account():
    return ProviderAccount(id="main", type="telesign", account=CUSTOMER, callback_secrets=(CallbackSecret(KEY),))


@pytest.fixture
def credentials(account, found, now):
    """What is found of the credentials of an account."""
    return lambda changed=account: found(TELESIGN.credentials(changed, now))


def refusal(code):
    body = {"reference_id": NO_MESSAGE, "status": {"code": code, "description": "x"}}
    return Answer(status=401, body=json.dumps(body).encode())


@responses.activate
@pytest.mark.parametrize("endpoint", ["https://rest-api.telesign.com", "https://rest-ww.telesign.com"])
def test_the_question_is_the_one_that_the_sdk_asks(endpoint):
    responses.get(f"{endpoint}/v1/messaging/{NO_MESSAGE}", json={})
    MessagingClient(CUSTOMER, KEY, rest_endpoint=endpoint, auth_method=AuthMethod.BASIC.value).status(NO_MESSAGE)
    sent, ours = responses.calls[0].request, message_status(CUSTOMER, KEY, endpoint)

    assert (ours.method, ours.url, ours.headers["Authorization"]) == (
        sent.method,
        sent.url,
        sent.headers["Authorization"],
    )


@pytest.mark.parametrize("status", [200, 400, 404])
def test_a_customer_who_is_told_that_there_is_no_such_message_has_been_taken(credentials, remote, status):
    remote.put(URL, Answer(status=status, body=b'{"status": {"code": 10017}}'))

    assert credentials() == [("good", "TeleSign takes the API key")]


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_is_wrong_and_says_why(credentials, remote, code):
    remote.put(URL, refusal(code))

    assert credentials() == [("wrong", f"TeleSign does not take the credentials (401, {code}): {REFUSALS[code][0]}")]


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"status": {"code": "x"}}', b'{"status": {"code": 19999}}'])
def test_a_refusal_without_a_known_reason_is_wrong_too(credentials, remote, body):
    remote.put(URL, Answer(status=401, body=body))

    ((standing, what),) = credentials()
    assert (standing, what.startswith("TeleSign does not take the credentials (401")) == ("wrong", True)


@pytest.mark.parametrize("answer", [Answer(status=0, why="ConnectTimeout"), Answer(status=429), Answer(status=503)])
def test_no_answer_is_unknown(credentials, remote, answer):
    remote.put(URL, answer)

    assert [standing for standing, _ in credentials()] == ["unknown"]


def test_the_key_for_sending_goes_before_that_of_the_callbacks(account, credentials, remote):
    remote.put(URL, {})
    credentials(replace(account, credentials={"api_key": "b3RoZXI="}))

    assert remote.asked[0].headers == message_status(CUSTOMER, "b3RoZXI=").headers


@pytest.mark.parametrize("changed", [{"account": ""}, {"callback_secrets": ()}])
def test_without_customer_id_or_key_nobody_is_asked(account, credentials, remote, changed):
    assert [standing for standing, _ in credentials(replace(account, **changed))] == ["unknown"]
    assert remote.asked == []


@pytest.mark.parametrize("endpoint", ["https://rest-api.telesign.com.evil.example", "http://rest-ww.telesign.com", 5])
def test_the_key_goes_to_telesign_and_nowhere_else(account, credentials, remote, endpoint):
    ((standing, what),) = credentials(replace(account, options={"rest_endpoint": endpoint}))

    assert (standing, "options.rest_endpoint" in what) == ("wrong", True)
    assert remote.asked == []


def test_where_it_calls_cannot_be_read_and_how_to_find_out_is_said(account, found, now, expected, remote):
    ((standing, what),) = found(TELESIGN.configuration(account, expected, now))

    assert (standing, what) == ("unknown", "TeleSign does not show where it calls")
    assert remote.asked == []
