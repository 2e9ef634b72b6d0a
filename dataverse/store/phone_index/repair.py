"""What no event told: the phone index is compared with what changed since the last time.

Events of Dataverse get lost; delta tokens do not, as long as they are used within a week.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from types import MappingProxyType
from uuid import UUID

from dataverse.store.batches import chunks
from dataverse.store.phone_index.fill import Fill
from dataverse.store.phone_index.state import IndexState, read_state, save_state
from dataverse.store.phone_index.upkeep import AT_ONCE, Upkeep
from dataverse.store.tables import RECORD_TABLES
from dataverse.webapi.changes import changes
from dataverse.webapi.client import Client
from dataverse.webapi.errors import ChangesExpired
from dataverse.webapi.parallel import in_parallel
from messaging.records import PHONE_COLUMNS, Table

_log = logging.getLogger("textverse.phone_index")


@dataclass(frozen=True, slots=True)
class Repair:
    """Repairs the index of one environment. `clock` gives the time (UTC)."""

    client: Client
    clock: Callable[[], datetime]

    def run(self) -> None:
        """Bring up to date what changed since the last time; nothing where the index has never been filled.

        Where it is no longer known what changed, or where the rules are others by now, everything is filled again; the
        index serves on meanwhile, if it did. Safe to repeat, also after it was cut off. Raises what `Client.send`
        raises.
        """
        state = read_state(self.client)
        if state.complete_on is None:
            _log.info("the phone index has not been filled yet: python -m admin phone-keys backfill")
            return
        if state.complete and state.filling is None and self._changes_alone(state):
            return
        _log.warning("the phone index is filled again")
        Fill(self.client, self.clock).run()

    def _changes_alone(self, state: IndexState) -> bool:
        """Whether what changed is known, and is seen to now."""
        after = dict(state.after)
        mended = 0
        for table in PHONE_COLUMNS:
            if table.value not in after:
                return False
            ids = self._changed(table, after)
            work = partial(Upkeep(self.client).bring_up_to_date, table.value)
            try:
                mended += sum(in_parallel(self.client, work, chunks(ids, AT_ONCE)))
            except ChangesExpired:
                return False
        save_state(self.client, replace(state, after=MappingProxyType(after)))
        _log.info("the phone index is repaired", extra={"entries": mended})
        return True

    def _changed(self, table: Table, after: dict[str, str]) -> Iterator[UUID]:
        """The records that changed; in the end `after` has the path for the next time. Those that are gone have taken
        their entries with them."""
        for page in changes(self.client, after[table.value]):
            yield from (UUID(str(row[RECORD_TABLES[table].id])) for row in page.rows)
            after[table.value] = page.keep or after[table.value]
