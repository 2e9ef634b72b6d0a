"""Service protection limits: per user, in a sliding window, and told in headers whether they are enforced or not."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from emulator.behaviour import Behaviour
from emulator.control.limits import Limits
from emulator.errors import DataverseError

BURST, SECONDS = "x-ms-ratelimit-burst-remaining-xrm-requests", "x-ms-ratelimit-time-remaining-xrm-requests"


class Clock:
    """Stands still until it is moved."""

    def __init__(self):
        self.now = datetime(2024, 5, 1, tzinfo=UTC)

    def __call__(self):
        return self.now

    def move(self, **by):
        self.now += timedelta(**by)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def behaviour():
    return Behaviour(limits=True, limit_requests=3, limit_seconds=1000.0, limit_concurrent=2)


@pytest.fixture
def limits(behaviour, clock):
    return Limits(behaviour, clock)


def ask(limits, user="kim"):
    with limits.admitting(user):
        pass


def refusal(limits, user="kim"):
    with pytest.raises(DataverseError) as caught:
        ask(limits, user)
    assert caught.value.status == 429
    return caught.value


def test_requests_count_until_the_window_has_passed_over_them(limits, clock):
    for _ in range(3):
        ask(limits)
        clock.move(seconds=10)
    error = refusal(limits)
    assert (error.code, error.retry_after) == ("0x80072322", 270)
    assert error.message == "Number of requests exceeded the limit of 3 over time window of 300 seconds."
    clock.move(seconds=269.5)
    assert refusal(limits).retry_after == 1
    clock.move(seconds=0.5)
    ask(limits)
    assert refusal(limits).retry_after == 10


def test_who_is_refused_is_not_counted(limits, clock):
    for _ in range(3):
        ask(limits)
    for _ in range(50):
        refusal(limits)
    clock.move(seconds=300)
    ask(limits)


def test_every_user_has_an_own_window(limits):
    for _ in range(3):
        ask(limits)
    refusal(limits)
    ask(limits, "robin")
    assert limits.headers("kim")[BURST] == "0"
    assert limits.headers("robin")[BURST] == "2"


def test_too_many_at_the_same_moment(limits):
    with limits.admitting("kim"), limits.admitting("kim"):
        error = refusal(limits)
        ask(limits, "robin")
    assert (error.code, error.retry_after) == ("0x80072326", 1)
    assert error.message == "Number of concurrent requests exceeded the limit of 2."
    ask(limits)


def test_seconds_of_work_count_too(limits, clock, behaviour):
    ask(limits)
    behaviour.limit_seconds = 0.0
    error = refusal(limits)
    assert (error.code, error.retry_after) == ("0x80072321", 300)
    assert error.message.startswith(
        "Combined execution time of incoming requests exceeded limit of 0 milliseconds over"
    )
    behaviour.limit_seconds = 1e-9
    clock.move(seconds=300)
    ask(limits)


def test_what_is_left_is_written_as_dataverse_writes_it(clock):
    limits = Limits(Behaviour(), clock)
    assert limits.headers("kim") == {BURST: "6000", SECONDS: "1,200.00"}
    ask(limits)
    assert limits.headers("kim") == {BURST: "5999", SECONDS: "1,200.00"}


def test_without_the_switch_nobody_is_refused_but_everything_is_told(fresh, fresh_control):
    fresh_control.behave(limit_requests=2, parallelism=7)
    headers = [fresh.get("WhoAmI").headers for _ in range(4)]
    assert [each[BURST] for each in headers] == ["1", "0", "0", "0"]
    assert {each["x-ms-dop-hint"] for each in headers} == {"7"}
    assert all(0 < float(each[SECONDS].replace(",", "")) <= 1200 for each in headers)


def test_a_client_that_asks_too_much_waits(fresh, fresh_control, say):
    fresh_control.behave(limits=True, limit_requests=3, limit_window_seconds=1)
    statuses = [fresh.get("WhoAmI") for _ in range(4)]
    assert [each.status_code for each in statuses] == [200, 200, 200, 429]
    assert statuses[3].headers["Retry-After"] == "1"
    assert statuses[3].headers[BURST] == "0"
    assert fresh.as_user(say.administrator).get("WhoAmI").status_code == 200
    until = datetime.now(UTC) + timedelta(seconds=5)
    while fresh.get("WhoAmI").status_code == 429:
        assert datetime.now(UTC) < until


def test_a_batch_is_one_request(fresh, fresh_control):
    fresh_control.behave(limits=True, limit_requests=2)
    assert fresh.batch(*[("GET", "WhoAmI")] * 5)[0].headers[BURST] == "1"


def test_without_a_user_nothing_is_told(fresh):
    answer = fresh.session.get(fresh.root + "WhoAmI", headers={"Authorization": ""})
    assert (answer.status_code, BURST in answer.headers) == (401, False)


def test_concurrent_requests_over_http(fresh, fresh_control, say):
    fresh_control.behave(limits=True, limit_concurrent=2)
    fresh_control.fault(fault="delay", seconds=0.5, target="operation")

    def ask(_):
        client = say.web(fresh.origin)
        try:
            return client.get("WhoAmI").status_code
        finally:
            client.session.close()

    with ThreadPoolExecutor(5) as pool:
        assert Counter(pool.map(ask, range(5))) == {200: 2, 429: 3}
