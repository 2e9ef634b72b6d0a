"""A rule: which requests a fault hits, how often, and what it does then. As JSON, or as a word for the command line."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from emulator.control.effects import Effect
from emulator.control.fields import Field, Misunderstood, number, one_of, pattern, read_values, whole
from emulator.control.kinds import KINDS

REQUEST, OPERATION = "request", "operation"
WHICH: dict[str, Field] = {
    "method": one_of("GET", "POST", "PATCH", "PUT", "DELETE", meaning="requests with this method"),
    "path": pattern("requests with this somewhere in what follows the service root, decoded, with the query"),
    "target": one_of(
        REQUEST,
        OPERATION,
        default=REQUEST,
        meaning="request: a batch is one, meant by its own path or that of one of its operations, and hit as a whole; "
        "operation: each of a batch is one too, and hit alone",
    ),
}
OFTEN: dict[str, Field] = {
    "nth": whole(1, meaning="only the nth of them"),
    "every": whole(1, meaning="every nth of them"),
    "next": whole(1, meaning="so many from now on"),
    "probability": number(0, 1, meaning="each with this probability"),
}
SEED = whole(0, default=0, meaning="makes a probability repeatable; another number is another sequence")


@dataclass(frozen=True, slots=True)
class Seen:
    """A request, or an operation of a batch, as rules look at it."""

    method: str
    path: str


@dataclass(slots=True, kw_only=True)
class Rule:
    """`given` is the rule as it was asked for; `matches` and `hits` say how often it applied and struck."""

    given: dict[str, object]
    values: Mapping[str, object]
    effect: Effect
    number: int = 0
    matches: int = 0
    hits: int = 0
    chance: random.Random = field(default_factory=random.Random)

    def concerns(self, seen: Sequence[Seen]) -> bool:
        """Whether one of these is meant."""
        method, path = self.values["method"], self.values["path"]
        return any(
            (method is None or each.method == method) and (path is None or re.search(str(path), each.path))
            for each in seen
        )

    def strikes(self) -> bool:
        """Counts one more match; whether it is hit."""
        self.matches += 1
        often = next((name for name in OFTEN if self.values[name] is not None), None)
        limit = float(str(self.values[often])) if often else 0
        hit = {
            None: True,
            "nth": self.matches == limit,
            "every": bool(limit) and self.matches % limit == 0,
            "next": self.matches <= limit,
            "probability": often == "probability" and self.chance.random() < limit,
        }[often]
        self.hits += hit
        return hit

    def as_json(self) -> dict[str, object]:
        return {"id": self.number, **self.given, "matches": self.matches, "hits": self.hits}


def fields_of(kind: str) -> dict[str, Field]:
    """Everything that a rule with this fault takes."""
    return {**KINDS[kind].fields, **WHICH, **OFTEN, "seed": SEED}


def read_rule(given: object) -> Rule:
    """A rule from JSON: `{"fault": "429", "reason": "burst", "path": "contacts", "next": 3}`.

    Raises `Misunderstood` with a sentence that says what is wrong, and what is possible.
    """
    if not isinstance(given, dict):
        raise Misunderstood('A rule is a JSON object such as {"fault": "429", "path": "contacts", "next": 3}.')
    kind = _kind(given.get("fault"))
    rest = {name: value for name, value in given.items() if name != "fault"}
    values = read_values(rest, fields_of(kind), f"the fault {kind}")
    _check_together(kind, values)
    chance = random.Random(int(str(values["seed"])))  # noqa: S311  # to be repeated, not to be secret
    shown = {"fault": kind} | {name: value for name, value in rest.items() if value is not None}
    return Rule(given=shown, values=values, effect=KINDS[kind].make(values), chance=chance)


def read_word(word: str) -> Rule:
    """A rule from a word: `429:burst:next=3:path=contacts`, the fault first, then what it takes. Raises as above."""
    kind, *parts = word.split(":")
    fields = fields_of(_kind(kind))
    given: dict[str, object] = {"fault": kind}
    for part in parts:
        name, equals, value = part.partition("=")
        if not equals:
            name, value = KINDS[kind].word, part
        if name not in fields:
            raise Misunderstood(f"'{part}' says nothing to the fault {kind}. It takes: {', '.join(fields)}.")
        given |= {name: fields[name].read(name, value)}
    return read_rule(given)


def _kind(name: object) -> str:
    if str(name) not in KINDS:
        raise Misunderstood(f"There is no fault {name!r}. There are: {', '.join(KINDS)}.")
    return str(name)


def _check_together(kind: str, values: Mapping[str, object]) -> None:
    often = [name for name in OFTEN if values[name] is not None]
    if len(often) > 1:
        raise Misunderstood(f"How often a fault strikes is said once: not both {often[0]} and {often[1]}.")
    if values["target"] == OPERATION and not KINDS[kind].operations:
        possible = ", ".join(name for name, each in KINDS.items() if each.operations)
        raise Misunderstood(f"A single operation cannot have the fault {kind}. It can have: {possible}.")
