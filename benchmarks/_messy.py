"""Contacts of 40 countries with numbers as people type them, and the truth about them: the same for every seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from messaging.number_plans import forms

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
_OPEN_DIGITS = 6  # of each country's example number, these are drawn


@dataclass(frozen=True, slots=True)
class Typed:
    """A contact: its number (E.164), what stands in the column, the country it says, how it was typed. `full`: with its
    country code; `determinable`: that, or read in the contact's country or in the organization's."""

    number: str
    text: str
    country: str
    style: str
    full: bool

    @property
    def determinable(self) -> bool:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(self.number))
        return self.full or bool(self.country) or region == DEFAULT_REGION


def contacts(count: int, seed: int) -> Iterator[Typed]:
    """So many contacts; one in twenty has the number of the one before."""
    chance = random.Random(seed)  # noqa: S311  # the same each time
    starts = {region: _start(region) for region in COUNTRIES}
    regions, number = list(COUNTRIES), ""
    for _ in range(count):
        if not number or chance.random() >= 0.05:
            number = _number(starts[chance.choice(regions)], chance)
        yield _typed(number, chance)


def contact_id(place: int) -> UUID:
    """An id that looks random, so that neighbours lie far apart."""
    return UUID(int=((place << 8 | 0xC) * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128, version=4)


def _start(region: str) -> str:
    example = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
    if example is None:
        raise ValueError(f"there is no example of a number of {region}")
    return phonenumbers.format_number(example, PhoneNumberFormat.E164)[:-_OPEN_DIGITS]


def _number(start: str, chance: random.Random) -> str:
    while True:
        number = f"{start}{chance.randrange(10**_OPEN_DIGITS):0{_OPEN_DIGITS}}"
        if phonenumbers.is_valid_number(phonenumbers.parse(number)):
            return number


def _typed(number: str, chance: random.Random) -> Typed:
    parsed = phonenumbers.parse(number)
    style = chance.choice(list(STYLES))
    write, full = STYLES[style]
    region = phonenumbers.region_code_for_number(parsed) or ""
    country = chance.choice((*COUNTRIES.get(region, ("",)), region)) if chance.random() < 0.75 else ""
    text = write(parsed, chance)
    return Typed(number, text if len(text) <= 50 else number, country, style, full or len(text) > 50)


def _abroad(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def _at_home(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _other_form(number: PhoneNumber, chance: random.Random) -> str:
    return f"+{chance.choice(forms(_e164(number)[1:]))}"


def _with_zero(number: PhoneNumber, _: random.Random) -> str:
    home = phonenumbers.normalize_digits_only(_at_home(number))
    if not home.startswith("0") or number.italian_leading_zero:
        return _abroad(number)
    return f"+{number.country_code} (0){home[1:]}"


# How it is written, and whether with its country code.
STYLES: Mapping[str, tuple[Callable[[PhoneNumber, random.Random], str], bool]] = {
    "+49 171 1234567": (lambda number, _: _abroad(number), True),
    "+491711234567": (lambda number, _: _e164(number), True),
    "0049 171 1234567": (lambda number, _: _abroad(number).replace("+", "00", 1), True),
    "+49-171-1234567": (lambda number, _: _abroad(number).replace(" ", "-"), True),
    "+49 (0)171…": (_with_zero, True),
    "+4.9.1.7.1…": (lambda number, _: "+" + ".".join(_e164(number)[1:]), True),
    "+49 171… ext. 12": (lambda number, chance: f"{_abroad(number)} ext. {chance.randrange(10, 9999)}", True),
    "+49171…;ext=12": (lambda number, chance: f"{_e164(number)};ext={chance.randrange(10, 999)}", True),
    "Mobile: +49… (private)": (lambda number, _: f"Mobile: {_abroad(number)} (private)", True),
    "+49… / +1 206 555 0100": (lambda number, _: f"{_abroad(number)} / +1 206 555 0100", True),
    "+1 206 555 0100; +49…": (lambda number, _: f"+1 206 555 0100; {_e164(number)}", True),
    "another form of +54 9…": (_other_form, True),
    "49 171 1234567": (lambda number, _: _abroad(number)[1:], False),
    "0171 1234567": (lambda number, _: _at_home(number), False),
    "01711234567": (lambda number, _: phonenumbers.normalize_digits_only(_at_home(number)), False),
    "0171/1234567": (lambda number, _: _at_home(number).replace(" ", "/", 1), False),
    "0171.123.4567 x12": (
        lambda number, chance: f"{_at_home(number).replace(' ', '.')} x{chance.randrange(1, 999)}",
        False,
    ),
    "171 1234567": (lambda number, _: phonenumbers.national_significant_number(number), False),
}
