"""A number as an administrator types it."""

from __future__ import annotations

import phonenumbers

from admin.exits import Exit, Stopped
from dataverse.store.choices import NumberType
from messaging.numbers import Address, AddressKind, read_address, read_number, read_region

_KINDS = {NumberType.SHORT_CODE: AddressKind.SHORT_CODE, NumberType.ALPHANUMERIC: AddressKind.ALPHANUMERIC}


def read(text: str, kind: NumberType | None, region: str) -> Address:
    """The number; a short code or a name only where `kind` says that it is one. Raises Stopped for what is none.

    `region` (ISO 3166) is where a number without a country code is read, or empty.
    """
    if kind in _KINDS:
        try:
            address = read_address(text)
        except ValueError:
            address = None
        if address is None or address.kind is not _KINDS[kind]:
            raise Stopped(f"{text} is not {_A[kind]}.", exit_code=Exit.USAGE)
        return address
    found = read_number(text, [_region(region)])
    if found is None:
        where = f" in {region}" if region else ""
        raise Stopped(
            f"{text} is not a phone number{where}.",
            "Write it with + and the country code, such as +12065550100"
            + ("." if region else ", or name the country with --region."),
            exit_code=Exit.USAGE,
        )
    return found


def kind_of(address: Address) -> NumberType:
    """What kind of number it is, where nobody says."""
    toll_free = phonenumbers.number_type(phonenumbers.parse(address.value)) == phonenumbers.PhoneNumberType.TOLL_FREE
    return NumberType.TOLL_FREE if toll_free else NumberType.GEOGRAPHIC


_A = {
    NumberType.SHORT_CODE: "a short code: 3 to 8 digits",
    NumberType.ALPHANUMERIC: "an alphanumeric sender: 1 to 11 letters and digits, at least one of them a letter",
}


def _region(text: str) -> str | None:
    try:
        return read_region(text) if text else None
    except ValueError:
        raise Stopped(
            f"{text} is not a country with phone numbers.",
            "Write the country as ISO 3166 has it, such as US or DE.",
            exit_code=Exit.USAGE,
        ) from None
