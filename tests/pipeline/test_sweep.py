"""The sweep's own rules: what it asks for, and what becomes of the other texts when one goes wrong."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest

from messaging.errors import AlreadyExists, Refused, Throttled, Unavailable
from notifications.bell import Entry
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


@dataclass
class BellInMemory:
    """Entries behind bells; asking for them raises `error`."""

    there: list[Entry] = field(default_factory=list)
    error: Exception | None = None

    def readers(self, since):
        if self.error:
            raise self.error
        return {entry.reader for entry in self.there if entry.made_on >= since}

    def entries(self, readers):
        return [entry for entry in self.there if entry.reader in readers]

    def take_away(self, entries):
        self.there = [entry for entry in self.there if entry.id not in entries]


@pytest.fixture
def swept(text_received, now):
    """The texts that were told of, where telling of these raises these errors."""

    def run(bell=None, **errors):
        told = []

        def finish(event, message_id):
            told.append(message_id)
            if error := errors.get(f"text_{message_id.int}"):
                raise error

        untold = UntoldInMemory(text_received)
        Sweep(untold=untold, bell=bell or BellInMemory(), finish=finish, clock=lambda: now).run()
        return told

    return run


@pytest.mark.parametrize("error", [Refused("no"), AlreadyExists("another run is at it"), Unavailable("500"), None])
def test_one_text_that_cannot_be_told_stops_no_other(swept, error) -> None:
    assert swept(text_2=error) == TEXTS


def test_where_dataverse_asks_to_slow_down_the_run_ends_quietly(swept, caplog) -> None:
    with caplog.at_level(logging.WARNING):
        assert swept(text_2=Throttled("slower")) == TEXTS[:2]

    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_where_dataverse_is_away_no_run_goes_on_into_the_next_one(text_received, now) -> None:
    tried: list[UUID] = []

    def finish(_, message_id):
        tried.append(message_id)
        raise Unavailable("no answer for two minutes")

    def clock():
        return now + timedelta(minutes=3) * len(tried)

    Sweep(untold=UntoldInMemory(text_received), bell=BellInMemory(), finish=finish, clock=clock).run()

    assert tried == TEXTS[:2]


def test_only_texts_that_are_nobodys_work_in_progress_are_asked_for(text_received, now) -> None:
    untold = UntoldInMemory(text_received)

    Sweep(untold=untold, bell=BellInMemory(), finish=lambda *_: None, clock=lambda: now).run()

    assert untold.asked == [(now - LATELY, now - CUT_OFF_AFTER, MOST_TEXTS)]


def test_a_text_that_is_refused_is_tried_each_time_for_an_hour_then_hourly_for_two_days(now) -> None:
    hour = now.replace(minute=0, second=0)
    runs = [hour + timedelta(minutes=minute, milliseconds=7) for minute in range(0, 60, 5)]

    assert [look_back(run) for run in runs] == [timedelta(days=2), *[timedelta(hours=1)] * 11]


def _pile(now, count):
    return [
        Entry(id=UUID(int=one), reader=UUID(int=7), conversation=UUID(int=8), made_on=now, version=one)
        for one in range(count)
    ]


def test_no_run_takes_more_than_a_hundred_entries_away_and_the_next_ones_take_the_rest(swept, now) -> None:
    bell = BellInMemory(_pile(now, 250))
    left = []

    for _ in range(4):
        swept(bell)
        left.append(len(bell.there))

    assert left == [150, 50, 1, 1]
    assert bell.there[0].version == 249


def test_where_dataverse_is_away_for_texts_the_bells_wait_for_no_other_run(swept, now) -> None:
    bell = BellInMemory(_pile(now, 2))

    swept(bell, text_1=Unavailable("down"))

    assert [entry.version for entry in bell.there] == [1]


def test_bells_that_cannot_be_read_take_no_text_with_them(swept) -> None:
    assert swept(BellInMemory(error=Throttled("slower"))) == TEXTS
    with pytest.raises(Refused):  # by the role of an older release, say: it is told after the texts are
        swept(BellInMemory(error=Refused("no privilege")))
