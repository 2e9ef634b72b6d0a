"""The latest choice of a customer holds, whatever order the choices arrive in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from messaging.errors import Conflict, Unavailable
from messaging.events import ConsentChoice, OptOutSeen
from pipeline.note_consent import MOST_WAITS, Consenting


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


@pytest.fixture
def evidence(org, text_received) -> None:
    """The message that shows the choice is stored."""
    org.sent(text_received.account, text_received.message_id)


@pytest.fixture
def kept(org, text_received):
    """The row of the customer's consent, as it is now."""
    return lambda: org.rows.consents[text_received.sender.key]


def test_the_latest_choice_holds_in_either_order(org, evidence, choice, kept) -> None:
    stop, start = choice(ConsentChoice.OPTED_OUT), choice(ConsentChoice.OPTED_IN, 5)
    for order in ([stop, start], [start, stop]):
        org.rows.consents.clear()
        for event in order:
            Consenting(org.consents()).note(event, 0)

        assert kept().choice is ConsentChoice.OPTED_IN


def test_a_consent_that_says_nothing_yet_takes_any_choice(org, evidence, choice, kept) -> None:
    org.entered_consent(choice(ConsentChoice.OPTED_OUT).customer.value)

    Consenting(org.consents()).note(choice(ConsentChoice.OPTED_OUT), 0)

    assert kept().choice is ConsentChoice.OPTED_OUT


def test_the_message_that_shows_the_choice_is_waited_for(org, choice, kept) -> None:
    with pytest.raises(Unavailable):
        Consenting(org.consents()).note(choice(ConsentChoice.OPTED_OUT), MOST_WAITS - 1)

    shown = org.sent("twilio-demo", "SM1")
    Consenting(org.consents()).note(choice(ConsentChoice.OPTED_OUT), MOST_WAITS - 1)
    assert kept().evidence == shown


def test_without_its_message_the_choice_counts_all_the_same(org, choice, kept) -> None:
    Consenting(org.consents()).note(choice(ConsentChoice.OPTED_OUT), MOST_WAITS)

    assert (kept().choice, kept().evidence) == (ConsentChoice.OPTED_OUT, None)


def test_a_choice_written_meanwhile_is_looked_at_first(org, evidence, choice, kept) -> None:
    Consenting(org.consents()).note(choice(ConsentChoice.OPTED_OUT), 0)
    later = Consenting(org.consents())

    org.rows.meanwhile = lambda: later.note(choice(ConsentChoice.OPTED_OUT, 10), 0)
    Consenting(org.consents()).note(choice(ConsentChoice.OPTED_IN, 5), 0)

    assert kept().choice is ConsentChoice.OPTED_OUT, "the choice that was written meanwhile is the latest"


def test_a_consent_that_never_stands_still_is_tried_again_later(org, evidence, choice, kept) -> None:
    Consenting(org.consents()).note(choice(ConsentChoice.OPTED_OUT), 0)

    def touch() -> None:
        kept().version += 1
        org.rows.meanwhile = touch

    org.rows.meanwhile = touch
    with pytest.raises(Conflict):
        Consenting(org.consents()).note(choice(ConsentChoice.OPTED_IN, 5), 0)
