"""The schema in force, and its customizations: kept in the database as the list of changes that led to it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence

from emulator.metadata.draft import Draft
from emulator.metadata.model import Schema, Table
from emulator.metadata.physical import VIEWS, synchronise
from emulator.metadata.vacate import vacate

# Applies one recorded change to a draft: (draft, what it belongs to, the definition as it was sent).
Definer = Callable[[Draft, str, Mapping[str, object]], None]


class Catalog:
    """`schema` is what new requests see. A change becomes visible with `keep`, after its transaction is committed."""

    def __init__(
        self,
        base: Schema,
        definers: Mapping[str, Definer],
        index: Sequence[Callable[[sqlite3.Connection, Table], None]] = (),
    ) -> None:
        self.schema = self._base = base
        self._definers = definers
        self._index = index
        self._pending: Schema | None = None

    def open(self, db: sqlite3.Connection) -> None:
        """Loads the customizations of a database and brings its tables up to the schema."""
        db.execute(
            "CREATE TABLE IF NOT EXISTS _definition "
            "(position INTEGER PRIMARY KEY, kind TEXT NOT NULL, owner TEXT NOT NULL, body TEXT NOT NULL)"
        )
        draft = Draft(self._base)
        for kind, owner, body in db.execute("SELECT kind, owner, body FROM _definition ORDER BY position"):
            self._definers[kind](draft, owner, json.loads(body))
        self.schema = draft.schema
        self._follow(db, self.schema, list(self.schema.tables.values()))

    def change(self, db: sqlite3.Connection, kind: str, owner: str, body: Mapping[str, object]) -> Schema:
        """Applies a change and records it; the transaction under way decides whether it stays."""
        before = self.latest
        draft = Draft(before)
        self._definers[kind](draft, owner, body)
        after = draft.schema
        changed = [table for name, table in after.tables.items() if before.tables.get(name) is not table]
        vacate(db, before, after)
        self._follow(db, after, changed)
        db.execute(
            "INSERT INTO _definition (kind, owner, body) VALUES (?, ?, ?)", (kind, owner, json.dumps(dict(body)))
        )
        self._pending = after
        return after

    @property
    def latest(self) -> Schema:
        """The schema with the changes of the transaction under way."""
        return self._pending or self.schema

    def _follow(self, db: sqlite3.Connection, schema: Schema, tables: list[Table]) -> None:
        synchronise(db, schema, tables)
        for table in tables:
            for index in self._index if table.logical_name not in VIEWS else ():
                index(db, table)

    def keep(self) -> None:
        """The transaction was committed."""
        if self._pending is not None:
            self.schema, self._pending = self._pending, None

    def forget(self) -> None:
        """The transaction was undone."""
        self._pending = None
