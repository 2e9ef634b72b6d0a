"""Delivery reports and choices about being texted, as rows."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from messaging.errors import Unavailable
from messaging.events import ConsentChoice, DeliveryReported, MessageReceived, OptOutSeen
from messaging.status import FailureReason, Status

CHOICES = {
    Status.QUEUED: 471_100_002,
    Status.SENT: 471_100_004,
    Status.DELIVERED: 471_100_005,
    Status.FAILED: 471_100_007,
}


@pytest.fixture
def sent(world):
    """A text of ours that the provider has taken."""
    row, provider_id = uuid4(), f"SM{uuid4().hex}"
    world.create(
        f"txv_textmessages({row})",
        {
            "txv_name": "Text",
            "txv_direction": 471_100_001,
            "txv_status": CHOICES[Status.QUEUED],
            "txv_provideraccount": "twilio-demo",
            "txv_providermessageid": provider_id,
        },
    )
    return row, provider_id


def _report(world, provider_id: str, status: Status | None, **facts: object) -> DeliveryReported:
    plain = {
        "account": "twilio-demo",
        "provider": "twilio",
        "message_id": provider_id,
        "status": status,
        "native_status": "x",
        "received_at": world.now(),
    }
    return DeliveryReported(**{**plain, **facts})


def _choice(world, event: MessageReceived, choice: ConsentChoice, minutes: int = 0) -> OptOutSeen:
    return OptOutSeen(
        account=event.account,
        provider="twilio",
        message_id=event.message_id,
        customer=event.sender,
        choice=choice,
        received_at=world.now() + timedelta(minutes=minutes),
    )


def _row(world, row) -> dict[str, object]:
    (found,) = world.rows(f"txv_textmessages?$filter=txv_textmessageid eq {row}")
    return found


def test_a_delivery_that_is_reported_before_the_sending_stays_delivered(world, sent) -> None:
    row, provider_id = sent

    for status in (Status.DELIVERED, Status.SENT):
        world.tracking().track(_report(world, provider_id, status), 0)

    assert _row(world, row)["txv_status"] == CHOICES[Status.DELIVERED]


def test_a_failure_keeps_its_first_reason_in_the_row(world, sent) -> None:
    row, provider_id = sent
    first = _report(world, provider_id, Status.FAILED, failure=FailureReason.OPTED_OUT, detail="21610 unsubscribed")
    second = _report(
        world,
        provider_id,
        Status.FAILED,
        failure=FailureReason.PROVIDER_ERROR,
        detail="30008",
        received_at=world.now() + timedelta(minutes=1),
    )

    for report in (second, first, second):
        world.tracking().track(report, 0)

    found = _row(world, row)
    assert (found["txv_status"], found["txv_failurereason"]) == (CHOICES[Status.FAILED], "OptedOut")
    assert found["txv_statusdetail"] == "21610 unsubscribed"


def test_our_own_id_finds_the_message_before_we_know_the_providers(world) -> None:
    row = uuid4()
    world.create(
        f"txv_textmessages({row})",
        {"txv_name": "Text", "txv_direction": 471_100_001, "txv_status": CHOICES[Status.QUEUED]},
    )

    world.tracking().track(_report(world, "SM-not-noted-yet", Status.SENT, reference=str(row)), 0)

    assert _row(world, row)["txv_status"] == CHOICES[Status.SENT]


def test_a_message_without_a_status_or_with_a_reason_of_others_takes_a_report(world) -> None:
    row, provider_id = uuid4(), f"SM{uuid4().hex}"
    body = {"txv_name": "Text", "txv_provideraccount": "twilio-demo", "txv_providermessageid": provider_id}
    reason = {"txv_failurereason": "a colleague's word", "txv_failedon": "2026-11-20T09:00:00Z"}
    world.create(f"txv_textmessages({row})", body)

    world.tracking().track(_report(world, provider_id, Status.SENT), 0)
    assert _row(world, row)["txv_status"] == CHOICES[Status.SENT]

    world.update(f"txv_textmessages({row})", reason)
    world.tracking().track(_report(world, provider_id, Status.DELIVERED), 0)
    assert _row(world, row)["txv_status"] == CHOICES[Status.DELIVERED]


@pytest.mark.parametrize("reference", [None, "not an id", "00000000-0000-4000-8000-000000000000"])
def test_a_report_on_a_message_of_nobody_waits(world, reference: str | None) -> None:
    with pytest.raises(Unavailable):
        world.tracking().track(_report(world, "SM-unknown", Status.SENT, reference=reference), 0)


def test_another_accounts_report_cannot_move_our_message(world, sent) -> None:
    row, _ = sent
    report = _report(world, "SM-other", Status.DELIVERED, account="telesign-demo", reference=str(row))

    with pytest.raises(Unavailable):
        world.tracking().track(report, 0)

    assert _row(world, row)["txv_status"] == CHOICES[Status.QUEUED]


def test_a_choice_is_kept_with_the_message_that_shows_it_and_the_latest_holds(world) -> None:
    customer = world.customer()
    event = world.text(world.number(world.seller()), customer, "STOP")
    world.ingestion().ingest(event)

    for choice, minutes in ((ConsentChoice.OPTED_OUT, 0), (ConsentChoice.OPTED_IN, 5), (ConsentChoice.OPTED_OUT, 1)):
        world.consenting().note(_choice(world, event, choice, minutes), 0)

    (consent,) = world.rows(f"txv_consents?$filter=txv_digits eq '{customer[1:]}'")
    assert consent["txv_choice"] == 471_100_001
    assert consent["_txv_evidenceid_value"] == world.message(event)["txv_textmessageid"]


def test_a_choice_counts_over_a_consent_that_others_have_entered(world) -> None:
    customer, entered = world.customer(), uuid4()
    body = {"txv_digits": customer[1:], "txv_choice": 471_100_001, "txv_decidedon": "2026-01-05T08:00:00Z"}
    world.create(f"txv_consents({entered})", {"txv_name": "From the web form", **body})
    event = world.text(world.number(world.seller()), customer, "STOP")
    world.ingestion().ingest(event)

    world.consenting().note(_choice(world, event, ConsentChoice.OPTED_OUT), 0)

    (consent,) = world.rows(f"txv_consents?$filter=txv_digits eq '{customer[1:]}'")
    assert (consent["txv_consentid"], consent["txv_choice"]) == (str(entered), 471_100_000)


def test_a_consent_that_says_nothing_yet_takes_any_choice(world) -> None:
    customer, entered = world.customer(), uuid4()
    world.create(f"txv_consents({entered})", {"txv_name": "To be asked", "txv_digits": customer[1:]})
    event = world.text(world.number(world.seller()), customer, "START")
    world.ingestion().ingest(event)

    world.consenting().note(_choice(world, event, ConsentChoice.OPTED_IN), 0)

    (consent,) = world.rows(f"txv_consents?$filter=txv_digits eq '{customer[1:]}'")
    assert consent["txv_choice"] == 471_100_001
