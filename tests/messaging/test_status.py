"""Delivery reports in any order, any number of times, come to the same end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.status import Failure, FailureReason, Progress, Status, merge

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)

failures = st.builds(
    Failure,
    st.sampled_from(FailureReason),
    st.sampled_from(["", "30003", "4007: opted out"]),
    st.integers(0, 5).map(lambda minutes: NOON + timedelta(minutes=minutes)),
)
progresses = st.one_of(
    st.builds(Progress, st.sampled_from(Status), st.sampled_from(["", "a", "b"])),
    st.builds(lambda status, failure: Progress(status, "", failure), st.sampled_from(Status), failures),
)


@given(progresses, progresses)
def test_the_order_of_two_reports_does_not_matter(one: Progress, other: Progress) -> None:
    assert merge(one, other) == merge(other, one)


@given(progresses, progresses, progresses)
def test_the_grouping_of_reports_does_not_matter(one: Progress, two: Progress, three: Progress) -> None:
    assert merge(merge(one, two), three) == merge(one, merge(two, three))


@given(progresses, progresses)
def test_a_report_that_comes_twice_changes_nothing(one: Progress, other: Progress) -> None:
    merged = merge(one, other)

    assert merge(merged, other) == merged


@pytest.mark.parametrize(
    ("statuses", "end"),
    [
        ([Status.QUEUED, Status.SENT, Status.DELIVERED], Status.DELIVERED),
        ([Status.SENDING, Status.UNCONFIRMED, Status.SENT], Status.SENT),
        ([Status.SENT, Status.UNDELIVERED], Status.UNDELIVERED),
        ([Status.FAILED, Status.SENT, Status.QUEUED], Status.FAILED),
        ([Status.UNDELIVERED, Status.DELIVERED], Status.DELIVERED),
        ([Status.RECEIVED, Status.FAILED], Status.RECEIVED),
    ],
)
def test_every_order_of_a_story_has_the_same_end(statuses: list[Status], end: Status) -> None:
    for order in permutations(statuses):
        assert reduce(merge, map(Progress, order)).status is end


def test_the_first_reason_of_a_failure_is_kept_whatever_comes_later() -> None:
    first = Progress(Status.UNDELIVERED, "", Failure(FailureReason.OPTED_OUT, "4007", NOON))
    later = Progress(Status.FAILED, "", Failure(FailureReason.PROVIDER_ERROR, "5000", NOON + timedelta(minutes=1)))

    merged = merge(merge(later, first), Progress(Status.DELIVERED, "2000"))

    assert merged == Progress(Status.DELIVERED, "", first.failure)


def test_a_report_without_a_reason_does_not_hide_one_that_has_it() -> None:
    vague = Progress(Status.FAILED, "", Failure(FailureReason.UNKNOWN, "", NOON))
    clear = Progress(Status.FAILED, "", Failure(FailureReason.SPAM_FILTERED, "30007", NOON + timedelta(minutes=1)))

    assert merge(vague, clear).failure == clear.failure
