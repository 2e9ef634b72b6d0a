"""The plan as an administrator reads it: schema and provider accounts, by kind, with a mark before each line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from rich.text import Text

from dataverse.schema.plan import Plan
from dataverse.store.provider_accounts import AccountChange

OTHERS = "Other"
# What a line begins with → the heading that it stands under, in this order.
HEADINGS = {
    "publisher": "Solution",
    "solution": "Solution",
    "choice": "Choices",
    "option": "Choices",
    "table": "Tables",
    "column": "Tables",
    "lookup": "Tables",
    "key": "Tables",
    "relationship": "Tables",
    "environment variable": "Environment variables",
    "web resource": "Web resources",
    "view": "Views",
    "form": "Forms",
    "command": "Commands",
    "role": "Security roles",
    "privileges": "Security roles",
    "webhook": "Webhook",
    "event step": "Webhook",
    "image": "Webhook",
    "site map": "Apps",
    "app": "Apps",
    "contents": "Apps",
    "setting": "Apps",
}
_COUNT = re.compile(r"(\d+) (?:of \d+ )?")
ACCOUNTS = "Provider accounts"
CONFLICTS = "In the way"


class Sign(StrEnum):
    """What happens to what a line names."""

    CREATE = "+"
    CHANGE = "~"
    SAME = "="
    CANNOT = "!"


_STYLES = {Sign.CREATE: "green", Sign.CHANGE: "yellow", Sign.SAME: "dim", Sign.CANNOT: "bold red"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the plan."""

    sign: Sign
    what: str
    heading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WholePlan:
    """What is to be done, what is there already, and what stands in the way."""

    schema: Plan
    accounts: tuple[AccountChange, ...]
    same_accounts: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be made or mended."""
        return not (self.schema.steps or self.accounts)

    def lines(self) -> list[Line]:
        """All lines, by heading."""
        lines = [*self._lines()]
        places = list(dict.fromkeys([CONFLICTS, *HEADINGS.values(), OTHERS, ACCOUNTS]))
        return sorted(lines, key=lambda line: places.index(line.heading))

    def count(self, sign: Sign) -> int:
        """How much has a sign."""
        return _amount(line for line in self._lines() if line.sign is sign)

    def summary(self) -> str:
        """How much there is to do, in a sentence."""
        parts = [f"{self.count(Sign.CREATE)} to create", f"{self.count(Sign.CHANGE)} to change"]
        parts.append(f"{self.count(Sign.SAME)} the same")
        if cannot := self.count(Sign.CANNOT):
            parts.insert(0, f"{cannot} in the way")
        return f"{', '.join(parts)}."

    def document(self) -> dict[str, list[str]]:
        """The plan for programs."""
        return {sign.name.lower(): [line.what for line in self.lines() if line.sign is sign] for sign in Sign}

    def shown(self, *, in_full: bool) -> Iterator[Text]:
        """The plan for people; unless it is shown in full, what is the same is left to the summary."""
        told = [line for line in self.lines() if in_full or line.sign is not Sign.SAME]
        for heading, lines in groupby(told, key=lambda line: line.heading):
            yield Text(f"\n{heading}", "bold")
            yield from map(_shown, lines)

    def _lines(self) -> Iterator[Line]:
        yield from (Line(Sign.CANNOT, sentence, CONFLICTS) for sentence in self.schema.conflicts)
        yield from (Line(Sign(step.mark.value), step.what, _heading(step.what)) for step in self.schema.steps)
        yield from (Line(Sign.SAME, what, _heading(what)) for what in self.schema.same)
        for change in self.accounts:
            yield Line(Sign.CREATE if change.stored is None else Sign.CHANGE, told(change), ACCOUNTS)
        yield from (Line(Sign.SAME, f"provider account {name}", ACCOUNTS) for name in self.same_accounts)


COLUMN_NAMES = {
    "type": "type",
    "inbound_url": "URL for incoming texts",
    "status_url": "URL for delivery reports",
    "two_way": "two-way",
    "delivery_reports": "delivery reports",
    "media": "media",
}


def told(change: AccountChange) -> str:
    """A change of a provider account in words."""
    if change.stored is None:
        return f"provider account {change.callback_id} ({change.wanted.type})"
    return f"provider account {change.callback_id}: {', '.join(COLUMN_NAMES[name] for name in change.columns)}"


def _amount(lines: Iterable[Line]) -> int:
    """How much lines are about: one thing each, unless they say how many."""
    found = (_COUNT.match(line.what) for line in lines)
    return sum(int(number[1]) if number else 1 for number in found)


def _heading(what: str) -> str:
    thing = _COUNT.sub("", what, count=1)  # "2 of 3 views" is about views
    return next((heading for word, heading in HEADINGS.items() if thing.startswith(word)), OTHERS)


def _shown(line: Line) -> Text:
    return Text.assemble(
        "  ", (line.sign, _STYLES[line.sign]), " ", (line.what, "dim" if line.sign is Sign.SAME else "")
    )
