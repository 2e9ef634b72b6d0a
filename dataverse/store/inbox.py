"""Where incoming texts are written: one `$batch`, two change sets.

The first holds the rows: all of them or none. The second holds the notifications and the mark on the message that they
were sent: both or neither. A failed first one stops the batch, so nobody is told of what was not stored; and a
notification that is refused never takes the text with it. What an entry replaces is taken away afterwards.
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
        parts: list[ChangeSet | Request] = [ChangeSet(_rows(incoming, None if notifications else now))]
        if notifications:
            mark = writes.notified(incoming.message_id, now, {"If-Match": "*"})
            parts.append(_told(notifications, notices, mark))
        parts += _replaced(notifications)
        answer = self.client.batch(parts)
        try:
            answer.raise_for(answer.parts[0])
        except NotFound as error:
            raise Conflict("a row that the text belongs to is gone") from error
        if notifications:
            _heed(answer, answer.parts[1], incoming.message_id)

    def notify(
        self, stored: StoredMessage, notifications: Sequence[Notification], notices: Notices | None = None
    ) -> None:
        """Tell the sellers of a text that is already stored, unless someone else did so meanwhile."""
        mark = writes.notified(stored.id, self.clock(), {"If-Match": stored.etag})
        answer = self.client.batch([_told(notifications, notices, mark)])
        _heed(answer, answer.parts[0], stored.id)


def _heed(answer: BatchAnswer, told: Answer, message_id: UUID) -> None:
    try:
        answer.raise_for(told)
    except PermanentError as error:
        # The text is stored; that its notification is refused (a disabled user, say) must not bring it back.
        _log.error("notification refused: %s", error, extra={"message_id": message_id, "code": error.code})


def _rows(incoming: Incoming, notified_on: datetime | None) -> tuple[Request, ...]:
    lead = (writes.lead(incoming.new_lead),) if incoming.new_lead else ()
    share = (sharing.share(incoming.conversation_id, incoming.shared_with),) if incoming.shared_with else ()
    return (*lead, writes.conversation(incoming), *share, writes.message(incoming, notified_on))


def _replaced(notifications: Sequence[Notification]) -> list[ChangeSet | Request]:
    """The entries that go. One that its reader has dismissed is not there, and to delete it ends the batch: nothing is
    lost where it is the last part; where there are several, each is made sure of first."""
    going = [(one, old) for one in notifications if (old := one.replaces) is not None]
    if len(going) < 2:
        return [notifier.remove(old) for _, old in going]
    return [ChangeSet(tuple(each for one, old in going for each in (notifier.put(one, old), notifier.remove(old))))]


def _told(notifications: Sequence[Notification], notices: Notices | None, mark: Request) -> ChangeSet:
    noted = () if notices is None else (writes.noticed(notices),)
    return ChangeSet((*(notifier.put(one, one.id) for one in notifications), *noted, mark))
