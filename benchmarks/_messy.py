"""Contacts of 40 countries with numbers as people type them, and the truth about them: the same for the same seed.

A number is drawn first, then typed in one of the styles; so the truth is known before anything is read, and nothing of
the product has a part in it. libphonenumber draws numbers that exist and groups their digits.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from uuid import UUID

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

COUNTRIES: Mapping[str, tuple[str, ...]] = {
    region: tuple(names.split("|"))
    for region, names in (
        line.split(" ", 1)
        for line in """
AE United Arab Emirates|UAE
AR Argentina|ARG
AT Österreich|Austria
AU Australia|AUS
BE België|Belgique|Belgium
BG Bulgaria|BG
BR Brasil|Brazil
CA Canada|CAN
CH Schweiz|Suisse|Switzerland
CL Chile|CL
CN China|中国
CO Colombia|COL
CZ Česko|Czech Republic
DE Deutschland|Germany|de
DK Danmark|Denmark
EE Eesti|Estonia
ES España|Spain
FI Suomi|Finland
FR France|Frankreich
GB United Kingdom|UK|England
GR Greece|Ελλάδα
HU Magyarország|Hungary
IE Ireland|IRL
IL Israel|IL
IN India|Bharat
IT Italia|Italy
JP Japan|日本
KR South Korea|KOR
LT Lietuva|Lithuania
MX México|Mexico
NL Nederland|The Netherlands
NO Norge|Norway
NZ New Zealand|NZL
PL Polska|Poland
PT Portugal|PRT
RO România|Romania
SE Sverige|Sweden
TR Türkiye|Turkey
US United States|USA|U.S.A.
ZA South Africa|ZA
""".strip().splitlines()
    )
}
DEFAULT_REGION = "US"
DETERMINABLE = (
    "A number is determinable where it is typed with its country code (after +, 00 or 011), or the contact's country\n"
    f"is the number's, or the contact has no country and the number is of the organization's ({DEFAULT_REGION})."
)
COLUMNS = ("mobilephone", "telephone1", "telephone2", "telephone3")
_OPEN_DIGITS = 6  # of each country's example numbers, these are drawn
_LONGEST = 50  # characters of a phone column
_AGAIN, _NO_COUNTRY, _WRONG_COUNTRY = 0.05, 0.22, 0.03  # shares of the contacts


@dataclass(frozen=True, slots=True)
class Typed:
    """A contact: its number (E.164), the column that it is typed in and how, the country that the contact says.
    `full`: typed with its country code; `determinable` as `DETERMINABLE` says."""

    number: str
    column: str
    text: str
    country: str
    style: str
    full: bool
    determinable: bool


def contacts(count: int, seed: int) -> Iterator[Typed]:
    """So many contacts; one in twenty has the number of the one before."""
    chance = random.Random(seed)  # noqa: S311  # the same each time
    regions, last = list(COUNTRIES), None
    for _ in range(count):
        if last is None or chance.random() >= _AGAIN:
            region = chance.choice(regions)
            last = region, _number(region, chance)
        yield _typed(*last, chance)


def strangers(count: int, seed: int, known: frozenset[str]) -> list[str]:
    """Numbers (E.164) of the same countries and exchanges that nobody among `known` has."""
    chance, found, regions = random.Random(-seed - 1), set[str](), list(COUNTRIES)  # noqa: S311
    while len(found) < count:
        number = _e164(_number(chance.choice(regions), chance))
        found |= {number} - known
    return sorted(found)


def contact_id(place: int) -> UUID:
    """An id that looks random, so that neighbours lie far apart."""
    return UUID(int=((place << 8 | 0xC) * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128, version=4)


@cache
def _examples(region: str) -> tuple[PhoneNumber, ...]:
    """A mobile and a landline. In Argentina only the mobile: a landline might be drawn with its very digits, which are
    given out once."""
    kinds = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE)[: 1 if region == "AR" else 2]
    found = (phonenumbers.example_number_for_type(region, kind) for kind in kinds)
    return tuple(number for number in found if number is not None)


def _number(region: str, chance: random.Random) -> PhoneNumber:
    while True:
        example = chance.choice(_examples(region))
        number = PhoneNumber()
        number.merge_from(example)
        start = example.national_number // 10**_OPEN_DIGITS
        number.national_number = start * 10**_OPEN_DIGITS + chance.randrange(10**_OPEN_DIGITS)
        if phonenumbers.is_valid_number_for_region(number, region):
            return number


def _typed(region: str, number: PhoneNumber, chance: random.Random) -> Typed:
    style = chance.choice(_STYLE_NAMES)
    write, full = STYLES[style]
    text, country = write(number, chance), _country(region, chance)
    if len(text) > _LONGEST:
        text, full = _e164(number), True
    determinable = full or _HOMES[country] == region
    return Typed(_e164(number), chance.choice(COLUMNS), text, country, style, full, determinable)


def _country(region: str, chance: random.Random) -> str:
    """What the contact says: its country in one of its names or by its code, nothing, or another one."""
    drawn = chance.random()
    if drawn < _NO_COUNTRY:
        return ""
    if drawn < _NO_COUNTRY + _WRONG_COUNTRY:
        region = chance.choice([each for each in COUNTRIES if each != region])
    return chance.choice((*COUNTRIES[region], region))


_HOMES: Mapping[str, str] = {name: region for region, names in COUNTRIES.items() for name in (*names, region)} | {
    "": DEFAULT_REGION
}


def _abroad(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def _at_home(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _digits_at_home(number: PhoneNumber) -> str:
    return "".join(filter(str.isdigit, _at_home(number)))


def _groups_at_home(number: PhoneNumber) -> list[str]:
    return re.findall(r"\d+", _at_home(number))


# Where one telephone has two full numbers: Argentina's mobiles without their 9, Mexico's with the 1 that they had until
# 2019, Brazil's without the ninth digit that they got until 2016 (eight digits then began with 6 to 9).
_OTHER_FORMS = (
    (re.compile(r"\+549(\d{10})"), r"+54\1"),
    (re.compile(r"\+52(\d{10})"), r"+521\1"),
    (re.compile(r"\+55(\d\d)9([6-9]\d{7})"), r"+55\1\2"),
)


def _other_form(number: PhoneNumber, _: random.Random) -> str:
    plain = _e164(number)
    return next((form.sub(other, plain) for form, other in _OTHER_FORMS if form.fullmatch(plain)), plain)


def _with_zero(number: PhoneNumber, _: random.Random) -> str:
    home = _digits_at_home(number)
    if not home.startswith("0") or number.italian_leading_zero:
        return _abroad(number)
    return f"+{number.country_code} (0){home[1:]}"


def _in_brackets(number: PhoneNumber, _: random.Random) -> str:
    first, *rest = _groups_at_home(number)
    return f"({first}) {'-'.join(rest)}"


_WIDE = str.maketrans("+0123456789", "\uff0b" + "".join(chr(0xFF10 + each) for each in range(10)))

# How it is written, and whether with its country code.
STYLES: Mapping[str, tuple[Callable[[PhoneNumber, random.Random], str], bool]] = {
    "+49 171 1234567": (lambda number, _: _abroad(number), True),
    "+491711234567": (lambda number, _: _e164(number), True),
    "0049 171 1234567": (lambda number, _: _abroad(number).replace("+", "00", 1), True),
    "011 49 171 1234567": (lambda number, _: _abroad(number).replace("+", "011 ", 1), True),
    "+49-171-1234567": (lambda number, _: _abroad(number).replace(" ", "-"), True),
    "+49\u2011171\u20111234567 (no-break)": (lambda number, _: re.sub("[ -]", "\u2011", _abroad(number)), True),
    "+49 (0)171…": (_with_zero, True),
    "+4.9.1.7.1…": (lambda number, _: "+" + ".".join(_e164(number)[1:]), True),
    "tel:+49-171-…": (lambda number, _: phonenumbers.format_number(number, PhoneNumberFormat.RFC3966), True),
    "\uff0b49 171 … (wide)": (lambda number, _: _abroad(number).translate(_WIDE), True),
    "+49 171… ext. 12": (lambda number, chance: f"{_abroad(number)} ext. {chance.randrange(10, 9999)}", True),
    "+49171…;ext=12": (lambda number, chance: f"{_e164(number)};ext={chance.randrange(10, 999)}", True),
    "Mobile: +49… (private)": (lambda number, _: f"Mobile: {_abroad(number)} (private)", True),
    "+49… / +1 206 555 0100": (lambda number, _: f"{_abroad(number)} / +1 206 555 0100", True),
    "+1 206 555 0100; +49…": (lambda number, _: f"+1 206 555 0100; {_e164(number)}", True),
    "another form of +54 9…": (_other_form, True),
    "49 171 1234567": (lambda number, _: _abroad(number)[1:], False),
    "491711234567": (lambda number, _: _e164(number)[1:], False),
    "0171 1234567": (lambda number, _: _at_home(number), False),
    "01711234567": (lambda number, _: _digits_at_home(number), False),
    "(0171) 123-4567": (_in_brackets, False),
    "0171/1234567": (lambda number, _: _at_home(number).replace(" ", "/", 1), False),
    "0171.123.4567 x12": (
        lambda number, chance: f"{'.'.join(_groups_at_home(number))} x{chance.randrange(1, 999)}",
        False,
    ),
    "0171 1234567 or +1 206 555 0100": (lambda number, _: f"{_at_home(number)} or +1 206 555 0100", False),
    "171 1234567": (lambda number, _: phonenumbers.national_significant_number(number), False),
}
_STYLE_NAMES = tuple(STYLES)
