"""Everything that the page shows, read through the Web API: as the chosen seller, and for the phone as the service."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from dataverse.store.rows import Row
from dataverse.store.rows import rows as rows_of
from dataverse.webapi.auth import StaticToken
from dataverse.webapi.client import Client
from dataverse.webapi.request import Request, Response
from dataverse.webapi.retry import Limits
from function_app.dataverse_client import connect
from local.company.cast import SELLERS
from local.phone import queries, rows
from local.phone.explanation import explanation
from local.phone.people import ADMINISTRATOR
from local.phone.sending import NotThere, SentText
from local.phone.stored import people, records
from messaging.errors import NotFound, PrivilegeMissing
from messaging.records import Record

# The page asks again in a moment: better no answer now than a late one.
_IMPATIENT = Limits(connect=1.0, read=5.0, total=6.0, attempts=1)
_NO_TABLES = "Dataverse does not have the tables of Textverse yet."

Part = list[Row] | None  # None: the reader's roles do not allow it


@dataclass(frozen=True, slots=True)
class Desk:
    """Reads the Dataverse at `dataverse_url`; each reader has a client of his own.

    What is read raises TransientError where Dataverse is away, and NotThere for what the reader may not see.
    """

    dataverse_url: str
    _clients: dict[str, Client] = field(default_factory=dict, repr=False)

    def view(self, reader: str, conversation: UUID | None) -> dict[str, object]:
        """What a reader has: his bell, his conversations, and the texts of one of them (one `$batch`)."""
        user = user_of(reader)
        asked = [queries.notifications(user), queries.conversations(), queries.newest_messages()]
        if conversation is not None:
            asked.append(queries.messages_of(conversation))
        bell, talks, newest, *chosen = self._parts(reader, asked)
        last = rows.latest(newest or ())
        return {
            "bell": _or_none(bell, rows.notification),
            "conversations": _or_none(talks, lambda row: rows.conversation(row, last.get(str(row["activityid"])))),
            "messages": _or_none(rows.in_order(chosen[0]), rows.message) if chosen and chosen[0] is not None else None,
            "may_read": newest is not None,
        }

    def thread(self, customer: str, ours: str) -> list[dict[str, object]]:
        """What was texted between two numbers, as the customer's phone has it (one `$batch`)."""
        (found,) = self._parts(ADMINISTRATOR, [queries.thread(customer, ours)])
        return [shown for row in rows.in_order(found or ()) if (shown := rows.on_phone(row)) is not None]

    def why(self, reader: str, message: UUID) -> dict[str, object] | None:
        """The explanation of one text, with the names that the reader may see (two `$batch`es); None without one."""
        row = self._message(reader, message)
        stored = row.get("txv_routing")
        stored = stored if isinstance(stored, str) else None
        by_table, those = queries.names(records(stored)), people(stored)
        asked = [request for _, request in by_table] + ([queries.people(those)] if those else [])
        found = self._parts(reader, asked) if asked else []
        names: dict[Record, str] = {}
        for (table, _), part in zip(by_table, found, strict=False):
            names |= rows.names(table, part or ())
        return explanation(stored, names, rows.people((found[-1] or ()) if those else ()))

    def sent(self, message: UUID) -> SentText:
        """A text of ours as reports name it. Raises NotThere also where it has not left yet."""
        row = self._message(ADMINISTRATOR, message)
        account, provider_id = row.get("txv_provideraccount"), row.get("txv_providermessageid")
        if not account or not provider_id:
            raise NotThere("That text has not reached a provider yet, so there is nothing to report.")
        return SentText(message, str(account), str(provider_id), str(row["txv_from"]), str(row["txv_to"]))

    def close(self) -> None:
        """Close the connections that are kept alive."""
        for client in self._clients.values():
            client.close()

    def _message(self, reader: str, message: UUID) -> Row:
        (found,) = self._parts(reader, [queries.message(message)])
        if not found:
            raise NotThere("There is no such text, or this reader may not see it.")
        return found[0]

    def _parts(self, reader: str, asked: Sequence[Request]) -> list[Part]:
        """The rows of each query; None for one that the reader's roles do not allow."""
        answer = self._client(reader).batch(asked, continue_on_error=True)
        found: list[Part] = []
        for part in answer.parts:
            try:
                answer.raise_for(part)
            except PrivilegeMissing:
                found.append(None)
            except NotFound:
                raise NotThere(_NO_TABLES) from None
            else:
                found.append(rows_of(part.json()) if isinstance(part, Response) else [])
        return found

    def _client(self, reader: str) -> Client:
        if reader not in self._clients:
            user = user_of(reader)
            tokens = StaticToken(self.dataverse_url, f"user:{user}" if user else "demo-site")
            self._clients[reader] = connect(self.dataverse_url, tokens, _IMPATIENT)
        return self._clients[reader]


def user_of(reader: str) -> UUID | None:
    """The id of a seller; None for the administrator. Raises ValueError, with a sentence, for anyone else."""
    if reader == ADMINISTRATOR:
        return None
    for seller in SELLERS:
        if str(seller.principal.id) == reader:
            return seller.principal.id
    raise ValueError("Nobody at the company has that id.")


def _or_none(part: Part, show: Callable[[Row], dict[str, object]]) -> list[dict[str, object]] | None:
    return None if part is None else [show(row) for row in part]
