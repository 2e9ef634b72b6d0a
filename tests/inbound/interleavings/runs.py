"""Runs of the service that stand still before every request, until they are let on: one request at a time, so that
whatever happens happens in an order that is chosen, and can be repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Semaphore, Thread
from typing import Any

import requests

from emulator.control.panel import CURRENT
from local.queues import QueueMessage, SqliteQueues
from messaging.envelope import decode
from messaging.events import MessageReceived
from pipeline.process import Processing

PATIENCE_S = 60.0  # for one step of a run: whoever takes longer hangs
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Crashed(Exception):
    """The process of a run is gone, with all that it had in hand."""


@dataclass
class Time:
    """The time everywhere: it passes when it is told to, by whole seconds."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    def passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)


class Run:
    """One message of the queue in the hands of one process. It begins to work in `start`, and stands still before its
    first request."""

    def __init__(self, message: QueueMessage, process: Process) -> None:
        self.message, self.process = message, process
        self.event = decode(message.text).event
        assert isinstance(self.event, MessageReceived)
        self.seen: Any = None  # what the rules said when this run last looked
        self.over = False
        self.crashes = self.dies_afterwards = self.halts = self.halted = False
        self.writes = False  # with the request that it stands still before, or in
        self.again = False  # it has looked for what it left before
        self.change_sets = 0
        self.counted = 0  # how many texts were unread with this one, if it stored it
        self.error: BaseException | None = None
        self._go, self._still = Semaphore(0), Semaphore(0)
        self._thread = Thread(target=self._work, daemon=True)

    def start(self) -> None:
        self.process.run = self
        self._thread.start()
        self._wait()

    def let_on(self) -> None:
        """Until it stands still again, or is over. Raises the defect that ended it, if it was one."""
        self._go.release()
        self._wait()

    def end(self) -> None:
        """Wherever it stands: nobody wants to know any more what becomes of it."""
        self.crashes = True
        while not self.over:
            self._go.release()
            if not self._still.acquire(timeout=PATIENCE_S):
                return

    def stand_still(self) -> None:
        """Called by the run itself. Raises Crashed if it ends here."""
        self._still.release()
        self._go.acquire()
        if self.crashes:
            raise Crashed

    def begin_change_set(self) -> None:
        """Called by Dataverse: between two change sets of a batch it may take its time."""
        self.change_sets += 1
        if self.halts and self.change_sets > 1:
            self.halts, self.halted = False, True
            self._still.release()
            self._go.acquire()
            self.halted = False

    def _wait(self) -> None:
        assert self._still.acquire(timeout=PATIENCE_S), "a run neither ends nor asks for anything"
        if self.over:
            self._thread.join()
        if self.error is not None:
            raise self.error

    def _work(self) -> None:
        try:
            self.process.processing.process(self.message.text)
            self.stand_still()  # the work is done, and the queue does not know it yet
            self.process.queues.delete(self.message)
        except Crashed:
            self.process.dead = True
        except BaseException as error:  # noqa: BLE001  # whatever it is, it is a defect
            self.process.dead, self.error = True, error
        finally:
            self.process.run = None
            self.over = True
            self._still.release()


@dataclass
class Process:
    """A worker of the service: what it remembers lasts from run to run, until it dies."""

    queues: SqliteQueues
    in_flight: dict[str, Run]
    looked: Callable[[Run], None]
    processing: Processing = field(init=False)
    run: Run | None = None
    dead: bool = False

    def session(self) -> requests.Session:
        return Session(self)


class Session(requests.Session):
    """Stands still before each request."""

    def __init__(self, process: Process) -> None:
        super().__init__()
        self.trust_env = False
        self._process = process

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        run = self._process.run
        assert run is not None
        run.writes = b"PATCH " in (request.body or b"")
        run.stand_still()
        name = request.headers["x-ms-client-request-id"]
        run.change_sets, self._process.in_flight[name] = 0, run
        try:
            answer = super().send(request, **kwargs)
        finally:
            del self._process.in_flight[name]
        if run.dies_afterwards:
            answer.close()
            raise Crashed
        if b"/txv_textconversations?" in (request.body or b"") and answer.ok:
            run.again = b"/txv_textmessages?" in (request.body or b"")
            self._process.looked(run)
        return answer


def halting(
    transaction: Callable[[], AbstractContextManager[Any]], in_flight: dict[str, Run]
) -> Callable[[], AbstractContextManager[Any]]:
    """The transactions of the emulator, each told to the run that asked for it before it begins."""

    @contextmanager
    def told() -> Iterator[Any]:
        entry = CURRENT.get()
        run = in_flight.get(entry.client_request_id or "") if entry else None
        if run is not None:
            run.begin_change_set()
        with transaction() as db:
            yield db

    return told
