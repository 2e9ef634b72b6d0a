"""Texts that nobody was told of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from dataverse.store.choices import DIRECTIONS, Direction


@pytest.fixture
def stored(well):
    """Texts without a mark, or with one; the doctor comes some hours later."""

    def store(count: int = 1, *, hours: int = 3, direction: Direction = Direction.INCOMING, **columns: object) -> None:
        facts = {
            "txv_name": "Text",
            "txv_direction": DIRECTIONS[direction],
            "txv_from": "+12065550187",
            "txv_to": "+12065550100",
            "txv_body": "Do not show this",
            "txv_arrivedon": "2026-11-20T09:22:45Z",
        }
        for _ in range(count):
            well.send("PATCH", f"txv_textmessages({uuid4()})", {**facts, **columns})
        well.seen["now"] = lambda: datetime.now(UTC) + timedelta(hours=hours)

    return store


@pytest.mark.parametrize(("count", "many"), [(1, "A text"), (2, "2 texts"), (100, "100 texts or more")])
def test_texts_that_nobody_was_told_of_are_found(well, stored, count, many):
    stored(count)

    what = f"{many} of the last week nobody was told of, the latest of 2026-11-20 09:22 UTC: they are in Dynamics"
    assert well.found("untold texts") == [("problem", what)]


def test_a_text_that_the_sweep_may_still_tell_of_is_no_fault(well, stored):
    stored(hours=0)

    assert well.found("untold texts") == []


def test_a_text_that_somebody_was_told_of_is_no_fault_nor_is_one_of_ours(well, stored):
    stored(txv_notifiedon="2026-11-20T09:22:46Z")
    stored(direction=Direction.OUTGOING)

    assert well.found("untold texts") == []
