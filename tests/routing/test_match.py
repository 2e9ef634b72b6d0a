"""Spellings propose, reading decides."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.numbers import read_address
from routing.match import matching_columns, regions_for
from routing.spellings import spellings

US = read_address("+12065550187")


@pytest.mark.parametrize(
    ("number", "typed"),
    [
        (number, typed)
        for number, spelled in {
            "+12065550187": (
                "+12065550187|12065550187|+1 206 555 0187|+1 (206) 555-0187|(206) 555-0187|206-555-0187|206.555.0187"
                "|2065550187|1-206-555-0187|+1-206-555-0187|+1.206.555.0187|+1(206)5550187|001 206 555 0187"
                "|206 555-0187|+1 206 555-0187|+1(206)555-0187|+1(206) 555-0187|+1 (206)555-0187|(206)-555-0187"
                "|1(206)555-0187|+1 206.555.0187"
            ),
            "+4915112345678": (
                "+49 151 12345678|0151 12345678|0151/12345678|0151-12345678|015112345678|+49 (0)151 12345678"
                "|0049 151 12345678|+49(0)15112345678|004915112345678|+49 1511 2345678|01511 2345678"
                "|0151 / 12345678|0151 - 12345678|+49 151/12345678|+49 151 / 12345678|+49 (0)151/12345678"
                "|+49 (0)151-12345678|+49 (0)151 / 12345678|0049 (0)151 12345678|49 151 12345678|4915112345678"
            ),
            "+31612345678": "06-12345678|+31 (0)6 12345678|+31612345678|0031612345678|06 12345678|+31 6 12345678",
            "+33612345678": "06 12 34 56 78|06.12.34.56.78|+33 6 12 34 56 78|+33 (0)6 12 34 56 78|0612345678",
            "+442079460958": "020 7946 0958|(020) 7946 0958|+44 20 7946 0958|+44 (0)20 7946 0958|02079460958",
            "+46701740605": "070-174 06 05|+46 70 174 06 05|0701740605|+46 (0)70 174 06 05",
        }.items()
        for typed in spelled.split("|")
    ],
)
def test_the_usual_spellings_are_looked_up_and_recognised(number: str, typed: str) -> None:
    customer = read_address(number)
    regions = regions_for(customer, customer, None)

    assert typed in spellings(customer)
    assert matching_columns({"telephone1": typed}, customer, regions) == ("telephone1",)


@given(st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)))
def test_every_spelling_of_a_number_is_short_distinct_and_its_own(region: str) -> None:
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    if example is None:
        return
    customer = read_address(phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164))

    found = spellings(customer)

    assert customer.value in found
    assert customer.digits in found
    assert len(found) == len(set(found)) <= 110
    assert max(map(len, found)) <= 30


def test_only_the_columns_that_carry_the_number_are_named() -> None:
    phones = {"mobilephone": "(206) 555-0187", "telephone1": "(206) 555-0199", "telephone2": None, "telephone3": ""}

    assert matching_columns(phones, US, ["US"]) == ("mobilephone",)


def test_the_same_national_digits_of_another_country_are_somebody_else() -> None:
    german = read_address("+491711234567")

    # In a French organisation 0171 1234567 is no French number, so the customer's own country may read it.
    assert matching_columns({"telephone1": "0171 1234567"}, german, ["FR", "DE"]) == ("telephone1",)
    # In a British one 020 7946 0958 is London, not a customer of another country with these digits.
    assert matching_columns({"telephone1": "020 7946 0958"}, read_address("+2072079460"), ["GB"]) == ()


def test_a_full_number_is_read_as_it_stands_whatever_the_country() -> None:
    assert matching_columns({"telephone1": "+1 206 555 0187"}, US, ["DE"]) == ("telephone1",)


def test_numbers_are_read_for_the_organisation_first_then_ours_then_the_customers() -> None:
    assert regions_for(US, read_address("+491711234567"), "FR") == ("FR", "DE", "US")
    assert regions_for(US, US, "US") == ("US",)
    assert regions_for(US, read_address("24273"), None) == ("US",)
