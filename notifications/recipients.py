"""Who is told of a text: whoever is next in line, where nobody before can be.

A line is a group of people: those behind the number that was texted, those behind the record that the text went to, and
the administrators of text messages, who see every text. One who is disabled or has no licence cannot open Dynamics and
is passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from messaging.records import OurNumber, Person, Principal


class Line(StrEnum):
    """Whose turn it is, in this order."""

    NUMBER = "number"
    RECORD = "record"
    ADMINISTRATORS = "administrators"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Those who are told, the line that they stand in (None: there is nobody at all), and who was passed over."""

    people: tuple[Person, ...]
    line: Line | None
    passed_over: tuple[Person, ...]

    def explained(self) -> dict[str, object]:
        """As JSON-ready data for the stored explanation; people by id only, names are looked up by the reader."""
        return {
            "line": self.line and self.line.value,
            "passed_over": [{"id": str(each.id), "because": _because(each)} for each in self.passed_over],
        }


def audience(
    number: OurNumber | None, record_owner: Principal | None, next_in_line: Sequence[tuple[Line, Sequence[Person]]] = ()
) -> Audience:
    """The number's owner; for a team's number the member who owns the record, else every member. Where none of them
    can be told (or the number is not ours to know), all of the first line in `next_in_line` in which somebody can."""
    passed_over: dict[Person, None] = {}
    for line, people in ((Line.NUMBER, number.people if number else ()), *next_in_line):
        passed_over |= dict.fromkeys(person for person in people if not person.reachable)
        reachable = tuple(person for person in people if person.reachable)
        in_charge = tuple(person for person in reachable if person.principal == record_owner)
        if reachable:
            return Audience(people=in_charge or reachable, line=line, passed_over=tuple(passed_over))
    return Audience(people=(), line=None, passed_over=tuple(passed_over))


def _because(person: Person) -> str:
    return "no licence" if person.enabled else "disabled"
