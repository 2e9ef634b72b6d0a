"""Numbers that have been, or still are, written in more than one way *with* their country code: one form for all.

Where a country changed its plan, or dials its mobiles otherwise from abroad, the same telephone stands under two full
numbers, and reading alone does not bring them together. The canonical form is the one that every form leads to and that
no other telephone has: so one equality finds them all, and the same number twice on a record is one entry. It is a key
to compare by, not a number to send to.

Sources: ITU-T E.164 national numbering plans of Argentina (54 9 and 15 before mobiles; the number without them is not
given to a landline), Mexico (IFT, 3 August 2019: the 1 after 52 and the prefixes 01, 044 and 045 fell away), Brazil
(Anatel, resolution 553/2010: a 9 before all mobiles until 2016; those that begin with 7 kept eight digits) and Benin
(ARCEP, 30 November 2024: 01 before all numbers).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The forms of one country: digits that match `old` become `canonical`; those that match `new` may also have been
    written as each of `also`. `prefixes` stand before the digits without country code, where people still type them."""

    old: re.Pattern[str]
    canonical: str
    new: re.Pattern[str]
    also: tuple[str, ...]
    prefixes: tuple[str, ...] = ()


PLANS: tuple[Plan, ...] = (
    Plan(old=re.compile(r"549(\d{10})"), canonical=r"54\1", new=re.compile(r"54(\d{10})"), also=(r"549\1",)),
    Plan(
        old=re.compile(r"52(?:1|01|044|045)(\d{10})"),
        canonical=r"52\1",
        new=re.compile(r"52(\d{10})"),
        also=(r"521\1",),
        prefixes=("01", "044", "045", "1"),
    ),
    Plan(
        old=re.compile(r"55([1-9]\d)([689]\d{7})"),
        canonical=r"55\g<1>9\2",
        new=re.compile(r"55([1-9]\d)9([689]\d{7})"),
        also=(r"55\1\2",),
    ),
    Plan(old=re.compile(r"229(\d{8})"), canonical=r"22901\1", new=re.compile(r"22901(\d{8})"), also=(r"229\1",)),
)


def canonical_digits(digits: str) -> str:
    """The one form of a full number (digits with country code, no plus); the digits themselves where there is one."""
    return next((plan.old.sub(plan.canonical, digits) for plan in PLANS if plan.old.fullmatch(digits)), digits)


def forms(digits: str) -> tuple[str, ...]:
    """All forms of a full number in canonical digits, itself first."""
    return (digits, *(found.expand(form) for found, plan in _plans(digits) for form in plan.also))


def old_prefixes(digits: str) -> tuple[str, ...]:
    """What people type before the digits of such a number when they leave out its country code."""
    return tuple(prefix for _, plan in _plans(digits) for prefix in plan.prefixes)


def _plans(digits: str) -> Iterator[tuple[re.Match[str], Plan]]:
    for plan in PLANS:
        found = plan.new.fullmatch(digits)
        if found is not None:
            yield found, plan
