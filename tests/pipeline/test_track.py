"""Delivery reports find their message and never do harm."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest

from messaging.errors import Conflict, NotFound, Unavailable
from messaging.status import Failure, FailureReason, Progress, Status
from pipeline.track import MOST_WAITS, Tracking
from tests.stores.rows import MessageRow


@pytest.fixture
def message(org) -> MessageRow:
    """A text of ours that the provider has taken."""
    return org.rows.messages[org.sent("twilio-demo", "SM1")]


@pytest.fixture
def tracking(org, message) -> Tracking:
    return Tracking(org.reports())


def test_reports_in_any_order_end_the_same(message, tracking: Tracking, report, now) -> None:
    story = [
        report(status=Status.SENT, native_status="sent"),
        report(
            status=Status.UNDELIVERED, native_status="undelivered", failure=FailureReason.UNREACHABLE, detail="30003"
        ),
        report(status=Status.DELIVERED, native_status="delivered", occurred_at=now + timedelta(minutes=1)),
    ]
    ends = set()
    for order in permutations(story):
        message.progress = Progress(Status.QUEUED)
        for event in order:
            tracking.track(event, 0)
        ends.add(message.progress)

    assert ends == {Progress(Status.DELIVERED, "", Failure(FailureReason.UNREACHABLE, "30003", now))}


def test_a_late_or_repeated_report_writes_nothing(org, message, tracking: Tracking, report) -> None:
    tracking.track(report(status=Status.DELIVERED, native_status="delivered"), 0)
    tracking.track(report(status=Status.SENT, native_status="sent"), 0)
    tracking.track(report(status=Status.DELIVERED, native_status="delivered"), 0)

    assert (org.rows.writes, message.progress.status) == (1, Status.DELIVERED)


def test_an_unknown_status_moves_nothing_and_its_words_are_kept(message, tracking: Tracking, report) -> None:
    tracking.track(report(native_status="teleported"), 0)

    assert message.progress == Progress(Status.QUEUED, "teleported")


def test_a_failure_without_a_reason_is_one_of_an_unknown_reason(message, tracking: Tracking, report, now) -> None:
    tracking.track(report(status=Status.FAILED, native_status="failed"), 0)

    assert message.progress.failure == Failure(FailureReason.UNKNOWN, "", now)


def test_a_report_that_overtakes_our_own_note_waits_and_is_set_aside_in_the_end(tracking: Tracking, report) -> None:
    with pytest.raises(Unavailable):
        tracking.track(report(message_id="SM2", status=Status.SENT), MOST_WAITS - 1)
    with pytest.raises(NotFound):
        tracking.track(report(message_id="SM2", status=Status.SENT), MOST_WAITS)


def test_two_reports_at_once_both_count(org, message, tracking: Tracking, report) -> None:
    org.rows.meanwhile = lambda: tracking.track(report(status=Status.DELIVERED, native_status="delivered"), 0)

    tracking.track(report(status=Status.SENT, native_status="sent"), 0)

    assert (message.progress.status, org.rows.writes) == (Status.DELIVERED, 1)


def test_a_message_that_never_stands_still_is_tried_again_later(org, message, tracking: Tracking, report) -> None:
    def touch() -> None:
        message.version += 1
        org.rows.meanwhile = touch

    org.rows.meanwhile = touch
    with pytest.raises(Conflict):
        tracking.track(report(status=Status.SENT, native_status="sent"), 0)
