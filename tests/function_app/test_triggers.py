"""The functions themselves, from Azure's types to the queue and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest

from function_app.app import create_app
from function_app.services import Services
from function_app.settings import Settings
from local.carriers import CARRIERS
from local.carriers.values import CustomerText
from messaging import row_changes
from messaging.errors import ConfigurationError
from messaging.events import MessageReceived
from messaging.web import HttpRequest
from pipeline.accept import PROVIDER_EVENTS
from tests.dataverse.contexts import body, context

BASE = "http://127.0.0.1:7071/api/callbacks"
NOW = datetime(2026, 11, 20, 9, 22, 45, tzinfo=UTC)
TWIML = b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
EMPTY = ("application/xml", b"")
ANSWERS = {"twilio-demo": ("text/xml", TWIML), "acs-demo": EMPTY, "telesign-demo": EMPTY}


def _inbound(services: Services, account_id: str) -> HttpRequest:
    account = services.settings.accounts()[account_id]
    carrier = CARRIERS[account.type]
    text = CustomerText(
        message_id=carrier.new_message_id(UUID(int=1), NOW),
        sender="+12065550187",
        recipient="+12065550100",
        text="Yes please — 2 tickets 🎟️",
        at=NOW,
    )
    return carrier.inbound(account, f"{BASE}/{account_id}/inbound", text)


@pytest.mark.parametrize("account", sorted(ANSWERS))
def test_a_signed_callback_becomes_an_event_on_the_queue(services, functions, as_azure, queue, account: str) -> None:
    request = as_azure(_inbound(services, account), account=account, kind="inbound")

    answer = functions(services)["provider_callback"](request)

    assert (answer.status_code, answer.mimetype, answer.get_body()) == (200, *ANSWERS[account])
    (name, envelope) = queue.sent[0]
    assert name == PROVIDER_EVENTS
    assert isinstance(envelope.event, MessageReceived)
    assert (envelope.event.sender.value, envelope.event.body) == ("+12065550187", "Yes please — 2 tickets 🎟️")


def test_the_url_that_the_provider_signed_is_the_public_one(example, queue, functions, as_azure) -> None:
    services = Services(Settings.read(example | {"PUBLIC_BASE_URL": "http://127.0.0.1:7071/"}), queue)
    called = _inbound(services, "twilio-demo")
    inside = HttpRequest(
        method="POST",
        url=called.url.replace("http://127.0.0.1:7071", "https://internal.example:8080"),
        headers={**called.headers, "X-Forwarded-Host": "evil.example"},
        body=called.body,
    )

    answer = functions(services)["provider_callback"](as_azure(inside, account="twilio-demo", kind="inbound"))

    assert (answer.status_code, len(queue.sent)) == (200, 1)


def test_whatever_host_a_stranger_names_the_public_url_holds(example, queue, functions, as_azure) -> None:
    services = Services(Settings.read(example | {"PUBLIC_BASE_URL": "http://127.0.0.1:7071"}), queue)
    called = _inbound(services, "twilio-demo")

    for host in ("[", "[::1", "evil.example", "a:b:c"):
        url = called.url.replace("127.0.0.1:7071", host)
        inside = HttpRequest(method="POST", url=url, headers=called.headers, body=called.body)
        answer = functions(services)["provider_callback"](as_azure(inside, account="twilio-demo", kind="inbound"))
        assert answer.status_code == 200


def test_a_forged_callback_is_403_without_a_body_and_nothing_is_queued(services, functions, as_azure, queue) -> None:
    request = _inbound(services, "twilio-demo")
    forged = HttpRequest(method="POST", url=request.url, headers=request.headers, body=request.body + b"&x=1")

    answer = functions(services)["provider_callback"](as_azure(forged, account="twilio-demo", kind="inbound"))

    assert (answer.status_code, answer.get_body(), queue.sent) == (403, b"", [])
    assert answer.mimetype != "text/plain"


def test_the_handshake_of_event_grid_is_answered(services, functions, as_azure) -> None:
    preflight = HttpRequest(
        method="OPTIONS", url=f"{BASE}/acs-demo/inbound", headers={"WebHook-Request-Origin": "eventgrid.azure.net"}
    )

    answer = functions(services)["provider_callback"](as_azure(preflight, account="acs-demo", kind="inbound"))

    assert answer.status_code == 200
    assert answer.headers["webhook-allowed-origin"] == "eventgrid.azure.net"


def test_without_accounts_there_is_no_callback_address(functions, as_azure, queue) -> None:
    services = Services(Settings.read({}), queue)
    request = HttpRequest(method="POST", url=f"{BASE}/twilio-demo/inbound")

    answer = functions(services)["provider_callback"](as_azure(request, account="twilio-demo", kind="inbound"))

    assert answer.status_code == 404


def test_with_settings_that_cannot_be_read_the_provider_is_asked_to_try_again(as_azure) -> None:
    def misread() -> Services:
        raise ConfigurationError("PROVIDERS: not JSON, at character 1")

    by_name = {one.get_function_name(): one.get_user_function() for one in create_app(misread).get_functions()}
    request = as_azure(HttpRequest(method="POST", url=BASE), account="twilio-demo", kind="inbound")

    answer = by_name["provider_callback"](request)
    health = by_name["health"](request)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert json.loads(health.get_body())["problems"] == ["PROVIDERS: not JSON, at character 1"]


def test_a_misconfigured_account_is_told_by_health_and_silences_nobody_else(
    example, queue, functions, as_azure, caplog
) -> None:
    accounts = json.loads(example["PROVIDERS"])
    accounts[2]["callback_secrets"] = ["not base64!"]
    services = Services(Settings.read(example | {"PROVIDERS": json.dumps(accounts)}), queue)
    by_name = functions(services)

    health = by_name["health"](as_azure(HttpRequest(method="GET", url="http://127.0.0.1:7071/api/health")))
    good = by_name["provider_callback"](
        as_azure(_inbound(services, "twilio-demo"), account="twilio-demo", kind="inbound")
    )
    bad = by_name["provider_callback"](
        as_azure(HttpRequest(method="POST", url=BASE), account="telesign-demo", kind="inbound")
    )

    told = json.loads(health.get_body())
    assert (health.status_code, told["status"]) == (503, "misconfigured")
    assert "telesign-demo" in told["problems"][0]
    assert "not base64" not in str(told) + caplog.text
    assert (good.status_code, bad.status_code) == (200, 503)


def _event(secret: str = "demo-secret-of-dataverse-events", content: bytes | None = None) -> HttpRequest:
    return HttpRequest(
        method="POST",
        url="http://127.0.0.1:7071/api/dataverse/events",
        headers={"X-Textverse-Secret": secret, "Content-Type": "application/json; charset=utf-8"},
        body=body(context("Update", "contact", {"mobilephone": "+12065550187"})) if content is None else content,
    )


def test_an_event_of_dataverse_is_queued_without_a_value(services, functions, as_azure, queue) -> None:
    answer = functions(services)["dataverse_event"](as_azure(_event()))

    assert (answer.status_code, answer.get_body()) == (200, b"")
    ((name, text),) = queue.sent
    assert name == "record-changes"
    assert row_changes.decode(text).columns == ("mobilephone",)
    assert "5550187" not in text


@pytest.mark.parametrize(
    ("request_", "status"), [(_event("another-secret-of-events"), 403), (_event(content=b"{"), 400)]
)
def test_an_event_of_a_stranger_or_without_sense_reaches_no_queue(
    services, functions, as_azure, queue, request_: HttpRequest, status: int
) -> None:
    answer = functions(services)["dataverse_event"](as_azure(request_))

    assert (answer.status_code, answer.get_body(), queue.sent) == (status, b"", [])


def test_events_are_off_without_a_secret_and_need_no_other_setting(queue, functions, as_azure) -> None:
    off = functions(Services(Settings.read({}), queue))["dataverse_event"](as_azure(_event()))
    on = Services(Settings.read({"DATAVERSE_EVENTS_SECRETS": '["demo-secret-of-dataverse-events"]'}), queue)

    assert off.status_code == 404
    assert functions(on)["dataverse_event"](as_azure(_event())).status_code == 200


def test_with_settings_that_cannot_be_read_dataverse_is_asked_to_try_once_more(as_azure) -> None:
    def misread() -> Services:
        raise ConfigurationError("PROVIDERS: not JSON, at character 1")

    by_name = {one.get_function_name(): one.get_user_function() for one in create_app(misread).get_functions()}

    assert by_name["dataverse_event"](as_azure(_event())).status_code == 503


def test_health_is_ok_with_the_demo_settings_and_calls_nobody(services, functions, as_azure) -> None:
    answer = functions(services)["health"](as_azure(HttpRequest(method="GET", url="http://x.example/api/health")))

    assert (answer.status_code, json.loads(answer.get_body())["status"]) == (200, "ok")


def test_a_callback_needs_no_dataverse_settings(example, queue, functions, as_azure) -> None:
    services = Services(Settings.read(example | {"DATAVERSE_URL": "", "DATAVERSE_AUTH": "client_secret"}), queue)

    answer = functions(services)["provider_callback"](
        as_azure(_inbound(services, "acs-demo"), account="acs-demo", kind="inbound")
    )

    assert (answer.status_code, len(queue.sent)) == (200, 1)
