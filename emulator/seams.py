"""What the write side expects of the parts beside it: reading, security, and those who want to know of changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from emulator.behaviour import Behaviour
from emulator.context import Access, Context, Sql
from emulator.exchange import Call
from emulator.metadata.catalog import Catalog
from emulator.metadata.model import Schema, Table


class Reader(Protocol):
    """The query side. `query` is the raw, undecoded query string."""

    def retrieve_multiple(
        self, context: Context, table: Table, query: str, *, within: Sql | None = None, path: str | None = None
    ) -> dict[str, object]:
        """A page of rows. `within` is a further condition over the alias `t0`, for the rows below another row; `path`
        is then where they were asked for, for the link to the next page."""
        ...

    def retrieve(self, context: Context, table: Table, row_id: str, query: str) -> dict[str, object] | None:
        """None: not there, or not visible to the caller."""
        ...

    def count(self, context: Context, table: Table, query: str, *, within: Sql | None = None) -> int: ...


class Security(Protocol):
    """Privileges and rights. Verbs and rights are Dataverse's: Create, Read, Write, Delete, Append, AppendTo, Assign,
    Share. Both checks raise `DataverseError` 403 (404 for a row that the caller cannot see)."""

    def access(self, db: sqlite3.Connection, schema: Schema, user_id: str, real_user_id: str | None = None) -> Access:
        """What a request may read as `user_id`; sent by `real_user_id`, who must be allowed to act for others."""
        ...

    def check_named(self, context: Context, name: str) -> None:
        """The caller holds a privilege that belongs to no table."""
        ...

    def check_privilege(self, context: Context, table: Table, verb: str) -> None:
        """The caller holds prv<verb><table> at some depth; asked before a row exists."""
        ...

    def check(self, context: Context, table: Table, row_id: str, right: str) -> None:
        """The caller has the right on this row; asked before the row is changed, and with `Create` right after it was
        inserted, when its owner is known (what follows from a refusal is undone)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A row that was written: `Create`, `Update` or `Delete`. `values` holds the physical columns that were given,
    `before` the whole row as it was (empty for a create)."""

    message: str
    table: Table
    row_id: str
    values: Mapping[str, object] = field(default_factory=dict)
    before: Mapping[str, object] = field(default_factory=dict)


# Called inside the transaction of the write, right after it; may write itself, or raise to refuse it.
Observer = Callable[[Context, Change], None]


class Everything:
    """Access without security: every row."""

    def visible(self, table: Table, alias: str) -> Sql:
        return "1", ()


class NoSecurity:
    """Everybody may do everything."""

    def access(self, db: sqlite3.Connection, schema: Schema, user_id: str, real_user_id: str | None = None) -> Access:
        return Everything()

    def check_named(self, context: Context, name: str) -> None:
        return None

    def check_privilege(self, context: Context, table: Table, verb: str) -> None:
        return None

    def check(self, context: Context, table: Table, row_id: str, right: str) -> None:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the emulator is put together from. `prepare` is run on every new SQLite connection, `index` for every table
    that is new or has changed, `opened` once, when the tables are there."""

    reader: Reader
    security: Security = field(default_factory=NoSecurity)
    observers: tuple[Observer, ...] = ()
    prepare: tuple[Callable[[sqlite3.Connection], None], ...] = ()
    index: Callable[[sqlite3.Connection, Table], None] | None = None
    opened: Callable[[sqlite3.Connection], None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A request being worked on: as it came, its context, the parts, and the changes it has made so far."""

    call: Call
    context: Context
    parts: Parts
    catalog: Catalog
    behaviour: Behaviour = field(default_factory=Behaviour)
    changes: list[Change] = field(default_factory=list)

    def note(self, change: Change) -> None:
        """Tells the observers of a change."""
        self.changes.append(change)
        for observer in self.parts.observers:
            observer(self.context, change)
