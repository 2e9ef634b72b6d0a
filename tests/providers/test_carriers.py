"""The demo's carriers against the providers: what the one side makes, the other side believes and understands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from local.carriers.values import CustomerText, Outcome
from messaging.accounts import CallbackSecret, ProviderAccount
from messaging.errors import SignatureInvalid
from messaging.events import DeliveryReported, MessageReceived, OptOutSeen
from messaging.status import FailureReason, Status
from messaging.web import HttpRequest
from providers.base import Provider

URL = "https://textverse.example.com/api/callbacks/demo/status?m=0193a1b2"
ENDS = {"sender": "+12065550123", "recipient": "+12065550187"}
OPT_OUT_CODES = {"twilio": "21610", "acs": "4007"}


@pytest.fixture
def account(provider_type: str, accounts: Mapping[str, ProviderAccount]) -> ProviderAccount:
    return accounts[provider_type]


@pytest.fixture
def carrier(provider_type: str, carriers: Mapping[str, Any]) -> Any:
    return carriers[provider_type]


@pytest.fixture
def provider(provider_type: str, registry: Mapping[str, Provider]) -> Provider:
    return registry[provider_type]


def _events(provider: Provider, request: HttpRequest, account: ProviderAccount, now: datetime) -> tuple[object, ...]:
    provider.verify(request, account, now)
    return provider.read(request, account, now).events


def test_every_provider_has_a_carrier(registry: Mapping[str, Provider], carriers: Mapping[str, Any]) -> None:
    assert carriers.keys() == registry.keys()


def test_the_attachments_of_a_text_are_understood(
    registry: Mapping[str, Provider],
    carriers: Mapping[str, Any],
    accounts: Mapping[str, ProviderAccount],
    now: datetime,
) -> None:
    """Of Twilio alone: texts of the others have none."""
    media = {"https://api.twilio.com/ME1": "image/png", "https://api.twilio.com/ME2": "text/vcard"}
    written = CustomerText(message_id="MM1", text="", at=now, media=media, **ENDS)
    request = carriers["twilio"].inbound(accounts["twilio"], URL, written)
    (event,) = _events(registry["twilio"], request, accounts["twilio"], now)

    assert isinstance(event, MessageReceived)
    assert {one.url: one.content_type for one in event.media} == media


@pytest.mark.parametrize("text", ["Hello", "", " Grüße & 100 % = 👍\n", "مرحبا", "It's + 'quoted' \"text\""])
def test_a_text_is_understood(
    provider: Provider, carrier: Any, account: ProviderAccount, now: datetime, text: str
) -> None:
    written = CustomerText(message_id="ID1", sender="+12065550187", recipient="+18885550123", text=text, at=now)
    request = carrier.inbound(account, URL, written)
    (event,) = _events(provider, request, account, now)

    assert isinstance(event, MessageReceived)
    assert (event.message_id, event.body) == ("ID1", text)
    assert (event.sender.value, event.recipient.value) == ("+12065550187", "+18885550123")
    assert event.occurred_at in (now, None)


def test_every_status_that_the_provider_reports_is_understood(
    provider: Provider, carrier: Any, account: ProviderAccount, now: datetime
) -> None:
    for status in carrier.WORDS:
        request = carrier.report(
            account,
            URL,
            Outcome(message_id="ID1", status=status, at=now, failure_code=None, reference="0193a1b2", **ENDS),
        )
        (event,) = _events(provider, request, account, now)
        assert isinstance(event, DeliveryReported)
        assert (event.message_id, event.status, event.reference) == ("ID1", status, "0193a1b2")


def test_other_statuses_are_not_reported(carrier: Any, account: ProviderAccount, now: datetime) -> None:
    for status in set(Status) - carrier.WORDS.keys():
        with pytest.raises(ValueError, match=f"does not report {status}"):
            carrier.report(account, URL, Outcome(message_id="ID1", status=status, at=now, **ENDS))


@pytest.mark.parametrize("type_", OPT_OUT_CODES)
def test_a_failure_code_is_understood(
    type_: str,
    registry: Mapping[str, Provider],
    carriers: Mapping[str, Any],
    accounts: Mapping[str, ProviderAccount],
    now: datetime,
) -> None:
    account, failed = accounts[type_], Status.FAILED
    request = carriers[type_].report(
        account, URL, Outcome(message_id="ID1", status=failed, at=now, failure_code=OPT_OUT_CODES[type_], **ENDS)
    )
    report, opt_out = _events(registry[type_], request, account, now)

    assert isinstance(report, DeliveryReported)
    assert report.failure is FailureReason.OPTED_OUT
    assert isinstance(opt_out, OptOutSeen)
    assert opt_out.customer.value == "+12065550187"


def test_telesign_s_codes_are_understood(
    registry: Mapping[str, Provider],
    carriers: Mapping[str, Any],
    accounts: Mapping[str, ProviderAccount],
    now: datetime,
) -> None:
    request = carriers["telesign"].report(
        accounts["telesign"],
        URL,
        Outcome(message_id="ID1", status=Status.UNDELIVERED, at=now, failure_code="210", **ENDS),
    )
    (report,) = _events(registry["telesign"], request, accounts["telesign"], now)

    assert isinstance(report, DeliveryReported)
    assert (report.status, report.failure) == (Status.UNDELIVERED, FailureReason.UNREACHABLE)


def test_a_shared_key_signs_with_sha_256(
    registry: Mapping[str, Provider],
    carriers: Mapping[str, Any],
    accounts: Mapping[str, ProviderAccount],
    now: datetime,
) -> None:
    account = replace(accounts["twilio"], callback_secrets=(CallbackSecret("shared", key="webhooks_sharedkey_1"),))
    outcome = Outcome(message_id="ID1", status=Status.SENT, at=now, **ENDS)
    request = carriers["twilio"].report(account, URL, outcome)

    assert request.headers["x-twilio-webhooks-signature-settings"] == "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"
    registry["twilio"].verify(request, account, now)
    with pytest.raises(SignatureInvalid):
        registry["twilio"].verify(request, accounts["twilio"], now)
