"""Bringing records' entries of the phone index up to date: however often, in whichever order, by whomever.

What a record should have is compared with what it has, and only the difference is written. Whoever has written looks
again: so of two who work on a record at once, with an old reading and with a new one, the one who wrote last sees
whether it was right, and mends it if not. It ends when a look finds nothing to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from dataverse.store.batches import answers, chunks
from dataverse.store.phone_index.entries import SET, columns, lookup, remove, wanted, write
from dataverse.store.queries import get
from dataverse.store.tables import RECORD_TABLES
from dataverse.webapi.client import Client
from dataverse.webapi.literals import in_list
from dataverse.webapi.request import Request
from messaging.errors import Conflict, NotFound
from messaging.records import PHONE_COLUMNS, Table

AT_ONCE = 100
"""Records that are looked at in one round trip, and entries that are written in one."""

MOST_LOOKS = 6


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Keeps the entries of records as they should be."""

    client: Client

    def bring_up_to_date(self, table: str, record_ids: Iterable[UUID]) -> int:
        """See to the entries of these records (a hundred in one round trip, and one more where something was written);
        returns how many entries were made or removed. A record that is gone should have none; a table without phone
        columns has nothing to do.

        Raises Conflict where others keep changing the same records, and what `Client.batch` raises; both are safe to
        repeat.
        """
        if table not in PHONE_COLUMNS:
            return 0
        return sum(self._settle(Table(table), chunk) for chunk in chunks(dict.fromkeys(record_ids), AT_ONCE))

    def _settle(self, table: Table, record_ids: Sequence[UUID]) -> int:
        written = 0
        for _ in range(MOST_LOOKS):
            difference = self._difference(table, record_ids)
            if not difference:
                return written
            for part in chunks(difference, AT_ONCE):
                self._write(part)
            written += len(difference)
        raise Conflict("others are changing the same records; their numbers are indexed a little later")

    def _difference(self, table: Table, record_ids: Sequence[UUID]) -> list[Request]:
        """What has to be written: new entries first, so that no number is missing in between."""
        known = RECORD_TABLES[table]
        theirs = " or ".join(f"{lookup(table)} eq {record_id}" for record_id in record_ids)
        records, entries = answers(
            self.client,
            [
                get(f"{known.set_name}?$select={columns(table)}&$filter={in_list(known.id, record_ids)}"),
                get(f"{SET}?$select=txv_phonekeyid&$filter={theirs}"),
            ],
        )
        should = {key: entry for row in records for key, entry in wanted(table, row).items()}
        held = {UUID(str(row["txv_phonekeyid"])) for row in entries}
        new = [write(entry) for key, entry in should.items() if key not in held]
        return new + [remove(key) for key in sorted(held - should.keys())]

    def _write(self, requests: Sequence[Request]) -> None:
        answer = self.client.batch(requests, continue_on_error=True)
        for part in answer.parts:
            try:
                answer.raise_for(part)
            except NotFound:  # the record has been deleted, or someone else removed the entry: the next look tells
                continue
