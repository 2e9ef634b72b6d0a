"""`replay`: events that were set aside, listed and put back, in Azurite."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from azure.storage.queue import QueueServiceClient, TextBase64DecodePolicy

from function_app.queues import StorageQueues
from messaging import row_changes
from messaging.envelope import Envelope, decode, encode
from messaging.events import DeliveryReported, MessageReceived
from messaging.numbers import read_address
from messaging.row_changes import Change, RowChanged
from messaging.status import Status
from tests.admin.conftest import Console

pytestmark = pytest.mark.azurite

ROOT = Path(__file__).parents[2]
QUEUE, POISON = "provider-events", "provider-events-poison"
BODY, CUSTOMER = "a private word", "+12065550187"
NOW = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)


def a_text(number: int = 1) -> MessageReceived:
    return MessageReceived(
        account="twilio-demo",
        provider="twilio",
        message_id=f"SM{number}",
        sender=read_address(CUSTOMER),
        recipient=read_address("+12065550100"),
        body=BODY,
        received_at=NOW,
    )


def a_report() -> DeliveryReported:
    return DeliveryReported(
        account="acs-demo",
        provider="acs",
        message_id="m1",
        status=Status.DELIVERED,
        native_status="Delivered",
        received_at=NOW,
    )


class Storage:
    """Azurite's queues: ours to send, the official SDK to see what is there."""

    def __init__(self, connection: str) -> None:
        self.service = QueueServiceClient.from_connection_string(connection)
        self.queues = StorageQueues.from_settings({"AzureWebJobsStorage": connection})

    def set_aside(self, event, reason=None, attempt=0, queue=POISON):
        self.queues.send(queue, encode(Envelope(event=event, reason=reason, attempt=attempt)))

    def raw(self, content):
        self.service.get_queue_client(POISON).send_message(content)

    def all(self, queue):
        """What can be received now, which is gone then."""
        client = self.service.get_queue_client(queue, message_decode_policy=TextBase64DecodePolicy())
        found = []
        for message in client.receive_messages(messages_per_page=32, visibility_timeout=60):
            client.delete_message(message)
            found.append(message.content)
        return found

    def peeked(self, queue):
        return self.service.get_queue_client(queue).get_queue_properties().approximate_message_count


@pytest.fixture
def storage(emptied_azurite):
    storage = Storage(emptied_azurite)
    for queue in (QUEUE, POISON):
        storage.service.get_queue_client(queue).create_queue()
    return storage


@pytest.fixture
def replay(azurite_connection):
    console = Console({"AzureWebJobsStorage": azurite_connection})
    return lambda *words: console("replay", *words)


def test_where_nothing_is_set_aside_all_is_fine(replay, storage):
    ran = replay()

    assert ran.code == 0
    assert "No event set aside." in ran.out


def test_what_is_set_aside_is_listed_by_reason_without_texts_and_numbers_and_stays(replay, storage):
    storage.set_aside(a_text(1), "Refused: no such column", attempt=3)
    storage.set_aside(a_text(2), "Refused: no such column")
    storage.set_aside(a_report(), "NotFound: no message of +12065550187")
    ran, document = replay(), replay("--json").document

    assert ran.code == document["exit"] == 1
    assert "3 events set aside." in ran.out
    assert ran.out.count("Refused: no such column") == 1
    assert BODY not in ran.out
    assert CUSTOMER not in ran.out
    assert "python -m admin replay --all" in ran.out
    assert sorted((each["event"], each["account"], each["attempts"]) for each in document["events"]) == [
        ("delivery_reported", "acs-demo", 1),
        ("message_received", "twilio-demo", 1),
        ("message_received", "twilio-demo", 4),
    ]
    assert len(storage.all(POISON)) == 3  # seen by everybody, at once


def test_all_go_back_afresh_and_are_gone(replay, storage):
    storage.set_aside(a_text(), "tried 32 times, at last Unavailable", attempt=31)
    ran = replay("--all", "--json")

    assert ran.code == 0
    assert [each["event"] for each in ran.document["put_back"]] == ["message_received"]
    assert [decode(text) for text in storage.all(QUEUE)] == [Envelope(event=a_text())]
    assert storage.all(POISON) == []


def test_only_the_one_that_is_named_goes_back(replay, storage):
    for number in range(3):
        storage.set_aside(a_text(number), f"reason {number}")
    (wanted,) = [each["id"] for each in replay("--json").document["events"] if each["reason"] == "reason 1"]
    ran = replay("--id", wanted)

    assert ran.code == 0
    assert "Put back: 1 event." in ran.out
    assert [decode(text).event.message_id for text in storage.all(QUEUE)] == ["SM1"]
    assert sorted(decode(text).event.message_id for text in storage.all(POISON)) == ["SM0", "SM2"]


def test_one_that_is_not_there_is_said_and_nothing_goes_back(replay, storage):
    storage.set_aside(a_text())
    ran = replay("--id", "nothing", "--json")

    assert ran.code == 1
    assert ran.document["not_found"] == ["nothing"]
    assert ran.document["left"] == 1
    assert storage.all(QUEUE) == []


@pytest.mark.parametrize("choice", [["--all"], ["--id", "?"], []])
def test_a_dry_run_changes_nothing(replay, storage, choice):
    storage.set_aside(a_text(), "a reason")
    (event,) = replay("--json").document["events"]
    ran = replay(*(event["id"] if word == "?" else word for word in choice), "--dry-run", "--json")

    assert ran.code == 1
    assert [each["id"] for each in ran.document["events"]] == [event["id"]]
    assert "put_back" not in ran.document
    assert (len(storage.all(POISON)), storage.all(QUEUE)) == (1, [])


def test_more_than_one_answer_holds_are_all_found(replay, storage):
    for number in range(40):
        storage.set_aside(a_text(number))

    assert len(replay("--json").document["events"]) == 40
    assert len(replay("--all", "--json").document["put_back"]) == 40
    assert len(storage.all(QUEUE)) == 40


def test_killed_in_the_middle_it_has_lost_nothing(azurite_connection, storage):
    for number in range(40):
        storage.set_aside(a_text(number))
    command = [sys.executable, "-m", "admin", "replay", "--all"]
    environment = {"PATH": os.environ["PATH"], "AzureWebJobsStorage": azurite_connection}
    pipes = {"stderr": subprocess.PIPE, "stdout": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **pipes) as process:
        process.stderr.readline()
        process.kill()
    back = {decode(text).event.message_id for text in storage.all(QUEUE)}

    assert 0 < len(back) < 40
    assert len(back) + storage.peeked(POISON) >= 40


def test_what_the_functions_host_set_aside_goes_back_as_it_was(replay, storage):
    storage.set_aside(a_text())  # as it was queued: without a reason
    ran = replay("--json")

    assert "failed five times" in ran.document["events"][0]["reason"]
    replay("--all")
    assert [decode(text) for text in storage.all(QUEUE)] == [Envelope(event=a_text())]


@pytest.mark.parametrize(
    "content", [base64.b64encode(b'{"version": 9}').decode(), base64.b64encode(b"\xff").decode(), "not base64!"]
)
def test_what_nobody_can_read_goes_back_untouched(replay, storage, content):
    storage.raw(content)
    (event,) = replay("--json").document["events"]
    replay("--all")

    assert (event["event"], event["reason"]) == ("unreadable", "not an event that this release can read")
    assert storage.service.get_queue_client(QUEUE).receive_message().content == content


def test_what_somebody_else_looks_at_is_counted_and_said_to_come_back(replay, storage):
    storage.set_aside(a_text())
    storage.service.get_queue_client(POISON).receive_message(visibility_timeout=60)
    ran, document = replay(), replay("--json").document

    assert ran.code == 1
    assert "Look again in 5 minutes: somebody else is looking at 1 event." in ran.out
    assert document["held_by_others"] == 1


def test_a_queue_that_was_never_made_is_made_and_other_queues_are_looked_through_too(replay, storage):
    change = row_changes.encode(RowChanged(table="contact", id=uuid4(), change=Change.UPDATE))
    storage.service.get_queue_client("record-changes-poison").create_queue()
    storage.queues.send("record-changes-poison", change)
    (event,) = replay("--json").document["events"]
    ran = replay("--all")

    assert ran.code == 0
    assert (event["event"], event["queue"]) == ("update of contact", "record-changes")
    assert storage.all("record-changes") == [change]


def test_both_all_and_one_are_too_much(replay):
    assert replay("--all", "--id", "x").code == 2


def test_without_a_storage_account_it_says_where_the_settings_come_from(admin):
    ran = admin("replay")

    assert ran.code == 1
    assert "AzureWebJobsStorage is not set in the environment." in ran.err
    assert "az functionapp config appsettings list" in ran.err


def test_a_storage_account_that_is_out_of_reach_is_to_be_tried_again(unused_port):
    connection = f"AccountName=x;AccountKey=eA==;QueueEndpoint=http://127.0.0.1:{unused_port}/x"
    ran = Console({"AzureWebJobsStorage": connection})("replay", "--json")

    assert ran.code == 3
    assert "cannot be reached" in ran.error["message"]


def test_a_storage_account_that_refuses_says_what_to_check(azurite_connection):
    connection = azurite_connection.replace("AccountKey=Eby8", "AccountKey=Xby8")
    ran = Console({"AzureWebJobsStorage": connection})("replay", "--json")

    assert ran.code == 1
    assert "Storage Queue Data Contributor" in ran.error["next"]
    assert "Xby8" not in ran.out
