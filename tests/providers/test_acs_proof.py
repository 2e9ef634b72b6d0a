"""How Event Grid's deliveries are proved by a secret, and how it asks for consent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import pytest

from messaging.accounts import CallbackSecret, ProviderAccount
from messaging.errors import SignatureInvalid, SignatureMissing
from messaging.events import MessageReceived
from messaging.web import HttpRequest, HttpResponse
from providers.base import Provider

URL = "https://textverse.example.com/api/callbacks/acs-demo/inbound"


@pytest.fixture
def acs(registry: Mapping[str, Provider]) -> Provider:
    return registry["acs"]


@pytest.fixture
def account() -> ProviderAccount:
    secrets = (CallbackSecret("old+secret/=="), CallbackSecret("new secret"))
    return ProviderAccount(id="acs-demo", type="acs", callback_secrets=secrets)


@pytest.mark.parametrize(
    "query",
    ["secret=old+secret/==", "secret=old%2Bsecret%2F%3D%3D", "code=1&secret=new%20secret", "secret=new%20secret&a"],
)
def test_the_secret_may_come_in_the_query(acs: Provider, account: ProviderAccount, now: datetime, query: str) -> None:
    acs.verify(HttpRequest(method="POST", url=f"{URL}?{query}"), account, now)


@pytest.mark.parametrize("query", ["", "secret", "secret=", "Secret=new%20secret", "xsecret=new%20secret", "code=1"])
def test_a_query_without_the_secret_is_no_proof(
    acs: Provider, account: ProviderAccount, now: datetime, query: str
) -> None:
    with pytest.raises(SignatureMissing):
        acs.verify(HttpRequest(method="POST", url=f"{URL}?{query}"), account, now)


@pytest.mark.parametrize("query", ["secret=new%20secre", "secret=%FF%00", "secret=old secret/=="])
def test_another_secret_in_the_query_is_refused(
    acs: Provider, account: ProviderAccount, now: datetime, query: str
) -> None:
    with pytest.raises(SignatureInvalid):
        acs.verify(HttpRequest(method="POST", url=f"{URL}?{query}"), account, now)


def test_a_wrong_header_is_not_made_good_by_the_query(acs: Provider, account: ProviderAccount, now: datetime) -> None:
    request = HttpRequest(method="POST", url=f"{URL}?secret=new%20secret", headers={"X-Callback-Secret": "wrong"})

    with pytest.raises(SignatureInvalid):
        acs.verify(request, account, now)


def _consent(acs: Provider, account: ProviderAccount, now: datetime, headers: Mapping[str, str]) -> HttpResponse:
    request = HttpRequest(method="OPTIONS", url=URL, headers=headers)
    acs.verify(request, account, now)
    reading = acs.read(request, account, now)
    assert (reading.events, reading.answer.status, reading.answer.body) == ((), 200, b"")
    return reading.answer


def test_an_allowed_origin_is_echoed_as_it_came(acs: Provider, account: ProviderAccount, now: datetime) -> None:
    account = replace(account, options={"allowed_origins": ["Events.example.net"]})
    for origin in ("eventgrid.azure.net", "EventGrid.Azure.Net", "events.example.net"):
        headers = _consent(acs, account, now, {"WebHook-Request-Origin": origin}).headers
        assert headers == {"allow": "POST, OPTIONS", "webhook-allowed-origin": origin}


def test_a_rate_is_allowed_where_one_was_asked_for(acs: Provider, account: ProviderAccount, now: datetime) -> None:
    asked = {"WebHook-Request-Origin": "eventgrid.azure.net", "WebHook-Request-Rate": "120"}

    assert _consent(acs, account, now, asked).headers["webhook-allowed-rate"] == "*"


@pytest.mark.parametrize(
    "origin", [None, "", "*", "azure.net", "eventgrid.azure.net.example.net", "eventgrid.azure.us"]
)
def test_a_stranger_gets_no_consent(acs: Provider, account: ProviderAccount, now: datetime, origin: str | None) -> None:
    headers = {} if origin is None else {"WebHook-Request-Origin": origin, "WebHook-Request-Rate": "1"}

    assert _consent(acs, account, now, headers).headers == {"allow": "POST, OPTIONS"}


@pytest.mark.parametrize("name", ["eventTime", "time"])
def test_without_its_own_time_a_text_has_that_of_its_event(
    acs: Provider, accounts: Mapping[str, ProviderAccount], now: datetime, name: str
) -> None:
    data = {"messageId": "Incoming_1", "from": "12065550187", "to": "18885550123", "message": "x"}
    kind = "Microsoft.Communication.SMSReceived"
    schema = {"specversion": "1.0", "type": kind} if name == "time" else {"eventType": kind}
    event = {**schema, name: "2026-11-20T09:33:15Z", "data": data}

    (text,) = acs.read(
        HttpRequest(method="POST", url=URL, body=json.dumps(event).encode()), accounts["acs"], now
    ).events
    assert isinstance(text, MessageReceived)
    assert text.occurred_at == now


def test_the_validation_code_is_given_back_as_json(
    acs: Provider, accounts: Mapping[str, ProviderAccount], now: datetime
) -> None:
    code = 'a"b\\c-ü'
    event = {"eventType": "Microsoft.EventGrid.SubscriptionValidationEvent", "data": {"ValidationCode": code}}
    request = HttpRequest(method="POST", url=URL, body=json.dumps([event]).encode())

    reading = acs.read(request, accounts["acs"], now)

    assert (reading.events, reading.answer.status) == ((), 200)
    assert reading.answer.headers["content-type"] == "application/json"
    assert json.loads(reading.answer.body) == {"validationResponse": code}


def test_a_validation_needs_the_secret_too(
    acs: Provider, accounts: Mapping[str, ProviderAccount], now: datetime
) -> None:
    request = HttpRequest(method="POST", url=URL, headers={"aeg-event-type": "SubscriptionValidation"}, body=b"[]")

    with pytest.raises(SignatureMissing):
        acs.verify(request, accounts["acs"], now)
