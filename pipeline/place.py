"""From a decision to the rows that a text writes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from uuid import UUID

from messaging import ids
from messaging.events import MessageReceived
from messaging.inbound import Incoming, NewLead
from messaging.records import Conversation, Principal, Record, Table
from routing.candidate import Surroundings
from routing.explain import because, explanation
from routing.outcome import Becomes, Outcome
from routing.rank import Decision


def place(
    event: MessageReceived,
    message_id: UUID,
    around: Surroundings,
    decision: Decision,
    result: Outcome,
    allowed: Mapping[Principal, bool] | None,
    taken_leads: frozenset[UUID],
) -> Incoming:
    """Everything that the text writes. `result` is what becomes of it: where it names no record and makes no
    lead, the text waits on a conversation without a record. `allowed` says which owners may hold text messages (None:
    nobody may be given any row); `taken_leads` are ids of leads of this number that exist and carry it no longer.

    The conversation belongs to the owner of its record and is shared with the owner of the number. Who may not read
    texts cannot be given any: then the number's owner, then the service keeps them. Where the customer's conversation
    with this number waits for a record, and the record has none, it is taken along.
    """
    addressed = around.number.owner if around.number and allowed is not None else None
    lead = _new_lead(event, decision, addressed, taken_leads) if result.becomes is Becomes.LEAD else None
    home = decision.winner if result.becomes is Becomes.RECORD else None
    number_owner = _if_allowed(addressed, allowed)
    record = Record(Table.LEAD, lead.id) if lead else home.record if home else None
    owner = (_if_allowed(home.owner, allowed) if home else None) or number_owner
    conversation = _conversation(event, around, record)
    # Whoever owned the number before may be the one with whom the conversation was shared: so it is shared each time.
    stays = conversation is not None and (conversation.record == record or owner is None)
    holder = conversation.owner if conversation and stays else owner
    return Incoming(
        message_id=message_id,
        event=event,
        number_id=around.number.id if around.number else None,
        conversation_id=conversation.id if conversation else _free_id(event, around, record),
        conversation=conversation,
        record=record,
        new_lead=lead,
        owner=owner,
        shared_with=number_owner if number_owner != holder else None,
        routing=explanation(decision, event.sender, around.cut, result),
    )


def _if_allowed(principal: Principal | None, allowed: Mapping[Principal, bool] | None) -> Principal | None:
    return principal if principal is not None and (allowed or {}).get(principal, False) else None


def _new_lead(event: MessageReceived, decision: Decision, owner: Principal | None, taken: frozenset[UUID]) -> NewLead:
    generations = (ids.lead_id(event.sender.key, generation) for generation in count())
    free = next(lead for lead in generations if lead not in taken)
    reason = f"A text to {event.recipient.value} made this lead: {because(decision, event.sender)}."
    return NewLead(id=free, number=event.sender.value, reason=reason, owner=owner)


def _conversation(event: MessageReceived, around: Surroundings, record: Record | None) -> Conversation | None:
    ours = [row for row in around.conversations if row.our_digits == event.recipient.key]
    # What somebody has put on a row of another table has no record either, and yet is no place to wait in.
    there = [row for row in ours if record is not None and row.record == record]
    return min(there or (row for row in ours if row.waits), key=lambda row: row.id, default=None)


def _free_id(event: MessageReceived, around: Surroundings, record: Record | None) -> UUID:
    # The derived id can be taken by a conversation that has been moved to another record since.
    taken = {row.id for row in around.conversations}
    where = (record.table.value, record.id) if record else ("", UUID(int=0))
    derived = (
        ids.conversation_id(event.recipient.key, event.sender.key, *where, generation=generation)
        for generation in count()
    )
    return next(one for one in derived if one not in taken)
