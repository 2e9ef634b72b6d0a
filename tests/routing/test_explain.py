"""The explanation says what decided, and keeps names out of what is stored."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from messaging.numbers import read_address
from messaging.records import OurNumber, Principal, Table
from routing.candidate import Candidate
from routing.explain import MOST_CANDIDATES, because, explanation, label, sentences
from routing.rank import decide
from routing.tiers import TIERS, TierName

Make = Callable[..., Candidate]
CUSTOMER = read_address("+12065550187")


def test_the_stored_explanation_holds_every_candidate_with_its_value_at_each_tier(
    make: Make, sellers_number: OurNumber, owners: dict[str, Principal]
) -> None:
    contact = make(1, Table.CONTACT, owner=owners["seller"], name="Ada")
    account = make(2, Table.ACCOUNT, active=True, name="Engines", last_conversation_on=datetime(2026, 5, 1, tzinfo=UTC))

    stored = json.loads(json.dumps(explanation(decide([contact, account], sellers_number), CUSTOMER)))

    assert stored["decided_by"] == "latest_conversation"
    assert stored["because"] == TIERS[TierName.LATEST_CONVERSATION].because
    assert stored["number"] == {"read_as": "+12065550187", "kind": "phone"}
    first, second = stored["candidates"]
    assert (first["table"], first["lost_at"]) == ("account", None)
    assert (second["table"], second["lost_at"]) == ("contact", "latest_conversation")
    assert list(first["values"]) == stored["tiers"] == [name.value for name in TierName]
    assert second["values"]["owned_by_seller"] is True
    assert first["values"]["latest_conversation"] == "2026-05-01T00:00:00+00:00"
    assert "Ada" not in json.dumps(stored)


def test_a_crowd_of_candidates_is_counted_where_it_is_not_shown(make: Make) -> None:
    stored = explanation(decide([make(n) for n in range(1, MOST_CANDIDATES + 8)], None), CUSTOMER)

    assert stored["not_shown"] == 7
    candidates = stored["candidates"]
    assert isinstance(candidates, list)
    assert len(candidates) == MOST_CANDIDATES


def test_the_sentences_name_the_winner_the_reason_and_where_each_other_lost(make: Make) -> None:
    decision = decide([make(1, Table.CONTACT, name="Ada"), make(2, Table.ACCOUNT, name="Engines")], None)

    said = sentences(decision, CUSTOMER, lambda candidate: candidate.name)

    assert said == [
        "Ada was chosen because contacts come before accounts, opportunities and leads, in this order.",
        "Engines lost at table (account).",
    ]


def test_a_candidate_without_any_conversation_is_said_to_have_none(make: Make) -> None:
    decision = decide([make(1, last_conversation_on=datetime(2026, 5, 1, tzinfo=UTC)), make(2)], None)

    assert sentences(decision, CUSTOMER, lambda candidate: label(candidate.record))[1].endswith(
        "lost at latest_conversation (none)."
    )


@pytest.mark.parametrize(
    ("sender", "reason"),
    [
        ("+12065550187", "No record carries the number and none holds a conversation with it."),
        ("24273", "A short code or a name belongs to no record."),
        ("Contoso", "A short code or a name belongs to no record."),
    ],
)
def test_without_a_candidate_the_reason_is_said_too(sender: str, reason: str) -> None:
    assert sentences(decide([], None), read_address(sender), str) == [reason]


def test_the_only_record_needs_no_tier(make: Make) -> None:
    assert because(decide([make(1)], None), CUSTOMER) == "it is the only record with this number"


def test_what_was_left_out_of_the_comparison_is_counted_and_its_rule_said(make: Make) -> None:
    whole, cut = (explanation(decide([make(1)], None), CUSTOMER, tables) for tables in ({}, {Table.CONTACT: 5000}))

    assert "cut" not in whole
    assert cut["cut"] == [
        {
            "table": "contact",
            "carry_it": "more than 5000",
            "compared": 5000,
            "rule": "active records before inactive ones, then those that were updated most recently",
        }
    ]
