"""Does what stands in a phone column mean this customer's number?

Phone columns are free text, and the same national spelling means different numbers in different countries. So a look-up
by spelling only proposes; this decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from messaging.numbers import Address, read_number


def regions_for(customer: Address, our: Address, default_region: str | None) -> tuple[str, ...]:
    """The countries in which a number without a country code is read, the likeliest first: the organisation's, that of
    the number that was texted, the customer's own."""
    likely = (default_region, our.region, customer.region)
    return tuple(dict.fromkeys(region for region in likely if region is not None))


def matching_columns(phones: Mapping[str, str | None], customer: Address, regions: Sequence[str]) -> tuple[str, ...]:
    """The columns of a record (logical name → text as typed) that carry the customer's number."""
    return tuple(column for column, text in phones.items() if text and _means(text, customer, regions))


def _means(text: str, customer: Address, regions: Sequence[str]) -> bool:
    number = read_number(text, regions)
    return number is not None and number.value == customer.value
