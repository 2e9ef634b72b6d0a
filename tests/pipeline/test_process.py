"""One queued event: done, later, or set aside. Nothing else happens to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from messaging.envelope import Envelope, encode
from messaging.errors import ConfigurationError, NotFound, Throttled, Unavailable, UncertainError
from messaging.events import ConsentChoice, Media, MessageReceived, OptOutSeen, UnknownEvent
from messaging.media import waiting
from pipeline.accept import PROVIDER_EVENTS
from pipeline.process import DELAYS, MENDING_S, POISON, Processing


@pytest.fixture
def handled() -> list[object]:
    return []


@pytest.fixture
def processing(queue, handled: list[object]) -> Processing:
    return Processing(
        received=handled.append,
        media_waiting=lambda event, last: handled.append((event, last)),
        reported=lambda event, attempt: handled.append((event, attempt)),
        opted_out=lambda event, attempt: handled.append((event, attempt)),
        queue=queue,
    )


def _failing(processing: Processing, error: Exception) -> Processing:
    def fail(event: MessageReceived) -> None:
        raise error

    return replace(processing, received=fail)


def test_each_kind_of_event_has_its_handler(processing: Processing, handled, queue, text_received, report, now) -> None:
    opted_out = OptOutSeen(
        account="a",
        provider="twilio",
        message_id="SM1",
        customer=text_received.sender,
        choice=ConsentChoice.OPTED_OUT,
        received_at=now,
    )
    for event in (text_received, report(), opted_out):
        processing.process(encode(Envelope(event=event, attempt=2)))

    assert handled == [text_received, (report(), 2), (opted_out, 2)]
    assert queue.sent == []


@pytest.mark.parametrize("error", [Unavailable("down"), UncertainError("lost answer"), Throttled("slow")])
def test_what_may_succeed_later_waits_longer_each_time(
    processing: Processing, queue, text_received, error: Exception
) -> None:
    for attempt, delay in enumerate(DELAYS):
        _failing(processing, error).process(encode(Envelope(event=text_received, attempt=attempt)))

        assert queue.sent.pop() == (PROVIDER_EVENTS, Envelope(event=text_received, attempt=attempt + 1), delay)


def test_the_other_sides_wish_is_heeded(processing: Processing, queue, text_received, queued: Callable) -> None:
    _failing(processing, Throttled("slow down", retry_after=42.5)).process(queued(text_received))

    assert queue.sent[0][2] == 42.5


def test_a_wrong_setting_waits_for_the_administrator(processing: Processing, queue, text_received, queued) -> None:
    _failing(processing, ConfigurationError("DATAVERSE_URL is empty")).process(queued(text_received))

    assert queue.sent == [(PROVIDER_EVENTS, Envelope(event=text_received, attempt=1), MENDING_S)]


def test_after_a_day_it_is_set_aside_with_the_reason(processing: Processing, queue, text_received) -> None:
    assert sum(DELAYS) >= 24 * 3600 - 3600
    envelope = Envelope(event=text_received, attempt=len(DELAYS))

    _failing(processing, Unavailable("still down")).process(encode(envelope))

    (name, kept, _) = queue.sent[0]
    assert name == POISON
    assert kept.event == text_received
    assert "still down" in kept.reason


def test_what_will_never_succeed_is_set_aside_at_once(processing: Processing, queue, text_received, queued) -> None:
    _failing(processing, NotFound("no such message")).process(queued(text_received))

    assert queue.sent == [(POISON, Envelope(event=text_received, reason="NotFound: no such message"), 0.0)]


def test_an_unknown_event_is_kept_whole_for_the_release_that_knows_it(
    processing: Processing, queue, now, queued
) -> None:
    event = UnknownEvent(account="acs", provider="acs", native_type="Microsoft.New", received_at=now, raw={"a": 1})

    processing.process(queued(event))

    assert queue.sent[0][:2] == (POISON, Envelope(event=event, reason="unknown event: Microsoft.New"))


def test_what_is_no_event_at_all_is_kept_as_it_came(processing: Processing, queue) -> None:
    processing.process("{broken")

    assert queue.sent == [(POISON, "{broken", 0.0)]


def test_a_defect_is_left_to_the_functions_host(processing: Processing, queue, text_received, queued) -> None:
    with pytest.raises(ZeroDivisionError):
        _failing(processing, ZeroDivisionError()).process(queued(text_received))

    assert queue.sent == []


def _with_pictures(event: MessageReceived) -> MessageReceived:
    return replace(event, media=(Media("https://a.example/1", "image/png"), Media("https://a.example/2", "image/gif")))


def test_each_attachment_goes_its_own_way_behind_the_text(
    processing: Processing, queue, text_received, handled, queued
) -> None:
    text = _with_pictures(text_received)

    processing.process(queued(text))

    assert handled == [text]
    assert queue.sent == [(PROVIDER_EVENTS, Envelope(event=media), 0.0) for media in waiting(text)]
    assert [(media.position, media.media) for media in waiting(text)] == list(enumerate(text.media))


def test_no_attachment_is_fetched_before_its_text_is_stored(
    processing: Processing, queue, text_received, queued
) -> None:
    text = _with_pictures(text_received)

    _failing(processing, Unavailable("down")).process(queued(text))
    _failing(processing, NotFound("for good")).process(queued(text))

    assert [(name, kept.event) for name, kept, _ in queue.sent] == [(PROVIDER_EVENTS, text), (POISON, text)]


def test_attachments_are_queued_again_where_a_text_was_stored_before(
    processing: Processing, queue, text_received, queued
) -> None:
    """The run that stored it may have been cut off before it queued them."""
    text = _with_pictures(text_received)

    for _ in range(2):
        processing.process(queued(text))

    assert [kept.event for _, kept, _ in queue.sent] == [*waiting(text), *waiting(text)]


def test_an_attachment_is_told_when_it_is_tried_for_the_last_time(
    processing: Processing, handled, text_received
) -> None:
    (first, _) = waiting(_with_pictures(text_received))

    for attempt in (0, len(DELAYS) - 1, len(DELAYS)):
        processing.process(encode(Envelope(event=first, attempt=attempt)))

    assert handled == [(first, False), (first, False), (first, True)]
