"""The values of running settings: text, as environment variables hold it ⇄ what it means. Pure.

What cannot be read raises ValueError with a sentence that says what to write instead.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from messaging.numbers import read_region
from routing.outcome import AmbiguousTexts
from routing.tiers import TierName, check_order

_NAMES = re.compile(r"[\s,]+")
_DIGITS = re.compile(r"[0-9]{1,9}")
# The first of each is what Power Apps writes into a variable of the type Yes/No.
_TRUE = ("yes", "true", "1", "on")
_FALSE = ("no", "false", "0", "off")
# What Dataverse answers at once.
MOST_LEADS = 5_000


def region(text: str) -> str:
    """A country (ISO 3166), or nothing."""
    try:
        return read_region(text) if text.strip() else ""
    except ValueError:
        raise ValueError("write a country as ISO 3166 has it, such as US or DE, or nothing") from None


def tier_order(text: str, then: Sequence[TierName] = ()) -> tuple[TierName, ...]:
    """All tiers, each once, the lowest id last; as a JSON list, or with commas between them. Where `then` is a whole
    order, tiers that are not named follow as they do there."""
    names = _names(text)
    valid = ", ".join(TierName)
    if unknown := sorted(set(names) - set(TierName)):
        raise ValueError(f"there is no tier {', '.join(unknown)}; the tiers are {valid}")
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"{', '.join(repeated)} stands there twice; name each of {valid} once")
    if then:
        first = names[:-1] if names[-1:] == [TierName.LOWEST_ID] else names
        names = [*first, *(name for name in then if name not in first)]
    if missing := [name for name in TierName if name not in names]:
        raise ValueError(f"{', '.join(missing)} is missing; name each of {valid}")
    return check_order(tuple(map(TierName, names)))


def yes_or_no(text: str) -> bool:
    """Yes or no, as Power Apps writes it; true and false, 1 and 0, on and off as well."""
    word = text.strip().lower()
    if word not in (*_TRUE, *_FALSE):
        raise ValueError("write yes or no")
    return word in _TRUE


def leads_per_hour(text: str) -> int:
    """A whole number up to 5,000, of which more could not be counted; 0 is no limit."""
    word = text.strip()
    if not (_DIGITS.fullmatch(word) and int(word) <= MOST_LEADS):
        raise ValueError(f"write a whole number from 0 (no limit) to {MOST_LEADS}")
    return int(word)


def ambiguous_texts(text: str) -> AmbiguousTexts:
    """What is done with texts whose candidates only a date or an id tells apart."""
    word = text.strip().lower()
    if word not in tuple(AmbiguousTexts):
        raise ValueError(f"write {' or '.join(AmbiguousTexts)}")
    return AmbiguousTexts(word)


def written(value: object) -> str:
    """A value as the text that is stored: a list of tiers as JSON, yes or no as Power Apps writes it."""
    if isinstance(value, bool):
        return _TRUE[0] if value else _FALSE[0]
    return json.dumps(value) if isinstance(value, tuple) else str(value)


def _names(text: str) -> list[str]:
    if not text.lstrip().startswith("["):
        return [name for name in _NAMES.split(text.strip()) if name]
    try:
        names = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON: write a list such as {written(tuple(TierName))}") from error
    if not all(isinstance(name, str) for name in names):
        raise ValueError(f"not a list of names: write one such as {written(tuple(TierName))}")
    return list(names)
