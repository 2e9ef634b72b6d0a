"""An environment to throw rubbish at, by way of its real HTTP application, and the judge of what comes back.

`corpus/` holds what is spoilt: valid requests, one to a line. Longer runs than the usual one:
`FUZZ_FACTOR=50 python -m pytest tests/emulator/fuzz`.
"""

from __future__ import annotations

import asyncio
import copy
import email
import email.policy
import json
import os
import re
import sqlite3
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.app import make_app
from emulator.control.panel import Panel
from emulator.odata.functions import FUNCTIONS
from emulator.operations import registered
from emulator.parts import standard_parts
from emulator.service import Service
from tests.emulator.fuzz.halves import dangling, torn

FACTOR = int(os.environ.get("FUZZ_FACTOR", "1"))
CORPUS = Path(__file__).with_name("corpus")
PATIENCE = 30.0  # seconds of computing for one request: whoever takes longer hangs, on however slow a machine
WRITES_BETWEEN_RESTORES = 60
CRM = "Microsoft.Dynamics.CRM."
ROOT = b"/api/data/v9.2/"
CODE = re.compile("(0x[0-9a-f]{8})?")
WORD = re.compile(r"[\w.@$%]+|\W")
# May be answered instead of an error with a code: nobody is asked who does not say who asks.
UNAUTHORIZED = 401


@dataclass(frozen=True)
class Sent:
    """A request; `path` is what follows the service root."""

    method: str
    path: bytes
    query: bytes = b""
    headers: tuple = ()
    body: bytes = b""


@dataclass(frozen=True)
class Got:
    """An answer, header names in lower case."""

    status: int
    headers: dict = field(default_factory=dict)
    body: bytes = b""

    @property
    def kind(self):
        return self.headers.get("content-type", "").partition(";")[0]

    def check(self):
        """Fails unless it is one that Dataverse could give."""
        assert 200 <= self.status < 500 or self.status == 501, self
        if self.status in (204, 304, UNAUTHORIZED):
            assert self.body == b"", self
        elif self.kind == "multipart/mixed":
            for part in self.parts():
                part.check()
        elif self.status >= 400:
            assert self.kind == "application/json", self
            error = json.loads(self.body)["error"]
            assert CODE.fullmatch(error["code"]) and error["message"].strip(), self
        elif self.kind == "application/json":
            assert isinstance(json.loads(self.body), dict)
        else:
            assert self.kind in ("text/plain", "application/xml"), self

    def parts(self):
        """The answers inside the answer to a batch."""
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        message = email.message_from_bytes(head + self.body, policy=email.policy.HTTP)
        for part in message.walk():
            if part.get_content_type() == "application/http":
                top, _, body = part.get_payload(decode=True).partition(b"\r\n\r\n")
                first, *lines = top.decode("latin-1").split("\r\n")
                headers = dict(line.split(": ", 1) for line in lines)
                yield Got(int(first.split()[1]), {name.lower(): headers[name] for name in headers}, body)


class Arena:
    """An environment of the emulator with the furniture of the corpus, and the one who asks it."""

    def __init__(self, **options):
        self.service = Service(standard_parts(), **options)
        self.service.behaviour.webhooks_dropped = True
        self.panel = Panel(self.service)
        self._app = make_app(self.panel)
        self._loop = asyncio.new_event_loop()
        self._watch = sqlite3.connect(self.service.store.path, isolation_level=None)
        self._writes = 0
        self.asked = 0

    def furnish(self):
        """Brings what the corpus refers to, and remembers how it looks."""
        for method, path, body in json.loads((CORPUS / "furniture.json").read_text(encoding="utf-8")):
            got = self.ask(Sent(method, path.encode(), body=json.dumps(body).encode()))
            assert got.status in (200, 204), (path, got)
        self._copy = self.panel.copies.snapshot()
        self._restored = self.service.catalog.schema

    def close(self):
        self._watch.close()
        self._loop.close()
        self.panel.close()
        self.service.close()

    def ask(self, sent):
        """The application's answer."""
        return self._loop.run_until_complete(self._ask(sent))

    async def _ask(self, sent):
        path = ROOT + sent.path
        headers = {b"authorization": b"Bearer x", b"host": b"127.0.0.1:7072"}
        headers |= {b"content-type": b"application/json"} if sent.body else {}
        headers |= {name.lower(): value for name, value in sent.headers}
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": sent.method, "scheme": "http",
            "path": unquote_to_bytes(path).decode("utf-8", "replace"), "raw_path": path, "query_string": sent.query,
            "headers": [(name, value) for name, value in headers.items() if value is not None],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 7072), "state": {},
        }  # fmt: skip
        messages = []

        async def receive():
            return {"type": "http.request", "body": sent.body, "more_body": False}

        async def send(message):
            messages.append(message)

        await self._app(scope, receive, send)
        head = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in messages[0]["headers"]}
        return Got(messages[0]["status"], head, b"".join(each.get("body", b"") for each in messages[1:]))

    def judge(self, sent):
        """Sends a request. Fails unless it is answered well and in time, and nothing was kept if it was refused."""
        version = self._version()
        got, took = self._timed(sent)
        self.asked += 1
        got.check()
        if self._version() != version:
            assert sent.method != "GET", "reading has written"
            assert got.status < 400 or got.kind == "multipart/mixed", f"refused, and yet kept: {got}"
            assert self.service.settle(5)
            self._tidy()
        assert took < PATIENCE, f"{took:.1f} s"
        return got

    def _timed(self, sent):
        begun = time.process_time()
        return self.ask(sent), time.process_time() - begun

    def _version(self):
        """Another number whenever something was committed."""
        return self._watch.execute("PRAGMA data_version").fetchone()[0]

    def _tidy(self):
        """Puts the environment back now and then, at once when its definitions have changed."""
        self._writes += 1
        if self._writes % WRITES_BETWEEN_RESTORES == 0 or self.service.catalog.schema is not self._restored:
            self.check()
            self.restore()

    def restore(self):
        self.panel.copies.restore(self._copy)
        self._restored = self.service.catalog.schema

    def check(self):
        """Rows fit together: whatever was done or refused, nothing was done by half."""
        schema = self.service.catalog.schema
        with self.service.store.reading() as db:
            for question in (*dangling(schema), *torn(schema)):
                found = db.execute(question).fetchone()
                assert found is None, f"{question}: {found}"

    def check_file(self):
        """The file is in order, nothing waits to be posted, and a restart reads the same definitions from it."""
        self.check()
        assert self.service.settle(5)
        with self.service.store.reading() as db:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        before = self.ask(Sent("GET", b"$metadata")).body
        copy = self.service.store.path.with_suffix(".copy")
        self.service.store.copy_to(copy)
        self.service.put_back(copy)
        copy.unlink()
        assert self.ask(Sent("GET", b"$metadata")).body == before


@pytest.fixture(scope="module")
def furnished():
    """Makes environments with the furniture of the corpus; takes the options of `Service`."""
    with ExitStack() as stack:

        def make(**options):
            arena = Arena(**options)
            stack.callback(arena.close)
            arena.furnish()
            return arena

        yield make


@pytest.fixture(scope="module")
def arena(furnished):
    return furnished()


@pytest.fixture
def fuzz(arena):
    """Judges so many requests that a strategy makes, and some that are given: `fuzz(strategy, 2500, [Sent(…)])`."""

    def fuzz(strategy, cases, given_ones=()):
        begun = arena.asked
        for sent in given_ones:
            arena.judge(sent)

        @settings(max_examples=cases * FACTOR, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(strategy)
        def each(sent):
            arena.judge(sent)

        each()
        arena.check_file()
        arena.restore()
        assert arena.asked - begun >= cases * FACTOR

    return fuzz


@pytest.fixture(scope="session")
def sent():
    """The class of requests: `sent("GET", b"contacts", …)`."""
    return Sent


class Spoil:
    """Strategies that make something wrong of something right."""

    @staticmethod
    def lines(name):
        """The lines of a file of the corpus."""
        return (CORPUS / name).read_text(encoding="utf-8").splitlines()

    @staticmethod
    def writes():
        """The writing requests of the corpus: method, path, body."""
        return json.loads((CORPUS / "writes.json").read_text(encoding="utf-8"))

    @staticmethod
    @st.composite
    def words(draw, valid, words, most=4):
        """A valid text with some of its words taken out, put twice, replaced, swapped; sometimes with none."""
        found = WORD.findall(draw(st.sampled_from(valid)))
        for _ in range(draw(st.integers(0, most))):
            at = draw(st.integers(0, max(len(found) - 1, 0)))
            match draw(st.integers(0, 5)):
                case 0:
                    found[at : at + 1] = []
                case 1:
                    found[at:at] = found[at : at + draw(st.integers(1, 9))]
                case 2:
                    found[at : at + 1] = [draw(st.sampled_from(words))]
                case 3:
                    found[at:at] = [draw(st.sampled_from(words))]
                case 4:
                    found[at : at + 2] = reversed(found[at : at + 2])
                case 5:
                    found = found[: at + 1]
        return "".join(found)

    @staticmethod
    @st.composite
    def octets(draw, valid, most=3):
        """Bytes with some of them flipped, left out, doubled, cut off."""
        found = bytearray(draw(valid))
        for _ in range(draw(st.integers(0, most)) if found else 0):
            at = draw(st.integers(0, len(found)))
            match draw(st.integers(0, 3)):
                case 0:
                    found[at : at + 1] = bytes([draw(st.integers(0, 255))])
                case 1:
                    del found[at : at + draw(st.integers(1, 9))]
                case 2:
                    found[at:at] = found[at : at + 20]
                case 3:
                    del found[at:]
        return bytes(found)

    @staticmethod
    @st.composite
    def encoded(draw, text):
        """A text as it stands in a URL: encoded well, not at all, twice, or in a wrong way."""
        raw = draw(text).encode("utf-8", "surrogatepass")
        match draw(st.integers(0, 9)):
            case 0:
                return raw.replace(b" ", b"+")
            case 1:
                return quote_from_bytes(raw, safe="").encode()
            case 2:
                return quote_from_bytes(quote_from_bytes(raw, safe="$&=").encode(), safe="$&=").encode()
            case 3:
                return raw.replace(b"%", b"%2") + b"%"
            case 4:
                return raw.replace(b" ", b"%C3")
            case _:
                return quote_from_bytes(raw, safe="$&=@(),'/:;?").encode()

    @staticmethod
    @st.composite
    def values(draw, valid, noise, names):
        """JSON with one or two pieces of it replaced, renamed, repeated or left out; sometimes none."""
        found = json.loads(draw(st.sampled_from([json.dumps(each) for each in valid])))
        for _ in range(draw(st.integers(0, 2))):
            place, parent, key = found, None, None
            while isinstance(place, dict | list) and place and (parent is None or draw(st.integers(0, 3))):
                key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
                parent, place = place, place[key]
            if parent is None:
                continue
            match draw(st.integers(0, 5)):
                case 0:
                    del parent[key]
                case 1 if isinstance(parent, dict):
                    parent[draw(st.sampled_from(names) | st.text(max_size=9))] = parent.pop(key)
                case 2:
                    parent[key] = [place, copy.deepcopy(place)]
                case 3 if isinstance(place, str):
                    at = draw(st.integers(0, len(place)))
                    parent[key] = (
                        place[:at]
                        + draw(st.sampled_from(['"', "'", "\0", "é", " ", "_", "/", "(", ";--", "9" * 99]))
                        + place[at:]
                    )
                case _:
                    parent[key] = copy.deepcopy(draw(noise))
        return found


@pytest.fixture
def spoil():
    return Spoil


@pytest.fixture
def vocabulary(arena):
    """Words that mean something to the environment: its tables, columns, navigation properties and operations."""
    schema = arena.service.catalog.schema
    names = [
        word for name in ("contact", "account", "phonecall", "new_message") for word in schema.tables[name].columns
    ]
    names += [each.name for name in ("contact", "account", "systemuser") for each in schema.navigations(name)]
    names += [word for each in schema.tables.values() for word in (each.set_name, each.logical_name)]
    return sorted({*names, *(CRM + each.name for each in registered()), *(CRM + each for each in FUNCTIONS)})
