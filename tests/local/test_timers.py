"""Timer functions are called when NCRONTAB says, by the local host as by Azure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import azure.functions as func
import pytest

from local.functions import read_functions
from local.timers import Schedule, Timers

NIGHT = datetime(2026, 11, 29, 2, 30, tzinfo=UTC)  # a Sunday


@pytest.mark.parametrize(
    ("text", "moment", "due"),
    [
        ("0 30 2 * * *", NIGHT, True),
        ("0 30 2 * * *", NIGHT + timedelta(seconds=1), False),
        ("0 30 2 * * *", NIGHT + timedelta(hours=1), False),
        ("*/15 * * * * *", NIGHT + timedelta(seconds=45), True),
        ("*/15 * * * * *", NIGHT + timedelta(seconds=46), False),
        ("0 0-40/10 1,2 * 11 0", NIGHT, True),
        ("0 30 2 * * 1-5", NIGHT, False),
    ],
)
def test_a_schedule_says_when_a_function_is_due(text: str, moment: datetime, due: bool) -> None:
    assert Schedule.parse(text).matches(moment) is due


@pytest.mark.parametrize(
    "text", ["", "* * * * *", "61 * * * * *", "x * * * * *", "0 0 24 * * *", "0 5-1 * * * *", "*/0 * * * * *"]
)
def test_what_is_no_schedule_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="NCRONTAB"):
        Schedule.parse(text)


def test_a_function_is_called_once_when_it_is_due_and_again_after_a_failure(app, eventually, caplog) -> None:
    now, called = [NIGHT - timedelta(seconds=2)], []

    @app.timer_trigger(schedule="0 30 2,3 * * *", arg_name="timer")
    def tick(timer: func.TimerRequest) -> None:
        called.append(timer.past_due)
        raise RuntimeError("a bad night")

    timers = Timers(read_functions(app, "api").timer, clock=lambda: now[0])
    timers.start()
    try:
        now[0] += timedelta(seconds=1)
        now[0] = NIGHT + timedelta(seconds=5)
        eventually(lambda: "Executed 'tick' (Failed)" in caplog.text)  # what is missed during a call is not made up for
        now[0] = NIGHT + timedelta(hours=1)
        eventually(lambda: called == [False, False])
    finally:
        timers.stop()


def test_timers_that_were_never_started_can_be_stopped(app) -> None:
    @app.timer_trigger(schedule="0 30 2 * * *", arg_name="timer")
    def tick(timer: func.TimerRequest) -> None: ...

    Timers(read_functions(app, "api").timer).stop()
