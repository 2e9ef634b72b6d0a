"""What was stored with a text is enough to decide it again under another order of the tiers."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.numbers import read_address
from messaging.records import OurNumber, Person, Principal, PrincipalKind, Record, Table
from routing.again import BROKEN, NONE_STORED, OTHER_VERSION, SHOWS_TOO_FEW, NotJudged, again
from routing.candidate import Candidate
from routing.explain import MOST_CANDIDATES, explanation
from routing.rank import Decision, decide
from routing.tiers import DEFAULT_ORDER, TierName

Make = Callable[..., Candidate]
CUSTOMER = read_address("+12065550187")
YESTERDAY = datetime(2026, 11, 20, tzinfo=UTC)
ACTIVE_FIRST = (TierName.ACTIVE, *(name for name in DEFAULT_ORDER if name is not TierName.ACTIVE))
UPDATED_FIRST = (TierName.MODIFIED, *(name for name in DEFAULT_ORDER if name is not TierName.MODIFIED))

# Few values each, so that ties are common and every tier gets its turn.
_ids = st.integers(1, 3).map(lambda number: UUID(int=number))
_principals = st.builds(Principal, st.sampled_from(PrincipalKind), _ids)
_moments = st.integers(0, 2).map(lambda days: YESTERDAY + timedelta(days=days))
_candidates = st.builds(
    Candidate,
    record=st.builds(Record, st.sampled_from(Table), st.integers(1, 20).map(lambda number: UUID(int=number))),
    owner=st.one_of(st.none(), _principals),
    active=st.booleans(),
    modified_on=_moments,
    found_by=st.just(("telephone1",)),
    last_conversation_on=st.one_of(st.none(), _moments),
)
_people = st.lists(st.builds(Person, _ids, st.just("")), max_size=3).map(tuple)
_numbers = st.one_of(st.none(), st.builds(OurNumber, id=st.just(UUID(int=100)), owner=_principals, people=_people))
_orders = st.permutations(list(TierName)[:-1]).map(lambda names: (*names, TierName.LOWEST_ID))


def _lists(most: int, fewest: int = 0) -> st.SearchStrategy[list[Candidate]]:
    return st.lists(_candidates, min_size=fewest, max_size=most, unique_by=lambda candidate: candidate.record)


def _stored(decision: Decision) -> str:
    return json.dumps(explanation(decision, CUSTOMER))


def _said(decision: Decision) -> tuple[Record | None, TierName | None, list[tuple[Record, TierName | None]]]:
    ranked = [(standing.candidate.record, standing.lost_at) for standing in decision.standings]
    return decision.winner and decision.winner.record, decision.decided_by, ranked


@given(_lists(MOST_CANDIDATES), _numbers, _orders, _orders)
def test_what_is_decided_from_the_explanation_is_what_would_have_been_decided_from_the_records(
    candidates: list[Candidate], number: OurNumber | None, one: tuple[TierName, ...], other: tuple[TierName, ...]
) -> None:
    found = again(_stored(decide(candidates, number, one)), other)

    assert _said(found.then) == _said(decide(candidates, number, one))
    assert _said(found.now) == _said(decide(candidates, number, other))


@given(_lists(40, fewest=MOST_CANDIDATES + 1), _numbers, _orders, _orders)
def test_of_a_crowd_only_what_those_that_are_shown_decide_is_judged(
    candidates: list[Candidate], number: OurNumber | None, one: tuple[TierName, ...], other: tuple[TierName, ...]
) -> None:
    stored, truth = _stored(decide(candidates, number, one)), decide(candidates, number, other)

    assert _said(again(stored, one).now)[:2] == _said(decide(candidates, number, one))[:2]
    try:
        found = again(stored, other).now
    except NotJudged as error:
        assert str(error) == SHOWS_TOO_FEW
    else:
        assert _said(found)[:2] == _said(truth)[:2]


def test_the_winner_moves_where_another_tier_comes_first(make: Make) -> None:
    old, new = make(1, Table.CONTACT), make(2, Table.LEAD, active=True)

    found = again(_stored(decide([old, new], None)), ACTIVE_FIRST)

    assert found.then.winner is not None
    assert found.now.winner is not None
    assert (found.then.winner.record, found.then.decided_by) == (old.record, TierName.TABLE)
    assert (found.now.winner.record, found.now.decided_by) == (new.record, TierName.ACTIVE)


def test_what_became_of_the_text_then_is_told_where_it_is_stored(make: Make) -> None:
    stored = explanation(decide([make(1)], None), CUSTOMER)

    assert again(json.dumps({**stored, "outcome": "asked"}), DEFAULT_ORDER).outcome == "asked"
    assert again(json.dumps({**stored, "outcome": None}), DEFAULT_ORDER).outcome == ""


def test_a_crowd_is_judged_where_the_same_tiers_leave_out_all_that_is_not_shown(make: Make) -> None:
    crowd = [make(n, Table.CONTACT, active=n == 1) for n in range(1, MOST_CANDIDATES + 8)]
    stored = _stored(decide(crowd, None, ACTIVE_FIRST))

    assert again(stored, ACTIVE_FIRST).now.decided_by is TierName.ACTIVE
    with pytest.raises(NotJudged, match="another one might win"):
        again(stored, UPDATED_FIRST)


def test_an_explanation_that_shows_nobody_of_many_is_not_judged() -> None:
    stored = {**explanation(decide([], None), CUSTOMER), "not_shown": 3}

    with pytest.raises(NotJudged, match="another one might win"):
        again(json.dumps(stored), DEFAULT_ORDER)


def test_a_tier_that_was_not_asked_then_cannot_be_asked_now(make: Make) -> None:
    short = (TierName.TABLE, TierName.LOWEST_ID)
    stored = _stored(decide([make(2), make(1)], None, short))

    assert again(stored, (TierName.LOWEST_ID,)).now.decided_by is TierName.LOWEST_ID
    with pytest.raises(NotJudged, match="does not hold active and modified"):
        again(stored, (TierName.MODIFIED, TierName.ACTIVE, TierName.LOWEST_ID))


@pytest.mark.parametrize("stored", [None, ""])
def test_a_text_without_an_explanation_is_not_judged(stored: str | None) -> None:
    with pytest.raises(NotJudged) as failure:
        again(stored, DEFAULT_ORDER)

    assert str(failure.value) == NONE_STORED


@pytest.mark.parametrize("version", [None, 2, "1"])
def test_an_explanation_of_another_version_is_not_judged(make: Make, version: object) -> None:
    stored = {**explanation(decide([make(1)], None), CUSTOMER), "version": version}

    with pytest.raises(NotJudged) as failure:
        again(json.dumps(stored), DEFAULT_ORDER)

    assert str(failure.value) == OTHER_VERSION


@pytest.mark.parametrize("stored", ["{", "[]", "7", '{"version": 1}', "[" * 100_000])
def test_what_is_no_explanation_is_not_judged(stored: str) -> None:
    with pytest.raises(NotJudged) as failure:
        again(stored, DEFAULT_ORDER)

    assert str(failure.value) == BROKEN


@pytest.mark.parametrize(
    "spoiled",
    [
        {"tiers": ["table", "lowest_id", "colour"]},
        {"tiers": ["lowest_id", "table"]},
        {"tiers": "table"},
        {"candidates": None},
        {"candidates": ["Ada"]},
        {"not_shown": "many"},
        {"candidate": {"table": "invoice"}},
        {"candidate": {"id": "1f0c"}},
        {"candidate": {"values": None}},
        {"value": {"active": "yes"}},
        {"value": {"owned_by_team": None}},
        {"value": {"owned_by_seller": True, "owned_by_team": True}},
        {"value": {"modified": None}},
        {"value": {"modified": "2026-01-01T00:00:00"}},
        {"value": {"latest_conversation": "yesterday"}},
    ],
    ids=json.dumps,
)
def test_an_explanation_that_somebody_has_spoiled_is_not_judged(make: Make, spoiled: dict[str, object]) -> None:
    stored = json.loads(_stored(decide([make(1), make(2)], None)))
    stored["candidates"][0]["values"].update(spoiled.pop("value", {}))
    stored["candidates"][0].update(spoiled.pop("candidate", {}))

    with pytest.raises(NotJudged) as failure:
        again(json.dumps({**stored, **spoiled}), DEFAULT_ORDER)

    assert str(failure.value) == BROKEN


def test_a_candidate_that_is_named_twice_is_not_judged(make: Make) -> None:
    stored = json.loads(_stored(decide([make(1)], None)))

    with pytest.raises(NotJudged) as failure:
        again(json.dumps({**stored, "candidates": stored["candidates"] * 2}), DEFAULT_ORDER)

    assert str(failure.value) == BROKEN
