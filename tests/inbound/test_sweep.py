"""Texts that were stored and that nobody was told of are found, although nothing in a queue knows of them any more."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from function_app.app import create_app
from function_app.services import Services
from function_app.settings import Settings
from local.functions import read_functions
from local.queues import SqliteQueues
from local.timers import Schedule
from messaging.errors import Conflict
from messaging.events import Media
from messaging.records import Table
from pipeline.sweep import EVERY


@pytest.fixture
def known(world):
    """A seller with a number, and a customer who is a contact of hers."""
    seller, customer = world.seller(), world.customer()
    world.record(Table.CONTACT, seller, mobilephone=customer)
    return seller, world.number(seller), customer


def _stored(world, our, customer, body="Hello", **facts):
    event = world.text(our, customer, body, **facts)
    world.ingestion().ingest(event)
    return event


def test_a_text_whose_event_is_lost_is_told_once(world, known) -> None:
    seller, our, customer = known
    event = _stored(world, our, customer)
    world.cut_off(event, seller)

    for _ in range(2):
        world.sweep().run()

    assert world.bell(seller) == ["Text from A name"]
    assert world.message(event)["txv_notifiedon"] is not None


def test_the_function_app_tells_of_it_every_five_minutes(world, known) -> None:
    seller, our, customer = known
    world.cut_off(_stored(world, our, customer), seller)
    settings = Settings.read({"DATAVERSE_URL": world.url, "DATAVERSE_AUTH": "development"})
    with closing(SqliteQueues(Path(":memory:"))) as queues:
        app = create_app(lambda: Services(settings, queues, clock=world.now))
        (timer,) = (each for each in read_functions(app, "api").timer if each.name == "sweep")

        timer.handler(None)

    assert world.bell(seller) == ["Text from A name"]
    due = [
        minute
        for minute in range(60)
        if Schedule.parse(timer.schedule).matches(world.now().replace(minute=minute, second=0))
    ]
    assert due == list(range(0, 60, int(EVERY.total_seconds() / 60)))


def test_a_text_that_another_run_may_still_be_storing_is_left_to_it(world, known) -> None:
    seller, our, customer = known
    event = _stored(world, our, customer)
    world.cut_off(event, seller)
    world.clock_shift = timedelta()

    world.sweep().run()

    assert (world.bell(seller), world.message(event)["txv_notifiedon"]) == ([], None)


def test_a_text_that_waited_for_more_than_two_days_is_news_no_more(world, known) -> None:
    seller, our, customer = known
    event = _stored(world, our, customer)
    world.cut_off(event, seller)
    world.clock_shift = timedelta(days=2, hours=1)

    world.sweep().run()

    assert (world.bell(seller), world.message(event)["txv_notifiedon"]) == ([], None)


def test_where_there_is_nothing_to_do_a_sweep_costs_two_reads(world) -> None:
    world.clock_shift = timedelta(days=3)  # nothing is as young as that
    sweep = world.sweep()
    world.forget_requests()

    sweep.run()

    assert [(request["method"], request["status"]) for request in world.requests()] == [("GET", 200)] * 2


def test_a_sweep_and_the_queue_at_the_same_moment_tell_once(world, known) -> None:
    seller, our, customer = known
    event = _stored(world, our, customer)
    world.cut_off(event, seller)

    def take(_: object) -> None:
        try:
            world.ingestion().ingest(event)
        except Conflict:
            world.ingestion().ingest(event)

    with ThreadPoolExecutor(4) as workers:
        runs = [workers.submit(world.sweep().run) for _ in range(2)] + [workers.submit(take, event) for _ in range(2)]
        for run in runs:
            run.result()

    assert world.bell(seller) == ["Text from A name"]


def test_a_swept_text_says_what_it_would_have_said_at_once(world, known) -> None:
    seller, our, customer = known
    event = _stored(world, our, customer, "Look", media=(Media(url="https://x.example/1"),) * 2)
    (at_once,) = world.entries(seller)
    world.cut_off(event, seller)

    world.sweep().run()

    (late,) = world.entries(seller)
    assert [late[each] for each in ("title", "body", "data")] == [at_once[each] for each in ("title", "body", "data")]


@pytest.mark.parametrize("sender", ["CONTOSO", "24273"])
def test_texts_of_short_codes_and_names_are_swept_too(world, sender: str) -> None:
    seller = world.seller()
    event = _stored(world, world.number(seller), sender)
    world.cut_off(event, seller)

    world.sweep().run()

    assert world.bell(seller) == [f"Text from {sender}"]


def test_who_has_left_meanwhile_is_passed_over_for_the_next_in_line(world) -> None:
    gone, colleague, customer = world.seller(), world.seller(), world.customer()
    world.record(Table.CONTACT, colleague, mobilephone=customer)
    event = _stored(world, world.number(gone), customer)
    world.cut_off(event, gone)
    world.update(f"systemusers({gone.id})", {"isdisabled": True})

    world.sweep().run()

    assert (world.bell(gone), world.bell(colleague)) == ([], ["Text from A name"])


def test_a_text_that_nobody_can_read_any_more_stops_no_other(world, known) -> None:
    seller, our, customer = known
    event, spoiled = _stored(world, our, customer), _stored(world, our, customer)
    world.cut_off(event)
    world.cut_off(spoiled, seller)
    world.update(f"txv_textmessages({world.message(spoiled)['txv_textmessageid']})", {"txv_from": "?"})

    world.sweep().run()

    assert world.bell(seller) == ["2 texts from A name"]
    assert world.message(event)["txv_notifiedon"] is not None


def test_texts_of_ours_are_nobodys_news(world) -> None:
    sent = world.sent()
    world.clock_shift = timedelta(minutes=10)

    world.sweep().run()

    (row,) = world.rows(f"txv_textmessages?$select=txv_notifiedon&$filter=txv_textmessageid eq {sent}")
    assert row["txv_notifiedon"] is None


def test_the_latest_come_first_where_there_are_more_than_one_run_takes(world, known) -> None:
    _, our, customer = known
    events = [_stored(world, our, customer) for _ in range(3)]
    for event in events:
        world.cut_off(event)
    now, sweep = world.now(), world.sweep()

    found = sweep.untold.find(now - timedelta(hours=1), now, most=2)

    assert len(found) == 2
    times = [world.message(event)["createdon"] for event in (found[0][1], found[1][1])]
    assert times == sorted(times, reverse=True)
