"""The demo company's people by number, and what may be typed as a number."""

from __future__ import annotations

import pytest

from local.company.cast import CARDS, NUMBERS
from local.phone.people import carried, company, our_number, sender, shown


def test_every_spelling_on_the_cards_is_read_as_the_number_that_is_meant():
    assert {number: [card.key for card in cards] for number, cards in carried().items()} == {
        "+12065550187": ["Ada Quist"],
        "+12065550142": ["Wick & Sons Chandlery", "Walter Wick", "Wilma Wick"],
        "+12065550133": ["Sam Shore (2019)", "Sam Shore"],
        "+4917604069011": ["Greta Grün"],
        "+46701740605": ["Bo Brygga"],
    }


def test_opportunities_are_told_with_the_records_that_they_hang_on(accounts):
    cards = {person["name"]: person["cards"] for person in company(accounts)["people"]}

    assert {"name": "Lamp for the north mole", "table": "opportunity", "owner": "Maya Lindqvist"} in cards["Ada Quist"]
    assert sum(len(each) for each in cards.values()) == len(CARDS)


def test_a_number_reaches_its_owner_or_all_of_its_team(accounts):
    reaches = {number["owner"]: len(number["reaches"]) for number in company(accounts)["numbers"]}

    assert reaches == {"Maya Lindqvist": 1, "Ravi Menon": 1, "Harbour Team": 2, "Inês Duarte": 1}


def test_a_number_of_an_account_that_is_not_configured_is_left_out(accounts):
    only = company({"acs-demo": accounts["acs-demo"]})

    assert [number["account"] for number in only["numbers"]] == ["acs-demo"]
    assert list(only["outcomes"]) == ["acs-demo"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("+1 (206) 555-0187", "+12065550187"),
        ("206-555-0187", "+12065550187"),
        ("0176 04069011", "+4917604069011"),
        ("0046701740605", "+46701740605"),
        ("24273", "24273"),
        ("BIGBANK", "BIGBANK"),
    ],
)
def test_what_is_typed_is_read_as_people_mean_it(typed, read):
    assert sender(typed).value == read


@pytest.mark.parametrize("typed", ["", "12", "+12", "+1 206 555 01", "a name that is too long", "<script>", "+"])
def test_what_cannot_text_is_refused_with_a_sentence(typed):
    with pytest.raises(ValueError, match=r"^That is no number that could text\."):
        sender(typed)


def test_only_the_company_s_numbers_can_be_texted():
    assert [our_number(number.e164) for number in NUMBERS] == list(NUMBERS)
    with pytest.raises(ValueError, match="none of the company's numbers"):
        our_number("+12065550187")


@pytest.mark.parametrize(
    ("number", "as_people_write_it"),
    [("+12065550187", "+1 206-555-0187"), ("24273", "24273"), ("BIGBANK", "BIGBANK"), ("", "")],
)
def test_numbers_are_shown_as_people_write_them(number, as_people_write_it):
    assert shown(number) == as_people_write_it
