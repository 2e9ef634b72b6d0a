"""Callbacks: the right answer to everything that a provider or a stranger can send."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from messaging.accounts import CallbackSecret, ProviderAccount
from messaging.envelope import Envelope
from messaging.errors import Malformed, MethodNotAllowed, SignatureInvalid, SignatureMissing, Unavailable
from messaging.events import Event, MessageReceived
from messaging.web import HttpRequest, HttpResponse
from pipeline.accept import PROVIDER_EVENTS, Acceptance

TWIML = HttpResponse(status=200, headers={"content-type": "text/xml"}, body=b"<Response/>")
REQUEST = HttpRequest(method="POST", url="https://x.example/api/callbacks/shop/inbound", body=b"a=b")


@dataclass(frozen=True)
class Read:
    events: tuple[Event, ...]
    answer: HttpResponse


@dataclass
class OneProvider:
    """Says what it is told to say."""

    events: tuple[Event, ...] = ()
    refusal: Exception | None = None

    def verify(self, request: HttpRequest, account: ProviderAccount, now: datetime) -> None:
        if self.refusal is not None:
            raise self.refusal

    def read(self, request: HttpRequest, account: ProviderAccount, received_at: datetime) -> Read:
        return Read(self.events, TWIML)


Accept = Callable[..., HttpResponse]


@pytest.fixture
def provider(text_received) -> OneProvider:
    return OneProvider((text_received,))


@pytest.fixture
def accept(queue, now, provider) -> Accept:
    on = ProviderAccount(id="shop", type="one", callback_secrets=(CallbackSecret("s"),))
    acceptance = Acceptance(
        accounts={"shop": on, "off": replace(on, id="off", callback_secrets=()), "bad": replace(on, id="bad")},
        misconfigured={"bad": "PROVIDERS, account bad: that is no key"},
        providers={"one": provider},
        queue=queue,
        clock=lambda: now,
    )
    return lambda account="shop", kind="inbound", request=REQUEST: acceptance.accept(request, account, kind)


def test_events_are_queued_and_the_provider_hears_what_it_wants(accept: Accept, queue, text_received) -> None:
    assert accept() == TWIML
    assert queue.sent == [(PROVIDER_EVENTS, Envelope(event=text_received), 0.0)]


@pytest.mark.parametrize(
    ("account", "kind"), [("nobody", "inbound"), ("shop", "other"), ("off", "inbound"), ("off", "status")]
)
def test_an_address_that_is_not_there_is_404(accept: Accept, queue, account: str, kind: str) -> None:
    answer = accept(account, kind)

    assert (answer.status, answer.body, queue.sent) == (404, b"", [])


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (SignatureMissing("none"), 403),
        (SignatureInvalid("wrong"), 403),
        (MethodNotAllowed("GET"), 405),
        (Malformed("From is missing"), 400),
        (Unavailable("keys cannot be fetched"), 503),
    ],
)
def test_each_refusal_has_its_status_and_stores_nothing(
    accept: Accept, queue, provider: OneProvider, refusal: Exception, status: int
) -> None:
    provider.refusal = refusal

    answer = accept()

    assert (answer.status, answer.body, queue.sent) == (status, b"", [])


def test_while_the_queue_is_down_the_provider_is_asked_to_try_again(accept: Accept, queue) -> None:
    queue.down = True

    answer = accept()

    assert (answer.status, answer.headers) == (503, {"retry-after": "30"})


def test_a_misconfigured_account_asks_for_another_try_and_leaves_the_others_alone(accept: Accept) -> None:
    assert accept("bad").status == 503
    assert accept("shop").status == 200


def test_of_several_events_all_are_queued_or_none(
    accept: Accept, queue, provider: OneProvider, text_received: MessageReceived
) -> None:
    provider.events = (text_received, replace(text_received, body="x" * 60_000))

    assert (accept().status, queue.sent) == (400, [])


def test_the_log_says_what_was_wrong_and_neither_number_nor_text(
    accept: Accept, provider: OneProvider, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        accept()
        provider.refusal = Malformed("the field From is missing")
        accept()
        accept("not-ours-at-all")

    records = [(record.getMessage(), vars(record)) for record in caplog.records]
    assert [message for message, _ in records] == [
        "callback taken",
        "callback refused: the field From is missing",
        "callback refused: no such callback address",
    ]
    assert records[1][1]["account"] == "shop"
    assert "not-ours-at-all" not in str(records[2])
    assert "12065550187" not in str(records)
    assert "Hello" not in str(records)
