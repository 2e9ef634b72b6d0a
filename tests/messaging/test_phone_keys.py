"""The keys of the phone index: what is entered is found by what is looked up."""

from __future__ import annotations

from itertools import permutations

import phonenumbers
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from messaging.number_plans import canonical_digits, forms
from messaging.numbers import Address, read_address
from messaging.phone_keys import entries, look_up
from messaging.typed_numbers import FEWEST_DIGITS, meant
from routing.match import matching_columns
from routing.spellings import spellings

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)


@st.composite
def mobiles(draw: st.DrawFn) -> Address:
    """A number that its country gives out: an example of libphonenumber with other last digits."""
    region = draw(st.sampled_from(REGIONS))
    kind = draw(st.sampled_from(["MOBILE", "FIXED_LINE"]))
    example = phonenumbers.example_number_for_type(region, getattr(phonenumbers.PhoneNumberType, kind))
    assume(example is not None)
    value = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    other = value[:-3] + f"{draw(st.integers(0, 999)):03}"
    assume(phonenumbers.is_valid_number(phonenumbers.parse(other)))
    return Address(kind=read_address("+12065550187").kind, value=other, raw=other)


@pytest.mark.parametrize(
    ("text", "region", "keys"),
    [
        ("+49 171 1234567", None, {"491711234567"}),
        ("0171 1234567", "DE", {"491711234567"}),
        ("0171 1234567", None, {"01711234567"}),
        ("0171 1234567 / +1 206 555 0187 x12", "DE", {"491711234567", "12065550187"}),
        ("0049 171 1234567", None, {"491711234567", "00491711234567"}),
        ("0049 (0)171 1234567", "DE", {"491711234567"}),
        ("+54 9 11 2345 6789", None, {"541123456789"}),
        ("call me", "DE", set()),
        ("", "DE", set()),
        (None, None, set()),
    ],
)
def test_a_column_is_entered_under_the_digits_of_its_numbers(
    text: str | None, region: str | None, keys: set[str]
) -> None:
    assert entries(text, region) == keys


def test_a_number_that_is_none_in_the_country_of_its_record_is_entered_as_it_stands_too() -> None:
    assert entries("0171 1234567", "US") >= {"01711234567"}
    assert entries("0049 (0)171 1234567", None) == {"491711234567", "00491711234567", "004901711234567"}


def test_short_codes_and_names_are_not_looked_up() -> None:
    assert look_up(read_address("24273")) == look_up(read_address("Contoso")) == ()


def test_a_number_is_looked_up_as_it_is_written_abroad_and_at_home() -> None:
    assert look_up(read_address("+491711234567")) == ("491711234567", "1711234567", "01711234567")
    assert {"525512345678", "5215512345678", "5512345678", "0445512345678"} <= {*look_up(read_address("+525512345678"))}


@settings(max_examples=25)
@given(mobiles())
def test_every_spelling_is_found_whether_or_not_the_country_of_the_record_is_known(number: Address) -> None:
    keys = {*look_up(number)}

    for typed in spellings(number):
        if sum(map(str.isdigit, typed)) < FEWEST_DIGITS:  # on Saint Helena and Niue, without the country code
            continue
        for country in (number.region, None):
            assert entries(typed, country) & keys, (typed, country)


@given(mobiles(), st.sampled_from([" ext. 12", " x123", " / +1 206 555 0187", "; 0800 1234567", " (privat)"]))
def test_what_stands_behind_a_number_does_not_hide_it(number: Address, more: str) -> None:
    international = phonenumbers.format_number(
        phonenumbers.parse(number.value), phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )

    assert canonical_digits(number.digits) in entries(international + more, None)


@settings(max_examples=25)
@given(mobiles(), st.permutations(["US", "GB"]), st.booleans())
def test_whatever_is_decided_to_be_the_number_was_proposed(number: Address, others: list[str], known: bool) -> None:
    keys = {*look_up(number)}
    country = number.region if known else None

    for typed in spellings(number):
        if matching_columns({"mobilephone": typed}, number, (*others, str(number.region)), country=country):
            assert entries(typed, country) & keys, typed


@settings(max_examples=25)
@given(mobiles())
def test_keys_are_digits_and_fit_their_column(number: Address) -> None:
    keys = {*look_up(number), *(key for typed in spellings(number) for key in entries(typed, number.region))}

    assert all(key.isascii() and key.isdigit() and len(key) <= 50 for key in keys)
    assert len(look_up(number)) <= 12


@given(mobiles())
def test_the_canonical_form_is_the_same_for_all_forms_and_stays(number: Address) -> None:
    digits = canonical_digits(number.digits)

    assert {canonical_digits(form) for form in forms(digits)} == {digits}


def test_the_order_of_regions_does_not_matter_for_full_numbers() -> None:
    found = {meant("+49 171 1234567", order) for order in permutations(("US", "DE", "FR"))}

    assert found == {frozenset({"491711234567"})}
