"""Both ends of a text as providers and people write them."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.numbers import Address, AddressKind, mask, read_address, read_number, read_region

PHONES = [
    ("+12065550187", None, "+12065550187"),
    ("12065550187", None, "+12065550187"),
    ("0012065550187", None, "+12065550187"),
    (" +49 171 1234567 ", None, "+491711234567"),
    ("0171 1234567", "DE", "+491711234567"),
    ("+１２０６５５５０１８７", None, "+12065550187"),
    ("4512345678", "US", "+4512345678"),
]


@pytest.mark.parametrize(("text", "region", "expected"), PHONES)
def test_a_phone_number_is_read_however_a_provider_writes_it(text: str, region: str | None, expected: str) -> None:
    address = read_address(text, default_region=region)

    assert (address.kind, address.value, address.raw) == (AddressKind.PHONE, expected, text)
    assert address.digits == address.key == expected[1:]


@pytest.mark.parametrize("text", ["24273", "123", "12345678"])
def test_a_few_digits_are_a_short_code_and_belong_to_no_country(text: str) -> None:
    address = read_address(text, default_region="US")

    assert (address.kind, address.key, address.region) == (AddressKind.SHORT_CODE, text, None)


def test_a_name_is_an_alphanumeric_sender_and_has_no_digits() -> None:
    address = read_address("Contoso")

    assert (address.kind, address.digits, address.key) == (AddressKind.ALPHANUMERIC, "", "CONTOSO")


@pytest.mark.parametrize("text", ["", "   ", "+abc", "+1", "12", "whatsapp:+12065550187", "A" * 12, "9" * 18, "...."])
def test_what_is_no_address_is_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(ValueError, match="not a phone") as refusal:
        read_address(text)

    assert not text.strip() or text not in str(refusal.value)


def test_a_number_that_two_countries_could_mean_is_the_international_one() -> None:
    assert read_address("2065550187", default_region="US").value == "+12065550187"
    assert read_address("491711234567", default_region="US").value == "+491711234567"


@pytest.mark.parametrize(
    ("value", "region"),
    [("+12065550187", "US"), ("+447700900123", "GB"), ("+33612345678", "FR"), ("+8821234567", None)],
)
def test_a_number_tells_its_country_also_where_it_is_not_assigned(value: str, region: str | None) -> None:
    found = Address(AddressKind.PHONE, value, value).region

    assert found == region or (region is None and found in {None, "001"})


@pytest.mark.parametrize(
    ("typed", "regions", "expected"),
    [
        ("(206) 555-0187", ["US"], "+12065550187"),
        ("0171/1234567", ["US", "DE"], "+491711234567"),
        ("+49 (0)171 1234567", ["US"], "+491711234567"),
        ("06 12 34 56 78", ["US", "FR"], "+33612345678"),
        ("0033 6 12 34 56 78", ["US"], "+33612345678"),
        ("07700 900123", ["GB"], "+447700900123"),
        ("206-555-0187 ext. 12", ["US"], "+12065550187"),
        ("49171 1234567", ["US", "DE"], "+491711234567"),
        ("4915112345678", ["DE"], "+4915112345678"),
        ("46 (8) 123-456", ["SE"], "+468123456"),
        ("393 123 4567", ["IT"], "+393931234567"),
    ],
)
def test_a_typed_number_is_read_in_the_first_country_where_it_exists(
    typed: str, regions: list[str], expected: str
) -> None:
    number = read_number(typed, regions)

    assert number is not None
    assert number.value == expected


@pytest.mark.parametrize("typed", ["", "call reception", "n/a", "12", "+++"])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert read_number(typed, ["US"]) is None


def test_without_a_country_only_full_numbers_are_read() -> None:
    assert read_number("(206) 555-0187", []) is None
    assert read_number("+1 206 555 0187", []) is not None


@pytest.mark.parametrize(("text", "region"), [("US", "US"), (" de ", "DE")])
def test_a_region_is_read_in_either_case(text: str, region: str) -> None:
    assert read_region(text) == region


@pytest.mark.parametrize("text", ["", "XX", "USA", "ß"])
def test_what_is_no_region_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match="such as US or DE"):
        read_region(text)


def test_a_masked_number_cannot_be_called() -> None:
    assert mask("+12065550187") == "+12…87"
    assert mask("24273") == "…"


@given(st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)))
def test_reading_is_stable_for_every_country(region: str) -> None:
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    if example is None:
        return
    once = read_address(phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164))

    assert read_address(once.value).value == once.value


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_a_value_error(text: str) -> None:
    try:
        address = read_address(text, default_region="US")
    except ValueError:
        return
    assert address.key
