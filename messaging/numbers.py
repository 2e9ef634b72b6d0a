"""Who a text comes from or goes to: phone numbers in E.164, short codes, alphanumeric senders.

Rules: E.164 and reading are libphonenumber's (PyPI `phonenumbers`); a short code has 3 to 8 digits and no `+`;
an alphanumeric sender has 1 to 11 characters, at least one of them a letter (GSM 03.38 originator address).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

_SHORT_CODE = re.compile(r"[0-9]{3,8}")
_ALPHANUMERIC = re.compile(r"(?=.*[^\W\d_])[\w +\-&.]{1,11}")
_SEPARATORS = re.compile(r"[\s().\-/]")
_E164_WITHOUT_PLUS = re.compile(r"[1-9][0-9]{7,14}")


class AddressKind(StrEnum):
    """What an address is; only a phone number can belong to a record."""

    PHONE = "phone"
    SHORT_CODE = "short_code"
    ALPHANUMERIC = "alphanumeric"


@dataclass(frozen=True, slots=True)
class Address:
    """One end of a text. `value` is canonical (`+12065550187`, `24273`, `CONTOSO`), `raw` is what was received."""

    kind: AddressKind
    value: str
    raw: str

    @property
    def digits(self) -> str:
        """The digits alone, without `+`: the form that Dataverse can use in an alternate key (empty for names)."""
        return self.value.removeprefix("+") if self.kind is not AddressKind.ALPHANUMERIC else ""

    @property
    def key(self) -> str:
        """What tells two addresses apart: the digits, or the name in upper case."""
        return self.digits or self.value.upper()

    @property
    def region(self) -> str | None:
        """The ISO 3166 code of a phone number's country, where the number tells it."""
        if self.kind is not AddressKind.PHONE:
            return None
        number = phonenumbers.parse(self.value)
        return phonenumbers.region_code_for_number(number) or phonenumbers.region_code_for_country_code(
            number.country_code or 0
        )


def read_address(text: str, *, default_region: str | None = None) -> Address:
    """Read one end of a text as a provider writes it.

    Providers write full numbers with or without `+`; so digits without `+` are read as a full international number
    first, and in `default_region` (ISO 3166, such as `DE`) only where no such number can exist. Raises ValueError for
    what is neither a phone number, a short code nor an alphanumeric sender.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    number = _parse(plain, None) if plain.startswith("+") else _read_without_plus(plain, default_region)
    if number is not None:
        return Address(AddressKind.PHONE, to_e164(number), text)
    if _SHORT_CODE.fullmatch(plain):
        return Address(AddressKind.SHORT_CODE, plain, text)
    if _ALPHANUMERIC.fullmatch(plain) and not plain.startswith("+"):
        return Address(AddressKind.ALPHANUMERIC, plain, text)
    raise ValueError("not a phone number, a short code or an alphanumeric sender")


def read_number(text: str, regions: Sequence[str | None]) -> Address | None:
    """Read a phone number as a person typed it into a record; None where it is none.

    A number without a country code is read for each of `regions` (ISO 3166) in turn: the first in which such a number
    is assigned decides, or else the first in which it is at least possible. A leading 00 means `+` even where a country
    dials otherwise, as long as the country itself has no such number.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    readings = [number for region in regions or (None,) if (number := _parse_typed(plain, region)) is not None]
    if plain.startswith("00") and (number := _parse("+" + plain[2:], None)) is not None:
        readings.append(number)
    likely = next(filter(phonenumbers.is_valid_number, readings), next(filter(_is_possible, readings), None))
    return None if likely is None else Address(AddressKind.PHONE, to_e164(likely), text)


def read_region(text: str) -> str:
    """A country as ISO 3166 has it (`DE`), in whichever case it is written. Raises ValueError for what is none, and for
    one that has no phone numbers."""
    region = text.strip().upper()
    if not text.isascii() or region not in phonenumbers.SUPPORTED_REGIONS:  # ß in capitals is SS, South Sudan
        raise ValueError("not a country as ISO 3166 has it, such as US or DE")
    return region


def to_e164(number: PhoneNumber) -> str:
    """The number as `+`, country code and subscriber digits (ITU-T E.164)."""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def mask(text: str) -> str:
    """The address with its middle hidden, for logs: enough to recognise it, too little to call it."""
    return f"{text[:3]}…{text[-2:]}" if len(text) > 7 else "…"


def _read_without_plus(plain: str, default_region: str | None) -> PhoneNumber | None:
    digits = _SEPARATORS.sub("", plain)
    if digits.startswith("00"):
        readings = [_parse("+" + digits[2:], None)]
    elif _E164_WITHOUT_PLUS.fullmatch(digits):
        readings = [_parse("+" + digits, None)]
    else:
        readings = []
    if default_region is not None and not _SHORT_CODE.fullmatch(plain):
        readings.append(_parse(plain, default_region))
    numbers = [number for number in readings if number is not None and _is_possible(number)]
    return next(filter(phonenumbers.is_valid_number, numbers), next(iter(numbers), None))


def _parse_typed(text: str, region: str | None) -> PhoneNumber | None:
    # Spreadsheets lose the plus. In Germany 49171… is then a number with its country code, though 049171… could be one.
    digits = _SEPARATORS.sub("", text)
    if region and digits.isdecimal() and digits.startswith(str(phonenumbers.country_code_for_region(region))):
        number = _parse(f"+{digits}", None)
        if number is not None and phonenumbers.is_valid_number(number):
            return number
    return _parse(text, region)


def _parse(text: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None


def _is_possible(number: PhoneNumber) -> bool:
    # Not "possible locally": without its area code a number says nothing about whom to call.
    return phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
