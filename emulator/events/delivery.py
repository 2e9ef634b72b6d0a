"""Empties the outbox in the background: one lane for each endpoint, so that an endpoint that is slow or gone holds up
only its own posts, and each gets them in the order of the commits.

An entry is taken out after it was posted. If the emulator ends in between, it is posted again: at least once.
"""

from __future__ import annotations

import sqlite3
import threading
import time

from emulator.events import outbox
from emulator.events.outbox import Entry
from emulator.events.post import NotDelivered, endpoint, post
from emulator.seams import Environment

_BREATH = 0.1  # seconds, when the database is being replaced


class Delivery:
    """Background work: posts what the outbox holds."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._condition = threading.Condition()
        self._lanes: set[str] = set()
        self._stirred = True  # what an earlier run has left
        self._stopped = False

    def start(self) -> None:
        threading.Thread(target=self._run, name="webhooks", daemon=True).start()

    def wake(self) -> None:
        with self._condition:
            self._stirred = True
            self._condition.notify_all()

    def stop(self) -> None:
        with self._condition:
            self._stopped = True
            self._condition.notify_all()

    def settle(self, timeout: float) -> bool:
        deadline = time.monotonic() + timeout
        while self._waiting():
            with self._condition:
                left = deadline - time.monotonic()
                if left <= 0 or self._stopped:
                    return False
                self._condition.wait(min(left, _BREATH))
        return True

    def _waiting(self) -> list[str]:
        with self._environment.store.reading() as db:
            return outbox.endpoints(db)

    def _run(self) -> None:
        while self._stirs():
            try:
                waiting = self._waiting()
            except sqlite3.Error:  # the database is being replaced
                self._pause()
                continue
            for each in waiting:
                self._open(each)

    def _stirs(self) -> bool:
        with self._condition:
            self._condition.wait_for(lambda: self._stirred or self._stopped)
            self._stirred = False
            return not self._stopped

    def _pause(self) -> None:
        with self._condition:
            self._stirred = True
            self._condition.wait_for(lambda: self._stopped, _BREATH)

    def _open(self, lane: str) -> None:
        with self._condition:
            if lane in self._lanes:
                return
            self._lanes.add(lane)
        threading.Thread(target=self._empty, args=(lane,), name="webhooks", daemon=True).start()

    def _empty(self, lane: str) -> None:
        try:
            while not self._stopped and (entry := self._oldest(lane)):
                self._deliver(entry)
        except sqlite3.Error:
            self._pause()
        finally:
            with self._condition:
                self._lanes.discard(lane)
        self.wake()  # for what was put in after the last look

    def _oldest(self, lane: str) -> Entry | None:
        with self._environment.store.reading() as db:
            return outbox.oldest(db, lane)

    def _deliver(self, entry: Entry) -> None:
        attempts, failure = 0, None
        try:
            attempts = self._post(entry)
        except NotDelivered as error:
            attempts, failure = error.attempts, error
        if self._stopped:
            return
        with self._environment.store.writing() as db:
            outbox.finish(db, entry, failure, attempts, self._environment.clock())

    def _post(self, entry: Entry) -> int:
        behaviour = self._environment.behaviour
        if behaviour.webhooks_dropped:
            return 0
        with self._environment.store.reading() as db:
            target = endpoint(db, entry.endpoint)
        if target is None:
            raise NotDelivered("0x80050205", 0, "(the endpoint was deleted)")
        return post(target, entry.headers, entry.body, behaviour.webhook_timeout_seconds)
