"""The entries behind readers' bells that the service made itself. Those of other apps and people are never read.

What `SendAppNotification` leaves in the column `data` is documented by examples only; so an entry is read for what it
must hold if it opens a conversation of ours, and one in which no conversation is found is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dataverse.store.batches import chunks
from dataverse.store.queries import get
from dataverse.store.rows import Row, moment, rows
from dataverse.store.writes import stamp
from dataverse.webapi.client import Client
from dataverse.webapi.literals import IN_LIST_LIMIT, in_list
from dataverse.webapi.request import Request
from messaging.errors import NotFound
from notifications.bell import Entry

_MINE = "Microsoft.Dynamics.CRM.EqualUserId(PropertyName='createdby')"
_COLUMNS = "appnotificationid,_ownerid_value,createdon,versionnumber,data"
_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_TABLE = "txv_textconversation"
# The id in the same JSON object as the table's name, on either side of it.
_BESIDE = re.compile(rf"{_TABLE}[^{{}}]*?({_ID})|({_ID})[^{{}}]*{_TABLE}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bell:
    """Reads and takes away what the service itself, as which `client` signs in, has put behind bells."""

    client: Client

    def readers(self, since: datetime) -> set[UUID]:
        """Whose bells it has rung since then (one read)."""
        query = get(f"appnotifications?$select=_ownerid_value&$filter={_MINE} and createdon ge {stamp(since)}")
        return {UUID(str(row["_ownerid_value"])) for row in rows(self.client.send(query).json())}

    def entries(self, readers: Iterable[UUID]) -> Sequence[Entry]:
        """Their entries that open a conversation of ours (one read for each 200 of them; of more than 5,000 entries
        the newest)."""
        found = [row for some in chunks(sorted(readers), IN_LIST_LIMIT) for row in self._of(some)]
        return [entry for row in found if (entry := _entry(row)) is not None]

    def take_away(self, entries: Sequence[UUID]) -> None:
        """Delete these entries (one `$batch`); those that are gone already are no matter."""
        deletions = [Request(method="DELETE", path=f"appnotifications({one})", repeatable=True) for one in entries]
        answer = self.client.batch(deletions, continue_on_error=True)
        for part in answer.parts:
            try:
                answer.raise_for(part)
            except NotFound:  # dismissed, or another run was faster
                continue

    def _of(self, readers: Iterable[UUID]) -> list[Row]:
        where = f"{in_list('ownerid', readers)} and {_MINE}"
        order = "createdon desc,appnotificationid"
        return rows(
            self.client.send(get(f"appnotifications?$select={_COLUMNS}&$filter={where}&$orderby={order}")).json()
        )


def conversation_in(data: str) -> UUID | None:
    """The conversation that an entry opens, by what stands in its column `data`: the one id in it, or, where there are
    more, the one beside the table's name. None where that is not certain."""
    if _TABLE not in data:
        return None
    found = {UUID(one) for one in re.findall(_ID, data, re.IGNORECASE)}
    if len(found) > 1:
        found = {UUID(after or before) for after, before in _BESIDE.findall(data)}
    return found.pop() if len(found) == 1 else None


def _entry(row: Row) -> Entry | None:
    conversation = conversation_in(str(row["data"] or ""))
    if conversation is None:
        return None
    return Entry(
        id=UUID(str(row["appnotificationid"])),
        reader=UUID(str(row["_ownerid_value"])),
        conversation=conversation,
        made_on=moment(row["createdon"]),
        version=int(str(row["versionnumber"])),
    )
