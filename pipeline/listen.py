"""Take in what Dataverse's webhook posts: who calls, what happened, is it anybody's concern; put it on a queue, answer.

Dataverse tries once more on 502, 503 and 504, and on nothing else. So events get lost, and what is queued here is a
hint that saves time: the comparison with Dataverse each night is the truth, not the event. That is why these messages
live for seven days only: nobody has to work through what a comparison has long since mended.

Source: Microsoft Learn, "Use webhooks to create external handlers for server events".
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from messaging.errors import (
    CallbackRejected,
    CallbacksOff,
    SignatureInvalid,
    SignatureMissing,
    TooLarge,
    Unavailable,
)
from messaging.row_changes import TEXT_MESSAGE, WATCHED_COLUMNS, Change, RowChanged, encode
from messaging.status import Status
from messaging.web import HttpRequest, HttpResponse
from pipeline.ports import Queue

OUTBOUND_MESSAGES = "outbound-messages"
RECORD_CHANGES = "record-changes"
LIFETIME_S = 7 * 24 * 3600.0
MAX_BODY = 1024 * 1024  # four times what Dataverse posts

_log = logging.getLogger("textverse.dataverse")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Everything that listening to Dataverse needs. Every one of `secrets` is valid, so that a rotation loses nothing;
    none switches the address off. `read` makes a change of a body, None of what is no change, and raises Malformed."""

    secrets: tuple[str, ...] = field(repr=False)
    header: str
    read: Callable[[bytes], RowChanged | None]
    queue: Queue

    def hear(self, request: HttpRequest) -> HttpResponse:
        """Answer one post; never raises for what a stranger can send.

        404 without a secret of ours, 403 without theirs or with a wrong one, 413 too large, 400 unreadable, 503 the
        queue is out of reach; else 200, whether or not anybody needs it.
        """
        told = {"size": len(request.body)}
        try:
            self._verify(request)
            change = self._read(request)
            queue = None if change is None else concern(change)
            if change is not None and queue is not None:
                self.queue.send(queue, encode(change), lifetime_s=LIFETIME_S)
        except CallbackRejected as error:
            _log.warning("event refused: %s", error, extra={**told, "refusal": type(error).__name__})
            return HttpResponse(status=error.status)
        except Unavailable as error:
            _log.error("event not taken, Dataverse tries once more: %s", error, extra=told)
            return HttpResponse(status=503, headers={"retry-after": "30"})
        _log.info("event taken", extra={**told, **_shown(change), "queue": queue})
        return HttpResponse(status=200)

    def _verify(self, request: HttpRequest) -> None:
        if not self.secrets:
            raise CallbacksOff("there is no secret for events of Dataverse, they are off")
        received = request.headers.get(self.header.lower())
        if not received:
            raise SignatureMissing(f"there is no header {self.header}")
        # Compared with each: how long it takes must not tell which one it resembles. Any characters may come.
        given = received.encode("utf-8", "surrogatepass")
        same = [hmac.compare_digest(secret.encode(), given) for secret in self.secrets]
        if not any(same):
            raise SignatureInvalid("the secret is not one of ours")

    def _read(self, request: HttpRequest) -> RowChanged | None:
        if len(request.body) > MAX_BODY:
            raise TooLarge(f"the body has more than {MAX_BODY} bytes")
        return self.read(request.body)


def concern(change: RowChanged) -> str | None:
    """The queue of those who need to know, None if nobody does. What was not told may be anything."""
    if change.table == TEXT_MESSAGE:
        return OUTBOUND_MESSAGES if _is_to_be_sent(change) else None
    watched = WATCHED_COLUMNS.get(change.table)
    if watched is None:
        return None
    elsewhere = change.change is Change.UPDATE and change.columns is not None
    return None if elsewhere and not {*watched}.intersection(change.columns or ()) else RECORD_CHANGES


def _is_to_be_sent(change: RowChanged) -> bool:
    """A text of ours that is to be sent at once, or whose time has come. An update does not tell the direction."""
    if change.change is Change.DELETE or change.outgoing is False:
        return False
    if change.columns is None:
        return True
    return change.status is Status.QUEUED and (change.outgoing is True or change.change is Change.UPDATE)


def _shown(change: RowChanged | None) -> dict[str, object]:
    return {} if change is None else {"table": change.table, "row": change.id, "change": change.change.value}
