"""Faults of the queues, in Azurite."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from azure.storage.queue import QueueServiceClient, TextBase64EncodePolicy

from admin.doctor.checks import queues as check
from admin.replay.set_aside import QUEUES
from admin.storage import Storage
from function_app.queues import service

pytestmark = pytest.mark.azurite
NOWHERE = "AccountName=x;AccountKey=eA==;QueueEndpoint=http://127.0.0.1:9/x"


@pytest.fixture
def azure(emptied_azurite, well):
    """The queues, none yet; the doctor looks at them."""
    well.values["AzureWebJobsStorage"] = emptied_azurite
    well.seen["storage"] = Storage(service({"AzureWebJobsStorage": emptied_azurite}))
    return QueueServiceClient.from_connection_string(emptied_azurite)


def put(client, queue, count=1):
    """Put messages into a queue."""
    there = client.get_queue_client(queue, message_encode_policy=TextBase64EncodePolicy())
    if queue not in [each.name for each in client.list_queues()]:
        there.create_queue()
    for _ in range(count):
        there.send_message("{}")


def test_where_all_is_well_nothing_is_found_at_all(azure, well):
    found = [each for each in well.findings() if each.verdict != "ok"]

    assert [each.what for each in found] == ["telesign-demo: TeleSign does not show where it calls"]


def test_queues_that_are_empty_or_not_made_yet_are_in_order(azure, well):
    put(azure, "provider-events", 3)

    assert [each.what for each in well.findings("queues")] == [
        "3 messages wait in provider-events",
        *(f"No messages wait in {queue}" for queue in QUEUES[1:]),
    ]


@pytest.mark.parametrize("queue", QUEUES)
def test_what_was_set_aside_is_found(azure, well, queue):
    put(azure, f"{queue}-poison", 2)
    (found,) = [each for each in well.findings("queues") if each.verdict != "ok"]

    assert (str(found.verdict), found.what) == (
        "problem",
        f"2 messages of {queue} were set aside, for they could not be dealt with",
    )
    assert found.fix.endswith("python -m admin replay")


def test_a_queue_that_nobody_empties_is_found(azure, well):
    put(azure, "provider-events")
    well.seen["now"] = lambda: datetime.now(UTC) + timedelta(hours=3)
    ((verdict, what),) = well.found("queues")

    assert (verdict, "1 messages wait in provider-events, one that could be dealt with since" in what) == (
        "problem",
        True,
    )


def test_a_queue_that_grows_long_is_doubtful(azure, well, monkeypatch):
    monkeypatch.setattr(check, "MANY", 2)
    put(azure, "provider-events", 3)

    assert well.found("queues") == [("warning", "3 messages wait in provider-events")]


def test_a_message_that_waits_for_its_time_is_not_one_that_nobody_takes(azure, well):
    put(azure, "provider-events", 0)
    azure.get_queue_client("provider-events").send_message("e30=", visibility_timeout=3600)
    well.seen["now"] = lambda: datetime.now(UTC) + timedelta(hours=3)

    assert well.found("queues") == []


def test_storage_that_cannot_be_reached_is_found(well):
    well.values["AzureWebJobsStorage"] = NOWHERE
    well.seen["storage"] = Storage(service({"AzureWebJobsStorage": NOWHERE}))
    ((verdict, what),) = well.found("queues")

    assert (verdict, "The storage account of the queues cannot be reached" in what) == ("problem", True)


def test_storage_that_refuses_is_found(azure, well, azurite_connection):
    wrong = azurite_connection.replace("AccountKey=", "AccountKey=AAAA")
    well.seen["storage"] = Storage(service({"AzureWebJobsStorage": wrong}))

    assert [verdict for verdict, _ in well.found("queues")] == ["problem"]


def test_development_storage_that_does_not_run_is_no_fault(well):
    well.seen["storage"] = Storage(service({"AzureWebJobsStorage": NOWHERE}))
    well.values["AzureWebJobsStorage"] = "UseDevelopmentStorage=true"

    assert [verdict for verdict, _ in well.found("queues")] == ["skipped"]
