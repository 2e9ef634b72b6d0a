"""The stored explanation as sentences and a table, with the names that a reader may see."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.phone import explanation as shown
from messaging.numbers import read_address
from messaging.records import OurNumber, Principal, PrincipalKind, Record, Table
from routing.candidate import Candidate
from routing.explain import explanation
from routing.rank import decide
from routing.tiers import TierName

SELLER = Principal(PrincipalKind.USER, UUID(int=1))
TUESDAY, FRIDAY = datetime(2026, 11, 17, 9, tzinfo=UTC), datetime(2026, 11, 20, 9, tzinfo=UTC)


def candidate(number, table, **facts):
    plain = {"owner": None, "active": True, "modified_on": TUESDAY, "found_by": ("mobilephone",)}
    return Candidate(record=Record(table, UUID(int=number)), **{**plain, **facts})


def stored(*candidates, sender="+12065550187"):
    decision = decide(candidates, OurNumber(id=UUID(int=9), owner=SELLER))
    return json.dumps(explanation(decision, read_address(sender)))


def names(*candidates):
    return {each.record: f"N{each.record.id.int}" for each in candidates}


def test_the_winner_comes_first_and_every_other_is_said_to_fall_out_where_it_did():
    ours = candidate(1, Table.ACCOUNT, owner=SELLER, found_by=("telephone1", "a conversation"))
    contact = candidate(2, Table.CONTACT)

    seen = shown.explanation(stored(contact, ours), names(ours, contact))

    assert seen["sentences"] == [
        "N1 was chosen because it belongs to the seller whom the text is addressed to.",
        "N2 fell out at “Belongs to the seller”: it does not.",
    ]
    assert [head["name"] for head in seen["candidates"]] == ["N1", "N2"]
    assert [head["chosen"] for head in seen["candidates"]] == [True, False]
    assert seen["candidates"][0]["found_by"] == "its main phone and a conversation"


def test_exactly_the_deciding_tier_is_marked_and_nothing_below_it_was_compared():
    contact, lead = candidate(1, Table.CONTACT), candidate(2, Table.LEAD)

    tiers = shown.explanation(stored(contact, lead), names(contact, lead))["tiers"]

    assert [tier["title"] for tier in tiers if tier["decided"]] == ["Kind of record"]
    assert [[cell["state"] for cell in tier["cells"]] for tier in tiers] == [
        ["won", "won"],
        ["won", "won"],
        ["won", "won"],
        ["won", "lost"],
        ["idle", "idle"],
        ["idle", "idle"],
        ["idle", "idle"],
    ]


@pytest.mark.parametrize(
    ("loser", "sentence"),
    [
        ({"last_conversation_on": TUESDAY}, "N2 fell out at “Latest conversation”: another one is later."),
        ({}, "N2 fell out at “Latest conversation”: it has none."),
    ],
)
def test_a_time_that_lost_was_earlier_or_none(loser, sentence):
    winner = candidate(1, Table.CONTACT, last_conversation_on=FRIDAY)
    other = candidate(2, Table.CONTACT, **loser)

    assert sentence in shown.explanation(stored(winner, other), names(winner, other))["sentences"]


@pytest.mark.parametrize(
    ("loser", "sentence"),
    [
        ({"active": False}, "N2 fell out at “Active”: it is not."),
        ({"modified_on": datetime(2026, 1, 1, tzinfo=UTC)}, "N2 fell out at “Last updated”: another one is later."),
        ({}, "N2 fell out at “Lowest id”."),
    ],
)
def test_the_lower_tiers_have_sentences_too(loser, sentence):
    winner, other = candidate(1, Table.CONTACT), candidate(2, Table.CONTACT, **loser)

    assert sentence in shown.explanation(stored(winner, other), names(winner, other))["sentences"]


def test_a_record_that_the_reader_may_not_see_has_no_name():
    contact, account = candidate(1, Table.CONTACT), candidate(2, Table.ACCOUNT)

    seen = shown.explanation(stored(contact, account), names(account))

    assert seen["sentences"][0].startswith("A contact that you may not see was chosen because")
    assert [head["seen"] for head in seen["candidates"]] == [False, True]


@pytest.mark.parametrize(
    ("sender", "sentence"),
    [
        (
            "+12065550187",
            "No record carries the number and none holds a conversation with it, so a new lead was made.",
        ),
        ("24273", "A short code or a name belongs to no record, so the text waits without a record."),
    ],
)
def test_without_a_candidate_it_is_said_what_was_done_instead(sender, sentence):
    seen = shown.explanation(stored(sender=sender), {})

    assert (seen["sentences"], seen["candidates"]) == ([sentence], [])


def test_more_candidates_than_are_stored_are_counted():
    crowd = [candidate(number, Table.CONTACT) for number in range(1, 31)]

    seen = shown.explanation(stored(*crowd), names(*crowd))

    assert seen["sentences"][-1] == "5 more fell out too."
    assert shown.records(stored(*crowd)) == {each.record for each in crowd[:25]}


def test_every_tier_of_routing_has_a_title():
    assert set(shown.TITLES) == {tier.value for tier in TierName}


@pytest.mark.parametrize("text", [None, "", "{", "[]", "null", "7"])
def test_what_is_no_explanation_is_none(text):
    assert shown.explanation(text, {}) is None
    assert shown.because(text) == ""
    assert shown.records(text) == frozenset()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
PARTS = st.sampled_from(["table", "id", "values", "found_by", "lost_at"])


@given(
    st.dictionaries(st.sampled_from(["because", "tiers", "decided_by", "number", "candidates", "not_shown"]), JSON),
    st.lists(st.dictionaries(PARTS, JSON | st.sampled_from(["contact", str(UUID(int=1))]))),
)
def test_no_stored_text_breaks_the_page(data, candidates):
    text = json.dumps({"candidates": candidates, **data})

    json.dumps(shown.explanation(text, {}))
    shown.records(text)
