"""The function app's queues in Azure Storage, as an administrator looks into them: how many messages wait, and what was
set aside.

A message has one reader at a time: it is hidden from others while somebody holds it, and comes back by itself if they
never let go of it.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from admin.exits import Stopped
from messaging.errors import Unavailable

if TYPE_CHECKING:  # importing the SDK takes a third of a second
    from azure.storage.queue import QueueClient, QueueMessage, QueueServiceClient

HELD_S = 300
"""Seconds after which messages that somebody held and never let go of are seen again."""

_AT_ONCE = 32  # more are not handed over in one answer
_REFUSALS = {
    "AuthenticationFailed",
    "AuthorizationFailure",
    "AuthorizationPermissionMismatch",
    "ClientAuthenticationError",
    "InsufficientAccountPermissions",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A message that is ours for `HELD_S` seconds; `content` as it is stored, `since` when it came into the queue."""

    queue: str
    id: str
    since: datetime
    content: str = field(repr=False)
    receipt: str = field(repr=False)

    @property
    def text(self) -> str | None:
        """What it says; None where it is not written as the Functions host writes and reads."""
        try:
            return base64.b64decode(self.content, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return None


class Storage:
    """The queues of one storage account. Raises Unavailable where it is out of reach, and Stopped where it refuses."""

    def __init__(self, connect: Callable[[], QueueServiceClient]) -> None:
        self._connect = connect

    def length(self, queue: str) -> int | None:
        """How many messages are in a queue, about, those included that somebody holds; None where there is no such
        queue."""
        from azure.core.exceptions import ResourceNotFoundError

        with _azure_errors_as_ours(), suppress(ResourceNotFoundError):
            return self._queue(queue).get_queue_properties().approximate_message_count
        return None

    def oldest(self, queue: str) -> datetime | None:
        """When the message that is next came into a queue; None where nobody could take one now."""
        from azure.core.exceptions import ResourceNotFoundError

        with _azure_errors_as_ours(), suppress(ResourceNotFoundError):
            return next((one.inserted_on for one in self._queue(queue).peek_messages()), None)
        return None

    def hold(self, queue: str) -> Iterator[Held]:
        """The messages of a queue, each ours from then on; ends after the last, also where others add to it meanwhile
        or let go; nothing where there is no such queue."""
        from azure.core.exceptions import ResourceNotFoundError

        seen: set[str] = set()
        with _azure_errors_as_ours(), suppress(ResourceNotFoundError):
            for one in self._queue(queue).receive_messages(messages_per_page=_AT_ONCE, visibility_timeout=HELD_S):
                if one.id in seen:
                    return
                seen.add(one.id)
                yield _held(queue, one)

    def put(self, queue: str, content: str) -> None:
        """Put a message into a queue as it is to be stored, for good; the queue is made where it is missing."""
        from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError

        client = self._queue(queue)
        with _azure_errors_as_ours():
            try:
                client.send_message(content, time_to_live=-1)
            except ResourceNotFoundError:
                with suppress(ResourceExistsError):  # someone else made it at the same moment
                    client.create_queue()
                client.send_message(content, time_to_live=-1)

    def delete(self, held: Held) -> None:
        """Be done with a message. One that somebody else holds by now, or has dealt with, is left to them."""
        with _azure_errors_as_ours(), _unless_it_is_others():
            self._queue(held.queue).delete_message(held.id, held.receipt)

    def release(self, held: Held) -> None:
        """Let others see a message at once."""
        with _azure_errors_as_ours(), _unless_it_is_others():
            self._queue(held.queue).update_message(held.id, held.receipt, visibility_timeout=0)

    def _queue(self, name: str) -> QueueClient:
        return self._service.get_queue_client(name)

    @cached_property
    def _service(self) -> QueueServiceClient:
        return self._connect()


def _held(queue: str, message: QueueMessage) -> Held:
    if message.inserted_on is None or message.pop_receipt is None:
        raise TypeError("only a message that was received has a time and a receipt")
    return Held(
        queue=queue,
        id=message.id,
        since=message.inserted_on,
        content=str(message.content),
        receipt=message.pop_receipt,
    )


@contextmanager
def _azure_errors_as_ours() -> Iterator[None]:
    from azure.core.exceptions import AzureError

    try:
        yield
    except AzureError as error:
        # Azure's own text may quote a URL with its signature; the code says enough.
        code = _code(error)
        if code in _REFUSALS:
            raise Stopped(
                f"The storage account of the queues refuses you ({code}).",
                "With a connection string in AzureWebJobsStorage: check its key. With an account name: run az login as "
                "somebody with the role Storage Queue Data Contributor on the storage account.",
            ) from None
        raise Unavailable(f"The storage account of the queues cannot be reached ({code}).") from None


@contextmanager
def _unless_it_is_others() -> Iterator[None]:
    from azure.core.exceptions import HttpResponseError

    try:
        yield
    except HttpResponseError as error:
        if _code(error) not in {"PopReceiptMismatch", "MessageNotFound"}:
            raise


def _code(error: Exception) -> str:
    code = getattr(error, "error_code", None)
    return str(getattr(code, "value", code) or type(error).__name__)
