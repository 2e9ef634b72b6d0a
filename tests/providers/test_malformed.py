"""Golden callbacks with one field gone or of another type: read all the same or refused by name, never an accident."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from messaging.errors import Malformed
from messaging.events import MessageReceived, UnknownEvent

UNFIT: tuple[object, ...] = (None, "", "unfit", 5, -1.5, True, [], ["unfit"], {}, {"unfit": "unfit"}, "x" * 500, "a\nb")
GONE = object()
DECIDING = {"specversion", "CallSid", "MessageStatus"}  # what kind of callback it is: without it, others are missing
NEEDED = {
    "acs-inbound-event_grid": ["eventType", "data", "messageId", "from", "to", "message"],
    "acs-inbound-cloud_event": ["type", "data", "messageId", "from", "to", "message"],
    "acs-inbound-subscription_validation": ["eventType", "data", "validationCode"],
    "acs-status-delivered": ["eventType", "data", "messageId", "deliveryStatus"],
    "telesign-inbound-text": ["reference_id", "user_response", "phone_number", "mo_message"],
    "telesign-inbound-template": ["reference_id"],
    "telesign-inbound-whatsapp": ["reference_id"],
    "telesign-status-delivered": ["reference_id", "status", "code"],
    "twilio-inbound-text": ["AccountSid", "MessageSid", "From", "To", "Body"],
    "twilio-status-delivered": ["AccountSid", "MessageSid"],
}


def _paths(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield (*path, name)
        yield from _paths(inner, (*path, name))


def _changed(payload: Any, path: tuple[str | int, ...], value: object) -> Any:
    changed = copy.deepcopy(payload)
    at = changed
    for name in path[:-1]:
        at = at[name]
    if value is GONE:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return changed


def _bodies(golden: Any) -> Iterator[tuple[str, bytes]]:
    body = golden.request.body
    if golden.type == "twilio":
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        for name in form:
            yield name, urlencode({other: form[other] for other in form if other != name}).encode()
            for value in ("", "unfit", "a\nb", "x" * 500, "\0", "-1"):
                yield name, urlencode({**form, name: value}).encode()
        return
    payload = json.loads(body.decode("utf-8-sig")) if body else []
    for path in _paths(payload):
        name = str(path[-1]).replace("specVersion", "specversion")
        for unfit in (GONE, *UNFIT):
            yield name, json.dumps(_changed(payload, path, unfit)).encode()


def test_a_field_that_does_not_fit_is_named_or_does_not_matter(golden: Any) -> None:
    texts = [event for event in golden.read().events if isinstance(event, MessageReceived)]
    private = [text.body for text in texts if len(text.body) > 3] + [text.sender.digits for text in texts]

    for name, body in _bodies(golden):
        try:
            golden.read(replace(golden.request, body=body))
        except Malformed as refusal:
            shown = str(refusal)
            assert name.lower() in shown.lower() or name in DECIDING
            assert not [value for value in (*private, "unfit") if value and value in shown.removeprefix(name)]


@pytest.mark.parametrize(("case", "name"), [(case, name) for case in NEEDED for name in NEEDED[case]])
def test_a_field_that_is_needed_is_missed(all_golden: list[Any], case: str, name: str) -> None:
    (golden,) = [one for one in all_golden if one.id == case]
    refusals = []
    for changed, body in _bodies(golden):
        if changed == name:
            try:
                golden.read(replace(golden.request, body=body))
            except Malformed as refusal:
                refusals.append(str(refusal))

    assert any(refusal.endswith(f"{name} is missing") for refusal in refusals)


@pytest.mark.parametrize("kind", ["text", "object", "number"])
def test_a_bad_event_is_set_aside_and_the_good_ones_beside_it_are_taken(all_golden: list[Any], kind: str) -> None:
    (batch,) = [golden for golden in all_golden if golden.id == "acs-inbound-cloud_events_batch"]
    payload = json.loads(batch.request.body)
    bad = {"text": "event", "object": {}, "number": 5}[kind]

    *good, unknown = batch.read(replace(batch.request, body=json.dumps([*payload, bad]).encode())).events

    assert good == list(batch.read(batch.request).events)
    assert isinstance(unknown, UnknownEvent)
    assert unknown.native_type.startswith("unreadable: [2]")
    assert unknown.raw == (bad if isinstance(bad, dict) else {"item": bad})
    with pytest.raises(Malformed, match=r"^\[0\]"):
        batch.read(replace(batch.request, body=json.dumps([bad, bad]).encode()))


def test_a_handshake_does_not_swallow_the_events_beside_it(all_golden: list[Any]) -> None:
    golden = {one.id: one for one in all_golden}
    text, validation = golden["acs-inbound-event_grid"], golden["acs-inbound-subscription_validation"]
    both = json.loads(validation.request.body) + json.loads(text.request.body)

    reading = text.read(replace(text.request, body=json.dumps(both).encode()))
    assert [event.message_id for event in reading.events] == [event.message_id for event in text.read().events]
    assert reading.answer == validation.read().answer
