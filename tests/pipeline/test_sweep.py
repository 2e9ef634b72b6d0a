"""The sweep's own rules: what it asks for, and what becomes of the other texts when one goes wrong."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

import pytest

from messaging.errors import AlreadyExists, Refused, Throttled, Unavailable
from pipeline.ingest import CUT_OFF_AFTER
from pipeline.sweep import LATELY, MOST_TEXTS, Sweep, look_back

TEXTS = [UUID(int=number) for number in (1, 2, 3)]


class UntoldInMemory:
    """Texts, whatever is asked for; and what was."""

    def __init__(self, event) -> None:
        self.event, self.asked = event, []

    def find(self, since, before, most):
        self.asked.append((since, before, most))
        return [(text, self.event) for text in TEXTS]


@pytest.fixture
def swept(text_received, now):
    """The texts that were told of, where telling of these raises these errors."""

    def run(**errors):
        told = []

        def finish(event, message_id):
            told.append(message_id)
            if error := errors.get(f"text_{message_id.int}"):
                raise error

        Sweep(untold=UntoldInMemory(text_received), finish=finish, clock=lambda: now).run()
        return told

    return run


@pytest.mark.parametrize("error", [Refused("no"), AlreadyExists("another run is at it"), None])
def test_one_text_that_cannot_be_told_stops_no_other(swept, error) -> None:
    assert swept(text_2=error) == TEXTS


@pytest.mark.parametrize("error", [Unavailable("down"), Throttled("slower")])
def test_where_dataverse_is_away_the_run_ends_quietly(swept, error, caplog) -> None:
    with caplog.at_level(logging.WARNING):
        assert swept(text_2=error) == TEXTS[:2]

    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_only_texts_that_are_nobodys_work_in_progress_are_asked_for(text_received, now) -> None:
    untold = UntoldInMemory(text_received)

    Sweep(untold=untold, finish=lambda *_: None, clock=lambda: now).run()

    assert untold.asked == [(now - LATELY, now - CUT_OFF_AFTER, MOST_TEXTS)]


def test_a_text_that_is_refused_is_tried_each_time_for_an_hour_then_hourly_for_two_days(now) -> None:
    hour = now.replace(minute=0, second=0)
    runs = [hour + timedelta(minutes=minute, milliseconds=7) for minute in range(0, 60, 5)]

    assert [look_back(run) for run in runs] == [timedelta(days=2), *[timedelta(hours=1)] * 11]
