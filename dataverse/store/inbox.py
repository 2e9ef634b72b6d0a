"""Where incoming texts are written: one `$batch`, two change sets.

The first holds the rows: all of them or none. The second holds the notifications, the mark on the message that they
were sent, and what is noted with the number: all of it or nothing. A failed first one stops the batch, so nobody is
told of what was not stored; and a notification that is refused takes neither the text with it nor, in the end, those of
the other readers.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dataverse.store import notifier, sharing, writes
from dataverse.webapi.batch import Answer
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
            self._heed(answer, incoming.message_id, notifications, notices, mark)

    def notify(
        self, stored: StoredMessage, notifications: Sequence[Notification], notices: Notices | None = None
    ) -> None:
        """Tell the sellers of a text that is already stored, unless someone else did so meanwhile."""
        mark = writes.notified(stored.id, self.clock(), {"If-Match": stored.etag})
        answer = self.client.batch([_told(notifications, notices, mark)])
        self._heed(answer, stored.id, notifications, notices, mark)

    def _heed(
        self,
        answer: BatchAnswer,
        message_id: UUID,
        notifications: Sequence[Notification],
        notices: Notices | None,
        mark: Request,
    ) -> None:
        """The text is stored: that its notification is refused (a user without any role, say) must not bring it back.
        Who is refused silences nobody else: then each reader is told alone. A text that nobody could be told of stays
        without its mark."""
        if not _refused(answer, answer.parts[-1], message_id) or len(notifications) < 2:
            return
        alone = self.client.batch([notifier.send(one) for one in notifications], continue_on_error=True)
        refused = [_refused(alone, part, message_id) for part in alone.parts]
        if all(refused):
            return
        # Cut off before this, the next run tells them again: rather twice than never.
        noted = [] if notices is None else [writes.noticed(notices)]
        marked = self.client.batch([*noted, mark], continue_on_error=True)
        marked.raise_for(marked.parts[-1])


def _refused(answer: BatchAnswer, part: Answer, message_id: UUID) -> bool:
    try:
        answer.raise_for(part)
    except PermanentError as error:
        _log.error("notification refused: %s", error, extra={"message_id": message_id, "code": error.code})
        return True
    return False


def _rows(incoming: Incoming, now: datetime, notified_on: datetime | None) -> tuple[Request, ...]:
    lead = (writes.lead(incoming.new_lead),) if incoming.new_lead else ()
    share = (sharing.share(incoming.conversation_id, incoming.shared_with),) if incoming.shared_with else ()
    return (*lead, writes.conversation(incoming, now), *share, writes.message(incoming, notified_on))


def _told(notifications: Sequence[Notification], notices: Notices | None, mark: Request) -> ChangeSet:
    # The mark first: where another run has told meanwhile, that is the answer, and no refusal.
    noted = () if notices is None else (writes.noticed(notices),)
    return ChangeSet((mark, *noted, *map(notifier.send, notifications)))
