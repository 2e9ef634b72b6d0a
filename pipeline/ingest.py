"""Put a customer's text where it belongs and tell the seller: one read, one decision, one write.

Everything may happen twice or at once elsewhere. Row ids are derived, so a second run meets the rows of the first;
whatever was there already leads to a second look and a second decision, never to a second row.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from messaging import ids
from messaging.errors import AlreadyExists, Conflict, PrivilegeMissing
from messaging.events import MessageReceived
from messaging.inbound import Notices, StoredMessage
from messaging.records import OurNumber, Person, Principal, Record
from notifications.content import Arrival, Notification, notification
from notifications.recipients import Audience, audience
from pipeline.place import place
from pipeline.ports import Clock, Directory, Inbox, Privileges, Settings
from routing.candidate import Candidate, Surroundings
from routing.outcome import Becomes, Outcome, outcome
from routing.rank import Decision, decide

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

    def finish(self, event: MessageReceived, message_id: UUID) -> None:
        """Tell of a stored text whose run was cut off; nothing where it was told meanwhile. Raises as `ingest` does."""
        found = self.directory.look_again(event.recipient, event.sender, message_id)
        if found.stored is not None:
            self._finish(event, found.stored, found.surroundings)

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
        result = outcome(decision, event.sender, settings)
        winner = decision.winner if result.becomes is Becomes.RECORD else None
        those = self._audience(around, winner)
        told = those.people
        owners = (winner.owner if winner else None, around.number.owner if around.number else None)
        allowed = self.privileges.may_receive({person.principal for person in told}.union(filter(None, owners)))
        owning = allowed if give_away else None
        placed = place(event, message_id, around, decision, result, owning, taken_leads)
        incoming = replace(placed, routing={**placed.routing, "told": those.explained()})
        arrival = replace(
            self._arrival(event, incoming.conversation_id, winner),
            unread=incoming.unread,
            choices=_choices(decision, result),
        )
        entries, notices = _entries(arrival, told, allowed, around.number, self.clock().date())
        self.inbox.store(incoming, entries, notices)
        _log.info(
            "text stored",
            extra={
                "account": event.account,
                "message_id": message_id,
                "record": _name(incoming.record),
                "new_lead": incoming.new_lead is not None,
                "decided_by": decision.decided_by,
                "outcome": result.becomes,
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
        entries, notices = self._late_notifications(event, stored, around)
        self.inbox.notify(stored, entries, notices)
        _log.warning("a cut-off run is finished", extra={"message_id": stored.id, "notified": len(entries)})

    def _late_notifications(
        self, event: MessageReceived, stored: StoredMessage, around: Surroundings
    ) -> tuple[list[Notification], Notices | None]:
        home = next((row for row in around.conversations if row.id == stored.conversation_id), None)
        candidate = next((one for one in around.candidates if home and one.record == home.record), None)
        told = self._audience(around, candidate).people
        allowed = self.privileges.may_receive({person.principal for person in told})
        arrival = self._arrival(event, stored.conversation_id or stored.id, candidate)
        if home is not None:  # others may have arrived since
            arrival = replace(arrival, unread=home.unread)
        if home is not None and home.waits:  # and somebody may have chosen
            decision = decide(around.candidates, around.number, self.settings().tier_order)
            arrival = replace(arrival, choices=_choices(decision, outcome(decision, event.sender, self.settings())))
        return _entries(arrival, told, allowed, around.number, self.clock().date())

    def _audience(self, around: Surroundings, where: Candidate | None) -> Audience:
        owner = where.owner if where else None
        first = audience(around.number, owner)
        return first if first.people else audience(around.number, owner, self.directory.next_in_line(owner))

    def _arrival(self, event: MessageReceived, conversation: UUID, where: Candidate | None) -> Arrival:
        return Arrival(
            sender=(where.name if where else "") or event.sender.value,
            text=event.body if self.settings().notification_text else None,
            attachments=len(event.media),
            conversation=conversation,
        )


def _choices(decision: Decision, result: Outcome) -> int:
    """Among how many records someone is asked to choose."""
    return len(decision.standings) if result.becomes is Becomes.ASKED else 0


def _entries(
    arrival: Arrival,
    told: Sequence[Person],
    allowed: Mapping[Principal, bool],
    number: OurNumber | None,
    today: date,
) -> tuple[list[Notification], Notices | None]:
    """What is told, and what has to be noted with the number: who lacks the privileges hears of it once a day."""
    before = number.notices if number else {}
    without = [person for person in told if not allowed[person.principal] and before.get(person.id) != today]
    readers = [person for person in told if allowed[person.principal]]
    entries = [notification(arrival, person, may_read=person in readers) for person in (*readers, *without)]
    if number is None or not without:
        return entries, None
    noted = {reader for reader, day in before.items() if day == today}.union(person.id for person in without)
    return entries, Notices(number=number.id, etag=number.etag, told=dict.fromkeys(noted, today))


def _name(record: Record | None) -> str | None:
    return None if record is None else f"{record.table.value} {record.id}"
