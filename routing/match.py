"""Does what stands in a phone column mean this customer's number?

Phone columns are free text, and the same national spelling means different numbers in different countries. So a look-up
by spelling or by index only proposes; this decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from messaging.number_plans import canonical_digits
from messaging.numbers import Address
from messaging.typed_numbers import meant


def regions_for(customer: Address, our: Address, default_region: str | None) -> tuple[str, ...]:
    """The countries in which a number without a country code is read, the likeliest first: the organisation's, that of
    the number that was texted, the customer's own. Before all of them comes the country of the record, if it has one.
    """
    likely = (default_region, our.region, customer.region)
    return tuple(dict.fromkeys(region for region in likely if region is not None))


def matching_columns(
    phones: Mapping[str, str | None], customer: Address, regions: Sequence[str], *, country: str | None = None
) -> tuple[str, ...]:
    """The columns of a record (logical name → text as typed) that carry the customer's number, each maybe among others.
    `country` is the record's own (ISO 3166)."""
    number = canonical_digits(customer.digits)
    order = tuple(dict.fromkeys((country, *regions) if country else regions))
    return tuple(column for column, text in phones.items() if text and number in meant(text, order))
