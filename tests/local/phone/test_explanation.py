"""The stored explanation as sentences and a table, with the names that a reader may see."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.phone.explanation import explanation as explained
from local.phone.sentences import TITLES, headline, sentences
from local.phone.stored import people, records
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

    seen = explained(stored(contact, ours), names(ours, contact), {})

    assert seen["sentences"] == [
        "N1 was chosen because it belongs to the seller whom the text is addressed to.",
        "N2 fell out at “Belongs to the seller”: it does not.",
    ]
    assert [head["name"] for head in seen["candidates"]] == ["N1", "N2"]
    assert [head["chosen"] for head in seen["candidates"]] == [True, False]
    assert seen["candidates"][0]["found_by"] == "its main phone and a conversation"


def test_exactly_the_deciding_tier_is_marked_and_nothing_below_it_was_compared():
    contact, lead = candidate(1, Table.CONTACT), candidate(2, Table.LEAD)

    tiers = explained(stored(contact, lead), names(contact, lead), {})["tiers"]

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

    assert sentence in explained(stored(winner, other), names(winner, other), {})["sentences"]


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

    assert sentence in explained(stored(winner, other), names(winner, other), {})["sentences"]


def test_candidate_names_are_shown_only_to_those_who_may_read_those_records():
    contact, account = candidate(1, Table.CONTACT), candidate(2, Table.ACCOUNT)

    seen = explained(stored(contact, account), names(account), {})

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
    seen = explained(stored(sender=sender), {}, {})

    assert (seen["sentences"], seen["candidates"]) == ([sentence], [])


def said(*candidates, because=None, people=None, **more):
    data = json.loads(stored(*candidates))
    return sentences(
        json.dumps({**data, **more, **({"because": because} if because else {})}), names(*candidates), people or {}
    )


def test_a_close_call_is_said_to_be_one_and_what_decided():
    newer = candidate(1, Table.CONTACT, modified_on=FRIDAY)
    older = candidate(2, Table.CONTACT)

    assert said(newer, older, outcome="record", ambiguous=True) == [
        "N1 was chosen because it was updated most recently.",
        "This was a close call: only their last update decided.",
        "N2 fell out at “Last updated”: another one is later.",
    ]
    twin = candidate(3, Table.CONTACT, modified_on=FRIDAY)
    assert said(newer, twin, ambiguous=True)[1] == "This was a close call: only their ids decided."
    assert "close call" not in " ".join(said(newer, candidate(4, Table.LEAD), outcome="record"))


def test_where_a_person_is_asked_it_is_said_between_whom_and_none_is_said_to_be_chosen():
    twins = [candidate(number, Table.CONTACT) for number in (1, 2)]
    older, lead = candidate(3, Table.CONTACT, modified_on=datetime(2026, 1, 1, tzinfo=UTC)), candidate(4, Table.LEAD)

    several = "Several records carry this number and nothing but their last update and ids"
    assert said(*twins, older, lead, outcome="asked", ambiguous=True) == [
        f"{several} tells them apart, so a person is asked.",
        "It may be N1 (contact), N2 (contact) or N3 (contact).",
        "N4 fell out at “Kind of record”: it is a lead.",
    ]
    data = json.dumps({**json.loads(stored(*twins)), "outcome": "asked"})
    seen = explained(data, names(*twins), {})
    assert [head["chosen"] for head in seen["candidates"]] == [False, False]
    assert [tier["decided"] for tier in seen["tiers"]] == [False] * 7
    assert headline(data) == "Several records carry this number, so a person is asked."


def test_of_many_between_whom_a_person_is_asked_five_are_named_and_the_others_counted():
    crowd = [candidate(number, Table.CONTACT) for number in range(1, 31)]

    five = ", ".join(f"N{number} (contact)" for number in range(1, 6))
    assert said(*crowd, outcome="asked")[1:] == [f"It may be {five} or one of 25 more."]


def test_between_whom_a_person_is_asked_names_only_what_the_reader_may_see():
    twins = [candidate(number, Table.CONTACT) for number in (1, 2, 3)]
    data = json.dumps({**json.loads(stored(*twins)), "outcome": "asked"})

    assert sentences(data, names(*twins[:2]), {})[1] == (
        "It may be N1 (contact), N2 (contact) or a contact that you may not see."
    )
    assert sentences(data, names(twins[1]), {})[1] == "It may be N2 (contact) or one of 2 that you may not see."


def test_a_text_that_waits_says_what_for():
    limit = "30 leads were made for this number within the last hour"

    assert said(outcome="waits", waits_because=limit) == [
        "No record carries the number and none holds a conversation with it.",
        "30 leads were made for this number within the last hour, so the text waits without a record.",
    ]
    assert said(outcome="waits") == [
        "No record carries the number and none holds a conversation with it, so the text waits without a record."
    ]
    twins = [candidate(number, Table.CONTACT) for number in (1, 2)]
    assert said(*twins, outcome="waits", waits_because=limit)[1:] == ["It may be N1 (contact) or N2 (contact)."]
    data = {"because": "so", "outcome": "waits", "waits_because": limit}
    assert headline(json.dumps(data)) == said(outcome="waits", waits_because=limit)[1]


def test_the_outcome_says_whether_a_lead_was_made():
    reason = "No record carries the number and none holds a conversation with it"

    assert said(outcome="lead") == [f"{reason}, so a new lead was made."]
    assert said(outcome="record") == [f"{reason}, so the text waits without a record."]


MAYA, BO, CEM = UUID(int=21), UUID(int=22), UUID(int=23)
PEOPLE = {MAYA: "Maya Lindqvist", BO: "Bo Ek"}


@pytest.mark.parametrize(
    ("line", "passed_over", "expected"),
    [
        ("number", {}, ["The owner of the number was told."]),
        ("administrators", {}, ["The administrators were told."]),
        (
            "administrators",
            {MAYA: "disabled"},
            ["Maya Lindqvist was passed over: disabled.", "The administrators were told instead."],
        ),
        (
            "record",
            {MAYA: "no licence", BO: "no licence"},
            [
                "Maya Lindqvist and Bo Ek were passed over: no licence.",
                "The owner of the record was told instead.",
            ],
        ),
        (
            "number",
            {MAYA: "disabled", CEM: "disabled", BO: "no licence"},
            [
                "Maya Lindqvist and someone else were passed over: disabled.",
                "Bo Ek was passed over: no licence.",
                "The owner of the number was told.",
            ],
        ),
        (None, {CEM: "disabled"}, ["Someone was passed over: disabled.", "Nobody could be told."]),
        ("a line of later", {}, []),
    ],
)
def test_who_was_told_is_said_and_who_would_have_been(line, passed_over, expected):
    passed = [{"id": str(person), "because": because} for person, because in passed_over.items()]
    found = said(candidate(1, Table.CONTACT), told={"line": line, "passed_over": passed}, people=PEOPLE)

    assert found[1:] == expected


def test_records_that_were_not_compared_are_counted_with_the_rule():
    one = candidate(1, Table.CONTACT)
    decision = decide([one], OurNumber(id=UUID(int=9), owner=SELLER))
    data = json.dumps(explanation(decision, read_address("+12065550187"), {Table.CONTACT: 5000}))

    assert sentences(data, names(one), {})[1] == (
        "More than 5000 contacts carry the number; only 5000 were compared: active records before inactive ones, then"
        " those that were updated most recently."
    )


def test_more_candidates_than_are_stored_are_counted():
    crowd = [candidate(number, Table.CONTACT) for number in range(1, 31)]

    seen = explained(stored(*crowd), names(*crowd), {})

    assert seen["sentences"][-1] == "5 more fell out too."
    assert records(stored(*crowd)) == {each.record for each in crowd[:25]}


def test_every_tier_of_routing_has_a_title():
    assert set(TITLES) == {tier.value for tier in TierName}


@pytest.mark.parametrize("text", [None, "", "{", "[]", "null", "7"])
def test_what_is_no_explanation_is_none(text):
    assert explained(text, {}, {}) is None
    assert headline(text) == ""
    assert records(text) == frozenset()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
KEYS = [
    "because",
    "tiers",
    "decided_by",
    "number",
    "candidates",
    "not_shown",
    "ambiguous",
    "outcome",
    "waits_because",
    "told",
    "cut",
]
PARTS = st.sampled_from(["table", "id", "values", "found_by", "lost_at"])


@given(
    st.dictionaries(st.sampled_from(KEYS), JSON),
    st.lists(st.dictionaries(PARTS, JSON | st.sampled_from(["contact", str(UUID(int=1))]))),
)
def test_no_stored_text_breaks_the_page(data, candidates):
    text = json.dumps({"candidates": candidates, **data})

    json.dumps(explained(text, {}, {}))
    headline(text)
    records(text)
    people(text)
