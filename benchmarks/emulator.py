"""How the emulator keeps up: the same questions to one with ten thousand contacts and one with a million.

Both run in processes of their own, over files that `--load` has filled, and are asked in turn, so that whatever else
slows the machine slows both. What counts is the ratio of the medians, and the memory that each process holds.
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
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import requests

SMALL, LARGE = 10_000, 1_000_000
_SLOWEST = 1.5  # times the cost at the small size, for what an index answers
_MOST_MIB = 300
_CLIENTS = 8
_EVERY = 20  # contacts an account
_OWNERS = ("0a000000-0000-4000-8000-00000000000a", "0a000000-0000-4000-8000-00000000000b")
_FORMS = (
    "+1{0}{1}{2}",
    "({0}) {1}-{2}",
    "{0}-{1}-{2}",
    "1 {0} {1} {2}",
    "{0}.{1}.{2}",
    "001{0}{1}{2}",
    "+1 ({0}) {1} {2}",
)
_TYPE = "Microsoft.Dynamics.CRM."


@dataclass(slots=True)
class Emulator:
    """One emulator, who asks it, and what it has taken so far, by question."""

    contacts: int
    process: subprocess.Popen[str]
    root: str
    loaded: str
    session: requests.Session
    chance: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311  # the same for both
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def get(self, path: str) -> requests.Response:
        return self.session.get(self.root + path, timeout=60)

    def any_contact(self) -> int:
        return self.chance.randrange(self.contacts)


def main() -> int:
    """Print the table; 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--contacts", type=int, default=LARGE, metavar="N", help=f"the large size (default {LARGE:,})")
    parser.add_argument("--rounds", type=int, default=300, metavar="N", help="times that each question is asked")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, ExitStack() as stack:
        sizes = (min(SMALL, options.contacts), options.contacts)
        small, large = (stack.enter_context(_running(Path(folder), size)) for size in sizes)
        missed = [*_compare(small, large, options.rounds), *_weigh(small, large)]
    for problem in missed:
        print(f"MISSED: {problem}", file=sys.stderr)
    return int(bool(missed))


def _compare(small: Emulator, large: Emulator, rounds: int) -> Iterator[str]:
    for number in range(rounds + 20):
        for name, (ask, _) in QUESTIONS.items():
            for emulator in (small, large) if number % 2 else (large, small):
                started = time.perf_counter()
                ask(emulator)
                if number >= 20:  # those before warm up
                    emulator.seconds.setdefault(name, []).append(time.perf_counter() - started)
    sizes = f"{f'{small.contacts:,}':>12}{f'{large.contacts:,}':>12}"
    print(f"\n{'requests per second, one client':<48}{sizes}{'cost x':>9}")
    for name, (_, limited) in QUESTIONS.items():
        here, there = (statistics.median(each.seconds[name]) for each in (small, large))
        print(f"{name:<48}{1 / here:>12.0f}{1 / there:>12.0f}{there / here:>9.2f}")
        if limited and there / here > _SLOWEST:
            yield f"'{name}' costs {there / here:.2f} x as much at {large.contacts:,} contacts, and not {_SLOWEST} x."


def _weigh(small: Emulator, large: Emulator) -> Iterator[str]:
    for emulator in (small, large):
        rate = _crowd(emulator)
        mebibytes = _memory(emulator.process.pid)
        print(
            f"\n{emulator.contacts:,} contacts: {emulator.loaded}\n"
            f"  {_CLIENTS} clients at once: {rate:.0f} requests/s; memory afterwards: {mebibytes:.0f} MiB"
        )
        if mebibytes > _MOST_MIB:
            yield f"{mebibytes:.0f} MiB of memory at {emulator.contacts:,} contacts; {_MOST_MIB} is the limit."


def _crowd(emulator: Emulator) -> float:
    """Requests per second of several clients that ask everything."""

    def client(number: int) -> int:
        with requests.Session() as session:
            session.headers.update(emulator.session.headers)
            own = Emulator(emulator.contacts, emulator.process, emulator.root, "", session, random.Random(number))  # noqa: S311
            for _ in range(10):
                for ask, _ in QUESTIONS.values():
                    ask(own)
        return 10 * len(QUESTIONS)

    started = time.perf_counter()
    with ThreadPoolExecutor(_CLIENTS) as pool:
        asked = sum(pool.map(client, range(_CLIENTS)))
    return asked / (time.perf_counter() - started)


def _memory(pid: int) -> float:
    """The resident memory of a process, in MiB."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        text = status.read_text()
        return int(text.partition("VmRSS:")[2].split()[0]) / 1024
    shown = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)  # noqa: S603, S607
    return int(shown.stdout) / 1024


@contextmanager
def _running(folder: Path, contacts: int) -> Iterator[Emulator]:
    rows = folder / f"{contacts}.jsonl"
    write_rows(rows, contacts)
    print(f"loading {contacts:,} contacts ({rows.stat().st_size / 2**20:.0f} MiB) ...", flush=True)
    command = [sys.executable, "-m", "emulator", "--port", "0", "--data", str(rows.with_suffix(".sqlite"))]
    command += ["--load", str(rows)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603  # ours
        try:
            first = process.stdout.readline() if process.stdout else ""
            loaded = next((line.strip() for line in process.stderr or () if line.startswith("Loaded")), "")
            rows.unlink()
            with requests.Session() as session:
                session.headers["Authorization"] = "Bearer x"
                yield Emulator(contacts, process, first.split()[-1], loaded, session)
        finally:
            process.terminate()
            process.communicate()


def write_rows(file: Path, contacts: int) -> None:
    """Accounts and contacts, the same each time: two owners, messy numbers, every contact with an account."""
    with file.open("w", encoding="utf-8") as lines:
        for number in range(contacts // _EVERY + 1):
            body = {"accountid": _id("a", number), "name": f"Account {number}", "telephone1": phone(number + 10**8)}
            lines.write(json.dumps({"@odata.type": _TYPE + "account", **body, **_owner(number)}) + "\n")
        for number in range(contacts):
            account = number // _EVERY
            body = {
                "contactid": _id("c", number),
                "firstname": f"First{number % 997}",
                "lastname": f"Last{number}",
                "telephone1": phone(number),
                "mobilephone": phone(number + 3 * 10**8),
                "emailaddress1": f"person{number}@example.com",
                "parentcustomerid_account@odata.bind": f"/accounts({_id('a', account)})",
            }
            lines.write(json.dumps({"@odata.type": _TYPE + "contact", **body, **_owner(account)}) + "\n")


def phone(number: int, form: int | None = None) -> str:
    """The fictional telephone number of that number, as somebody or other typed it."""
    digits = f"{number * 7_368_787 % 10**10:010}"
    return _FORMS[number % len(_FORMS) if form is None else form].format(digits[:3], digits[3:6], digits[6:])


def _id(kind: str, number: int) -> str:
    """An id that looks random: multiplied by a large odd number, so that neighbours lie far apart."""
    scattered = ((number << 8 | ord(kind)) * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128
    return str(UUID(int=scattered, version=4))


def _owner(number: int) -> dict[str, str]:
    return {"ownerid@odata.bind": f"/systemusers({_OWNERS[number % len(_OWNERS)]})"}


def _point(emulator: Emulator) -> None:
    answer = emulator.get(f"contacts({_id('c', emulator.any_contact())})?$select=fullname,telephone1")
    _expect(answer, answer.json().get("telephone1"))


def _equality(emulator: Emulator) -> None:
    number = quote(phone(emulator.any_contact()).replace("'", "''"), safe="")
    answer = emulator.get(f"contacts?$select=fullname&$filter=telephone1%20eq%20'{number}'")
    _expect(answer, len(answer.json()["value"]) == 1)


def _spellings(emulator: Emulator) -> None:
    wanted = emulator.any_contact()
    spelled = [phone(wanted, form) for form in range(len(_FORMS))] + [f"{phone(wanted, 0)} x{n}" for n in range(13)]
    values = quote(json.dumps(spelled), safe="")
    query = f"Microsoft.Dynamics.CRM.In(PropertyName='telephone1',PropertyValues={values})"
    answer = emulator.get(f"contacts?$select=fullname&$filter={query}")
    _expect(answer, len(answer.json()["value"]) == 1)


def _children(emulator: Emulator) -> None:
    account = _id("a", emulator.any_contact() // _EVERY)
    answer = emulator.get(f"contacts?$select=fullname&$filter=_parentcustomerid_value%20eq%20{account}")
    _expect(answer, len(answer.json()["value"]) >= 1)


def _change_set(emulator: Emulator) -> None:
    changes = "".join(_change(emulator, number) for number in range(10))
    body = f"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n{changes}--c--\r\n--b--\r\n"
    headers = {"Content-Type": "multipart/mixed; boundary=b"}
    answer = emulator.session.post(emulator.root + "$batch", data=body.encode(), headers=headers, timeout=60)
    _expect(answer, answer.content.count(b"HTTP/1.1 204") == 10)


def _change(emulator: Emulator, number: int) -> str:
    """Five contacts get another number, five are new."""
    chosen = emulator.any_contact()
    values: dict[str, str] = {"telephone2": phone(chosen + number)}
    row = _id("c", chosen) if number < 5 else str(UUID(int=emulator.chance.getrandbits(128), version=4))
    if number >= 5:
        account = _id("a", chosen // _EVERY)
        values |= {"lastname": "New", "parentcustomerid_account@odata.bind": f"/accounts({account})"}
    return (
        "--c\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
        f"Content-ID: {number + 1}\r\n\r\nPATCH {emulator.root}contacts({row}) HTTP/1.1\r\n"
        f"Content-Type: application/json\r\n\r\n{json.dumps(values)}\r\n"
    )


def _expect(answer: requests.Response, is_right: object) -> None:
    if not answer.ok or not is_right:
        raise SystemExit(f"An unexpected answer to {answer.request.url}: {answer.status_code} {answer.text[:500]}")


# Each with whether the limit holds for it: what an index answers should not notice how much lies beside it.
QUESTIONS: dict[str, tuple[Callable[[Emulator], None], bool]] = {
    "a contact by its id": (_point, True),
    "telephone1 eq": (_equality, True),
    "telephone1 In 20 spellings": (_spellings, True),
    "_parentcustomerid_value eq": (_children, True),
    "a change set of ten operations": (_change_set, False),
}

if __name__ == "__main__":
    sys.exit(main())
