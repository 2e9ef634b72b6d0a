"""The service protection limits: what each user has asked for lately, and what is left.

Source: Learn, "Service protection API limits". How long a client is told to wait is not documented; here it is as long
as it takes until the window has room again, and a second where too many requests run at once. Requests that are refused
do not count. The numbers are counted whether or not they are enforced: the headers tell them.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from emulator.behaviour import Behaviour
from emulator.control.kinds import throttled
from emulator.errors import DataverseError


@dataclass(slots=True)
class _Window:
    """One user: when requests began, when others ended with the seconds that they took, and how many still run."""

    began: deque[float] = field(default_factory=deque)
    spent: deque[tuple[float, float]] = field(default_factory=deque)
    seconds: float = 0.0
    running: int = 0

    def forget_before(self, moment: float) -> None:
        while self.began and self.began[0] <= moment:
            self.began.popleft()
        while self.spent and self.spent[0][0] <= moment:
            self.seconds -= self.spent.popleft()[1]


class Limits:
    """Counts for every user; refuses where `behaviour.limits` says so."""

    def __init__(self, behaviour: Behaviour, clock: Callable[[], datetime]) -> None:
        self._behaviour = behaviour
        self._clock = clock
        self._windows: dict[str, _Window] = {}
        self._lock = threading.Lock()

    @contextmanager
    def admitting(self, user_id: str) -> Iterator[None]:
        """One request of a user, while it is worked on. Raises `DataverseError` 429."""
        with self._lock:
            window = self._window(user_id)
            if self._behaviour.limits:
                self._refuse(window)
            window.began.append(self._now())
            window.running += 1
        started = time.perf_counter()
        try:
            yield
        finally:
            took = time.perf_counter() - started
            with self._lock:
                window.running -= 1
                window.spent.append((self._now(), took))
                window.seconds += took

    def headers(self, user_id: str) -> dict[str, str]:
        """What is left to a user, as Dataverse writes it: `5999` requests, `1,199.46` seconds."""
        with self._lock:
            window = self._window(user_id)
            requests = max(0, self._behaviour.limit_requests - len(window.began))
            seconds = max(0.0, self._behaviour.limit_seconds - window.seconds)
        return {
            "x-ms-ratelimit-burst-remaining-xrm-requests": str(requests),
            "x-ms-ratelimit-time-remaining-xrm-requests": f"{seconds:,.2f}",
        }

    def clear(self) -> None:
        """Nobody has asked for anything yet; what runs goes on uncounted."""
        with self._lock:
            self._windows.clear()

    def _window(self, user_id: str) -> _Window:
        window = self._windows.setdefault(user_id, _Window())
        window.forget_before(self._now() - self._behaviour.limit_window_seconds)
        return window

    def _now(self) -> float:
        return self._clock().timestamp()

    def _refuse(self, window: _Window) -> None:
        behaviour = self._behaviour
        if window.running >= behaviour.limit_concurrent:
            raise self._refusal("concurrency", 1)
        if len(window.began) >= behaviour.limit_requests:
            raise self._refusal("burst", self._until_forgotten(window.began[0] if window.began else self._now()))
        if window.seconds >= behaviour.limit_seconds:
            raise self._refusal("time", self._until_forgotten(window.spent[0][0] if window.spent else self._now()))

    def _until_forgotten(self, moment: float) -> int:
        return max(1, math.ceil(moment + self._behaviour.limit_window_seconds - self._now()))

    def _refusal(self, reason: str, wait: int) -> DataverseError:
        numbers = {
            "requests": self._behaviour.limit_requests,
            "window": self._behaviour.limit_window_seconds,
            "milliseconds": round(self._behaviour.limit_seconds * 1000),
            "concurrent": self._behaviour.limit_concurrent,
        }
        return throttled(reason, wait, numbers)
