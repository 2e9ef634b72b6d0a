"""The inbox over rows in memory: all rows of a text or none, then the notifications with their mark, or neither."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from messaging.errors import AlreadyExists, Conflict, PrivilegeMissing
from messaging.inbound import Incoming, Notices, StoredMessage
from messaging.records import Principal, PrincipalKind, Record, Table
from messaging.status import Progress, Status
from notifications.content import Notification
from tests.stores.rows import ConversationRow, MessageRow, RecordRow, Rows, etag

_SERVICE = Principal(PrincipalKind.USER, UUID(int=1))


@dataclass
class InboxInMemory:
    """Stores incoming texts and tells sellers of them."""

    rows: Rows
    clock: Callable[[], datetime]

    def store(self, incoming: Incoming, notifications: Sequence[Notification], notices: Notices | None = None) -> None:
        with self.rows.writing():
            self._refuse(incoming)
            now = self.clock()
            self._lead(incoming, now)
            self._conversation(incoming, now)
            self.rows.messages[incoming.message_id] = MessageRow(
                incoming.event.account,
                incoming.event.message_id,
                now,
                Progress(Status.RECEIVED),
                incoming.conversation_id,
                None if notifications else now,
            )
            if notifications:
                self._tell(incoming.message_id, notifications, notices, now)

    def notify(
        self, stored: StoredMessage, notifications: Sequence[Notification], notices: Notices | None = None
    ) -> None:
        with self.rows.writing():
            if etag(self.rows.messages[stored.id].version) != stored.etag:
                raise Conflict("changed since it was read")
            self._tell(stored.id, notifications, notices, self.clock())

    def _refuse(self, incoming: Incoming) -> None:
        """Raise where a row is there that should not be, is not there that should be, or may not be given away."""
        lead = incoming.new_lead and Record(Table.LEAD, incoming.new_lead.id)
        if lead in self.rows.records:
            raise AlreadyExists("the lead is there")
        there, before = self.rows.conversations.get(incoming.conversation_id), incoming.conversation
        if before is None and there is not None:
            raise AlreadyExists("the conversation is there")
        if before is not None and (there is None or etag(there.version) != before.etag):
            raise Conflict("the conversation changed since it was read")
        numbers = {row.id for row in self.rows.numbers.values()}
        gone = incoming.record not in (None, lead, *self.rows.records) or incoming.number_id not in (None, *numbers)
        if gone and (before is None or incoming.takes_along):
            raise Conflict("a row that the text belongs to is gone")
        if incoming.message_id in self.rows.messages:
            raise AlreadyExists("the message is there")
        if not self.rows.may_read.issuperset({incoming.owner, incoming.shared_with} - {None}):
            raise PrivilegeMissing("an owner may not have texts")

    def _lead(self, incoming: Incoming, now: datetime) -> None:
        if lead := incoming.new_lead:
            row = RecordRow(lead.number, lead.owner or _SERVICE, {"mobilephone": lead.number}, now)
            self.rows.records[Record(Table.LEAD, lead.id)] = row

    def _conversation(self, incoming: Incoming, now: datetime) -> None:
        event, row = incoming.event, self.rows.conversations.get(incoming.conversation_id)
        arrived = event.received_at.replace(microsecond=0)
        if row is None:
            owner = incoming.owner or _SERVICE
            row = ConversationRow(event.recipient.key, event.sender.key, owner, incoming.record, arrived)
            row.number = incoming.number_id
            self.rows.conversations[incoming.conversation_id] = row
        else:
            row.last_message_on, row.unread = max(row.last_message_on, arrived), row.unread + 1
            row.version += 1
            if incoming.takes_along:
                row.record, row.owner = incoming.record, incoming.owner or row.owner
        if incoming.new_lead:
            row.lead_made_on = now.replace(microsecond=0)
        row.shared_with |= {incoming.shared_with} - {None}

    def _tell(
        self, message_id: UUID, notifications: Sequence[Notification], notices: Notices | None, now: datetime
    ) -> None:
        if notices is not None:
            self._note(notices)
        told = [one for one in notifications if one.recipient in self.rows.users]
        if told or not notifications:  # a refused one takes neither the text nor the others with it
            self.rows.told += told
            row = self.rows.messages[message_id]
            row.notified_on, row.version = now.replace(microsecond=0), row.version + 1

    def _note(self, notices: Notices) -> None:
        (number,) = (row for row in self.rows.numbers.values() if row.id == notices.number)
        if etag(number.version) != notices.etag:
            raise Conflict("the number changed since it was read")
        number.notices, number.version = dict(notices.told), number.version + 1
