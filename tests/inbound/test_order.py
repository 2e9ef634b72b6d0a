"""Order and time: texts are sorted and counted as they arrive here; a provider's clock is only shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import permutations
from uuid import uuid4

import pytest

from dataverse.store.choices import DIRECTIONS, Direction
from dataverse.store.tables import owner_path
from local.phone.rows import in_order
from messaging.records import Table

ARRIVAL = datetime(2026, 11, 20, 9, 22, 45, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def known(world):
    """A number of a seller, and a customer who is a contact of hers."""
    seller, customer = world.seller(), world.customer()
    world.record(Table.CONTACT, seller, mobilephone=customer)
    return world.number(seller), customer


def _take(world, known, arrived, **facts):
    event = world.text(*known, received_at=arrived, **facts)
    world.ingestion().ingest(event)
    return event


def _bodies(world, event) -> list[str]:
    talk = world.conversation(event)["activityid"]
    rows = world.rows(f"txv_textmessages?$filter=_txv_conversationid_value eq {talk}")
    return [str(row["txv_body"]) for row in in_order(rows)]


def test_texts_stand_as_they_arrived_in_whatever_order_they_were_sent_and_stored(world, known) -> None:
    arrivals = {"one": ARRIVAL, "two": ARRIVAL + SECOND, "three": ARRIVAL + 2 * SECOND}
    sent = {"one": ARRIVAL - SECOND, "two": ARRIVAL - 3 * SECOND, "three": ARRIVAL - 2 * SECOND}
    for body in ("three", "one", "two"):
        event = _take(world, known, arrivals[body], body=body, occurred_at=sent[body])

    assert _bodies(world, event) == ["one", "two", "three"]
    talk = world.conversation(event)
    assert (talk["txv_unreadcount"], talk["txv_lastmessageon"]) == (3, "2026-11-20T09:22:47Z")


@pytest.mark.parametrize("order", [*permutations((0, 1, 2))])
def test_texts_of_the_same_second_keep_the_order_in_which_they_arrived(world, known, order) -> None:
    for number in order:
        event = _take(world, known, ARRIVAL + timedelta(milliseconds=10 * number), body=f"Text {number}")
        row = f"txv_textmessages({world.message(event)['txv_textmessageid']})"
    expected = ["Text 0", "Text 1", "Text 2"]
    assert _bodies(world, event) == expected

    world.update(row, {"txv_statusdetail": "written later"})

    assert _bodies(world, event) == expected


@pytest.mark.parametrize("off", [timedelta(hours=7), -timedelta(hours=7), timedelta(days=400)])
def test_a_providers_clock_that_is_hours_off_is_shown_and_moves_nothing(world, known, off) -> None:
    first = _take(world, known, ARRIVAL, body="first", occurred_at=ARRIVAL + off)
    second = _take(world, known, ARRIVAL + SECOND, body="second", occurred_at=ARRIVAL)

    assert _bodies(world, second) == ["first", "second"]
    assert world.conversation(first)["txv_lastmessageon"] == "2026-11-20T09:22:46Z"
    assert world.message(first)["txv_providertime"] == (ARRIVAL + off).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_times_of_any_time_zone_are_stored_in_utc(world, known) -> None:
    delhi, denver = timezone(timedelta(hours=5, minutes=30)), timezone(-timedelta(hours=7))

    event = _take(world, known, ARRIVAL.astimezone(denver), occurred_at=ARRIVAL.astimezone(delhi))

    row = world.message(event)
    stored = [row["txv_arrivedon"], row["txv_providertime"], world.conversation(event)["txv_lastmessageon"]]
    assert stored == ["2026-11-20T09:22:45Z"] * 3


def test_a_provider_without_a_clock_leaves_its_time_empty(world, known) -> None:
    assert world.message(_take(world, known, ARRIVAL))["txv_providertime"] is None


def test_a_text_that_waited_while_others_came_is_counted_and_is_not_the_latest(world, known) -> None:
    event = _take(world, known, ARRIVAL)
    talk = f"txv_textconversations({world.conversation(event)['activityid']})"
    world.update(talk, {"txv_lastdirection": DIRECTIONS[Direction.OUTGOING]})  # it was answered

    _take(world, known, ARRIVAL - timedelta(hours=2))

    row = world.conversation(event)
    assert (row["txv_lastmessageon"], row["txv_unreadcount"]) == ("2026-11-20T09:22:45Z", 2)
    assert row["txv_lastdirection"] == DIRECTIONS[Direction.OUTGOING]


def test_the_latest_text_says_when_and_from_whom_it_came(world, known) -> None:
    event = _take(world, known, ARRIVAL)
    talk = f"txv_textconversations({world.conversation(event)['activityid']})"
    world.update(talk, {"txv_lastdirection": DIRECTIONS[Direction.OUTGOING]})

    _take(world, known, ARRIVAL + SECOND)

    row = world.conversation(event)
    assert row["txv_lastmessageon"] == "2026-11-20T09:22:46Z"
    assert row["txv_lastdirection"] == DIRECTIONS[Direction.INCOMING]


def test_a_late_retry_of_an_older_text_does_not_change_which_conversation_is_the_latest(world, known) -> None:
    our, customer = known
    latest = _take(world, known, ARRIVAL)
    other = world.record(Table.CONTACT, world.seller(), mobilephone=customer)
    talk = {
        "subject": "Text messages",
        "txv_ourdigits": our.key,
        "txv_customerdigits": customer[1:],
        "txv_lastmessageon": "2026-11-20T09:00:00Z",
        "regardingobjectid_contact_txv_textconversation@odata.bind": f"/contacts({other.id})",
        "ownerid@odata.bind": f"/{owner_path(world.seller())}",
    }
    world.create(f"txv_textconversations({uuid4()})", talk)

    late = _take(world, known, ARRIVAL - timedelta(hours=1))
    after = _take(world, known, ARRIVAL + SECOND)

    assert world.home(latest) == world.home(late) == world.home(after) != other
