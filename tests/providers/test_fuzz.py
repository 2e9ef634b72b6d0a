"""Whatever arrives, only a refusal or a reading leaves: no other exception, from no bytes."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.carriers.values import CustomerText
from messaging.accounts import ProviderAccount
from messaging.envelope import Envelope, decode, encode
from messaging.errors import CallbackRejected, Malformed
from messaging.web import HttpRequest
from providers.base import Provider, Reading

URL = "https://textverse.example.com/api/callbacks/x/inbound"
CONTENT_TYPES = [
    "application/json",
    "application/cloudevents+json; charset=utf-8",
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=iso-8859-1",
    "text/plain; charset=utf-16",
    "multipart/form-data; boundary=x",
    "",
    ";;charset=\xff",
]
NAMES = [
    *("eventType", "type", "specversion", "data", "messageId", "from", "to", "message", "deliveryStatus", "tag"),
    *(
        "deliveryStatusDetails",
        "receivedTimestamp",
        "validationCode",
        "status",
        "code",
        "reference_id",
        "user_response",
    ),
    *("phone_number", "sender_id", "mo_message", "sub_resource", "external_id", "updated_on"),
    *("AccountSid", "MessageSid", "From", "To", "Body", "MessageStatus", "ErrorCode", "OptOutType", "MediaUrl0"),
]
VALUES = [
    *("Microsoft.Communication.SMSReceived", "Microsoft.Communication.SMSDeliveryReportReceived", "1.0", "mo_sms"),
    *("Microsoft.EventGrid.SubscriptionValidationEvent", "Delivered", "Failed", "4007: x", "failed", "21610", "STOP"),
    *(
        "+12065550187",
        "12065550123",
        "AC00112233445566778899aabbccddeeff",
        "2026-11-20T09:22:45Z",
        "MM01",
        "👩‍👩‍👧 مرحبا",
    ),
]

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(), max_size=20),
    st.sampled_from(VALUES),
)
names = st.one_of(st.sampled_from(NAMES), st.text(max_size=5))
documents = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(names, inner, max_size=8)),
    max_leaves=25,
)
forms = st.lists(st.tuples(names, st.one_of(st.sampled_from(VALUES), st.text(max_size=20))), max_size=15)
bodies = st.one_of(
    st.binary(max_size=200),
    documents.map(lambda document: json.dumps(document).encode()),
    documents.map(lambda document: json.dumps([document]).encode()),
    forms.map(lambda form: urlencode(form, errors="replace").encode()),
)
headers = st.dictionaries(
    st.sampled_from(
        [
            "Authorization",
            "X-TS-Authorization",
            "X-Callback-Secret",
            "X-Twilio-Signature",
            "X-Twilio-Webhooks-Signature-Settings",
            "WebHook-Request-Origin",
            "WebHook-Request-Rate",
            "aeg-event-type",
        ]
    ),
    st.text(st.characters(), max_size=40),
)
urls = st.one_of(
    st.just(URL), st.text(st.characters(), max_size=40), st.text(max_size=30).map(lambda text: f"{URL}?{text}")
)
requests = st.builds(
    lambda method, url, content_type, more, body: HttpRequest(
        method=method, url=url, headers={"Content-Type": content_type, **more}, body=body
    ),
    st.sampled_from(["POST", "GET", "OPTIONS", "PUT", "post", ""]),
    urls,
    st.sampled_from(CONTENT_TYPES),
    headers,
    bodies,
)


def _read(provider: Provider, request: HttpRequest, account: ProviderAccount, now: datetime) -> Reading | None:
    try:
        reading = provider.read(request, account, now)
    except Malformed as refusal:
        assert len(str(refusal)) < 200
        return None
    for event in reading.events:
        envelope = Envelope(event=event)
        assert decode(encode(envelope)).event.kind == event.kind
    return reading


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(request_=requests)
def test_anything_is_read_or_malformed(
    provider_type: str,
    registry: Mapping[str, Provider],
    accounts: Mapping[str, ProviderAccount],
    now: datetime,
    request_: HttpRequest,
) -> None:
    _read(registry[provider_type], request_, accounts[provider_type], now)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(request_=requests)
def test_nothing_made_up_is_verified(
    provider_type: str,
    registry: Mapping[str, Provider],
    accounts: Mapping[str, ProviderAccount],
    now: datetime,
    request_: HttpRequest,
) -> None:
    account = accounts[provider_type]
    if provider_type == "acs" and request_.method.upper() == "OPTIONS":
        registry[provider_type].verify(request_, account, now)
        return
    with pytest.raises(CallbackRejected):
        registry[provider_type].verify(request_, account, now)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 500_000,
        b'{"a":' * 200_000,
        b"x" * (1024 * 1024),
        b"x" * (1024 * 1024 + 1),
        b"&" * 1_000_000,
        b"a=" * 500_000,
        b"%" * 1_000_000,
        b'["' + "👍".encode() * 250_000 + b'"]',
        json.dumps([{"eventType": "x" * 1_000_000}]).encode(),
        base64.b64encode(b"\0" * 700_000),
    ],
    ids=range(10),
)
@pytest.mark.parametrize("content_type", CONTENT_TYPES)
def test_large_and_deep_bodies_are_refused(
    provider_type: str,
    registry: Mapping[str, Provider],
    accounts: Mapping[str, ProviderAccount],
    now: datetime,
    body: bytes,
    content_type: str,
) -> None:
    request = HttpRequest(method="POST", url=URL, headers={"Content-Type": content_type}, body=body)

    with pytest.raises(CallbackRejected):
        registry[provider_type].verify(request, accounts[provider_type], now)
    reading = _read(registry[provider_type], request, accounts[provider_type], now)
    assert reading is None or all(event.kind == "unknown" for event in reading.events)


@given(text=st.text(st.characters(), min_size=1, max_size=200))
def test_every_text_arrives_as_it_was_written(
    provider_type: str,
    registry: Mapping[str, Provider],
    accounts: Mapping[str, ProviderAccount],
    now: datetime,
    text: str,
    carriers: Mapping[str, Any],
) -> None:
    text = text.encode("utf-8", "replace").decode()  # a phone cannot send half a pair
    written = CustomerText(message_id="SM1", sender="+12065550187", recipient="+12065550123", text=text, at=now)
    request = carriers[provider_type].inbound(accounts[provider_type], URL, written)

    registry[provider_type].verify(request, accounts[provider_type], now)
    (event,) = registry[provider_type].read(request, accounts[provider_type], now).events
    assert event.kind == "message_received"
    assert event.body == text.replace("\0", "")
