"""The rules in force, and what they do to the requests that come by."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from urllib.parse import unquote, unquote_plus

from emulator.control.rules import OPERATION, REQUEST, Rule, Seen
from emulator.exchange import Call


def seen(call: Call) -> Seen:
    """A call as rules look at it."""
    query = f"?{unquote_plus(call.query)}" if call.query else ""
    return Seen(call.method, unquote(call.path) + query)


class Faults:
    """Rules are asked in the order in which they were made, each by itself: two delays add up."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._made = 0
        self._lock = threading.Lock()

    def add(self, rule: Rule) -> Rule:
        """Puts a rule into force and gives it its number."""
        with self._lock:
            self._made += 1
            rule.number = self._made
            self._rules.append(rule)
        return rule

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()

    def as_json(self) -> list[dict[str, object]]:
        with self._lock:
            return [rule.as_json() for rule in self._rules]

    def on_request(self, call: Call, operations: Callable[[], Sequence[Call]]) -> list[Rule]:
        """The rules that hit a request; `operations` reads those of a batch, when a rule has to look at them."""
        if not self._rules:
            return []
        return self._struck(REQUEST, [seen(call), *map(seen, operations())])

    def on_operation(self, call: Call) -> list[Rule]:
        """The rules that hit an operation: of a batch, or a request of its own."""
        return self._struck(OPERATION, [seen(call)]) if self._rules else []

    def _struck(self, target: str, candidates: list[Seen]) -> list[Rule]:
        with self._lock:
            meant = [rule for rule in self._rules if rule.values["target"] == target and rule.concerns(candidates)]
            return [rule for rule in meant if rule.strikes()]
