"""Any sequence of outcomes: a call is repeated only where that is safe, never early, never endlessly.

The network is scripted at the seam of `requests`; time passes by waiting for answers and by sleeping.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import count
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from urllib3 import HTTPResponse
from urllib3.connection import HTTPConnection
from urllib3.exceptions import NewConnectionError, ProtocolError

from dataverse.webapi import errors
from dataverse.webapi.client import Client
from dataverse.webapi.request import ChangeSet, Request
from dataverse.webapi.retry import Limits
from messaging.errors import (
    ConfigurationError,
    Conflict,
    Refused,
    Throttled,
    TransientError,
    Unavailable,
    UncertainError,
)

READ = Request(method="GET", path="contacts")
CREATE = Request(method="POST", path="contacts", body={"lastname": "x"})
UPSERT = Request(method="PATCH", path="contacts(1)", body={"lastname": "x"}, repeatable=True)


@dataclass(frozen=True)
class Outcome:
    """What becomes of one request, after `seconds`: a status, or the connection refused or lost."""

    what: int | str
    seconds: float
    retry_after: int | None = None

    @property
    def may_have_been_done(self) -> bool:
        """Whether the other side may have carried the request out: what a second one must not follow."""
        put_off = self.what == 429 or (self.what == 503 and self.retry_after is not None)
        return not (self.what in {"refused", 401} or put_off)

    @property
    def final(self) -> bool:
        return self.what in {200, 400, 500}


OUTCOMES = st.builds(
    Outcome,
    what=st.sampled_from(["refused", "lost", "torn", 200, 400, 401, 429, 500, 502, 503, 504]),
    seconds=st.floats(0, 40),
    retry_after=st.none() | st.integers(0, 60),
)


@dataclass
class Clock:
    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Tokens:
    """A token that is always at hand."""

    def token(self) -> str:
        return "t"

    def invalidate(self, refused: str) -> None:
        """The next one is like it."""


class Network(requests.Session):
    """Plays a script; notes when each request went out and when its outcome was known."""

    def __init__(self, script: Iterator[Outcome], clock: Clock) -> None:
        super().__init__()
        self.trust_env = False
        self.script, self.clock = script, clock
        self.began: list[float] = []
        self.ended: list[float] = []
        self.ids: set[str] = set()
        self.played: list[Outcome] = []

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        outcome = next(self.script)
        _connect, read = kwargs["timeout"]
        self.ids.add(request.headers["x-ms-client-request-id"])
        self.began.append(self.clock.now)
        in_time = outcome.seconds <= read
        self.clock.now += min(outcome.seconds, read)
        self.ended.append(self.clock.now)
        self.played.append(outcome if in_time or outcome.what == "refused" else Outcome("lost", read))
        if outcome.what == "refused":
            raise requests.ConnectionError(NewConnectionError(HTTPConnection("contoso"), "refused"))
        if not in_time:
            raise requests.ReadTimeout
        if outcome.what == "lost":
            raise requests.ConnectionError(ProtocolError("aborted", ConnectionResetError()))
        return _answer(outcome)


def _answer(outcome: Outcome) -> requests.Response:
    answer = requests.Response()
    torn = outcome.what == "torn"
    answer.status_code = 200 if torn else int(outcome.what)
    answer.headers["content-length"] = "2"
    if outcome.retry_after is not None:
        answer.headers["retry-after"] = str(outcome.retry_after)
    answer.raw = HTTPResponse(BytesIO(b"{" if torn else b"{}"), headers=answer.headers, preload_content=False)
    return answer


def play(request: Request | list[Request | ChangeSet], script: list[Outcome], limits: Limits, jitter: float) -> Any:
    """What a client makes of a script (its last outcome for ever after): the network, the clock, and how it ended."""
    clock = Clock()
    network = Network(iter([*script, *[script[-1]] * 100]), clock)
    ids = count()
    client = Client(
        "https://contoso.crm4.dynamics.com",
        Tokens(),
        new_id=lambda: f"id{next(ids)}",
        clock=clock,
        sleep=clock.sleep,
        jitter=lambda: jitter,
        limits=limits,
        session_factory=lambda: network,
    )
    ended: object
    try:
        ended = client.send(request) if isinstance(request, Request) else client.batch(request)
    except (TransientError, Refused, ConfigurationError) as error:
        ended = error
    return network, clock, ended


SCRIPTS = st.lists(OUTCOMES, min_size=1, max_size=8)
LIMITS = st.builds(Limits, total=st.floats(1, 300), attempts=st.integers(1, 6), read=st.floats(1, 60))
JITTERS = st.floats(0, 1)
WORK = st.sampled_from([READ, CREATE, UPSERT])


@given(
    WORK | st.sampled_from([[READ, UPSERT], [READ, CREATE], [ChangeSet((UPSERT, CREATE))]]), SCRIPTS, LIMITS, JITTERS
)
def test_what_may_have_been_done_is_never_done_again_unless_it_may(request, script, limits, jitter) -> None:
    network, _clock, _ended = play(request, script, limits, jitter)
    if request in (CREATE, [READ, CREATE], [ChangeSet((UPSERT, CREATE))]):
        assert [outcome.what for outcome in network.played[:-1] if outcome.may_have_been_done] == []
    assert [outcome.what for outcome in network.played[:-1] if outcome.final] == []


@given(WORK, SCRIPTS, LIMITS, JITTERS)
def test_a_call_ends_within_its_attempts_and_its_time(request, script, limits, jitter) -> None:
    network, clock, _ended = play(request, script, limits, jitter)
    renewed = sum(outcome.what == 401 for outcome in network.played)
    assert len(network.played) - renewed <= limits.attempts
    for began, before in zip(network.began, [None, *network.played], strict=False):
        # Only a token that was refused at the last moment is renewed after it.
        assert began < limits.total or (before is not None and before.what == 401)
    # A refused connection costs what it costs; `connect` bounds it, and the 0.1 s are what even a late attempt gets.
    assert clock.now <= limits.total + max(0.2, network.played[-1].seconds * (network.played[-1].what == "refused"))


@given(WORK, SCRIPTS, LIMITS, JITTERS)
def test_nobody_comes_back_before_the_time_that_was_asked_for(request, script, limits, jitter) -> None:
    network, _clock, _ended = play(request, script, limits, jitter)
    for outcome, ended, again in zip(network.played, network.ended, network.began[1:], strict=False):
        if outcome.what == 401:
            assert again == ended  # with a new token, at once
        elif outcome.retry_after is not None and outcome.what in {429, 502, 503, 504}:
            assert again >= ended + outcome.retry_after
        else:
            assert again >= ended + 0.25


@given(WORK, SCRIPTS, LIMITS, JITTERS)
def test_how_it_ended_says_what_is_known(request, script, limits, jitter) -> None:
    network, _clock, ended = play(request, script, limits, jitter)
    last = network.played[-1]
    uncertain = request is CREATE and last.may_have_been_done and not last.final
    expected: dict[object, type] = {
        "refused": Unavailable,
        "lost": Unavailable,
        "torn": Unavailable,
        200: object,
        400: Refused,
        401: ConfigurationError,
        429: Throttled,
    }
    assert isinstance(ended, UncertainError) == uncertain
    if not uncertain:
        assert isinstance(ended, expected.get(last.what, errors.ServiceDown))
        assert isinstance(ended, Exception) == (last.what != 200)
    if isinstance(ended, TransientError):
        assert ended.retry_after == (last.retry_after if isinstance(last.what, int) else None)
        assert "request id" in str(ended)


@given(WORK, SCRIPTS, LIMITS, JITTERS)
def test_all_attempts_at_one_call_carry_one_id(request, script, limits, jitter) -> None:
    network, _clock, ended = play(request, script, limits, jitter)
    assert len(network.ids) == 1
    if isinstance(ended, Exception):
        assert next(iter(network.ids)) in str(ended)


def test_a_conditional_write_that_meets_itself_is_a_conflict() -> None:
    """The first answer is lost, and the second attempt finds what the first one wrote."""
    network, _clock, ended = play(UPSERT, [Outcome("lost", 0.1), Outcome(412, 0.1)], Limits(), 0.0)
    assert len(network.played) == 2
    assert isinstance(ended, Conflict)


@pytest.mark.parametrize("attempts", [1, 3])
def test_the_number_of_attempts_is_exact(attempts: int) -> None:
    network, _clock, ended = play(READ, [Outcome("lost", 0.0)], Limits(attempts=attempts), 0.5)
    assert isinstance(ended, Unavailable)
    assert len(network.played) == attempts
