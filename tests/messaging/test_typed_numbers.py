"""What stands in a column that people type into: where numbers begin and end, and what they mean."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.typed_numbers import Piece, is_assigned, meant, pieces, reading

GERMAN, AMERICAN = "491711234567", "12065550187"


@pytest.mark.parametrize(
    "text",
    [
        "0171 1234567 ext 12",
        "0171 1234567 ext. 1234",
        "0171 1234567 x12",
        "01711234567x1234567",
        "0171 1234567 Ext:12",
        "0171 1234567;ext=12",
        "0171 1234567 extension 12",
        "0171 1234567 #12",
        "0171 1234567, Durchwahl 12",
        "0171 1234567 DW 12",
        "0171 1234567 (Nebenstelle 123)",
        "0171 1234567 poste 12",
        "0171 1234567 int. 12",
        "0171 1234567 anexo 12345",
        "0171 1234567 ramal 12",
        "0171 1234567 доб. 12",
        "0171 1234567 内線12",
    ],
)
def test_an_extension_belongs_to_no_number(text: str) -> None:
    assert meant(text, ("DE",)) == {GERMAN}


@pytest.mark.parametrize(
    "text",
    [
        "Mobil: 0171 1234567",
        "0171/1234567 (privat)",
        "0171 – 123 45 67",
        "0171.123.45.67",
        "[0171] 1234567",
        "٠١٧١ ١٢٣٤٥٦٧",
        "０１７１　１２３４５６７",
        "0171/123-4567",
        "+49 (0)171 1234567",
        "+49 ( 0 ) 171 1234567",
        "0049(0)1711234567",
        "011 49 171 1234567",
        "49 171 1234567",
        "tel:+491711234567",
    ],
)
def test_a_number_is_read_through_what_stands_around_it(text: str) -> None:
    assert meant(text, ("DE",)) == {GERMAN}


@pytest.mark.parametrize(
    "text",
    [
        "+49 171 1234567 / +1 206 555 0187",
        "+491711234567/+12065550187",
        "+49 171 1234567 or +1 206 555 0187",
        "+49 171 1234567; 001 206 555 0187",
        "+49 171 1234567\n+1 206 555 0187",
        "+49 171 1234567 +1 206 555 0187",
        "01711234567/0012065550187",
        "0171 1234567 - 001 206 555 0187",
        "0171 1234567   001 206 555 0187",
        "+1 206 555 0187 ext. 3, 0171 1234567 x4",
    ],
)
def test_two_numbers_in_one_field_are_two(text: str) -> None:
    assert meant(text, ("DE",)) == {GERMAN, AMERICAN}


def test_a_number_with_two_endings_is_the_first() -> None:
    assert pieces("030 1234567/68") == pieces("030 1234567/-8") == (Piece("0301234567"),)


def test_an_area_code_before_a_slash_is_no_number_of_its_own() -> None:
    assert pieces("030/1234567") == (Piece("0301234567"),)


@pytest.mark.parametrize(
    "text", ["", "call reception", "n/a", "12", "+++", "ext. 1234", "1234 5678 9012 3456 7890", "()"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert pieces(text) == ()


@pytest.mark.parametrize("text", ["+999 12345678", "+49 1", "+0171 12345", "12345"])
def test_what_no_country_has_means_nothing(text: str) -> None:
    assert meant(text, ()) == frozenset()


def test_the_prefix_of_a_carrier_is_no_part_of_a_number() -> None:
    # In China 11861 before a number chooses a carrier, and 011 86 1… begins like that once its zero is off.
    assert meant("011 86 131 2360 6391", ("CN",)) == {"8613123606391"}
    assert not is_assigned("86118613123606391")


@pytest.mark.parametrize("text", ["49 0171 1234567", "490171/1234567", "0049 0171 1234567", "+49 0171 1234567"])
def test_a_trunk_zero_after_the_country_code_is_left_out(text: str) -> None:
    assert meant(text, ("DE",)) == {"491711234567"}


def test_the_italian_zero_is_left_out_before_mobiles_and_kept_before_landlines() -> None:
    assert meant("+39 (0)347 123 4567", ()) == {"393471234567"}
    assert meant("+39 (0)6 69812345", ()) == {"390669812345"}


def test_the_first_country_where_a_number_is_assigned_decides_and_else_where_it_is_possible() -> None:
    assert meant("0171 1234567", ("US", "DE")) == {GERMAN}
    assert meant("020 7946 0958", ("DE", "GB")) == {"442079460958"}
    assert meant("111 222 3333", ("US", "CA")) == {"11112223333"}
    assert not is_assigned("11112223333")


def test_an_area_code_of_011_is_no_prefix() -> None:
    assert meant("011 2345-6789", ("AR",)) == {"541123456789"}


@pytest.mark.parametrize(
    ("form", "region"),
    [
        ("+54 9 11 2345-6789", None),
        ("+54 11 2345 6789", None),
        ("+54 11 15 2345 6789", None),
        ("011 15 2345-6789", "AR"),
        ("11 2345 6789", "AR"),
    ],
)
def test_argentinian_mobiles_are_one_number_however_they_are_dialled(form: str, region: str | None) -> None:
    assert meant(form, (region,) if region else ()) == {"541123456789"}


@pytest.mark.parametrize("form", ["+52 55 1234 5678", "+52 1 55 1234 5678", "55 1234 5678", "044 55 1234 5678"])
def test_mexican_mobiles_are_one_number_with_and_without_the_old_prefixes(form: str) -> None:
    assert meant(form, ("MX",)) == {"525512345678"}


@pytest.mark.parametrize("form", ["+55 21 98765-4321", "+55 21 8765-4321", "(21) 98765-4321", "21 8765-4321"])
def test_brazilian_mobiles_are_one_number_with_and_without_the_ninth_digit(form: str) -> None:
    assert meant(form, ("BR", "US")) == {"5521987654321"}


def test_brazilian_landlines_and_radios_get_no_ninth_digit() -> None:
    assert meant("+55 21 3456-7890", ()) == {"552134567890"}
    assert meant("+55 11 7812-3456", ()) == {"551178123456"}


def test_beninese_numbers_are_one_with_and_without_01() -> None:
    assert meant("+229 97 12 34 56", ()) == meant("+229 01 97 12 34 56", ()) == {"2290197123456"}


def test_reading_without_a_country_takes_full_numbers_only() -> None:
    assert reading("2065550187", None) is None
    assert reading("+12065550187", None) == AMERICAN
    assert reading("2065550187", "US") == AMERICAN
    assert not is_assigned("9991234")


@given(st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)), st.sampled_from(["MOBILE", "FIXED_LINE"]))
def test_a_full_number_means_itself_wherever_it_is_read(region: str, kind: str) -> None:
    example = phonenumbers.example_number_for_type(region, getattr(phonenumbers.PhoneNumberType, kind))
    if example is None:
        return
    plain = {
        phonenumbers.format_number(example, getattr(phonenumbers.PhoneNumberFormat, form))
        for form in ("E164", "INTERNATIONAL", "RFC3966")
    }

    assert len({meant(text, regions) for text in plain for regions in ((), ("US",), ("DE", region))}) == 1


@given(st.text(max_size=60), st.sampled_from(["US", "DE", "AR", "IT", None]))
def test_any_text_has_numbers_of_digits_or_none(text: str, region: str | None) -> None:
    assert all(digits.isascii() and digits.isdigit() for digits in meant(text, (region,) if region else ()))
