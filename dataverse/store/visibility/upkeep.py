"""Keeping conversations visible to whom they should be: however often, in whichever order, by whomever it was changed.

Dataverse does most of it by itself: a record that gets another owner takes its conversations along, messages go with
their conversation. Left are conversations that were moved or merged to another record, and the shares with the owner of
the number. What there should be is compared with what there is, and only the difference is written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from dataverse.store import sharing
from dataverse.store.batches import chunks, is_gone
from dataverse.store.privileges import Privileges
from dataverse.store.queries import get
from dataverse.store.visibility.reading import concerned
from dataverse.store.visibility.standing import Standing, changes
from dataverse.store.visibility.texts import hand_in
from dataverse.webapi.client import Client
from dataverse.webapi.parallel import in_parallel
from dataverse.webapi.request import ChangeSet, Response
from messaging.errors import Conflict, PermanentError, PrivilegeMissing
from messaging.records import Principal, PrincipalKind

ASKED_AT_ONCE = 50
"""Rows whose conversations are asked for at once."""

AT_ONCE = 20
"""Conversations in one batch: assigning or sharing one passes through all its messages."""


@dataclass(frozen=True, slots=True)
class Visibility:
    """Sees to who sees the conversations of records and numbers."""

    client: Client
    privileges: Privileges
    at_once: int = AT_ONCE

    def bring_up_to_date(self, table: str, ids: Iterable[UUID]) -> int:
        """See to the conversations on these records or numbers, or to these conversations; returns how many were
        changed. One round trip where there are none, two where all are as they should be, three where not.

        Raises Conflict where a conversation was changed meanwhile, PrivilegeMissing where Dataverse refuses a row to
        its heir, though asked anew, and what `Client.batch` raises; all are safe to repeat.
        """
        wanted = list(dict.fromkeys(ids))
        try:
            return self._bring_up_to_date(table, wanted)
        except PrivilegeMissing:  # whoever was allowed five minutes ago may be so no longer
            self.privileges.forget()
            return self._bring_up_to_date(table, wanted)

    def _bring_up_to_date(self, table: str, ids: Sequence[UUID]) -> int:
        talks = (talk for some in chunks(ids, ASKED_AT_ONCE) for talk in concerned(self.client, table, some))
        done = list(in_parallel(self.client, self._try_to_settle, chunks(talks, self.at_once)))
        for each in done:
            if isinstance(each, Exception):
                raise each
        return sum(each for each in done if isinstance(each, int))

    def _try_to_settle(self, talks: Sequence[Standing]) -> int | PermanentError | Conflict:
        """What is wrong with some conversations, returned: it must not keep the others from being seen to."""
        try:
            return self._settle(talks)
        except (PermanentError, Conflict) as error:
            return error

    def _settle(self, talks: Sequence[Standing]) -> int:
        """How many were not as they should be; now they are."""
        principals = {one for talk in talks for one in talk.heirs}
        allowed = self.privileges.may_receive(principals) if principals else {}
        service = self._service(talks, allowed)
        read = self.client.batch([sharing.shares(talk.id) for talk in talks], continue_on_error=True)
        due = {
            talk: change
            for talk, part in zip(talks, read.parts, strict=True)
            if not is_gone(read, part) and isinstance(part, Response)
            for change in [changes(talk, sharing.shared_with(part.json()), allowed, service)]
            if change.requests
        }
        # First: whoever is interrupted in between must still see that there is something to withdraw.
        hand_in(
            self.client,
            {talk.id: talk.owner for talk, change in due.items() if talk.owner and sharing.withdraws(change)},
        )
        return self._write(list(due.values())) if due else 0

    def _service(self, talks: Collection[Standing], allowed: Mapping[Principal, bool]) -> Principal | None:
        """The service itself, if it has to keep any of them: it is asked for in a round trip of its own."""
        if all(any(allowed[one] for one in talk.heirs) or not talk.heirs for talk in talks):
            return None
        return Principal(PrincipalKind.USER, UUID(str(self.client.send(get("WhoAmI")).json()["UserId"])))

    def _write(self, due: Sequence[ChangeSet]) -> int:
        # One that is refused keeps nobody from the others: they are written before it is raised.
        written = self.client.batch(due, continue_on_error=True)
        return sum(not is_gone(written, part) for part in written.parts)
