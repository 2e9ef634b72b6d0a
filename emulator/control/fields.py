"""What may stand in a rule or a switch: a table of fields, each with what it takes, read from JSON or from a word."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass


class Misunderstood(ValueError):
    """What was asked for cannot be: the sentence says what is wrong, and what is possible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One value: `takes` says which, for people; `fits` decides; `from_word` reads it from a command line."""

    takes: str
    fits: Callable[[object], bool]
    from_word: Callable[[str], object] = str
    default: object = None
    required: bool = False
    meaning: str = ""

    def check(self, name: str, value: object) -> object:
        """The value as it is. Raises `Misunderstood`."""
        if not self.fits(value):
            raise Misunderstood(f"{name} is {self.takes}, not {value!r}.")
        return value

    def read(self, name: str, word: str) -> object:
        """The value that a word stands for. Raises `Misunderstood`."""
        try:
            return self.check(name, self.from_word(word))
        except (ValueError, KeyError):
            raise Misunderstood(f"{name} is {self.takes}, not '{word}'.") from None


def number(low: float, high: float, unit: str = "", *, default: object = None, required: bool = False,
           meaning: str = "") -> Field:  # fmt: skip
    """A number, fractions too."""
    takes = f"a number{' of ' if unit else ''}{unit} from {low:g} to {high:g}"

    def fits(value: object) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high

    return Field(takes=takes, fits=fits, from_word=float, default=default, required=required, meaning=meaning)


def whole(low: int, high: float = math.inf, *, default: object = None, required: bool = False,
          meaning: str = "") -> Field:  # fmt: skip
    """A whole number."""
    takes = f"a whole number from {low} {'on' if high == math.inf else f'to {high:g}'}"

    def fits(value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high

    return Field(takes=takes, fits=fits, from_word=int, default=default, required=required, meaning=meaning)


def one_of(*names: str, default: object = None, meaning: str = "") -> Field:
    """One of a few words."""
    return Field(takes=f"one of {', '.join(names)}", fits=lambda value: value in names, default=default,
                 meaning=meaning)  # fmt: skip


def text(form: str = ".+", takes: str = "a text", *, default: object = None, required: bool = False,
         meaning: str = "") -> Field:  # fmt: skip
    """A text of a certain form."""
    fits = lambda value: isinstance(value, str) and re.fullmatch(form, value, re.DOTALL) is not None  # noqa: E731
    return Field(takes=takes, fits=fits, default=default, required=required, meaning=meaning)


def pattern(meaning: str) -> Field:
    """A regular expression."""

    def fits(value: object) -> bool:
        try:
            return isinstance(value, str) and bool(value) and re.compile(value) is not None
        except re.error:
            return False

    return Field(takes="a regular expression", fits=fits, meaning=meaning)


def truth(meaning: str = "") -> Field:
    """Yes or no."""
    words = {"true": True, "on": True, "false": False, "off": False}
    return Field(takes="true or false", fits=lambda value: isinstance(value, bool), meaning=meaning,
                 from_word=lambda word: words[word.lower()])  # fmt: skip


def read_values(given: Mapping[str, object], fields: Mapping[str, Field], what: str) -> dict[str, object]:
    """Every field with the value given or its default. Raises `Misunderstood` for what `what` does not take."""
    unknown = sorted(set(given) - set(fields))
    if unknown:
        raise Misunderstood(f"{what} takes no '{unknown[0]}'. It takes: {', '.join(fields)}.")
    missing = [name for name, field in fields.items() if field.required and given.get(name) is None]
    if missing:
        raise Misunderstood(f"{what} needs {missing[0]}: {fields[missing[0]].takes}.")
    return {
        name: field.check(name, given[name]) if given.get(name) is not None else field.default
        for name, field in fields.items()
    }
