"""The seven tiers: each example is decided by the tier it is named for, and by no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise, permutations
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.records import OurNumber, Person, Principal, PrincipalKind, Record, Table
from routing.candidate import Candidate
from routing.rank import Decision, decide
from routing.tiers import DEFAULT_ORDER, TIERS, TierName, check_order

Make = Callable[..., Candidate]
YESTERDAY = datetime(2026, 11, 19, tzinfo=UTC)
TODAY = datetime(2026, 11, 20, tzinfo=UTC)


def _winner(decision: Decision) -> int:
    assert decision.winner is not None
    return decision.winner.record.id.int


def test_the_latest_conversation_beats_everything_else(
    make: Make, sellers_number: OurNumber, owners: dict[str, Principal]
) -> None:
    other = make(
        1, Table.CONTACT, owner=owners["seller"], active=True, modified_on=TODAY, last_conversation_on=YESTERDAY
    )
    lead = make(2, last_conversation_on=TODAY)

    decision = decide([other, lead], sellers_number)

    assert (_winner(decision), decision.decided_by) == (2, TierName.LATEST_CONVERSATION)


def test_the_addressed_sellers_record_beats_a_better_table(
    make: Make, sellers_number: OurNumber, owners: dict[str, Principal]
) -> None:
    contact = make(1, Table.CONTACT, active=True, modified_on=TODAY)
    lead = make(2, owner=owners["seller"])

    decision = decide([contact, lead], sellers_number)

    assert (_winner(decision), decision.decided_by) == (2, TierName.OWNED_BY_SELLER)


@pytest.mark.parametrize("owner", ["colleague", "seller", "team"])
def test_a_record_of_the_owning_team_or_a_member_beats_a_better_table(
    make: Make, teams_number: OurNumber, owners: dict[str, Principal], owner: str
) -> None:
    contact = make(1, Table.CONTACT, active=True, modified_on=TODAY)
    lead = make(2, owner=owners[owner])

    decision = decide([contact, lead], teams_number)

    assert (_winner(decision), decision.decided_by) == (2, TierName.OWNED_BY_TEAM)


def test_no_member_is_preferred_on_a_number_that_one_seller_owns(
    make: Make, sellers_number: OurNumber, owners: dict[str, Principal]
) -> None:
    contact = make(1, Table.CONTACT)
    lead = make(2, owner=owners["colleague"])

    assert decide([contact, lead], sellers_number).decided_by is TierName.TABLE


@pytest.mark.parametrize(("better", "worse"), list(zip(list(Table), list(Table)[1:], strict=False)))
def test_contact_account_opportunity_lead_in_this_order(make: Make, better: Table, worse: Table) -> None:
    decision = decide([make(1, worse, active=True, modified_on=TODAY), make(2, better)], None)

    assert (_winner(decision), decision.decided_by) == (2, TierName.TABLE)


def test_an_active_record_beats_a_fresher_one(make: Make) -> None:
    decision = decide([make(1, modified_on=TODAY), make(2, active=True)], None)

    assert (_winner(decision), decision.decided_by) == (2, TierName.ACTIVE)


def test_the_most_recently_updated_beats_the_lower_id(make: Make) -> None:
    decision = decide([make(1), make(2, modified_on=TODAY)], None)

    assert (_winner(decision), decision.decided_by) == (2, TierName.MODIFIED)


def test_the_lowest_id_decides_where_nothing_else_does(make: Make) -> None:
    decision = decide([make(2), make(1)], None)

    assert (_winner(decision), decision.decided_by) == (1, TierName.LOWEST_ID)


def test_a_record_without_an_owner_belongs_to_nobodys_team(make: Make, teams_number: OurNumber) -> None:
    assert decide([make(1, owner=None), make(2)], teams_number).decided_by is TierName.LOWEST_ID


def test_a_single_candidate_wins_without_a_tier(make: Make) -> None:
    decision = decide([make(1)], None)

    assert (_winner(decision), decision.decided_by) == (1, None)


def test_no_candidate_no_winner() -> None:
    decision = decide([], None)

    assert (decision.winner, decision.decided_by, decision.standings) == (None, None, ())


def test_the_same_record_twice_is_a_mistake_of_the_caller(make: Make) -> None:
    with pytest.raises(ValueError, match="twice"):
        decide([make(1), make(1)], None)


def test_the_order_of_the_tiers_is_data(make: Make) -> None:
    order = check_order((TierName.ACTIVE, TierName.TABLE, TierName.LOWEST_ID))

    decision = decide([make(1, Table.CONTACT), make(2, active=True)], None, order)

    assert (_winner(decision), decision.decided_by) == (2, TierName.ACTIVE)


@pytest.mark.parametrize(
    "order",
    [(), (TierName.TABLE,), (TierName.TABLE, TierName.TABLE, TierName.LOWEST_ID), (TierName.LOWEST_ID, TierName.TABLE)],
)
def test_an_order_that_might_not_decide_is_refused(order: tuple[TierName, ...]) -> None:
    with pytest.raises(ValueError, match="last"):
        check_order(order)


# Few values each, so that ties are common and every tier gets its turn.
_principals = st.one_of(
    st.none(),
    st.builds(Principal, st.sampled_from(PrincipalKind), st.integers(1, 3).map(lambda number: UUID(int=number))),
)
_moments = st.integers(0, 2).map(lambda days: YESTERDAY + timedelta(days=days))
_candidates = st.builds(
    Candidate,
    record=st.builds(Record, st.sampled_from(Table), st.integers(1, 8).map(lambda number: UUID(int=number))),
    owner=_principals,
    active=st.booleans(),
    modified_on=_moments,
    found_by=st.just(("telephone1",)),
    last_conversation_on=st.one_of(st.none(), _moments),
)
_lists = st.lists(_candidates, max_size=6, unique_by=lambda candidate: candidate.record)
_numbers = st.one_of(
    st.none(),
    st.builds(
        OurNumber,
        id=st.just(UUID(int=100)),
        owner=_principals.filter(bool),
        people=st.lists(st.builds(Person, st.integers(1, 3).map(lambda n: UUID(int=n)), st.just("")), max_size=3).map(
            tuple
        ),
    ),
)
_orders = st.permutations(list(TierName)[:-1]).map(lambda names: (*names, TierName.LOWEST_ID))


@given(_lists, _numbers, _orders, st.randoms())
def test_the_order_in_which_candidates_come_in_does_not_matter(
    candidates: list[Candidate],
    number: OurNumber | None,
    order: tuple[TierName, ...],
    random: Random,
) -> None:
    shuffled = random.sample(candidates, len(candidates))

    assert decide(candidates, number, order) == decide(shuffled, number, order)


@given(_lists, _numbers, _orders)
def test_ranking_is_a_total_order(
    candidates: list[Candidate], number: OurNumber | None, order: tuple[TierName, ...]
) -> None:
    ranked = [standing.candidate for standing in decide(candidates, number, order).standings]

    # Whoever stands before another also wins when only the two are compared, and so do all three of any three.
    for better, worse in pairwise(ranked):
        assert decide([worse, better], number, order).winner == better
    for trio in permutations(ranked[:4], 3):
        assert decide(trio, number, order).winner == min(trio, key=ranked.index)


@given(_lists, _numbers, _orders)
def test_the_tier_named_is_the_tier_that_decided(
    candidates: list[Candidate], number: OurNumber | None, order: tuple[TierName, ...]
) -> None:
    decision = decide(candidates, number, order)

    # The rule as written: each tier keeps the best of those still tied, until one is left.
    tied, decided_by = list(candidates), None
    for name in order:
        if len(tied) > 1:
            best = max(TIERS[name].order(one, number) for one in tied)
            tied = [one for one in tied if TIERS[name].order(one, number) == best]
            decided_by = name
    assert decision.winner == (tied[0] if tied else None)
    assert decision.decided_by == decided_by


def test_every_tier_is_in_the_default_order() -> None:
    assert set(DEFAULT_ORDER) == set(TIERS) == set(TierName)
