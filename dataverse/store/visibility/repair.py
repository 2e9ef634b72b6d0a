"""What no event told: conversations that belong to somebody else than the owner of their record.

Dataverse finds them itself, by comparing two columns: one question for each table of records, and one for texts that
wait without a record. Shares cannot be asked for in this way; the next text of a conversation shares it anew.

Source: Microsoft Learn, "Use column comparison in queries" (across tables in FetchXML alone); "Page results".
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from dataverse.store.queries import get
from dataverse.store.rows import rows
from dataverse.store.tables import RECORD_TABLES
from dataverse.store.visibility.standing import NUMBER
from dataverse.store.visibility.upkeep import Visibility
from dataverse.webapi.client import Client
from messaging.row_changes import PHONE_NUMBER, TEXT_CONVERSATION

PAGE = 5_000
MOST_PAGES = 10
"""Dataverse pages as far as 50,000 rows by number; what is beyond that comes once some before it are mended."""

_log = logging.getLogger("textverse.dataverse")


@dataclass(frozen=True, slots=True)
class VisibilityRepair:
    """Sees to the conversations whose owner is not that of their record, in one environment."""

    client: Client
    visibility: Visibility

    def run(self) -> None:
        """See to all of them (five round trips where there are none). Those whose owners may not read texts are found
        each time, and left as they are. Safe to repeat. Raises what `Visibility.bring_up_to_date` raises."""
        # All are found before any is changed: pages are counted off what is still to be found.
        found = dict.fromkeys(each for query in _queries() for each in self._found(query))
        changed = self.visibility.bring_up_to_date(TEXT_CONVERSATION, found)
        _log.info("conversations are looked over", extra={"found": len(found), "conversations": changed})

    def _found(self, query: str) -> Iterator[UUID]:
        for page in range(1, MOST_PAGES + 1):
            fetch = f'<fetch count="{PAGE}" page="{page}">{query}</fetch>'
            answer = self.client.send(get(f"txv_textconversations?fetchXml={quote(fetch, safe='')}")).json()
            found = rows(answer)
            yield from (UUID(str(row["activityid"])) for row in found)
            if len(found) < PAGE:
                return


def _queries() -> Iterator[str]:
    for table, known in RECORD_TABLES.items():
        yield _astray(table.value, known.id, "regardingobjectid")
    yield _astray(PHONE_NUMBER, NUMBER, NUMBER, '<condition attribute="regardingobjectid" operator="null"/>')


def _astray(table: str, key: str, lookup: str, condition: str = "") -> str:
    """Conversations that belong to somebody else than the row of `table` to which `lookup` points."""
    return (
        '<entity name="txv_textconversation"><attribute name="activityid"/><order attribute="activityid"/>'
        f'<filter>{condition}<condition attribute="ownerid" operator="ne" valueof="other.ownerid"/></filter>'
        f'<link-entity name="{table}" from="{key}" to="{lookup}" link-type="inner" alias="other"/></entity>'
    )
