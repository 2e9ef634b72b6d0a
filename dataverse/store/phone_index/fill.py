"""Filling the phone index: every record of every table, page by page, and again wherever it was cut off.

    for each table    read all pages, write the entries that are missing; keep the path that tells what changed since
    then              see to every record that was changed while that went on
    then              look through all entries for those that should not be there, if there were any before it began
    at last           say that it is complete

A page counts as done when all that it writes is written; then the next one's path is kept in the state. So a filling
that was killed goes on with that page, on whichever machine, and what is written twice is written to the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Protocol
from uuid import UUID

from dataverse.store.batches import chunks
from dataverse.store.phone_index.entries import SET, TYPE, Entry, columns, lookup, wanted
from dataverse.store.phone_index.state import Filling, IndexState, read_state, save_state
from dataverse.store.phone_index.upkeep import AT_ONCE, Upkeep
from dataverse.store.queries import get
from dataverse.store.rows import Row, rows
from dataverse.store.tables import RECORD_TABLES
from dataverse.store.writes import stamp
from dataverse.webapi.changes import changes, is_kept
from dataverse.webapi.client import Client
from dataverse.webapi.errors import ChangesExpired
from dataverse.webapi.parallel import in_parallel
from dataverse.webapi.request import Request
from messaging.errors import Conflict, NotFound, Refused
from messaging.phone_keys import RULES
from messaging.records import PHONE_COLUMNS, Table

PAGE = 5_000
TOGETHER = 200
"""Records whose entries are written by one bulk message: moderate, and several at once."""

_CLOCKS = timedelta(minutes=5)
"""By how much the clocks of Dataverse and of this machine may differ."""


class Watching(Protocol):
    """Hears how a filling goes on."""

    def entered(self, table: Table, records: int) -> None:
        """So many records of a table have been entered, all in all and since the filling began."""

    def looked_through(self, table: Table, entries: int) -> None:
        """So many more entries have been looked through, after all records have been entered."""


@dataclass(frozen=True, slots=True)
class _Step:
    """Records to enter, and the path of the next page if these are the last of theirs (None: no page ends here)."""

    records: Sequence[Row]
    ends_at: str | None = None


@dataclass(frozen=True, slots=True)
class Fill:
    """Fills the index of one environment. `clock` gives the time (UTC); `page_size` is how many records are read at
    once."""

    client: Client
    clock: Callable[[], datetime]
    watching: Watching | None = None
    page_size: int = PAGE

    def run(self) -> IndexState:
        """Fill the index, or go on with a filling that was cut off; returns the state, which is complete. Safe to
        repeat, and beside a service that is at work.

        Raises NotFound where the environment has not been provisioned, Refused for a table that does not track changes,
        and what `Client.send` raises.
        """
        state = read_state(self.client)
        filling = state.filling or self._begin()
        tables = list(PHONE_COLUMNS)
        for table in tables[tables.index(Table(filling.table)) :]:
            if table.value != filling.table:
                filling = replace(state.filling or filling, table=table.value, page="")
            state = self._enter(table, replace(state, filling=filling), filling)
        self._catch_up(filling.began_on)
        if filling.again:
            self._look_through()
        state = IndexState(rules=RULES, complete_on=self.clock(), after=state.after)
        save_state(self.client, state)
        return state

    def _begin(self) -> Filling:
        """The beginning, told to nobody yet: as long as nothing is written, there is nothing to go on with."""
        there = rows(self.client.send(get(f"{SET}?$select=txv_phonekeyid&$top=1")).json())
        return Filling(began_on=self.clock(), table=next(iter(PHONE_COLUMNS)).value, again=bool(there))

    def _enter(self, table: Table, state: IndexState, filling: Filling) -> IndexState:
        """Enter all records of a table, from where the state says."""
        save_state(self.client, state)
        first = f"{RECORD_TABLES[table].set_name}?$select={columns(table)}"
        try:
            return self._read_on(table, state, filling, filling.page or first)
        except ChangesExpired:
            # It was cut off so long ago that nobody knows the place any more.
            return self._read_on(table, state, filling, first)

    def _read_on(self, table: Table, state: IndexState, filling: Filling, path: str) -> IndexState:
        after = dict(state.after)
        for step in in_parallel(self.client, partial(self._write, table), self._steps(path)):
            filling = replace(filling, records=filling.records + len(step.records))
            if self.watching is not None:
                self.watching.entered(table, filling.records)
            if step.ends_at is not None:
                filling = replace(filling, page=step.ends_at)
                after |= {table.value: step.ends_at} if is_kept(step.ends_at) else {}
                state = replace(state, after=MappingProxyType(after), filling=filling)
                save_state(self.client, state)
        return state

    def _steps(self, path: str) -> Iterator[_Step]:
        for page in changes(self.client, path, page_size=self.page_size):
            *parts, last = list(chunks(page.rows, TOGETHER)) or [[]]
            yield from map(_Step, parts)
            yield _Step(last, page.keep or page.following)

    def _write(self, table: Table, step: _Step) -> _Step:
        """Write the entries of some records with one bulk message; the difference alone where some are there already,
        or a record is gone."""
        entries = {key: entry for row in step.records for key, entry in wanted(table, row).items()}
        if entries:
            try:
                self.client.send(_create(entries))
            except (Conflict, NotFound, Refused):
                self._mend(table, {UUID(str(row[RECORD_TABLES[table].id])) for row in step.records})
        return step

    def _catch_up(self, began_on: datetime) -> None:
        """See to what was changed meanwhile: an old number may have been entered after its change was heard of."""
        since = stamp(began_on - _CLOCKS)
        for table in PHONE_COLUMNS:
            key = RECORD_TABLES[table].id
            path = get(f"{RECORD_TABLES[table].set_name}?$select={key}&$filter=modifiedon ge {since}").path
            self._mend(table, (UUID(str(row[key])) for row in self.client.rows(path)))

    def _look_through(self) -> None:
        """Find entries that should not be there: made by other rules, or before a change that nobody heard of."""
        for table in PHONE_COLUMNS:
            own = f"txv_{table.value}id"
            path = get(
                f"{SET}?$select=txv_phonekeyid&$filter={lookup(table)} ne null&$orderby=txv_phonekeyid"
                f"&$expand={own}($select={columns(table)})"
            ).path
            for page in self.client.pages(path, headers={"Prefer": f"odata.maxpagesize={self.page_size}"}):
                found = rows(page)
                self._mend(table, {record for row in found if (record := _misled(table, row, row[own])) is not None})
                if self.watching is not None:
                    self.watching.looked_through(table, len(found))

    def _mend(self, table: Table, records: Iterable[UUID]) -> None:
        upkeep = Upkeep(self.client)
        for _ in in_parallel(self.client, partial(upkeep.bring_up_to_date, table.value), chunks(records, AT_ONCE)):
            pass


def _misled(table: Table, entry: Row, record: object) -> UUID | None:
    """The record of an entry that it should not have."""
    if not isinstance(record, Mapping) or UUID(str(entry["txv_phonekeyid"])) in wanted(table, record):
        return None
    return UUID(str(record[RECORD_TABLES[table].id]))


def _create(entries: Mapping[UUID, Entry]) -> Request:
    """One bulk message: all or none, and with ids of ours, so that it can be sent again."""
    targets = [{"@odata.type": TYPE, "txv_phonekeyid": str(key), **entry.body()} for key, entry in entries.items()]
    path = f"{SET}/Microsoft.Dynamics.CRM.CreateMultiple"
    return Request(method="POST", path=path, body={"Targets": targets}, repeatable=True)
