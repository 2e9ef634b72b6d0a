"""The telephone numbers in a column that people type into: where each begins and ends, and what it means.

There may be several in one field, with words, extensions and brackets around them. What a number means depends on the
country in which it is read, unless it says so itself with `+`; `00` and `011` say so too, as long as the country itself
has no such number. Numbers are compared in canonical digits (`messaging.number_plans`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, ValidationResult

from messaging.number_plans import canonical_digits, forms

# Of a whole number E.164 allows 15 digits; the longest prefix before it is 011.
MOST_DIGITS = 18
# Shorter ones are extensions, years and house numbers. On Saint Helena and Niue numbers have four: found by their
# country code only.
FEWEST_DIGITS = 5
# From so many digits on a part before or after a slash is a number of its own, with a country code or without.
_WHOLE_ABROAD, _WHOLE_AT_HOME = 9, 7

# While one text is read the same number is asked about again and again, and parsing is what a back-fill is busy with.
_REMEMBERED = 1024

_EXTENSION = re.compile(
    r"(?:;?\bext(?:ension|n)?|\be?xtn?|(?<![^\W\d_])x|\#|durchwahl|\bdw|nebenstelle|\bnst|klappe|\bposte|\bint(?:erno)?"
    r"|\banexo|\bramal|toestel|\bwew|\bapp(?:areil)?|\bдоб|內線|内線|내선)[\s.:=\-]*\(?\d{1,7}(?!\d)\)?",
    re.IGNORECASE,
)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-") | dict.fromkeys("⁄∕\\", "/"))
_WORDS = re.compile(r"[#]|[^\W\d_]")
_RUN = re.compile(r"\+?[\d(][\d\s().\-/·_~\[\]]*")
_TRUNK_ZERO = re.compile(r"\(\s*0\s*\)")
_APART = re.compile(r"\s*/\s*|\s+-\s+|\s{2,}")


@dataclass(frozen=True, slots=True)
class Piece:
    """One number as typed: digits, after a plus if there was one. `without_zero` lacks the `(0)` that one leaves out
    when calling from abroad (`+49 (0)171`), None where there was none."""

    plain: str
    without_zero: str | None = None

    @property
    def full(self) -> bool:
        """Whether the number says by a plus that it begins with its country code."""
        return self.plain.startswith("+")


def pieces(text: str) -> tuple[Piece, ...]:
    """The numbers in a text, without words, separators and extensions; `1234567/68` is the first of the two."""
    plain = _ascii(text).translate(_DASHES)
    if _WORDS.search(plain):
        plain = _EXTENSION.sub("\n", plain)
    found = (part for line in plain.splitlines() for run in _RUN.findall(line) for part in _parts(run))
    return tuple(dict.fromkeys(filter(None, map(_piece, found))))


@lru_cache(maxsize=4096)
def meant(text: str, regions: tuple[str, ...]) -> frozenset[str]:
    """The numbers in a text, in canonical digits. One without a country code is read for each of `regions` (ISO 3166)
    in turn: the first in which such a number is assigned decides, or else the first in which it is possible."""
    return frozenset(filter(None, (meaning(piece, regions) for piece in pieces(text))))


def meaning(piece: Piece, regions: Sequence[str]) -> str | None:
    """The number that one piece is, read as by `meant`; None where it is none."""
    possible = None
    for number in filter(None, _readings(piece, regions)):
        if is_assigned(number):
            return number
        possible = possible or number
    return possible


def is_assigned(digits: str) -> bool:
    """Whether a full number (digits with country code) is one that its country gives out, in any of its forms."""
    return any(map(_is_valid, forms(digits)))


def reading(plain: str, region: str | None) -> str | None:
    """A number in canonical digits, read as in one country; None where it is none there, or too long or short."""
    # Spreadsheets lose the plus. In Germany 49171… is then a number with its country code, though 049171… could be one.
    if region is not None and plain.startswith(str(phonenumbers.country_code_for_region(region))):
        whole = _parsed(f"+{plain}", None)
        if whole is not None and is_assigned(whole):
            return whole
    return _parsed(plain, region)


def _readings(piece: Piece, regions: Sequence[str]) -> Iterator[str | None]:
    for plain in filter(None, (piece.plain, piece.without_zero)):
        for region in (None,) if piece.full else regions or (None,):
            yield reading(plain, region)
        for prefix in ("00", "011"):
            abroad = _parsed(f"+{plain.removeprefix(prefix)}", None) if plain.startswith(prefix) else None
            # A leading 011 is an area code elsewhere: only what certainly is a number counts.
            yield abroad if abroad and (prefix == "00" or is_assigned(abroad)) else None


@lru_cache(maxsize=_REMEMBERED)
def _parsed(plain: str, region: str | None) -> str | None:
    number = _number(plain, region)
    if number is None:
        return None
    digits = canonical_digits(_digits_of(number))
    return digits if _is_possible(digits) else None


def _is_possible(digits: str) -> bool:
    # Not "possible locally": without its area code a number says nothing about whom to call.
    number = _full(digits)
    return number is not None and phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE


@lru_cache(maxsize=_REMEMBERED)
def _is_valid(digits: str) -> bool:
    number = _full(digits)
    return number is not None and phonenumbers.is_valid_number(number)


def _full(digits: str) -> PhoneNumber | None:
    """The number with these very digits: parsing leaves out what may stand before it, the prefixes of carriers too."""
    number = _number(f"+{digits}", None)
    return number if number is not None and _digits_of(number) == digits else None


def _digits_of(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)[1:]


@lru_cache(maxsize=_REMEMBERED)
def _number(text: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None


def _ascii(text: str) -> str:
    """The text with digits of any script as 0 to 9, and wide characters as narrow ones."""
    if text.isascii():
        return text
    wide = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in wide)


def _parts(run: str) -> tuple[str, ...]:
    """The numbers in a run of digits and separators."""
    parts = [part for part in run.split("/") if _count(part)]
    if len(parts) > 1 and _is_whole(parts[0]):
        return tuple(filter(_is_whole, parts))
    return (run,) if _count(run) <= MOST_DIGITS else tuple(_APART.split(run))


def _is_whole(part: str) -> bool:
    abroad = part.lstrip(" (").startswith(("+", "00"))
    return _count(_TRUNK_ZERO.sub("", part)) >= (_WHOLE_ABROAD if abroad else _WHOLE_AT_HOME)


def _piece(part: str) -> Piece | None:
    plus = "+" if part.startswith("+") else ""
    digits = _digits(part)
    if not FEWEST_DIGITS <= len(digits) <= MOST_DIGITS:
        return None
    bracket = _TRUNK_ZERO.search(part)
    if bracket is None or not _count(part[: bracket.start()]):
        return Piece(plus + digits)
    return Piece(plus + digits, plus + _digits(part[: bracket.start()] + part[bracket.end() :]))


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _count(text: str) -> int:
    return len(_digits(text))
