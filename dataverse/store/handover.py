"""A number gets another owner, and its conversations follow: the new owner sees them, the former one no longer does.

It may be interrupted anywhere and run again, also where the number was assigned already, by an earlier run or by hand
in Dynamics: what is to be done is read off each conversation, never remembered. A share of ours (`sharing`) is taken
from whoever owns neither the conversation nor the number; owners of conversations stay what they are, and get the
texts that the former owner wrote.

A text that was being stored at the moment when the number changed hands may still be shared with the former owner:
the service finds that a few minutes later (`pipeline/follow.py`), and so does running it again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from dataverse.store import sharing
from dataverse.store.batches import chunks, is_gone
from dataverse.store.privileges import may_read_texts
from dataverse.store.queries import get
from dataverse.store.rows import Row, owner
from dataverse.store.tables import owner_path
from dataverse.store.visibility.texts import hand_in
from dataverse.webapi.client import Client
from dataverse.webapi.literals import quote_literal
from dataverse.webapi.parallel import in_parallel
from dataverse.webapi.request import ChangeSet, Request, Response
from messaging.errors import PrivilegeMissing
from messaging.records import Principal
from notifications.content import ROLE

AT_ONCE = 20
"""Conversations in one batch: sharing one passes through all its messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandingOver:
    """How far it is: `done` of `conversations`, and how often one was shared, and a share withdrawn."""

    conversations: int
    done: int = 0
    shared: int = 0
    withdrawn: int = 0


@dataclass(frozen=True, slots=True)
class _Conversation:
    id: UUID
    owner: Principal | None


def hand_over(
    client: Client, number_id: UUID, new_owner: Principal, progress: Callable[[HandingOver], None] = lambda _: None
) -> HandingOver:
    """Assign the number and share its conversations with the new owner instead of the former one.

    `progress` is called at the beginning and after each batch of conversations. Raises PrivilegeMissing before anything
    is changed where the new owner may not read texts, NotFound for a number that is not there, and whatever
    `Client.batch` raises; what was done until then stays done.
    """
    if not all(may_read_texts(client, [new_owner])):
        raise PrivilegeMissing(f"the new owner may not read text messages: give them the security role {ROLE} first")
    number = client.send(
        get(f"txv_phonenumbers({number_id})?$select=txv_digits,_owninguser_value,_owningteam_value")
    ).json()
    if owner(number) != new_owner:
        client.send(_assign(number_id, new_owner))
    talks = [_conversation(row) for row in client.rows(_conversations(number_id, number))]
    so_far = HandingOver(conversations=len(talks))
    progress(so_far)
    for one in in_parallel(client, lambda some: _pass_on(client, some, new_owner), chunks(talks, AT_ONCE)):
        so_far = replace(
            so_far,
            done=so_far.done + one.done,
            shared=so_far.shared + one.shared,
            withdrawn=so_far.withdrawn + one.withdrawn,
        )
        progress(so_far)
    return so_far


def _assign(number_id: UUID, new_owner: Principal) -> Request:
    body = {"ownerid@odata.bind": f"/{owner_path(new_owner)}"}
    path = f"txv_phonenumbers({number_id})"
    return Request(method="PATCH", path=path, headers={"If-Match": "*"}, body=body, repeatable=True)


def _conversations(number_id: UUID, number: Row) -> str:
    # By the digits too: a conversation can be older than the row of its number.
    digits = number.get("txv_digits")
    same = f" or txv_ourdigits eq {quote_literal(str(digits))}" if digits else ""
    return get(
        "txv_textconversations?$select=activityid,_owninguser_value,_owningteam_value"
        f"&$filter=_txv_phonenumberid_value eq {number_id}{same}&$orderby=activityid"
    ).path


def _conversation(row: Row) -> _Conversation:
    return _Conversation(UUID(str(row["activityid"])), owner(row))


def _pass_on(client: Client, talks: Sequence[_Conversation], new_owner: Principal) -> HandingOver:
    """Read who has what, change what has to be: three round trips, one where nothing has to be; more where the former
    owner wrote texts."""
    read = client.batch([sharing.shares(talk.id) for talk in talks], continue_on_error=True)
    changes = {
        talk: change
        for talk, part in zip(talks, read.parts, strict=True)
        if not is_gone(read, part) and isinstance(part, Response)
        for change in [_change(talk, sharing.shared_with(part.json()), new_owner)]
        if change.requests
    }
    made: list[Request] = []
    if changes:
        # First: whoever is interrupted in between must still see that there is something to withdraw.
        hand_in(
            client,
            {talk.id: talk.owner for talk, change in changes.items() if talk.owner and sharing.withdraws(change)},
        )
        written = client.batch(list(changes.values()), continue_on_error=True)
        for change, answer in zip(changes.values(), written.parts, strict=True):
            made += () if is_gone(written, answer) else change.requests
    shared = sum(request.path == sharing.GRANT for request in made)
    return HandingOver(conversations=len(talks), done=len(talks), shared=shared, withdrawn=len(made) - shared)


def _change(talk: _Conversation, held: dict[Principal, frozenset[str]], new_owner: Principal) -> ChangeSet:
    """What to give and what to take; empty where all is as it should be. Pure."""
    entitled = (talk.owner, new_owner)
    needs = talk.owner != new_owner and not held.get(new_owner, frozenset()) >= sharing.OUR_RIGHTS
    former = [one for one, rights in held.items() if rights == sharing.OUR_RIGHTS and one not in entitled]
    gives = (sharing.share(talk.id, new_owner),) if needs else ()
    return ChangeSet((*gives, *(sharing.unshare(talk.id, one) for one in former)))
