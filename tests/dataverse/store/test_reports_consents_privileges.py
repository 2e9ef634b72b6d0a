"""Reports, consents and privileges: the same from every implementation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from messaging.errors import AlreadyExists, Conflict
from messaging.events import ConsentChoice
from messaging.numbers import read_address
from messaging.records import Principal, PrincipalKind
from messaging.status import Failure, FailureReason, Progress, Status

IN, OUT = ConsentChoice.OPTED_IN, ConsentChoice.OPTED_OUT
FAILED_AT = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
# Dataverse keeps an empty text as none, cuts none short by itself, and takes no control characters in a line.
WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), max_size=1000)
PROGRESS = st.builds(Progress, st.sampled_from(Status), WORDS) | st.builds(
    Progress,
    st.sampled_from(Status),
    st.just(""),
    st.builds(Failure, st.sampled_from(FailureReason), WORDS, FAILED_AT.map(lambda at: at.replace(microsecond=0))),
)


@pytest.fixture
def sent(org) -> str:
    """The provider's id of a text that is on its way."""
    provider_id = f"SM{uuid4().hex}"
    org.sent("twilio-demo", provider_id)
    return provider_id


def test_a_sent_text_is_found_by_the_providers_id_in_its_account(org, sent) -> None:
    found = org.reports().find("twilio-demo", sent, None)

    assert found is not None
    assert found.progress == Progress(Status.QUEUED)
    assert org.reports().find("acs-demo", sent, None) is None
    assert org.reports().find("twilio-demo", f"{sent}x", None) is None


@pytest.mark.parametrize(("account", "is_found"), [(None, True), ("twilio-demo", True), ("acs-demo", False)])
def test_our_own_id_counts_only_in_the_same_account_or_before_there_is_one(org, account, is_found) -> None:
    row = org.sent(account, None)

    found = org.reports().find("twilio-demo", "SM-not-noted-yet", str(row))

    assert (found.id if found else None) == (row if is_found else None)


@pytest.mark.parametrize("reference", ["", "not an id", "00000000-0000-4000-8000-000000000000", "' or 1 eq 1"])
def test_a_reference_that_is_none_of_ours_finds_nothing(org, reference: str) -> None:
    assert org.reports().find("twilio-demo", "SM-unknown", reference) is None


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PROGRESS)
def test_what_is_recorded_is_found_again(org, sent, progress: Progress) -> None:
    org.reports().record(org.reports().find("twilio-demo", sent, None), progress)

    assert org.reports().find("twilio-demo", sent, None).progress == progress


def test_a_detail_that_is_too_long_is_cut(org, sent) -> None:
    org.reports().record(org.reports().find("twilio-demo", sent, None), Progress(Status.SENT, "x" * 1001))

    assert org.reports().find("twilio-demo", sent, None).progress == Progress(Status.SENT, "x" * 1000)


def test_a_report_on_a_text_that_changed_meanwhile_is_a_conflict(org, sent) -> None:
    message = org.reports().find("twilio-demo", sent, None)
    org.reports().record(message, Progress(Status.SENT))

    with pytest.raises(Conflict):
        org.reports().record(message, Progress(Status.DELIVERED))

    assert org.reports().find("twilio-demo", sent, None).progress == Progress(Status.SENT)


def test_a_choice_is_kept_and_the_next_one_replaces_it(org, choice) -> None:
    customer, consents = org.customer(), org.consents()
    assert consents.find(choice(customer, OUT)).consent is None

    for chosen in (OUT, IN):
        event = choice(customer, chosen)
        consents.record(event, consents.find(event))

        kept = consents.find(event).consent
        assert kept is not None
        assert (kept.choice, kept.decided_on) == (chosen, event.received_at.replace(microsecond=0))


def test_two_first_choices_at_once_are_one_and_a_conflict(org, choice) -> None:
    customer, consents = org.customer(), org.consents()
    event, other = choice(customer, OUT), choice(customer, IN)
    known = consents.find(event)
    consents.record(event, known)

    with pytest.raises(AlreadyExists):
        consents.record(other, known)

    assert consents.find(event).consent.choice is OUT


def test_a_choice_over_one_that_changed_meanwhile_is_a_conflict(org, choice) -> None:
    customer, consents = org.customer(), org.consents()
    event = choice(customer, OUT)
    consents.record(event, consents.find(event))
    known = consents.find(event)
    consents.record(choice(customer, IN), known)

    with pytest.raises(Conflict):
        consents.record(choice(customer, OUT), known)

    assert consents.find(event).consent.choice is IN


def test_a_consent_that_a_colleague_entered_is_the_one_that_is_changed(org, choice) -> None:
    customer, consents = org.customer(), org.consents()
    entered = org.entered_consent(customer)
    event = choice(customer, OUT)
    known = consents.find(event)
    assert (known.consent.id, known.consent.choice, known.consent.decided_on) == (entered, None, None)

    consents.record(event, known)

    kept = consents.find(event).consent
    assert (kept.id, kept.choice) == (entered, OUT)


def test_the_text_that_shows_a_choice_is_found_in_its_account(org, choice, text, incoming) -> None:
    customer, consents = org.customer(), org.consents()
    stop = text(read_address("+12065550100"), customer)
    assert consents.find(choice(customer, OUT, stop.message_id)).evidence is None

    org.inbox().store(shown := incoming(stop), ())

    assert consents.find(choice(customer, OUT, stop.message_id)).evidence == shown.message_id
    assert consents.find(choice(customer, OUT, "SM-another")).evidence is None


def test_who_may_read_texts_is_known_one_by_one(org) -> None:
    may, may_not = org.team(), org.team(texts=False)
    nobody = Principal(PrincipalKind.USER, uuid4())

    assert org.privileges().may_receive([may, may_not, nobody]) == {may: True, may_not: False, nobody: False}
    assert org.privileges().may_receive([]) == {}


def test_users_may_what_their_roles_say(org) -> None:
    seller = org.seller()

    assert org.privileges().may_receive({seller}) == {seller: True}


def test_a_yes_is_remembered_until_it_is_to_be_forgotten(org) -> None:
    privileges, team = org.privileges(), org.team()
    assert privileges.may_receive([team]) == {team: True}
    org.take_role(team)

    assert privileges.may_receive([team]) == {team: True}
    privileges.forget()
    assert privileges.may_receive([team]) == {team: False}


def test_a_no_is_asked_again_each_time(org) -> None:
    privileges, team = org.privileges(), org.team(texts=False)
    assert privileges.may_receive([team]) == {team: False}
    org.give_role(team)

    assert privileges.may_receive([team]) == {team: True}


def test_a_moment_is_kept_to_the_second(org, sent) -> None:
    at = datetime(2026, 11, 20, 9, 22, 45, 999_999, tzinfo=UTC) + timedelta(hours=1)
    failed = Progress(Status.FAILED, "", Failure(FailureReason.EXPIRED, "x", at))
    org.reports().record(org.reports().find("twilio-demo", sent, None), failed)

    assert org.reports().find("twilio-demo", sent, None).progress.failure.at == at.replace(microsecond=0)
