"""`numbers assign`: a number gets another owner, and its conversations go along."""

from __future__ import annotations

import typer

from admin import people
from admin.exits import Exit, Stopped
from admin.numbers.adding import held, lacks_it, may_not_own
from admin.numbers.command import Kind, Number, Owner, Region, region_of
from admin.numbers.number import read
from admin.numbers.rows import row, unanswered
from admin.root import session_of
from admin.session import Session
from dataverse.store.handover import HandingOver, hand_over
from dataverse.store.numbers import HeldNumber
from dataverse.store.people import Holder
from messaging.errors import PrivilegeMissing


def assign_number(
    context: typer.Context, number: Number, *, owner: Owner, kind: Kind = None, region: Region = ""
) -> Exit:
    """Give a number to another user or team, with its conversations.

    From then on the new owner hears of texts to it. The conversations on it so far are shared with the new owner, and
    no longer with the former one; those on records of the former owner stay theirs. Safe to interrupt and to repeat: it
    goes through all conversations again, also where the owner was changed by hand in Dynamics.

    Examples:
      python -m admin numbers assign +12065550100 --owner "West coast sales"
      python -m admin numbers assign +12065550100 --owner noah@contoso.com

    """
    session = session_of(context)
    address = read(number, kind, region or region_of(session, number))
    there = held(session.client, address)
    if there is None:
        raise Stopped(
            f"The number {address.value} is not in this environment.",
            "See which there are: python -m admin numbers list. Or add it: python -m admin numbers add",
        )
    holder = people.find(session.client, owner)
    if not holder.enabled:
        raise Stopped(f"{holder} cannot answer a number.", "Enable the user, or name somebody else.")
    done = _hand_over(session, there, holder)
    _tell(session, there, holder, done)
    now = held(session.client, address)
    if now is not None:
        session.output.put("number", row(now))
        if not now.is_answered:
            session.output.advise(unanswered(now))
    return Exit.FINE


def _hand_over(session: Session, number: HeldNumber, holder: Holder) -> HandingOver:
    try:
        with session.output.progress("Conversations") as tell:
            return hand_over(
                session.client,
                number.id,
                holder.principal,
                lambda far: tell("conversations shared with the new owner", far.done, far.conversations or 1),
            )
    except PrivilegeMissing as error:
        if lacks_it(holder, error):
            raise may_not_own(holder) from error
        raise


def _tell(session: Session, number: HeldNumber, holder: Holder, done: HandingOver) -> None:
    counts = {"conversations": done.conversations, "shared": done.shared, "withdrawn": done.withdrawn}
    is_new = number.owner.principal != holder.principal
    session.output.put("assigned", is_new)
    session.output.put("conversations", counts)
    session.output.say(
        f"+ {number.number} now belongs to {holder}, and no longer to {number.owner}."
        if is_new
        else f"= {number.number} belongs to {holder} already."
    )
    told = f"Newly shared with {holder.name}: {done.shared}. No longer shared with others: {done.withdrawn}."
    session.output.say(
        f"  Conversations on it: {done.conversations}. {told}"
        if done.conversations
        else "  No conversation stands on it yet."
    )
