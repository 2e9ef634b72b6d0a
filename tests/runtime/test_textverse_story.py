"""A text through the real worker of Azure: callback, queue of Azure Storage, Dataverse Web API."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import pytest
import requests
from azure.core.exceptions import ResourceNotFoundError
from azure.storage.queue import QueueClient, TextBase64DecodePolicy

from dataverse.schema.apply import apply
from dataverse.webapi.auth import StaticToken
from emulator.server import Server
from function_app.dataverse_client import connect
from function_app.settings import Settings
from local.carriers import CARRIERS
from local.carriers.values import CustomerText
from tests.dataverse.contexts import body, context

pytestmark = [pytest.mark.runtime, pytest.mark.azurite]

ROOT = Path(__file__).resolve().parents[2]
EVENTS = "http://127.0.0.1:7071/api/dataverse/events"
CALLBACK = "http://127.0.0.1:7071/api/callbacks/{account}/inbound"
ANSWERED = {"twilio-demo": "text/xml", "acs-demo": "application/xml", "telesign-demo": "application/xml"}
CUSTOMER, OURS = "+12065550187", "+12065550100"


@pytest.fixture(scope="module")
def example():
    return json.loads((ROOT / "local.settings.example.json").read_text(encoding="utf-8"))["Values"]


@pytest.fixture(scope="module")
def dataverse():
    """An emulator with our tables in it."""
    with Server() as server:
        apply(connect(server.url, StaticToken(server.url, "service")), sleep=time.sleep)
        yield server


@pytest.fixture(scope="module")
def worker(start_worker, example, azurite_connection, dataverse):
    settings = {**example, "AzureWebJobsStorage": azurite_connection, "DATAVERSE_URL": dataverse.url}
    return start_worker(ROOT, **settings)


@pytest.fixture
def waiting(azurite_connection):
    """What waits in the queue, as the Functions host would receive it."""

    def receive():
        policy = TextBase64DecodePolicy()
        with QueueClient.from_connection_string(
            azurite_connection, "provider-events", message_decode_policy=policy
        ) as queue:
            try:
                return [message.content for message in queue.receive_messages(max_messages=32)]
            except ResourceNotFoundError:  # nothing was ever sent
                return []

    return receive


def _signed(example, account_id):
    account = Settings.read(example).accounts()[account_id]
    carrier, now = CARRIERS[account.type], datetime.now(UTC)
    text = CustomerText(
        message_id=carrier.new_message_id(uuid4(), now),
        sender=CUSTOMER,
        recipient=OURS,
        text=f"Hello by {account_id} 🎟️",
        at=now,
    )
    return carrier.inbound(account, CALLBACK.format(account=account_id), text)


@pytest.mark.parametrize("account", ["twilio-demo", "acs-demo", "telesign-demo"])
def test_a_signed_callback_becomes_a_message_on_a_lead(worker, example, waiting, dataverse, account):
    request = _signed(example, account)

    answer = worker.http(
        "provider_callback",
        request.method,
        request.url,
        headers=dict(request.headers),
        query=dict(parse_qsl(urlsplit(request.url).query)),
        route={"account": account, "kind": "inbound"},
        body=request.body,
    )
    (message,) = waiting()
    done = worker.queue("process_event", message)

    assert (answer["status"], answer["headers"]["content-type"].partition(";")[0]) == (200, ANSWERED[account])
    assert done["ok"], done["error"]
    query = f"txv_textmessages?$select=txv_body&$filter=txv_provideraccount eq '{account}'"
    rows = requests.get(
        f"{dataverse.url}/api/data/v9.2/{query}", headers={"Authorization": "Bearer service"}, timeout=60
    ).json()["value"]
    assert [row["txv_body"] for row in rows] == [f"Hello by {account} 🎟️"]


def test_an_event_of_dataverse_becomes_a_message_that_lives_for_seven_days(worker, azurite_connection):
    posted = body(context("Update", "contact", {"mobilephone": "+12065550187"}))
    headers = {"x-textverse-secret": "demo-secret-of-dataverse-events", "content-type": "application/json"}

    answer = worker.http("dataverse_event", "POST", EVENTS, headers=headers, body=posted)
    forged = worker.http("dataverse_event", "POST", EVENTS, headers=headers | {"x-textverse-secret": "ü"}, body=posted)

    assert ((answer["status"], answer["body"]), forged["status"]) == ((200, b""), 403)
    policy = TextBase64DecodePolicy()
    with QueueClient.from_connection_string(
        azurite_connection, "record-changes", message_decode_policy=policy
    ) as queue:
        (message,) = queue.receive_messages()
    assert json.loads(message.content)["columns"] == ["mobilephone"]
    assert "5550187" not in message.content
    assert (message.expires_on - message.inserted_on).days == 7


def test_a_forged_callback_reaches_no_queue(worker, example, waiting):
    request = _signed(example, "twilio-demo")

    answer = worker.http(
        "provider_callback",
        request.method,
        request.url,
        headers=dict(request.headers),
        route={"account": "twilio-demo", "kind": "inbound"},
        body=request.body + b"&Extra=1",
    )

    assert (answer["status"], answer["body"], waiting()) == (403, b"", [])
