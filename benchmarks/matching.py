"""How well and how fast texts find their records, among a million contacts with numbers as people type them.

The phone index is filled by the real back-fill; then numbers are looked up by it, by equality over spellings, and with
`contains`, on the same contacts. What should be found is known from how they were made (`_messy`), and one number in
five that is looked up is nobody's. Recall is how many of the contacts that have a number are found by it; precision is
how many of those that are found have it.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import requests

from benchmarks._messy import (
    COUNTRIES,
    DEFAULT_REGION,
    DETERMINABLE,
    STYLES,
    Typed,
    contact_id,
    contacts,
    strangers,
)
from dataverse.schema.apply import apply
from dataverse.schema.variables import STATES
from dataverse.store import queries, rows
from dataverse.store.directory import MOST_CARRIERS, Directory
from dataverse.store.phone_index.fill import Fill
from dataverse.store.queries import get
from dataverse.webapi.auth import StaticToken
from dataverse.webapi.client import Client
from dataverse.webapi.literals import quote_literal
from dataverse.webapi.request import Request
from dataverse.webapi.retry import Limits
from function_app.dataverse_client import connect
from messaging.numbers import Address, read_address
from messaging.records import Table
from routing.match import regions_for

OUR = read_address("+12065550199")
_TYPE = "Microsoft.Dynamics.CRM.contact"
_RECALL, _PRECISION = 0.999, 1.0
_EVERY_S = 10.0
_PATIENT = Limits(read=600, total=1200)  # `contains` among a million, on a busy machine
_ONE_IN = 10


@dataclass(slots=True)
class Score:
    """What was found of what should be, and what was found besides."""

    right: int = 0
    missed: int = 0
    wrong: int = 0

    @property
    def recall(self) -> float:
        return self.right / ((self.right + self.missed) or 1)

    @property
    def precision(self) -> float:
        return self.right / ((self.right + self.wrong) or 1)


def main() -> int:
    """Print the tables; 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--contacts", type=int, default=1_000_000, metavar="N", help="how many (default 1,000,000)")
    parser.add_argument("--lookups", type=int, default=5_000, metavar="N", help="numbers looked up (default 5,000)")
    parser.add_argument("--seed", type=int, default=7, metavar="N", help="other contacts for another one (default 7)")
    options = parser.parse_args()
    made = _made(options.contacts, options.seed)
    known = frozenset(each.number for each in made)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, _emulator(Path(folder), made) as client:
        _fill(client, len(made))
        theirs = min(options.lookups * 4 // 5, len(known))
        chance = random.Random(options.seed)  # noqa: S311  # the same each time
        chosen = chance.sample(sorted(known), theirs)
        chosen += strangers(options.lookups - theirs, options.seed, known)
        chance.shuffle(chosen)
        missed = _score(client, made, chosen)
        _time(client, chosen)
    for problem in missed:
        print(f"MISSED: {problem}", file=sys.stderr)
    return int(bool(missed))


def _made(count: int, seed: int) -> list[Typed]:
    progress = _Progress("contacts made", count)
    made = []
    for each in contacts(count, seed):
        made.append(each)
        progress.reached(len(made))
    determinable, full = (sum(map(kind, made)) / count for kind in (_is_determinable, _is_full))
    print(
        f"{count:,} contacts in {len(COUNTRIES)} countries, {len(STYLES)} spellings, seed {seed}: "
        f"{full:.1%} of the numbers are full, {determinable:.1%} determinable.\n{DETERMINABLE}\n",
        flush=True,
    )
    return made


def _is_determinable(each: Typed) -> bool:
    return each.determinable


def _is_full(each: Typed) -> bool:
    return each.full


class _Progress:
    """Says every few seconds how far something long is; also what the back-fill tells of itself."""

    def __init__(self, what: str, of: int) -> None:
        self._what, self._of = what, of
        self._began = self._told = time.monotonic()

    def reached(self, count: int) -> None:
        now = time.monotonic()
        if count and now - self._told >= _EVERY_S:
            self._told = now
            rate = count / (now - self._began)
            left = (self._of - count) / rate / 60
            print(f"  {count:,} {self._what}, {rate:,.0f} a second, {left:.1f} min left", file=sys.stderr, flush=True)

    def entered(self, _: Table, records: int) -> None:
        self.reached(records)

    def looked_through(self, _: Table, entries: int) -> None:
        self.reached(entries)


def _fill(client: Client, count: int) -> None:
    # The back-fill sees twice to what changed in the minutes before it. These contacts should count as long there.
    def clock() -> datetime:
        return datetime.now(UTC) + timedelta(hours=1)

    started = time.perf_counter()
    Fill(client, clock, _Progress("contacts in the index", count)).run()
    took = time.perf_counter() - started
    print(f"back-fill: {count / took:,.0f} records a second, {took / 60:.1f} min", flush=True)


def _score(client: Client, made: Sequence[Typed], chosen: Sequence[str]) -> list[str]:
    """Recall and precision of each way, and what of it is below the targets."""
    carriers: dict[str, list[int]] = defaultdict(list)
    for place, each in enumerate(made):
        carriers[each.number].append(place)
    place_of = {contact_id(place): place for place in range(len(made))}
    nobodys = sum(number not in carriers for number in chosen)
    print(f"\n{len(chosen):,} numbers looked up, {nobodys:,} of them nobody's; by spellings one in {_ONE_IN} of them")
    print(f"{'':<16}{'recall':>36}{'precision':>30}")
    print(
        f"{'found':<16}{'determinable':>14}{'full':>10}{'not sure':>12}{'full':>14}{'determinable':>16}"
        f"{'reads a text':>14}"
    )
    below = []
    for name, by_index, numbers in (("by the index", True, chosen), ("by spellings", False, chosen[::_ONE_IN])):
        directory = Directory(client, lambda: DEFAULT_REGION, lambda by_index=by_index: by_index)  # type: ignore[misc]
        scores, lost, reads = _look(directory, made, numbers, carriers, place_of)
        sure, full, unsure = (scores[kind] for kind in ("determinable", "full", "not sure"))
        print(
            f"{name:<16}{sure.recall:>14.3%}{full.recall:>10.3%}{unsure.recall:>12.3%}{full.precision:>14.3%}"
            f"{sure.precision:>16.3%}{reads:>14.1f}",
            flush=True,
        )
        for style, number in lost.most_common(5):
            print(f"    {number} x {style}")
        if by_index and sure.recall < _RECALL:
            below.append(f"recall is {sure.recall:.3%}, and not {_RECALL:.1%}, where the number is determinable")
        if full.precision < _PRECISION:
            below.append(f"precision is {full.precision:.3%} {name}, and not 100 %, on full numbers")
    return below


def _look(
    directory: Directory,
    made: Sequence[Typed],
    chosen: Sequence[str],
    carriers: dict[str, list[int]],
    place_of: dict[UUID, int],
) -> tuple[dict[str, Score], Counter[str], float]:
    """Scores by kind of number, the spellings that were not found, and reads per text."""
    scores: dict[str, Score] = defaultdict(Score)
    lost: Counter[str] = Counter()
    log = directory.client.service_url.replace("/api/data/v9.2/", "/_emulator/requests")
    requests.delete(log, timeout=5)
    directory.look(OUR, read_address(chosen[0]))
    operations = sum(len(each["operations"]) for each in requests.get(log, timeout=5).json())
    progress = _Progress("numbers looked up", len(chosen))
    for done, number in enumerate(chosen):
        progress.reached(done)
        found = {place_of[one.record.id] for one in directory.look(OUR, read_address(number)).candidates}
        should = set(carriers.get(number, ()))
        for place in found | should:
            typed = made[place]
            for kind in _kinds(typed):
                score = scores[kind]
                score.right += place in found and place in should
                score.missed += place in should and place not in found
                score.wrong += place in found and place not in should
            if typed.determinable and (place in should) != (place in found):
                what = "not found" if place in should else "found by the number of another"
                lost[f"{what}: {typed.style} ({typed.number[:4]}…)"] += 1
    return scores, lost, float(operations)


def _kinds(typed: Typed) -> list[str]:
    if not typed.determinable:
        return ["not sure"]
    return ["determinable", "full"] if typed.full else ["determinable"]


def _time(client: Client, chosen: Sequence[str]) -> None:
    """The contacts of a number, read in each way; in turn, so that whatever slows the machine slows all."""
    ways: dict[str, tuple[Callable[[Address], Request], int]] = {
        "the index": (lambda number: queries.carriers(Table.CONTACT, number, by_index=True, most=MOST_CARRIERS), 1),
        "spellings": (lambda number: queries.carriers(Table.CONTACT, number, by_index=False, most=MOST_CARRIERS), 1),
        "contains": (_contains, 40),
    }
    took: dict[str, list[float]] = defaultdict(list)
    for turn, number in enumerate(chosen[:400]):
        customer = read_address(number)
        for name, (ask, every) in ways.items():
            if turn % every:
                continue
            request = ask(customer)
            started = time.perf_counter()
            answer = client.send(request).json()
            list(rows.carriers(Table.CONTACT, rows.rows(answer), customer, regions_for(customer, OUR, DEFAULT_REGION)))
            took[name].append(time.perf_counter() - started)
    least = statistics.median(took["the index"])
    print(f"\n{'time of a look-up, the contacts alone':<44}{'ms':>8}{'x index':>10}")
    for name, times in took.items():
        print(f"{name:<44}{statistics.median(times) * 1000:>8.1f}{statistics.median(times) / least:>10.1f}")


def _contains(number: Address) -> Request:
    """What one would write without knowing better: the last seven digits, anywhere in a column."""
    last = quote_literal(number.digits[-7:])
    columns = ("mobilephone", "telephone1", "telephone2", "telephone3")
    where = " or ".join(f"contains({column},{last})" for column in columns)
    base = queries.carriers(Table.CONTACT, number, by_index=False, most=MOST_CARRIERS)
    before, _, rest = base.path.partition("&$filter=")
    return replace(base, path=f"{before}&$filter={get(where).path}&$orderby={rest.partition('&$orderby=')[2]}")


@contextmanager
def _emulator(folder: Path, made: Sequence[Typed]) -> Iterator[Client]:
    """An emulator in a process of its own, with our tables and the contacts."""
    data, lines = folder / "dataverse.sqlite", folder / "contacts.jsonl"
    with _running(data) as client:
        apply(client, sleep=time.sleep)
        (variable,) = STATES
        body = {"schemaname": variable.name, "displayname": variable.display, "type": int(variable.type)}
        path = f"environmentvariabledefinitions({variable.id})"
        client.send(Request(method="PATCH", path=path, body=body, repeatable=True))
    with lines.open("w", encoding="utf-8") as file:
        for place, each in enumerate(made):
            row = {"contactid": str(contact_id(place)), "lastname": f"Contact {place}", each.column: each.text}
            file.write(json.dumps({"@odata.type": _TYPE, **row, "address1_country": each.country or None}) + "\n")
    print(f"loading {lines.stat().st_size / 2**20:.0f} MiB ...", flush=True)
    with _running(data, "--load", str(lines)) as client:
        yield client


@contextmanager
def _running(data: Path, *more: str) -> Iterator[Client]:
    command = [sys.executable, "-m", "emulator", "--port", "0", "--data", str(data), *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # ours
        try:
            url = (process.stdout.readline() if process.stdout else "").split()[-1].partition("/api")[0]
            with connect(url, StaticToken(url, "service"), _PATIENT) as client:
                yield client
        finally:
            process.terminate()
            process.communicate()


if __name__ == "__main__":
    sys.exit(main())
