"""The values of running settings: text, as environment variables hold it ⇄ what it means. Pure.

What cannot be read raises ValueError with a sentence that says what to write instead.
"""

from __future__ import annotations

import json
import re

from messaging.numbers import read_region
from routing.tiers import TierName, check_order

_NAMES = re.compile(r"[\s,]+")
# The first of each is what Power Apps writes into a variable of the type Yes/No.
_TRUE = ("yes", "true", "1", "on")
_FALSE = ("no", "false", "0", "off")


def region(text: str) -> str:
    """A country (ISO 3166), or nothing."""
    try:
        return read_region(text) if text.strip() else ""
    except ValueError:
        raise ValueError("write a country as ISO 3166 has it, such as US or DE, or nothing") from None


def tier_order(text: str) -> tuple[TierName, ...]:
    """All tiers, each once, the lowest id last; as a JSON list, or with commas between them."""
    names = _names(text)
    valid = ", ".join(TierName)
    if unknown := sorted(set(names) - set(TierName)):
        raise ValueError(f"there is no tier {', '.join(unknown)}; the tiers are {valid}")
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"{', '.join(repeated)} stands there twice; name each of {valid} once")
    if missing := [name for name in TierName if name not in names]:
        raise ValueError(f"{', '.join(missing)} is missing; name each of {valid}")
    return check_order(tuple(map(TierName, names)))


def yes_or_no(text: str) -> bool:
    """Yes or no, as Power Apps writes it; true and false, 1 and 0, on and off as well."""
    word = text.strip().lower()
    if word not in (*_TRUE, *_FALSE):
        raise ValueError("write yes or no")
    return word in _TRUE


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
