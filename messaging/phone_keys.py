"""The phone index: under which keys a column's text is entered, and under which a number is looked up. Pure.

A key is digits only. A number that says its country, or whose record does, is entered in canonical digits (with country
code); one that does not is entered as it stands, and looked up under each way to write it at home. So entries depend on
the record alone and on no setting, and what they propose is decided by reading the text (`routing.match`), as it is for
spellings: the index never has to guess.
"""

from __future__ import annotations

import phonenumbers
from phonenumbers import PhoneNumberFormat

from messaging.number_plans import canonical_digits, forms, old_prefixes
from messaging.numbers import Address, AddressKind
from messaging.typed_numbers import FEWEST_DIGITS, Piece, is_assigned, meaning, pieces, reading

RULES = 1
"""The version of the rules below. An index that was filled by others is not used: its entries may lie elsewhere."""


def entries(text: str | None, region: str | None) -> frozenset[str]:
    """The keys of what stands in a phone column: none for what is no number, several where there are several numbers
    or a number can mean two. `region` is the country of the record (ISO 3166) where that is known."""
    return frozenset().union(*(_keys(piece, region) for piece in pieces(text or "")))


def look_up(number: Address) -> tuple[str, ...]:
    """The keys under which a customer's number may be entered, the canonical digits first; none for what is no phone
    number. A dozen at most."""
    if number.kind is not AddressKind.PHONE:
        return ()
    digits = canonical_digits(number.digits)
    keys = [digits, *forms(digits)]
    for form in forms(digits):
        parsed = phonenumbers.parse(f"+{form}")
        at_home = phonenumbers.national_significant_number(parsed)
        region = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
        trunk = phonenumbers.ndd_prefix_for_region(region, True) or ""
        formatted = phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
        keys += [at_home, trunk + at_home, phonenumbers.normalize_digits_only(formatted)]
        keys += [prefix + at_home for prefix in old_prefixes(form)]
    return tuple(key for key in dict.fromkeys(keys) if len(key) >= FEWEST_DIGITS)


def _keys(piece: Piece, region: str | None) -> frozenset[str]:
    ways = [plain for plain in (piece.plain, piece.without_zero) if plain]
    regions = (region,) if region else ()
    found = frozenset(filter(None, (meaning(Piece(plain), regions) for plain in ways)))
    if piece.full or any(is_assigned(number) for number in _in(piece, region)):
        return found
    return found.union(ways)


def _in(piece: Piece, region: str | None) -> list[str]:
    """What the piece means in the country of its record."""
    plain = (each for each in (piece.plain, piece.without_zero) if each and region)
    return [number for each in plain if (number := reading(each, region)) is not None]
