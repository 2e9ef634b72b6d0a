"""What can be found out about an account at its provider, without any I/O.

An inspection is a generator: it yields questions, is sent the answers, and returns what it found. Who drives it opens
the connections (`admin/doctor`). No question changes anything at the provider, and none is sent to another host than
the provider's own: a link in an answer is followed only where it stays there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from messaging.accounts import ProviderAccount

Json = Mapping[str, object]
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A request that only reads. `headers` prove who asks. With `scope` whoever carries it out adds a bearer token of
    Microsoft Entra for it. The URL may name a phone number: neither shows in a repr."""

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    scope: str = ""
    method: str = "GET"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; `status` 0 where nothing did, and `why` then says it in a word. The body may hold secrets."""

    status: int
    body: bytes = field(default=b"", repr=False)
    why: str = ""

    def json(self) -> Json:
        """The body as a JSON object; empty where it is none."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True)
class Failed:
    """The answer with which asking ended, where it did not tell what was asked."""

    answer: Answer


class Standing(StrEnum):
    """How things stand with what was looked at."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that was found out, in a sentence, and what to do about it, which is empty only where all is good."""

    standing: Standing
    what: str
    mend: str = ""


def good(what: str) -> Remark:
    """It is as it should be."""
    return Remark(Standing.GOOD, what)


def doubtful(what: str, mend: str) -> Remark:
    """It works, and is not as it should be."""
    return Remark(Standing.DOUBTFUL, what, mend)


def wrong(what: str, mend: str) -> Remark:
    """It cannot work."""
    return Remark(Standing.WRONG, what, mend)


def unknown(what: str, mend: str) -> Remark:
    """It could not be found out."""
    return Remark(Standing.UNKNOWN, what, mend)


Steps = Generator[Question, Answer, Found]
Inspection = Steps[tuple[Remark, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a provider should be set to: where it calls us, and our numbers of the account, in digits."""

    inbound_url: str
    status_url: str
    numbers: tuple[str, ...] = field(default=(), repr=False)

    def is_ours(self, url: str) -> bool:
        """Whether a URL that a provider calls is one of the two, whatever query or fragment stands behind it. Which of
        them does not matter: the content of a callback decides what it is."""
        return without_query(url) in (self.inbound_url, self.status_url)


class Inspector(Protocol):
    """What one provider can be asked. Holds no state and does no I/O of its own."""

    def credentials(self, account: ProviderAccount, now: datetime) -> Inspection:
        """Does the provider accept the account's credentials?"""

    def configuration(self, account: ProviderAccount, expected: Expected, now: datetime) -> Inspection:
        """Has the provider our numbers, and does it call us where it should?"""


def drive(inspection: Inspection, ask: Callable[[Question], Answer]) -> tuple[Remark, ...]:
    """Carry an inspection out: `ask` gets an answer to each question, and never raises."""
    try:
        question = next(inspection)
        while True:
            question = inspection.send(ask(question))
    except StopIteration as end:
        remarks: tuple[Remark, ...] = end.value
        return remarks


def understood(answer: Answer) -> bool:
    """Whether it is an answer to the question: 200, with a JSON object in it."""
    return answer.status == 200 and bool(answer.json())


def failed(answer: Answer, whom: str) -> Remark:
    """The remark for an answer that says nothing of what was asked. 401, 403 and 404 mean something else at every
    provider: whoever asked looks at them first."""
    match answer.status:
        case 0:
            what = f"{whom} cannot be reached: {answer.why}"
            return unknown(what, "Check this machine's way to the internet, then try again")
        case 429:
            return unknown(f"{whom} is asked too often at the moment (429)", "Try again in a few minutes")
        case _:
            return unknown(f"{whom} answered {answer.status}, and not what was asked", "Try again later")


def without_query(url: str) -> str:
    """A URL as far as it may be shown: without user information, query and fragment, where secrets stand."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "something that is no URL"
    return f"{parts.scheme}://{host}{parts.path}" if parts.scheme and host else url.partition("?")[0].partition("#")[0]


def text(values: Json, name: str) -> str:
    """A text in an answer; empty where it is absent or none."""
    value = values.get(name)
    return value if isinstance(value, str) else ""


def inner(values: Json, name: str) -> Json:
    """An object in an answer; empty where it is absent or none."""
    value = values.get(name)
    return value if isinstance(value, dict) else {}


def objects(values: Json, name: str) -> list[Json]:
    """The objects of a list in an answer; whatever else is in it is left out."""
    value = values.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
