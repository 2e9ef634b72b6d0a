"""The latest choice of a customer holds, whatever order the choices arrive in."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from messaging.consent import Consent
from messaging.errors import Conflict, Unavailable
from messaging.events import ConsentChoice, OptOutSeen
from pipeline.note_consent import MOST_TRIES, MOST_WAITS, Consenting


@pytest.fixture
def choice(text_received, now):
    def _choice(choice: ConsentChoice, minutes: int = 0) -> OptOutSeen:
        return OptOutSeen(
            account="twilio-demo",
            provider="twilio",
            message_id="SM1",
            customer=text_received.sender,
            choice=choice,
            received_at=now + timedelta(minutes=minutes),
        )

    return _choice


def test_the_latest_choice_holds_in_either_order(consents, choice) -> None:
    stop, start = choice(ConsentChoice.OPTED_OUT), choice(ConsentChoice.OPTED_IN, 5)
    for order in ([stop, start], [start, stop]):
        consents.kept = None
        for event in order:
            Consenting(consents).note(event, 0)

        assert consents.kept.choice is ConsentChoice.OPTED_IN


def test_a_consent_that_says_nothing_yet_takes_any_choice(consents, choice) -> None:
    consents.kept = Consent(id=UUID(int=6), choice=None, decided_on=None, etag="v")

    Consenting(consents).note(choice(ConsentChoice.OPTED_OUT), 0)

    assert consents.kept.choice is ConsentChoice.OPTED_OUT


def test_the_message_that_shows_the_choice_is_waited_for(consents, choice) -> None:
    consents.evidence = None
    with pytest.raises(Unavailable):
        Consenting(consents).note(choice(ConsentChoice.OPTED_OUT), MOST_WAITS - 1)

    consents.evidence = UUID(int=7)
    Consenting(consents).note(choice(ConsentChoice.OPTED_OUT), MOST_WAITS - 1)
    assert consents.shown_by == UUID(int=7)


def test_without_its_message_the_choice_counts_all_the_same(consents, choice) -> None:
    consents.evidence = None

    Consenting(consents).note(choice(ConsentChoice.OPTED_OUT), MOST_WAITS)

    assert consents.kept.choice is ConsentChoice.OPTED_OUT


def test_a_choice_written_meanwhile_is_looked_at_first(consents, choice) -> None:
    consents.conflicts = 1
    Consenting(consents).note(choice(ConsentChoice.OPTED_OUT), 0)
    assert consents.kept.choice is ConsentChoice.OPTED_OUT

    consents.conflicts = MOST_TRIES
    with pytest.raises(Conflict):
        Consenting(consents).note(choice(ConsentChoice.OPTED_IN, 5), 0)
