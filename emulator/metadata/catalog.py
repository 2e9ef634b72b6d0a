"""The schema in force, and its customizations: kept in the database as the list of changes that led to it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence

from emulator.metadata.draft import Draft
from emulator.metadata.history import deletions, touched
from emulator.metadata.model import Schema, Table
from emulator.metadata.physical import VIEWS, synchronise
from emulator.metadata.vacate import vacate

# Applies one recorded change to a draft: (draft, what it belongs to, the definition as it was sent).
Definer = Callable[[Draft, str, Mapping[str, object]], None]


class Catalog:
    """`schema` is what new requests see, `position` the place of the last change in the list, `changed` that of each
    table's last one. A change becomes visible with `keep`, after its transaction is committed."""

    def __init__(
        self,
        base: Schema,
        definers: Mapping[str, Definer],
        index: Sequence[Callable[[sqlite3.Connection, Table], None]] = (),
    ) -> None:
        self.schema = self._base = base
        self.position = 0
        self.changed: Mapping[str, int] = {}
        self._definers = definers
        self._index = index
        self._pending: tuple[Schema, int, Mapping[str, int]] | None = None

    def open(self, db: sqlite3.Connection) -> None:
        """Loads the customizations of a database and brings its tables up to the schema."""
        db.execute(
            "CREATE TABLE IF NOT EXISTS _definition "
            "(position INTEGER PRIMARY KEY, kind TEXT NOT NULL, owner TEXT NOT NULL, body TEXT NOT NULL)"
        )
        self.schema, self.position, self.changed = self._base, 0, {}
        rows = db.execute("SELECT position, kind, owner, body FROM _definition ORDER BY position").fetchall()
        for position, kind, owner, body in rows:
            self._apply(kind, owner, json.loads(body), position)
            self.keep()
        self._follow(db, self.schema, list(self.schema.tables.values()))

    def change(self, db: sqlite3.Connection, kind: str, owner: str, body: Mapping[str, object]) -> Schema:
        """Applies a change and records it; the transaction under way decides whether it stays."""
        before = self.latest
        added = db.execute(
            "INSERT INTO _definition (kind, owner, body) VALUES (?, ?, ?)", (kind, owner, json.dumps(dict(body)))
        )
        after = self._apply(kind, owner, body, int(added.lastrowid or 0))
        vacate(db, before, after)
        self._follow(db, after, [table for name, table in after.tables.items() if before.tables.get(name) is not table])
        return after

    def _apply(self, kind: str, owner: str, body: Mapping[str, object], position: int) -> Schema:
        before, changed = self.latest, self._pending[2] if self._pending else self.changed
        draft = Draft(before)
        self._definers[kind](draft, owner, body)
        changed = {**changed, **dict.fromkeys(touched(before, draft.schema), position)}
        self._pending = draft.schema, position, changed
        return draft.schema

    def position_in(self, db: sqlite3.Connection) -> int:
        """The place of the last change that a transaction sees; equal to `position` where it sees `schema`."""
        found: int = db.execute("SELECT coalesce(max(position), 0) FROM _definition").fetchone()[0]
        return found

    @property
    def latest(self) -> Schema:
        """The schema with the changes of the transaction under way."""
        return self._pending[0] if self._pending else self.schema

    def deleted(self, db: sqlite3.Connection, position: int | None) -> Iterator[tuple[str, str]]:
        """Kind and id of what was deleted after a position; of nothing without one."""
        return deletions(db, position) if position is not None else iter(())

    def _follow(self, db: sqlite3.Connection, schema: Schema, tables: list[Table]) -> None:
        synchronise(db, schema, tables)
        for table in tables:
            for index in self._index if table.logical_name not in VIEWS else ():
                index(db, table)

    def keep(self) -> None:
        """The transaction was committed."""
        if self._pending is not None:
            self.schema, self.position, self.changed = self._pending
            self._pending = None

    def forget(self) -> None:
        """The transaction was undone."""
        self._pending = None
