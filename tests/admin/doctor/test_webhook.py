"""Faults of the way on which Dataverse tells the function app of changes."""

from __future__ import annotations

import time

import pytest
import responses

from dataverse.schema.components import component_id
from dataverse.schema.events import STEPS
from tests.admin.doctor.healthy import behave

ENDPOINT = f"serviceendpoints({component_id('webhook', 'Textverse')})"
EVENTS = "https://sms.example.com/api/dataverse/events"


def test_a_webhook_that_is_missing_is_found(well):
    well.send("DELETE", ENDPOINT)

    ((verdict, what),) = well.found("webhook")
    assert (verdict, "Dataverse has no webhook of Textverse" in what) == ("problem", True)


def test_a_webhook_that_leads_elsewhere_is_found(well):
    well.send("PATCH", ENDPOINT, {"url": "https://old.example.com/api/dataverse/events"})

    assert well.found("webhook") == [
        ("problem", f"The webhook leads to https://old.example.com/api/dataverse/events, and not to {EVENTS}")
    ]


@pytest.mark.parametrize("changed", [{"authvalue": None}, {"authtype": 4}])
def test_a_webhook_without_a_secret_in_the_header_is_found(well, changed):
    well.send("PATCH", ENDPOINT, changed)

    assert well.found("webhook") == [("problem", "The webhook has no secret: the function app refuses what it brings")]


def test_a_secret_that_is_not_the_one_of_the_settings_is_found(well):
    well.values["DATAVERSE_EVENTS_SECRETS"] = '["another-secret-0123456789"]'

    assert well.found("webhook") == [
        ("problem", "The webhook was given a secret that is not in DATAVERSE_EVENTS_SECRETS: it is refused")
    ]


def test_a_secret_that_is_to_be_renewed_is_doubtful(well):
    well.values["DATAVERSE_EVENTS_SECRETS"] = '["another-secret-0123456789", "demo-secret-of-dataverse-events"]'

    ((verdict, what),) = well.found("webhook")
    assert (verdict, "still has an older secret" in what) == ("warning", True)


def test_without_settings_the_secret_is_not_compared(well):
    well.values["DATAVERSE_EVENTS_SECRETS"] = "[]"

    assert well.found("webhook") == []


def test_a_step_that_is_missing_is_found(well):
    well.send("DELETE", f"sdkmessageprocessingsteps({STEPS[0].id})")

    assert well.found("webhook") == [("problem", f"The webhook lacks the steps {STEPS[0].name}")]


def test_a_step_that_is_disabled_is_found(well):
    well.send("PATCH", f"sdkmessageprocessingsteps({STEPS[0].id})", {"statecode": 1, "statuscode": 2})

    assert well.found("webhook") == [("problem", f"The step {STEPS[0].name} is disabled")]


def test_the_secret_is_sent_without_an_event(well):
    assert well.found("webhook secret") == []
    (call,) = well.remote.calls
    assert call.request.headers["X-Textverse-Secret"] == "demo-secret-of-dataverse-events"
    assert not call.request.body


@pytest.mark.parametrize(
    ("status", "verdict", "what"),
    [
        (403, "problem", "does not take the secret of the webhook (403)"),
        (404, "problem", "has no secret of the webhook (404)"),
        (503, "skipped", "does not say whether it takes the secret (503)"),
    ],
)
def test_a_secret_that_the_function_app_does_not_take_is_found(well, status, verdict, what):
    well.remote.replace(responses.POST, EVENTS, status=status)

    assert well.found("webhook secret") == [(verdict, f"The function app {what}")]


def test_an_event_that_could_not_be_delivered_is_found(well):
    well.send("PATCH", ENDPOINT, {"url": "http://127.0.0.1:9/api/dataverse/events"})
    behave(well.url, webhooks_dropped=False)
    well.send("POST", "contacts", {"lastname": "Rivera", "mobilephone": "+12065550187"})
    deadline = time.monotonic() + 20
    while not (found := well.found("webhook deliveries")) and time.monotonic() < deadline:
        time.sleep(0.05)

    ((verdict, what),) = found
    assert (verdict, "1 events of the last day were not delivered" in what) == ("warning", True)
    assert "12065550187" not in what


def test_an_event_that_was_not_delivered_long_ago_is_forgotten(well):
    later = well.situation().now()
    well.seen["now"] = lambda: later.replace(year=later.year + 1)

    assert well.found("webhook deliveries") == []
