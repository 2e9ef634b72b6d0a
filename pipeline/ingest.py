"""Put a customer's text where it belongs and tell the seller: one read, one decision, one write.

Everything may happen twice or at once elsewhere. Row ids are derived, so a second run meets the rows of the first;
whatever was there already leads to a second look and a second decision, never to a second row.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from messaging import ids
from messaging.errors import AlreadyExists, Conflict, PrivilegeMissing
from messaging.events import MessageReceived
from messaging.inbound import StoredMessage
from messaging.records import Record
from notifications.content import Arrival, Notification, notification
from notifications.recipients import recipients
from pipeline.place import place
from pipeline.ports import Clock, Directory, Inbox, Privileges, Settings
from routing.candidate import Surroundings
from routing.rank import decide

MOST_LOOKS = 6
# Longer than a write can take: a stored text without its mark is then nobody's work in progress any more.
CUT_OFF_AFTER = timedelta(seconds=150)

_log = logging.getLogger("textverse.inbound")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingestion:
    """Everything that taking in a text needs."""

    directory: Directory
    inbox: Inbox
    privileges: Privileges
    clock: Clock
    settings: Settings

    def ingest(self, event: MessageReceived) -> None:
        """Store a text on the record that it belongs to, once, and notify once.

        Raises TransientError to be called again (Dataverse away, someone else at the same rows), PermanentError where
        Dataverse refuses for good.
        """
        message_id = ids.message_id(event.account, event.message_id)
        around = self.directory.look(event.recipient, event.sender)
        taken_leads: frozenset[UUID] = frozenset()
        refusals = 0
        for _ in range(MOST_LOOKS):
            try:
                # Refused twice, with privileges asked anew in between: the service keeps the rows, the text is stored.
                self._store(event, message_id, around, taken_leads, give_away=refusals < 2)
                return
            except PrivilegeMissing as error:
                _log.warning("an owner lacks a privilege: %s", error, extra={"message_id": message_id})
                self.privileges.forget()
                refusals += 1
                failure: Exception = error
            except Conflict as error:
                failure = error
            again = self.directory.look_again(event.recipient, event.sender, message_id)
            if again.stored is not None:
                self._finish(event, again.stored, again.surroundings)
                return
            around, taken_leads = again.surroundings, again.taken_leads
        raise failure

    def _store(
        self,
        event: MessageReceived,
        message_id: UUID,
        around: Surroundings,
        taken_leads: frozenset[UUID],
        *,
        give_away: bool,
    ) -> None:
        settings = self.settings()
        decision = decide(around.candidates, around.number, settings.tier_order)
        winner = decision.winner
        told = recipients(around.number, winner.owner if winner else None)
        owners = (winner.owner if winner else None, around.number.owner if around.number else None)
        allowed = self.privileges.may_receive({person.principal for person in told}.union(filter(None, owners)))
        incoming = place(event, message_id, around, decision, allowed if give_away else None, taken_leads)
        name = winner.name if winner else ""
        arrival = _arrival(event, incoming.conversation_id, name, shown=settings.notification_text)
        entries = [notification(arrival, person, may_read=allowed[person.principal]) for person in told]
        self.inbox.store(incoming, entries)
        _log.info(
            "text stored",
            extra={
                "account": event.account,
                "message_id": message_id,
                "record": _name(incoming.record),
                "new_lead": incoming.new_lead is not None,
                "decided_by": decision.decided_by,
                "notified": len(entries),
            },
        )

    def _finish(self, event: MessageReceived, stored: StoredMessage, around: Surroundings) -> None:
        if stored.notified_on is not None:
            _log.info("text was stored before", extra={"account": event.account, "message_id": stored.id})
            return
        waited = self.clock() - stored.created_on
        if waited < CUT_OFF_AFTER:
            raise AlreadyExists(
                "another run is storing this text", retry_after=(CUT_OFF_AFTER - waited).total_seconds()
            )
        entries = self._late_notifications(event, stored, around)
        self.inbox.notify(stored, entries)
        _log.warning("a cut-off run is finished", extra={"message_id": stored.id, "notified": len(entries)})

    def _late_notifications(
        self, event: MessageReceived, stored: StoredMessage, around: Surroundings
    ) -> list[Notification]:
        home = next((row for row in around.conversations if row.id == stored.conversation_id), None)
        candidate = next((one for one in around.candidates if home and one.record == home.record), None)
        told = recipients(around.number, candidate.owner if candidate else None)
        allowed = self.privileges.may_receive({person.principal for person in told})
        name, shown = candidate.name if candidate else "", self.settings().notification_text
        arrival = _arrival(event, stored.conversation_id or stored.id, name, shown=shown)
        return [notification(arrival, person, may_read=allowed[person.principal]) for person in told]


def _arrival(event: MessageReceived, conversation: UUID, name: str, *, shown: bool) -> Arrival:
    return Arrival(
        sender=name or event.sender.value,
        text=event.body if shown else None,
        attachments=len(event.media),
        conversation=conversation,
    )


def _name(record: Record | None) -> str | None:
    return None if record is None else f"{record.table.value} {record.id}"
