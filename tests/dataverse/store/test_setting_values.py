"""The values of running settings: what is understood, and what is said of the rest."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataverse.store import setting_values
from routing.outcome import AmbiguousTexts
from routing.tiers import DEFAULT_ORDER, TierName

READERS = (
    setting_values.region,
    setting_values.tier_order,
    setting_values.yes_or_no,
    setting_values.leads_per_hour,
    setting_values.ambiguous_texts,
)


@pytest.mark.parametrize(("text", "region"), [("US", "US"), (" de ", "DE"), ("gb", "GB"), ("", ""), ("  ", "")])
def test_a_region_is_a_country_as_iso_has_it_or_nothing(text: str, region: str) -> None:
    assert setting_values.region(text) == region


@pytest.mark.parametrize("text", ["XX", "USA", "Germany", "+1", "D E", "ß"])
def test_what_is_no_region_is_answered_with_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match="ISO 3166 has it, such as US or DE, or nothing"):
        setting_values.region(text)


@given(
    st.permutations([name for name in TierName if name is not TierName.LOWEST_ID]), st.sampled_from([",", ", ", " "])
)
def test_an_order_is_read_from_a_list_of_json_and_from_names_with_commas(names: list[TierName], comma: str) -> None:
    order = (*names, TierName.LOWEST_ID)

    assert setting_values.tier_order(json.dumps(order)) == order
    assert setting_values.tier_order(comma.join(order)) == order
    assert setting_values.tier_order(setting_values.written(order)) == order


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["latest", *DEFAULT_ORDER[1:]], "there is no tier latest; the tiers are latest_conversation, owned_by_seller"),
        ([*DEFAULT_ORDER[:2], *DEFAULT_ORDER[1:]], "owned_by_seller stands there twice"),
        (DEFAULT_ORDER[1:], "latest_conversation is missing; name each of latest_conversation, owned_by_seller"),
        (["lowest_id"], "latest_conversation, owned_by_seller, owned_by_team, table, active, modified is missing"),
        ([DEFAULT_ORDER[-1], *DEFAULT_ORDER[:-1]], "lowest_id last"),
    ],
)
def test_an_order_that_is_wrong_is_answered_with_the_valid_names(names, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        setting_values.tier_order(json.dumps(names))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("active", ["active", "latest_conversation", "owned_by_seller"]),
        ("modified,table", ["modified", "table", "latest_conversation"]),
        ("table,lowest_id", ["table", "latest_conversation", "owned_by_seller"]),
        ("lowest_id", list(DEFAULT_ORDER[:3])),
        ("", list(DEFAULT_ORDER[:3])),
    ],
)
def test_tiers_that_an_order_leaves_out_follow_as_in_another_one(text: str, first: list[str]) -> None:
    order = setting_values.tier_order(text, DEFAULT_ORDER)

    assert list(order[:3]) == first
    assert set(order) == set(TierName)
    assert order[-1] is TierName.LOWEST_ID


def test_the_lowest_id_cannot_come_before_another_tier() -> None:
    with pytest.raises(ValueError, match="lowest_id last"):
        setting_values.tier_order("lowest_id,active", DEFAULT_ORDER)


@pytest.mark.parametrize("text", ["[", "[1]", '["table", null]', '[["table"]]', "[" * 5000, '["table"'])
def test_a_list_that_is_none_is_answered_with_one_to_write(text: str) -> None:
    with pytest.raises(ValueError, match=r'write (a list such as|one such as) \["latest_conversation", "owned_by'):
        setting_values.tier_order(text)


@pytest.mark.parametrize("text", ["yes", "Yes", "true", "TRUE ", "1", "on"])
def test_yes_is_read(text: str) -> None:
    assert setting_values.yes_or_no(text) is True


@pytest.mark.parametrize("text", ["no", "No", "false", " False", "0", "off"])
def test_no_is_read(text: str) -> None:
    assert setting_values.yes_or_no(text) is False


@pytest.mark.parametrize(("text", "most"), [("0", 0), (" 30 ", 30), ("5000", 5000), ("007", 7)])
def test_a_number_of_leads_is_read(text: str, most: int) -> None:
    assert setting_values.leads_per_hour(text) == most


@pytest.mark.parametrize("text", ["", "-1", "5001", "1.5", "many", "\u0663", "9" * 5000])
def test_what_is_no_number_of_leads_is_answered_with_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match=r"write a whole number from 0 \(no limit\) to 5000"):
        setting_values.leads_per_hour(text)


@pytest.mark.parametrize(("text", "done"), [("ask", AmbiguousTexts.ASK), (" Decide", AmbiguousTexts.DECIDE)])
def test_what_is_done_with_ambiguous_texts_is_read(text: str, done: AmbiguousTexts) -> None:
    assert setting_values.ambiguous_texts(text) is done


@pytest.mark.parametrize("text", ["", "yes", "a person"])
def test_what_cannot_be_done_with_ambiguous_texts_is_answered_with_what_can(text: str) -> None:
    with pytest.raises(ValueError, match="write decide or ask"):
        setting_values.ambiguous_texts(text)


@given(st.sampled_from(READERS), st.text() | st.text('[]{}",:abcyesno01 \\', max_size=30))
def test_whatever_is_written_is_read_again_or_answered_with_a_sentence(read, text: str) -> None:
    try:
        value = read(text)
    except ValueError as error:
        assert "write" in str(error) or "name each" in str(error) or "the tiers are" in str(error)
    else:
        assert read(setting_values.written(value)) == value
