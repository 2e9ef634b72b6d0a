"""Queues of Azure Storage, in the form that the Functions host reads: base64 text."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any

from messaging.envelope import MAX_BYTES
from messaging.errors import ConfigurationError, Unavailable

if TYPE_CHECKING:  # importing the SDK takes a third of a second, which only the first message should cost
    from azure.storage.queue import QueueClient, QueueServiceClient

CONNECTION = "AzureWebJobsStorage"
_FOREVER = -1
TIMEOUT_S = 2  # of each of two attempts: the providers that wait least give up after five seconds


class StorageQueues:
    """The queues of one storage account, reached when the first message is sent. Safe to use from many threads."""

    def __init__(self, connect: Callable[[], QueueServiceClient]) -> None:
        self._connect = connect

    @classmethod
    def from_settings(cls, settings: Mapping[str, str]) -> StorageQueues:
        """The queues of the account of `service`. Raises ConfigurationError where none is set."""
        return cls(service(settings))

    def send(self, queue: str, text: str, *, delay_s: float = 0.0, lifetime_s: float | None = None) -> None:
        """Put a message into a queue, which is made if missing; nobody sees it for `delay_s` seconds (7 days at most),
        and after `lifetime_s` seconds it is gone (None: it never expires).

        Raises Unavailable if storage cannot be reached or refuses, and ValueError for a text that is too long.
        """
        if len(text.encode()) > MAX_BYTES:
            raise ValueError(f"a queue message holds {MAX_BYTES} bytes")
        with _azure_errors_as_unavailable(queue):
            _send(self._queue(queue), text, math.ceil(delay_s), _FOREVER if lifetime_s is None else int(lifetime_s))

    def _queue(self, name: str) -> QueueClient:
        from azure.storage.queue import TextBase64EncodePolicy

        return self._service.get_queue_client(name, message_encode_policy=TextBase64EncodePolicy())

    @cached_property
    def _service(self) -> QueueServiceClient:
        return self._connect()


def service(settings: Mapping[str, str]) -> Callable[[], QueueServiceClient]:
    """How to reach the account that the Functions host uses too: by a connection string, or by an identity.

    Reads `AzureWebJobsStorage`; where that is missing `AzureWebJobsStorage__queueServiceUri` or `…__accountName`,
    and `…__clientId` for a user-assigned identity. Raises ConfigurationError where none is set.
    """
    text = settings.get(CONNECTION, "")
    account = settings.get(f"{CONNECTION}__accountName", "")
    derived = f"https://{account}.queue.core.windows.net" if account else ""
    url = settings.get(f"{CONNECTION}__queueServiceUri") or derived
    client_id = settings.get(f"{CONNECTION}__clientId")
    if not text and not url:
        raise ConfigurationError(f"{CONNECTION} is missing: set a connection string, or {CONNECTION}__accountName")
    return lambda: _by_connection_string(text) if text else _by_identity(url, client_id)


def _send(client: QueueClient, text: str, hidden_s: int, lives_s: int) -> None:
    from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError

    try:
        client.send_message(text, visibility_timeout=hidden_s, time_to_live=lives_s)
    except ResourceNotFoundError:
        with suppress(ResourceExistsError):  # someone else made it at the same moment
            client.create_queue()
        client.send_message(text, visibility_timeout=hidden_s, time_to_live=lives_s)


@contextmanager
def _azure_errors_as_unavailable(queue: str) -> Iterator[None]:
    from azure.core.exceptions import AzureError

    try:
        yield
    except AzureError as error:
        # Azure's own text may quote a URL with its signature; the code says enough.
        code = getattr(error, "error_code", None)
        code = getattr(code, "value", code) or type(error).__name__
        raise Unavailable(f"the queue {queue} takes no messages: {code}") from None


def _by_connection_string(text: str) -> QueueServiceClient:
    from azure.storage.queue import QueueServiceClient

    try:
        return QueueServiceClient.from_connection_string(text, **_impatience())
    except ValueError:
        raise ConfigurationError(f"{CONNECTION} is not a connection string of Azure Storage") from None


def _by_identity(url: str, client_id: str | None) -> QueueServiceClient:
    from azure.identity import DefaultAzureCredential
    from azure.storage.queue import QueueServiceClient

    return QueueServiceClient(url, DefaultAzureCredential(managed_identity_client_id=client_id), **_impatience())


def _impatience() -> dict[str, Any]:
    from azure.storage.queue import LinearRetry

    once_more = LinearRetry(backoff=0, random_jitter_range=0, retry_total=1)
    return {"retry_policy": once_more, "connection_timeout": TIMEOUT_S, "read_timeout": TIMEOUT_S}
