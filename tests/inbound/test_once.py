"""Every text once: repeated, at the same moment, cut off in the middle, with lost answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import requests

from messaging.errors import AlreadyExists, Conflict, TransientError
from messaging.events import MessageReceived
from messaging.records import Table
from pipeline.ingest import CUT_OFF_AFTER, Ingestion


class LosesAnswers(requests.Session):
    """The request arrives and is carried out; its answer does not come back."""

    def __init__(self, which: Callable[[int], bool]) -> None:
        super().__init__()
        self.which, self.sent = which, 0

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        answer = super().send(request, **kwargs)
        self.sent += 1
        if self.which(self.sent):
            raise requests.ConnectionError("the answer was lost")
        return answer


def _patiently(ingestion: Ingestion, event: MessageReceived) -> None:
    """As the queue does: again and again while it may succeed later."""
    for _ in range(40):
        try:
            ingestion.ingest(event)
        except AlreadyExists as error:
            if error.retry_after and error.retry_after > 1:
                return  # another run is storing it, and will
        except TransientError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("never came to an end")


def _count(world, table: str, customer: str) -> int:
    column = {"txv_textmessages": "txv_from", "leads": "mobilephone"}[table]
    return len(world.rows(f"{table}?$filter={column} eq '%2B{customer[1:]}'"))


def test_the_same_text_three_times_is_one_message_one_count_and_one_bell(world) -> None:
    seller, customer = world.seller(), world.customer()
    event = world.text(world.number(seller), customer)

    for _ in range(3):
        world.ingestion().ingest(event)

    assert _count(world, "txv_textmessages", customer) == 1
    assert world.conversation(event)["txv_unreadcount"] == 1
    assert len(world.bell(seller)) == 1


def test_eight_workers_with_the_same_text_store_it_once(world) -> None:
    seller, customer = world.seller(), world.customer()
    event = world.text(world.number(seller), customer)

    with ThreadPoolExecutor(8) as workers:
        list(workers.map(lambda _: _patiently(world.ingestion(), event), range(8)))

    assert (_count(world, "txv_textmessages", customer), _count(world, "leads", customer)) == (1, 1)
    assert world.conversation(event)["txv_unreadcount"] == 1
    assert len(world.bell(seller)) == 1


def test_eight_first_texts_at_once_make_one_lead_and_none_goes_uncounted(world) -> None:
    seller, customer = world.seller(), world.customer()
    our = world.number(seller)
    events = [world.text(our, customer, f"Text {number}") for number in range(8)]

    with ThreadPoolExecutor(8) as workers:
        list(workers.map(lambda event: _patiently(world.ingestion(), event), events))

    assert (_count(world, "txv_textmessages", customer), _count(world, "leads", customer)) == (8, 1)
    assert len({world.conversation(event)["activityid"] for event in events}) == 1
    assert world.conversation(events[0])["txv_unreadcount"] == 8
    counted = [f"{count} texts from {customer}" for count in range(2, 9)]
    assert sorted(world.bell(seller)) == [*counted, f"Text from {customer}"]


@pytest.mark.parametrize("lost", [1, 2, 3, 4, 5])
def test_whichever_answer_is_lost_the_text_is_there_once_and_rings_once(world, lost: int) -> None:
    seller, customer = world.seller(), world.customer()
    event = world.text(world.number(seller), customer)
    client = world.client_for("service", lambda: LosesAnswers(lambda sent: sent == lost))

    _patiently(world.ingestion(client), event)

    assert (_count(world, "txv_textmessages", customer), _count(world, "leads", customer)) == (1, 1)
    assert (world.conversation(event)["txv_unreadcount"], len(world.bell(seller))) == (1, 1)


def test_a_run_that_was_cut_off_before_it_told_anyone_is_finished_later(world) -> None:
    seller, customer = world.seller(), world.customer()
    world.record(Table.CONTACT, seller, mobilephone=customer)
    event = world.text(world.number(seller), customer)
    world.ingestion().ingest(event)
    message = f"txv_textmessages({world.message(event)['txv_textmessageid']})"
    world.update(message, {"txv_notifiedon": None})  # as if only the first change set had been carried out
    world.dismiss(seller)

    with pytest.raises(AlreadyExists) as early:
        world.ingestion().ingest(event)
    assert early.value.retry_after == pytest.approx(CUT_OFF_AFTER.total_seconds(), abs=10)

    world.clock_shift = CUT_OFF_AFTER + timedelta(seconds=5)
    world.ingestion().ingest(event)
    world.ingestion().ingest(event)

    assert world.message(event)["txv_notifiedon"] is not None
    assert world.bell(seller) == ["Text from A name"]


def test_two_workers_that_finish_the_same_run_tell_once(world) -> None:
    seller, customer = world.seller(), world.customer()
    event = world.text(world.number(seller), customer)
    world.ingestion().ingest(event)
    world.update(f"txv_textmessages({world.message(event)['txv_textmessageid']})", {"txv_notifiedon": None})
    world.dismiss(seller)
    world.clock_shift = CUT_OFF_AFTER + timedelta(seconds=5)

    def finish(_: int) -> None:
        try:
            world.ingestion().ingest(event)
        except Conflict:
            world.ingestion().ingest(event)

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(finish, range(4)))

    assert len(world.bell(seller)) == 1


def test_a_record_that_is_deleted_while_the_text_is_routed_is_looked_for_again(world) -> None:
    seller, customer = world.seller(), world.customer()
    contact = world.record(Table.CONTACT, seller, mobilephone=customer)
    event = world.text(world.number(seller), customer)

    class DeletesFirst(requests.Session):
        def __init__(self) -> None:
            super().__init__()
            self.batches = 0

        def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
            if b"If-None-Match: *" in (request.body or b"") and not self.batches:
                self.batches += 1
                world.delete(f"contacts({contact.id})")
            return super().send(request, **kwargs)

    world.ingestion(world.client_for("service", DeletesFirst)).ingest(event)

    home = world.home(event)
    assert home is not None
    assert home.table is Table.LEAD
    assert len(world.bell(seller)) == 1
