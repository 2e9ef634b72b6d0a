"""The spellings under which a number is likely to stand in a free-text column.

An equality look-up over them can use an index, which `contains` cannot; it stands in wherever there is no phone index.
Groups are taken as libphonenumber writes them, and as people do who split after the first two to five digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

import phonenumbers
from phonenumbers import PhoneNumberFormat

from messaging.numbers import Address


def spellings(number: Address) -> tuple[str, ...]:
    """The usual ways to write a phone number, each once: international, with 00, with and without trunk prefix, with
    the usual separators and brackets. At most about a hundred, of at most 30 characters."""
    parsed = phonenumbers.parse(number.value)
    country = str(parsed.country_code)
    abroad = _groups(phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL))[1:]
    at_home = _groups(phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL))
    has_trunk_zero = at_home[0].startswith("0") and not abroad[0].startswith("0")
    found = (*_international(country, abroad, has_trunk_zero=has_trunk_zero), *_national(at_home))
    return tuple(dict.fromkeys(found))


def _groups(formatted: str) -> list[str]:
    return re.findall(r"\d+", formatted)


def _split(digits: str, at: int, separator: str) -> str:
    return f"{digits[:at]}{separator}{digits[at:]}"


def _international(country: str, groups: list[str], *, has_trunk_zero: bool) -> Iterator[str]:
    first, rest, digits = groups[0], groups[1:], "".join(groups)
    spaced = [" ".join(groups), digits, *(_split(digits, at, " ") for at in (2, 3, 4))]
    for prefix in (f"+{country}", f"00{country}", country):
        yield f"{prefix}{digits}"
        yield from (f"{prefix} {body}" for body in spaced)
        for separator in "-.":
            yield f"{prefix}{separator}{separator.join(groups)}"
            yield f"{prefix} {separator.join(groups)}"
        yield f"{prefix} {first} {'-'.join(rest)}"
        yield f"{prefix} ({first}) {' '.join(rest)}"
        for before, after in ((" ", " "), (" ", ""), ("", " "), ("", "")):
            yield f"{prefix}{before}({first}){after}{'-'.join(rest)}"
    yield f"+{country}({first}){''.join(rest)}"
    if has_trunk_zero:
        for bracket in (f"+{country} (0)", f"+{country} (0) ", f"+{country}(0)"):
            yield from (f"{bracket}{body}" for body in spaced)
        yield from (f"00{country} (0){body}" for body in spaced)
        for at, separator in product({3, len(first)}, ("/", " / ", "-")):
            yield f"+{country} {_split(digits, at, separator)}"
            yield f"+{country} (0){_split(digits, at, separator)}"


def _national(groups: list[str]) -> Iterator[str]:
    first, rest, digits = groups[0], groups[1:], "".join(groups)
    yield digits
    yield from (separator.join(groups) for separator in " -./")
    for separator in " -/":
        yield from (_split(digits, at, separator) for at in (3, 4, 5))
        yield f"{first}{separator}{''.join(rest)}"
    yield from (_split(digits, at, f" {separator} ") for at, separator in product({4, len(first)}, "-/"))
    for tail in (" ".join(rest), "-".join(rest)):
        yield f"({first}) {tail}"
        yield f"({first}){tail}"
    yield f"({first})-{'-'.join(rest)}"
    yield f"{first} {'-'.join(rest)}"
    yield f"{first}-{' '.join(rest)}"
