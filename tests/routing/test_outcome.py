"""What becomes of a text: a record, a person who is asked, a new lead, or a wait whose reason can be said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from messaging.numbers import read_address
from messaging.records import OurNumber, Table
from routing.candidate import Candidate
from routing.explain import AMBIGUOUS, ASKED, NEW_LEAD, explanation, sentences
from routing.outcome import AmbiguousTexts, Becomes, Outcome, outcome
from routing.rank import decide
from routing.tiers import LOW_MARGIN, TierName

Make = Callable[..., Candidate]
CUSTOMER = read_address("+12065550187")
TODAY = datetime(2026, 11, 20, tzinfo=UTC)


@dataclass(frozen=True)
class Wanted:
    ambiguous_texts: AmbiguousTexts = AmbiguousTexts.DECIDE
    new_leads: bool = True
    leads_per_hour: int = 0


ASKING = Wanted(ambiguous_texts=AmbiguousTexts.ASK)


@pytest.mark.parametrize(
    ("facts", "decided_by", "ambiguous"),
    [
        ({"modified_on": TODAY}, TierName.MODIFIED, True),
        ({}, TierName.LOWEST_ID, True),
        ({"active": True}, TierName.ACTIVE, False),
        ({"last_conversation_on": TODAY}, TierName.LATEST_CONVERSATION, False),
    ],
)
def test_what_only_a_date_or_an_id_decides_is_ambiguous(make: Make, facts, decided_by, ambiguous) -> None:
    decision = decide([make(1, **facts), make(2)], None)

    assert (decision.decided_by, decision.ambiguous) == (decided_by, ambiguous)
    assert ("ambiguous" in explanation(decision, CUSTOMER)) is ambiguous
    assert (AMBIGUOUS in sentences(decision, CUSTOMER, str)) is ambiguous


def test_a_single_candidate_and_none_at_all_are_not_ambiguous(make: Make) -> None:
    assert not decide([make(1)], None).ambiguous
    assert not decide([], None).ambiguous


def test_an_ambiguous_text_goes_to_the_first_record_unless_the_organization_wants_to_be_asked(make: Make) -> None:
    ambiguous, clear = decide([make(1), make(2)], None), decide([make(1, Table.CONTACT), make(2)], None)

    assert outcome(ambiguous, CUSTOMER, Wanted()) == Outcome(Becomes.RECORD)
    assert outcome(ambiguous, CUSTOMER, ASKING) == Outcome(Becomes.ASKED)
    assert outcome(clear, CUSTOMER, ASKING) == Outcome(Becomes.RECORD)


def test_an_unknown_number_becomes_a_lead(sellers_number: OurNumber) -> None:
    for number in (None, sellers_number):
        assert outcome(decide([], number), CUSTOMER, Wanted()) == Outcome(Becomes.LEAD)


@pytest.mark.parametrize("own", [None, True])
@pytest.mark.parametrize("sender", ["24273", "Contoso"])
def test_short_codes_and_names_never_make_a_lead(sellers_number: OurNumber, sender: str, own: bool | None) -> None:
    decision = decide([], replace(sellers_number, new_leads=own))

    assert outcome(decision, read_address(sender), Wanted()).waits_because == "short codes and names make no leads"


@pytest.mark.parametrize(
    ("own", "organization", "because"),
    [
        (None, True, ""),
        (None, False, "new leads are turned off"),
        (True, False, ""),
        (False, True, "new leads are turned off for this number"),
    ],
)
def test_a_number_says_for_itself_whether_it_makes_leads(sellers_number: OurNumber, own, organization, because) -> None:
    decision = decide([], replace(sellers_number, new_leads=own))

    made = outcome(decision, CUSTOMER, Wanted(new_leads=organization))

    assert made == (Outcome(Becomes.WAITS, because) if because else Outcome(Becomes.LEAD))


@pytest.mark.parametrize(
    ("most", "lately", "because"),
    [
        (0, 5000, ""),
        (2, 1, ""),
        (2, 2, "2 leads were made for this number within the last hour"),
        (1, 3, "1 lead was made for this number within the last hour"),
    ],
)
def test_a_number_makes_so_many_leads_an_hour_and_no_more(sellers_number: OurNumber, most, lately, because) -> None:
    decision = decide([], replace(sellers_number, new_leads_lately=lately, new_leads=True))

    assert outcome(decision, CUSTOMER, Wanted(leads_per_hour=most)).waits_because == because


def test_the_explanation_says_what_became_of_the_text(make: Make) -> None:
    none, two = decide([], None), decide([make(1), make(2)], None)
    waits = Outcome(Becomes.WAITS, "new leads are turned off")

    stored = [explanation(none, CUSTOMER, None, each) for each in (None, Outcome(Becomes.LEAD), waits)]

    assert [each.get("outcome") for each in stored] == [None, "lead", "waits"]
    assert [each.get("waits_because") for each in stored] == [None, None, "new leads are turned off"]
    assert explanation(two, CUSTOMER, None, Outcome(Becomes.ASKED))["outcome"] == "asked"


def test_the_sentences_say_what_became_of_the_text(make: Make) -> None:
    none, two = decide([], None), decide([make(1), make(2)], None)

    assert sentences(none, CUSTOMER, str, Outcome(Becomes.LEAD))[1:] == [NEW_LEAD]
    assert sentences(none, CUSTOMER, str, Outcome(Becomes.WAITS, "new leads are turned off"))[1:] == [
        "New leads are turned off, so the text waits without a record."
    ]
    first, *more = sentences(two, CUSTOMER, lambda candidate: candidate.name, Outcome(Becomes.ASKED))
    assert (first.partition(" because ")[0], more[:2]) == ("lead 1 comes first", [AMBIGUOUS, ASKED])
    assert sentences(two, CUSTOMER, str, Outcome(Becomes.RECORD)) == sentences(two, CUSTOMER, str)


_policies = st.builds(
    Wanted,
    ambiguous_texts=st.sampled_from(AmbiguousTexts),
    new_leads=st.booleans(),
    leads_per_hour=st.integers(0, 3),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # a function and a value, never changed
@given(
    policy=_policies,
    ages=st.lists(st.integers(0, 2), max_size=4),
    own=st.sampled_from([None, True, False]),
    lately=st.integers(0, 3),
    sender=st.sampled_from(["+12065550187", "24273", "Contoso"]),
)
def test_a_reason_to_wait_is_given_exactly_where_a_text_without_a_candidate_waits(
    make: Make, sellers_number: OurNumber, policy, ages, own, lately, sender
) -> None:
    number = replace(sellers_number, new_leads=own, new_leads_lately=lately)
    candidates = [make(place, modified_on=TODAY.replace(day=1 + age)) for place, age in enumerate(ages)]
    decision = decide(candidates, number)

    made = outcome(decision, read_address(sender), policy)

    assert bool(made.waits_because) == (made.becomes is Becomes.WAITS)
    assert (made.becomes in (Becomes.RECORD, Becomes.ASKED)) == bool(candidates)
    if made.becomes is Becomes.ASKED:
        assert decision.decided_by in LOW_MARGIN
    if made.becomes is Becomes.LEAD:
        assert sender.startswith("+")
        assert own is not False
