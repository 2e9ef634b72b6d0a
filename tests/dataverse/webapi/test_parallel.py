"""Many calls at once: as many as recommended, in order, and none behind the caller's back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataverse.webapi.client import Client
from dataverse.webapi.parallel import AHEAD, BEFORE_A_HINT, in_parallel
from dataverse.webapi.request import Request

Connect = Callable[..., Client]


@dataclass
class Watch:
    """Work that counts how many calls run at once; it takes a moment, so that they meet."""

    moment: float = 0.002
    running: int = 0
    most: int = 0
    begun: list[int] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, item: int) -> int:
        with self.lock:
            self.begun.append(item)
            self.running += 1
            self.most = max(self.most, self.running)
        time.sleep(self.moment)
        with self.lock:
            self.running -= 1
        return item * 10


@pytest.fixture
def idle(connect: Connect) -> Client:
    """A client that has not asked anything yet."""
    return connect("https://contoso.crm4.dynamics.com")


def test_results_come_in_the_order_of_the_items(idle: Client) -> None:
    def slow_first(item: int) -> int:
        time.sleep(0.002 * (10 - item))
        return item

    assert list(in_parallel(idle, slow_first, range(10))) == list(range(10))


def test_nothing_to_do_is_nothing(idle: Client) -> None:
    assert list(in_parallel(idle, Watch(), [])) == []


@pytest.mark.parametrize(("hint", "at_most", "expected"), [(0, 32, BEFORE_A_HINT), (6, 32, 6), (40, 3, 3), (1, 32, 1)])
def test_no_more_run_at_once_than_recommended_and_allowed(idle: Client, hint: int, at_most: int, expected: int) -> None:
    idle.recommended_calls = hint
    watch = Watch()

    list(in_parallel(idle, watch, range(expected * 10), at_most=at_most))

    assert watch.most == expected


def test_the_recommendation_is_followed_while_it_changes(idle: Client) -> None:
    idle.recommended_calls = 8
    watch = Watch()
    results = in_parallel(idle, watch, count())
    for _ in range(40):
        next(results)
    idle.recommended_calls = 2
    for _ in range(40):
        next(results)
    watch.most = 0
    for _ in range(40):
        next(results)
    results.close()

    assert 1 <= watch.most <= 2


def test_endless_items_are_taken_as_needed(idle: Client) -> None:
    taken = []

    def endless() -> Iterator[int]:
        for number in count():
            taken.append(number)
            yield number

    results = in_parallel(idle, Watch(), endless(), at_most=4)
    for wanted in range(50):
        assert next(results) == wanted * 10
        assert len(taken) <= wanted + 1 + 4 * AHEAD
    results.close()


def test_one_slow_call_does_not_stop_the_others_but_memory_is_bounded(idle: Client) -> None:
    idle.recommended_calls = 4
    release, seen, lock = threading.Event(), [], threading.Lock()

    def work(item: int) -> int:
        with lock:
            seen.append(item)
            if len(seen) == 4 * AHEAD:
                release.set()
        if item == 0:
            assert release.wait(10)
        return item

    results = in_parallel(idle, work, count(), at_most=4)
    assert next(results) == 0
    assert sorted(seen) == list(range(4 * AHEAD))
    results.close()


@given(st.integers(1, 6), st.sets(st.integers(0, 19), min_size=1))
def test_the_first_error_comes_at_its_place_after_the_results_before_it(degree: int, bad: set[int]) -> None:
    class Environment:
        recommended_calls = degree

    def work(item: int) -> int:
        if item in bad:
            raise LookupError(item)
        return item

    got: list[int] = []
    with pytest.raises(LookupError, match=f"^{min(bad)}$"):
        got.extend(in_parallel(Environment(), work, range(20)))  # type: ignore[arg-type]  # all that is looked at
    assert got == list(range(min(bad)))


def test_after_an_error_nothing_runs_on(idle: Client) -> None:
    watch = Watch()

    def work(item: int) -> int:
        watch(item)
        if item == 5:
            raise LookupError
        return item

    with pytest.raises(LookupError):
        list(in_parallel(idle, work, count()))
    begun = len(watch.begun)
    assert watch.running == 0
    time.sleep(0.02)
    assert len(watch.begun) == begun <= 5 + 1 + 2 * BEFORE_A_HINT


def test_whoever_stops_early_leaves_nothing_running(idle: Client) -> None:
    watch = Watch()
    results = in_parallel(idle, watch, count())
    next(results)
    results.close()
    begun = len(watch.begun)
    time.sleep(0.02)

    assert (watch.running, len(watch.begun)) == (0, begun)


def test_an_error_of_the_items_is_the_callers(idle: Client) -> None:
    def items() -> Iterator[int]:
        yield from range(3)
        raise LookupError("the file ends in the middle of a line")

    watch = Watch()
    with pytest.raises(LookupError, match="middle"):
        list(in_parallel(idle, watch, items()))
    assert watch.running == 0


def test_at_least_one_call_at_a_time(idle: Client) -> None:
    with pytest.raises(ValueError, match="at least one"):
        in_parallel(idle, Watch(), [], at_most=0)


def test_requests_follow_the_recommendation_of_the_service(server: Any, reply: Any, connect: Connect) -> None:
    lock, running, most = threading.Lock(), [0], [0]

    def answer(handler: Any) -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.002)
        with lock:
            running[0] -= 1
        reply(200, b"{}", x_ms_dop_hint="7")(handler)

    server.script = [answer] * 200
    client = connect(server.url)
    requests = (Request(method="GET", path=f"contacts({number})") for number in range(200))

    answers = list(in_parallel(client, client.send, requests))

    assert [answer.status for answer in answers] == [200] * 200
    assert client.recommended_calls == 7
    assert BEFORE_A_HINT <= most[0] <= 7
    assert server.connections <= 7


@pytest.mark.parametrize("hint", ["", "many", "-3", "٣", "1.5"])
def test_a_recommendation_that_is_none_is_ignored(server: Any, reply: Any, connect: Connect, hint: str) -> None:
    server.script = [reply(200, b"{}", x_ms_dop_hint="5")]
    client = connect(server.url)
    client.send(Request(method="GET", path="contacts"))
    server.script = [reply(200, b"{}", x_ms_dop_hint=hint.encode().decode("latin-1"))]
    client.send(Request(method="GET", path="contacts"))

    assert client.recommended_calls == 5
