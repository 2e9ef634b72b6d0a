"""Queue triggers: every message reaches its function, again after a failure, and ends among the poisoned at last."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import azure.functions as func
from azure.functions import queue as worker

from local.functions import QueueFunction
from local.queues import QueueMessage, SqliteQueues
from messaging.errors import Unavailable

logger = logging.getLogger(__name__)
POLL_S = 0.05
LEASE_S = 30  # renewed while the function runs; so a host that was killed gives its messages back within this time


@dataclass(frozen=True, slots=True)
class QueueOptions:
    """What host.json says of queues: how often a message is tried, and the seconds from a failure to the next try."""

    max_dequeue_count: int = 5
    visibility_timeout_s: float = 0

    @classmethod
    def read(cls, host_json: Path) -> QueueOptions:
        """Read host.json; what it does not say is as in Azure."""
        options = json.loads(host_json.read_text(encoding="utf-8")).get("extensions", {}).get("queues", {})
        hours, minutes, seconds = options.get("visibilityTimeout", "00:00:00").split(":")
        delay = timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds))
        return cls(int(options.get("maxDequeueCount", 5)), delay.total_seconds())


class Pump:
    """Calls the functions for the messages of their queues, with `workers` threads for each queue."""

    def __init__(
        self, functions: Sequence[QueueFunction], queues: SqliteQueues, options: QueueOptions, workers: int
    ) -> None:
        self._queues = queues
        self._options = options
        self._stopping = threading.Event()
        self._stopped = threading.Event()
        self._held: set[QueueMessage] = set()
        self._held_lock = threading.Lock()
        self._workers = [
            threading.Thread(target=self._work, args=(function,), name=f"{function.queue}-{number}")
            for function in functions
            for number in range(workers)
        ]
        self._renewer = threading.Thread(target=self._renew, name="renew-leases")

    def start(self) -> None:
        """Begin with whatever waits in the queues."""
        for thread in (*self._workers, self._renewer):
            thread.start()

    def stop(self) -> None:
        """Returns when the functions that were running have ended; messages not yet begun stay in their queues."""
        self._stopping.set()
        for thread in self._workers:
            _join(thread)
        self._stopped.set()
        _join(self._renewer)

    def _work(self, function: QueueFunction) -> None:
        while not self._stopping.is_set():
            try:
                messages = self._queues.receive(function.queue, lease_s=LEASE_S)
                for message in messages:
                    self._process(function, message)
            except Unavailable:
                logger.exception("The queue %s cannot be read", function.queue)
                messages = []
            if not messages:
                self._stopping.wait(POLL_S)

    def _process(self, function: QueueFunction, message: QueueMessage) -> None:
        with self._held_lock:
            self._held.add(message)
        try:
            self._settle(message, succeeded=self._call(function, message))
        finally:
            with self._held_lock:
                self._held.discard(message)

    def _call(self, function: QueueFunction, message: QueueMessage) -> bool:
        if message.dequeue_count > self._options.max_dequeue_count:  # it took the whole host down each time
            return False
        try:
            function.handler(**{function.parameter: _function_message(message)})
        except Exception:  # whatever a function raises, the message is kept and the host goes on
            logger.exception("Executed '%s' (Failed, attempt %d)", function.name, message.dequeue_count)
            return False
        logger.info("Executed '%s' (Succeeded, attempt %d)", function.name, message.dequeue_count)
        return True

    def _settle(self, message: QueueMessage, *, succeeded: bool) -> None:
        if not succeeded and message.dequeue_count < self._options.max_dequeue_count:
            self._queues.release(message, self._options.visibility_timeout_s)
            return
        if not succeeded:
            self._queues.send(f"{message.queue}-poison", message.text)
            logger.error("A message was moved to %s-poison", message.queue)
        self._queues.delete(message)

    def _renew(self) -> None:
        while not self._stopped.wait(LEASE_S / 3):
            with self._held_lock:
                held = list(self._held)
            for message in held:
                with suppress(Unavailable):  # there is time for another attempt
                    self._queues.renew(message, LEASE_S)


def _join(thread: threading.Thread) -> None:
    if thread.ident is not None:  # it was started
        thread.join()


def _function_message(message: QueueMessage) -> func.QueueMessage:
    make: Callable[..., func.QueueMessage] = worker.QueueMessage  # as the worker makes them, with all their properties
    return make(
        id=str(message.sequence),
        body=message.text,
        dequeue_count=message.dequeue_count,
        insertion_time=datetime.fromtimestamp(message.inserted_at, UTC),
        pop_receipt=message.pop_receipt,
    )
