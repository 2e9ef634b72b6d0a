"""Events on the queue: whole, versioned, and never too large for it."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.envelope import MAX_BYTES, Envelope, decode, encode
from messaging.events import (
    ConsentChoice,
    DeliveryReported,
    Event,
    Media,
    MediaWaiting,
    MessageReceived,
    OptOutSeen,
    UnknownEvent,
)
from messaging.numbers import read_address
from messaging.status import FailureReason, Status

NOW = datetime(2026, 11, 20, 9, 22, 45, 320000, tzinfo=UTC)
US = read_address("+12065550100")
CUSTOMER = read_address("12065550187")

RECEIVED = MessageReceived(
    account="twilio-demo",
    provider="twilio",
    message_id="SM1",
    sender=CUSTOMER,
    recipient=US,
    body="Ja gerne 🎟️ שלום",
    media=(Media("https://api.twilio.com/x", "image/jpeg"),),
    segments=2,
    occurred_at=NOW,
    received_at=NOW,
    raw={"Body": "Ja gerne 🎟️ שלום", "To": ["a", "b"]},
)
EVENTS: list[Event] = [
    RECEIVED,
    MediaWaiting(
        account="twilio-demo",
        provider="twilio",
        message_id="SM1",
        position=1,
        media=RECEIVED.media[0],
        received_at=NOW,
    ),
    DeliveryReported(
        account="acs-demo",
        provider="acs",
        message_id="Outgoing_1",
        reference="r",
        status=Status.FAILED,
        native_status="Failed",
        failure=FailureReason.OPTED_OUT,
        detail="4007",
        received_at=NOW,
    ),
    DeliveryReported(
        account="acs-demo", provider="acs", message_id="Outgoing_1", status=None, native_status="?", received_at=NOW
    ),
    OptOutSeen(
        account="twilio-demo",
        provider="twilio",
        message_id="SM1",
        customer=CUSTOMER,
        choice=ConsentChoice.OPTED_OUT,
        received_at=NOW,
    ),
    UnknownEvent(account="acs-demo", provider="acs", native_type="Microsoft.Other", received_at=NOW, raw={"a": 1}),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
def test_an_event_comes_back_as_it_was(event: Event) -> None:
    envelope = Envelope(event=event, attempt=3, reason="because")

    assert decode(encode(envelope)) == envelope


@given(st.text(max_size=200))
def test_any_text_comes_back_as_it_was(body: str) -> None:
    event = replace(RECEIVED, body=body.encode("utf-16", "replace").decode("utf-16"), raw={})

    assert decode(encode(Envelope(event=event))).event == event


def test_a_large_raw_payload_is_left_out_rather_than_the_text() -> None:
    event = replace(RECEIVED, body="x" * 10_000, raw={"pad": "y" * 60_000})

    text = encode(Envelope(event=event))

    assert len(base64.b64encode(text.encode())) <= 64 * 1024
    back = decode(text).event
    assert isinstance(back, MessageReceived)
    assert back.body == event.body
    assert list(back.raw) == ["left_out"]


def test_an_event_that_cannot_fit_is_refused() -> None:
    with pytest.raises(ValueError, match=str(MAX_BYTES)):
        encode(Envelope(event=replace(RECEIVED, body="x" * 60_000)))


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"version": 1, "event": {"kind": "other"}}', "\u0000"])
def test_what_is_no_envelope_is_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(ValueError, match="not an envelope"):
        decode(text)


def test_an_envelope_of_a_later_release_is_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="version 2"):
        decode(encode(Envelope(event=RECEIVED, version=2)))


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
def test_no_text_and_no_customer_number_shows_in_a_repr(event: Event) -> None:
    shown = repr(Envelope(event=event))

    assert "gerne" not in shown
    assert CUSTOMER.digits not in shown
