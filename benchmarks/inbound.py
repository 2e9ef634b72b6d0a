"""What an incoming text costs: round trips and operations from the emulator's own log, time as multiples of one read.

Each scenario runs the real use case and store over HTTP against an emulator in a process of its own, which nobody else
asks anything meanwhile. The counts are those of the dearest text of a scenario. "x read" is the median time of a text
divided by the median time of reading one contact by its id; the two are measured in turn, so that whatever slows the
machine slows both. The exit code is 1 where a scenario costs more than it may.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests

from dataverse.store.queries import get
from dataverse.store.tables import path
from local.company.cast import CARDS, HARBOURS, MAYAS, Number
from local.stack import Stack
from messaging.events import Media, MessageReceived
from messaging.numbers import read_address

ADA = CARDS[0]
_PORT = 7571


@dataclass(frozen=True, slots=True)
class Cost:
    """Requests over HTTP, and what is in them: operations that read and operations that write."""

    round_trips: int
    reads: int
    writes: int

    def within(self, most: Cost) -> bool:
        return self.round_trips <= most.round_trips and self.reads <= most.reads and self.writes <= most.writes

    def __str__(self) -> str:
        return f"{self.round_trips} round trips, {self.reads} reads and {self.writes} writes"


WARM = Cost(2, 6, 6)
# A text that is stored already is no warm text: it writes, is refused as a whole, and looks for what is there.
REPEATED = Cost(3, 14, 6)


@dataclass(frozen=True, slots=True)
class Scenario:
    """Texts of one kind, and what one of them may cost once who may receive texts and the settings are known."""

    name: str
    text: Callable[[], MessageReceived]
    most: Cost = WARM


def main() -> int:
    """Print the table; 1 where a text costs more than it may."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--texts", type=int, default=50, metavar="N", help="texts per scenario (default 50)")
    texts = parser.parse_args().texts
    dear = []
    with _stack() as stack:
        print(f"{'scenario':<52}{'round trips':>12}{'reads':>7}{'writes':>8}{'x read':>9}")
        for each in _scenarios(stack):
            cost, times = _measured(stack, each, texts)
            print(f"{each.name:<52}{cost.round_trips:>12}{cost.reads:>7}{cost.writes:>8}{times:>9.1f}", flush=True)
            if not cost.within(each.most):
                dear.append(f"{each.name}: a text costs {cost}, and may cost {each.most}.")
    for sentence in dear:
        print(sentence, file=sys.stderr)
    return int(bool(dear))


def _scenarios(stack: Stack) -> tuple[Scenario, ...]:
    fresh = count(2_000_000)
    repeated = _text(MAYAS, "+12065550187")
    stack.services.processing.received(repeated)
    # What attachments cost is not a part of the text: each is fetched by a queue message of its own.
    pictures = tuple(Media(url=f"https://media.example/{place}", content_type="image/jpeg") for place in range(2))
    return (
        Scenario("a known contact", lambda: _text(MAYAS, "+12065550187")),
        Scenario("a number that four records share, a team of two", lambda: _text(HARBOURS, "+12065550142")),
        Scenario("a colleague's record", lambda: _text(MAYAS, "+12065550133")),
        Scenario("an unknown number, a new lead", lambda: _text(MAYAS, f"+1425{next(fresh):07}")),
        Scenario("an unknown number, a new lead of a team of two", lambda: _text(HARBOURS, f"+1425{next(fresh):07}")),
        Scenario("a short code", lambda: _text(MAYAS, "72345")),
        Scenario("an MMS with two pictures, without fetching them", lambda: _text(MAYAS, "+12065550187", *pictures)),
        Scenario("a text that is stored already", lambda: repeated, REPEATED),
    )


def _measured(stack: Stack, scenario: Scenario, texts: int) -> tuple[Cost, float]:
    """What the dearest text cost, and how many times as long as reading one contact a text takes."""
    take_in, log = stack.services.processing.received, f"{stack.emulator.url}/_emulator/requests"
    client, ada = stack.client(), get(f"{path(ADA.record)}?$select=fullname")
    take_in(scenario.text())  # who may receive is known from here on
    costs, took, read = [], [], []
    for event in [scenario.text() for _ in range(texts)]:
        read.append(_timed(lambda: client.send(ada)))
        requests.delete(log, timeout=5)
        took.append(_timed(lambda event=event: take_in(event)))  # type: ignore[misc]
        costs.append(_cost(requests.get(log, timeout=5).json()))
    dearest = Cost(*(max(getattr(cost, part) for cost in costs) for part in Cost.__slots__))
    return dearest, statistics.median(took) / statistics.median(read)


def _cost(log: list[dict[str, Any]]) -> Cost:
    """A request that is no batch is one operation."""
    operations = [operation["method"] for request in log for operation in request["operations"] or [request]]
    reads = operations.count("GET")
    return Cost(len(log), reads, len(operations) - reads)


def _text(number: Number, sender: str, *media: Media) -> MessageReceived:
    return MessageReceived(
        account=number.account,
        provider="twilio",
        message_id=f"SM{uuid4().hex}",
        sender=read_address(sender),
        recipient=read_address(number.e164),
        body="Does this cost much?",
        media=media,
        received_at=datetime.now(UTC),
    )


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


@contextmanager
def _stack() -> Iterator[Stack]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        stack = Stack(_PORT, Path(folder))
        try:
            stack.start()
            stack.host.stop()  # what it hears of the rows it would see to meanwhile
            yield stack
        finally:
            stack.stop()


if __name__ == "__main__":
    sys.exit(main())
