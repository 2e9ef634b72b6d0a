"""What holds for every provider: the contract, tried on every golden callback of every provider in the registry."""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import reduce
from typing import Any

import pytest
from pydantic import TypeAdapter

from messaging.accounts import CallbackSecret, ProviderAccount
from messaging.envelope import Envelope, decode, encode
from messaging.errors import CallbackRejected, CallbacksOff, MethodNotAllowed, SignatureInvalid, SignatureMissing
from messaging.events import DeliveryReported, Event, MessageReceived
from messaging.status import Failure, Progress, merge
from messaging.web import HttpRequest

Proofs = Mapping[str, tuple[tuple[str, ...], bool]]
COMMON = {"account", "provider", "received_at", "raw"}


def test_the_callback_is_accepted_and_says_what_is_expected(golden: Any) -> None:
    golden.verify()
    reading = golden.read()

    answer = reading.answer
    said = {"status": answer.status, "headers": dict(answer.headers), "body": answer.body.decode()}
    assert {"events": [_shown(event) for event in reading.events], "answer": said} == golden.expected


def test_events_name_the_account_the_provider_and_the_arrival(carried: Any, now: datetime) -> None:
    for event in carried.read().events:
        assert (event.account, event.provider, event.received_at) == (carried.account.id, carried.type, now)


def test_the_same_request_twice_makes_equal_events(golden: Any) -> None:
    assert golden.read() == golden.read()


def test_a_flipped_character_of_the_proof_is_refused(proved: Any, proofs: Proofs) -> None:
    for request in _with_a_flipped_proof(proved.request, proofs[proved.type][0]):
        with pytest.raises(SignatureInvalid):
            proved.verify(request)


def test_a_flipped_bit_of_a_signed_body_is_refused(body_signed: Any) -> None:
    body = body_signed.request.body
    for position in range(0, len(body), 7):
        flipped = body[:position] + bytes([body[position] ^ 1]) + body[position + 1 :]
        with pytest.raises(SignatureInvalid):
            body_signed.verify(replace(body_signed.request, body=flipped))


def test_a_callback_without_proof_is_refused(proved: Any, proofs: Proofs) -> None:
    headers = {name: value for name, value in proved.request.headers.items() if name not in proofs[proved.type][0]}
    url = proved.request.url.partition("?secret=")[0]

    with pytest.raises(SignatureMissing):
        proved.verify(replace(proved.request, headers=headers, url=url))


@pytest.mark.parametrize("value", ["", "ä", "\ud800", "\0", "TSA :", "x" * 10_000, b"bytes", 5, ["list"]], ids=repr)
def test_a_proof_that_is_none_is_refused_and_never_an_accident(proved: Any, proofs: Proofs, value: object) -> None:
    headers = {**proved.request.headers, **dict.fromkeys(proofs[proved.type][0], value)}
    url = proved.request.url.partition("?secret=")[0]

    with pytest.raises((SignatureInvalid, SignatureMissing)):
        proved.verify(replace(proved.request, headers=headers, url=url))


def test_during_a_rotation_every_secret_is_valid(proved: Any, other_secret: str) -> None:
    secrets, other = proved.account.callback_secrets, CallbackSecret(other_secret)

    proved.verify(account=replace(proved.account, callback_secrets=(other, *secrets)))
    proved.verify(account=replace(proved.account, callback_secrets=(*secrets, other)))


def test_another_secret_is_refused(proved: Any, other_secret: str) -> None:
    secrets = tuple(replace(secret, secret=other_secret) for secret in proved.account.callback_secrets)

    with pytest.raises(SignatureInvalid):
        proved.verify(account=replace(proved.account, callback_secrets=secrets))


@pytest.mark.parametrize("secrets", [(), (CallbackSecret(""),)], ids=["none", "an empty one"])
def test_without_a_secret_nothing_is_verified(proved: Any, secrets: tuple[CallbackSecret, ...]) -> None:
    with pytest.raises((CallbacksOff, SignatureInvalid)):
        proved.verify(account=replace(proved.account, callback_secrets=secrets))


def test_methods_that_the_provider_never_uses_are_refused(golden: Any) -> None:
    for method in ("PUT", "DELETE", "HEAD", ""):
        with pytest.raises(MethodNotAllowed):
            golden.verify(replace(golden.request, method=method))


def test_the_raw_payload_is_json_and_holds_no_proof(carried: Any, proofs: Proofs) -> None:
    private = [secret.secret for secret in carried.account.callback_secrets]
    private += [carried.request.headers[name] for name in proofs[carried.type][0] if name in carried.request.headers]

    for event in carried.read().events:
        written = json.dumps(dict(event.raw), allow_nan=False, ensure_ascii=False)
        assert event.raw
        assert not [value for value in private if value in written]


def test_every_event_survives_the_queue(carried: Any) -> None:
    for event in carried.read().events:
        envelope = Envelope(event=event)
        assert decode(encode(envelope)) == envelope


def test_nothing_private_shows_in_a_repr(carried: Any) -> None:
    reading = carried.read()
    shown = repr(reading) + repr(carried.request) + repr(carried.account)

    assert not [value for value in _private(carried.account, reading.events) if value in shown]


def test_nothing_private_shows_in_a_refusal(proved: Any, proofs: Proofs) -> None:
    for request in _with_a_flipped_proof(proved.request, proofs[proved.type][0]):
        with pytest.raises(CallbackRejected) as refusal:
            proved.verify(request)
        shown = repr(refusal.value)
        assert not [value for value in _private(proved.account, proved.read().events) if value in shown]
        assert not [value for value in proved.request.headers.values() if len(value) > 12 and value in shown]


def test_reports_come_to_the_same_in_any_order(provider_type: str, all_golden: list[Any], now: datetime) -> None:
    by_message: dict[str, list[Progress]] = defaultdict(list)
    for golden in all_golden:
        for event in golden.read().events if golden.type == provider_type else ():
            if isinstance(event, DeliveryReported) and event.status is not None:
                by_message[event.message_id].append(_progress(event, now))

    assert max(map(len, by_message.values())) >= 3
    for reports in by_message.values():
        outcomes = {reduce(merge, order) for order in itertools.permutations(reports)}
        assert len(outcomes) == 1


def test_golden_callbacks_show_what_a_provider_may_surprise_with(provider_type: str, all_golden: list[Any]) -> None:
    events = [event for golden in all_golden if golden.type == provider_type for event in golden.read().events]

    assert {event.kind for event in events} >= {"message_received", "delivery_reported", "unknown"}
    reports = [event for event in events if isinstance(event, DeliveryReported)]
    assert any(report.status is None and report.native_status for report in reports)
    assert any(report.reference for report in reports)


def test_known_words_are_in_the_table_and_unknown_ones_are_not(
    provider_type: str, all_golden: list[Any], statuses: Callable[[str], Mapping[str, object]]
) -> None:
    for golden in all_golden:
        for event in golden.read().events if golden.type == provider_type else ():
            if isinstance(event, DeliveryReported):
                assert (event.native_status.lower() in statuses(provider_type)) == (event.status is not None)


def _shown(event: Event) -> dict[str, object]:
    dumped = TypeAdapter(Event).dump_python(event, mode="json")
    return {name: value for name, value in dumped.items() if name not in COMMON and value not in (None, "", [])}


def _with_a_flipped_proof(request: HttpRequest, names: tuple[str, ...]) -> Iterator[HttpRequest]:
    present = [name for name in names if name in request.headers]
    for name in present:
        value = request.headers[name]
        for position in (0, len(value) // 2, len(value) - 1):
            flipped = value[:position] + chr(ord(value[position]) ^ 1) + value[position + 1 :]
            yield replace(request, headers={**request.headers, name: flipped})
    if not present:
        yield replace(request, url=request.url[:-1] + chr(ord(request.url[-1]) ^ 1))


def _private(account: ProviderAccount, events: tuple[Event, ...]) -> list[str]:
    secrets = [secret.secret for secret in account.callback_secrets]
    texts = [event for event in events if isinstance(event, MessageReceived)]
    return secrets + [text.sender.digits or text.sender.value for text in texts] + [text.body for text in texts]


def _progress(report: DeliveryReported, now: datetime) -> Progress:
    assert report.status is not None
    failure = Failure(report.failure, report.detail, report.occurred_at or now) if report.failure else None
    return Progress(report.status, report.detail, failure)
