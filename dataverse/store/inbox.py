"""Where incoming texts are written: one `$batch`, two change sets.

The first holds the rows: all of them or none. The second holds the notifications, the mark on the message that they
were sent, and what is noted with the number: all of it or nothing. A failed first one stops the batch, so nobody is
told of what was not stored; and a notification that is refused never takes the text with it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dataverse.store import notifier, sharing, writes
from dataverse.webapi.batch_answer import BatchAnswer
from dataverse.webapi.client import Client
from dataverse.webapi.request import ChangeSet, Request
from messaging.errors import Conflict, NotFound, PermanentError
from messaging.inbound import Incoming, Notices, StoredMessage
from notifications.content import Notification

_log = logging.getLogger("textverse.inbox")


@dataclass(frozen=True, slots=True)
class Inbox:
    """Stores incoming texts and tells sellers of them."""

    client: Client
    clock: Callable[[], datetime]

    def store(self, incoming: Incoming, notifications: Sequence[Notification], notices: Notices | None = None) -> None:
        """Write the text and notify, in one round trip. See `pipeline.ports.Inbox` for what is raised."""
        now = self.clock()
        parts = [ChangeSet(_rows(incoming, now, None if notifications else now))]
        if notifications:
            mark = writes.notified(incoming.message_id, now, {"If-Match": "*"})
            parts.append(_told(notifications, notices, mark))
        answer = self.client.batch(parts)
        try:
            answer.raise_for(answer.parts[0])
        except NotFound as error:
            raise Conflict("a row that the text belongs to is gone") from error
        if notifications:
            _heed(answer, incoming.message_id)

    def notify(
        self, stored: StoredMessage, notifications: Sequence[Notification], notices: Notices | None = None
    ) -> None:
        """Tell the sellers of a text that is already stored, unless someone else did so meanwhile."""
        mark = writes.notified(stored.id, self.clock(), {"If-Match": stored.etag})
        _heed(self.client.batch([_told(notifications, notices, mark)]), stored.id)


def _heed(answer: BatchAnswer, message_id: UUID) -> None:
    try:
        answer.raise_for(answer.parts[-1])
    except PermanentError as error:
        # The text is stored; that its notification is refused (a disabled user, say) must not bring it back.
        _log.error("notification refused: %s", error, extra={"message_id": message_id, "code": error.code})


def _rows(incoming: Incoming, now: datetime, notified_on: datetime | None) -> tuple[Request, ...]:
    lead = (writes.lead(incoming.new_lead),) if incoming.new_lead else ()
    share = (sharing.share(incoming.conversation_id, incoming.shared_with),) if incoming.shared_with else ()
    return (*lead, writes.conversation(incoming, now), *share, writes.message(incoming, notified_on))


def _told(notifications: Sequence[Notification], notices: Notices | None, mark: Request) -> ChangeSet:
    noted = () if notices is None else (writes.noticed(notices),)
    return ChangeSet((*map(notifier.send, notifications), *noted, mark))
