"""The queues of the local host and those of Azure Storage, behind the same few words."""

from __future__ import annotations

import socket
import time
from contextlib import closing

import pytest
from azure.core.exceptions import HttpResponseError
from azure.storage.queue import QueueServiceClient, TextBase64DecodePolicy

from function_app.queues import StorageQueues
from local.queues import SqliteQueues


class Azurite:
    """Our queues to send, and the official SDK to receive, as the Functions host would."""

    def __init__(self, connection: str) -> None:
        self.connection = connection
        self.queues = StorageQueues.from_settings({"AzureWebJobsStorage": connection})
        self.service = QueueServiceClient.from_connection_string(connection)

    def send(self, queue, text, *, delay_s=0.0, lifetime_s=None):
        self.queues.send(queue, text, delay_s=delay_s, lifetime_s=lifetime_s)

    def receive(self, queue, *, lease_s, limit=1):
        messages = self._client(queue).receive_messages(visibility_timeout=int(lease_s), max_messages=limit)
        return [_Message(queue, message) for message in messages]

    def delete(self, message):
        return _held(lambda: self._client(message.queue).delete_message(message.id, message.pop_receipt))

    def release(self, message, delay_s=0.0):
        return _held(
            lambda: self._client(message.queue).update_message(
                message.id, message.pop_receipt, visibility_timeout=int(delay_s)
            )
        )

    def _client(self, queue):
        return self.service.get_queue_client(queue, message_decode_policy=TextBase64DecodePolicy())


class _Message:
    def __init__(self, queue, message) -> None:
        self.queue, self.id, self.pop_receipt = queue, message.id, message.pop_receipt
        self.text, self.dequeue_count = message.content, message.dequeue_count


def _held(change):
    try:
        change()
    except HttpResponseError as error:
        if error.error_code not in {"PopReceiptMismatch", "MessageNotFound"}:
            raise
        return False
    return True


@pytest.fixture(params=["sqlite", pytest.param("azurite", marks=pytest.mark.azurite)])
def queues(request, tmp_path):
    """Each kind of queues in turn."""
    if request.param == "azurite":
        yield request.getfixturevalue("azurite")
    else:
        with closing(SqliteQueues(tmp_path / "queues.sqlite")) as queues:
            yield queues


@pytest.fixture
def queue(request):
    """The name of a queue that no other test uses and that does not exist yet."""
    return f"test-{abs(hash((request.node.nodeid, time.monotonic_ns()))):x}"


@pytest.fixture(scope="session")
def azurite(azurite_connection):
    """Azurite's queue service, with our queues in it."""
    return Azurite(azurite_connection)


@pytest.fixture
def unused_port():
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
