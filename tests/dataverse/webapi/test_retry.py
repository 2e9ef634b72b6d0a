"""When to call again, and when."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataverse.webapi.retry import may_repeat, pause, retry_after

DATE = "Tue, 15 Nov 1994 08:12:31 GMT"


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        ("0", None, 0.0),
        ("120", None, 120.0),
        (" 7 ", None, 7.0),
        ("Tue, 15 Nov 1994 08:12:41 GMT", DATE, 10.0),
        ("Tue, 15 Nov 1994 08:12:01 GMT", DATE, 0.0),
        ("Tue, 15 Nov 1994 08:12:41 GMT", None, None),
        ("Tue, 15 Nov 1994 08:12:41 GMT", "rubbish", None),
        ("Tue, 15 Nov 1994 08:12:41 -0000", DATE, None),
        ("soon", DATE, None),
        ("-5", DATE, None),
        ("٣", None, None),
        ("", DATE, None),
    ],
)
def test_retry_after_is_read_as_seconds_and_as_a_date(value: str, date: str | None, seconds: float | None) -> None:
    headers = {"retry-after": value} | ({} if date is None else {"date": date})
    assert retry_after(headers) == seconds


def test_an_answer_without_retry_after_does_not_say() -> None:
    assert retry_after({"date": DATE}) is None


@pytest.mark.parametrize(
    ("status", "wait", "repeatable", "expected"),
    [
        (429, None, False, True),
        (503, 5.0, False, True),
        (503, None, False, False),
        (502, 5.0, False, False),
        (504, None, False, False),
        (503, None, True, True),
        (502, None, True, True),
        (504, None, True, True),
    ],
)
def test_only_what_certainly_was_not_done_is_done_again(
    status: int, wait: float | None, repeatable: bool, expected: bool
) -> None:
    assert may_repeat(status, repeatable=repeatable, retry_after=wait) is expected


@given(st.integers(1, 50), st.none() | st.floats(0, 1000), st.floats(0, 1))
def test_a_pause_is_never_shorter_than_asked_and_never_endless(attempt: int, wait: float | None, jitter: float) -> None:
    seconds = pause(attempt, retry_after=wait, jitter=jitter)
    if wait is None:
        assert 0.25 <= seconds <= 20
    else:
        assert wait <= seconds <= wait + 1


def test_pauses_grow_and_differ() -> None:
    assert [pause(attempt, retry_after=None, jitter=1.0) for attempt in (1, 2, 3)] == [0.5, 1.0, 2.0]
    assert pause(1, retry_after=5.0, jitter=0.1) != pause(1, retry_after=5.0, jitter=0.2)
