"""What an incoming text costs: round trips and operations from the emulator's own log, time as multiples of one read.

Each scenario runs the real use case and store over HTTP against an emulator in a process of its own. "x read" is the
median time of a text divided by the median time of reading one contact by its id, both measured in the same run.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import requests

from dataverse.store.queries import get
from dataverse.store.tables import path
from local.company.cast import CARDS, HARBOURS, MAYAS, Number
from local.stack import Stack
from messaging.events import MessageReceived
from messaging.numbers import read_address

ADA = CARDS[0]
_PORT = 7571


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--texts", type=int, default=50, metavar="N", help="texts per scenario (default 50)")
    texts = parser.parse_args().texts
    with _stack() as stack:
        client, ada = stack.client(), get(f"{path(ADA.record)}?$select=fullname")
        read = _median(lambda: client.send(ada), texts)
        print(f"reading one contact by its id: {read * 1000:.1f} ms (1 x read)\n")
        print(f"{'scenario':<46}{'round trips':>12}{'reads':>7}{'writes':>8}{'x read':>9}")
        for name, text in _scenarios(stack).items():
            _report(stack, name, text, texts, read)


def _scenarios(stack: Stack) -> dict[str, Callable[[], MessageReceived]]:
    fresh = iter(range(10**7))
    repeated = _text(MAYAS, "+12065550187")
    stack.services.processing.received(repeated)
    return {
        "a known contact": lambda: _text(MAYAS, "+12065550187"),
        "a number that four records share": lambda: _text(HARBOURS, "+12065550142"),
        "an unknown number, a new lead": lambda: _text(MAYAS, f"+1425{next(fresh) + 2_000_000:07}"),
        "a text that is stored already": lambda: repeated,
    }


def _report(stack: Stack, name: str, text: Callable[[], MessageReceived], count: int, read: float) -> None:
    take_in = stack.services.processing.received
    take_in(text())  # who may receive is known from here on
    requests.delete(f"{stack.emulator.url}/_emulator/requests", timeout=5)
    events = [text() for _ in range(count)]
    took = _median(lambda: take_in(events.pop()), count)
    log = requests.get(f"{stack.emulator.url}/_emulator/requests", timeout=5).json()
    operations = [operation["method"] for request in log for operation in request["operations"]]
    reads = operations.count("GET") / count
    writes = len(operations) / count - reads
    print(f"{name:<46}{len(log) / count:>12.1f}{reads:>7.1f}{writes:>8.1f}{took / read:>9.1f}")


def _text(number: Number, sender: str) -> MessageReceived:
    return MessageReceived(
        account=number.account,
        provider="twilio",
        message_id=f"SM{uuid4().hex}",
        sender=read_address(sender),
        recipient=read_address(number.e164),
        body="Does this cost much?",
        received_at=datetime.now(UTC),
    )


def _median(work: Callable[[], object], times: int) -> float:
    took = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return statistics.median(took)


@contextmanager
def _stack() -> Iterator[Stack]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        stack = Stack(_PORT, Path(folder))
        try:
            stack.start()
            yield stack
        finally:
            stack.stop()


if __name__ == "__main__":
    main()
