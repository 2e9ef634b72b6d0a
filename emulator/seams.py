"""What the write side expects of the parts beside it: reading, security, and those who want to know of changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import uuid4

from emulator.behaviour import Behaviour
from emulator.context import Access, Context, Sql
from emulator.exchange import Call
from emulator.metadata.catalog import Catalog
from emulator.metadata.model import Schema, Table
from emulator.store import Store


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


# As an observer, with the whole request at hand; called after the observers.
Publisher = Callable[["Work", Change], None]


class Environment(Protocol):
    """What background work may use. A restored snapshot puts other data into the same `store`."""

    behaviour: Behaviour
    clock: Callable[[], datetime]
    store: Store


class Background(Protocol):
    """Work beside the requests, in threads of its own. It begins with the service and ends with it."""

    def start(self) -> None: ...

    def wake(self) -> None:
        """There may be something to do: called after a commit, by the thread that wrote; returns at once."""
        ...

    def settle(self, timeout: float) -> bool:
        """Waits until nothing is left to do, `timeout` seconds at most; whether that was reached."""
        ...

    def stop(self) -> None:
        """Takes up nothing new. What is under way is not waited for."""
        ...


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
    that is new or has changed, `opened` once, when the tables are there, `restored` when an earlier state of the
    database has been put in its place."""

    reader: Reader
    security: Security = field(default_factory=NoSecurity)
    observers: tuple[Observer, ...] = ()
    publishers: tuple[Publisher, ...] = ()
    prepare: tuple[Callable[[sqlite3.Connection], None], ...] = ()
    index: tuple[Callable[[sqlite3.Connection, Table], None], ...] = ()
    opened: tuple[Callable[[sqlite3.Connection], None], ...] = ()
    restored: tuple[Callable[[sqlite3.Connection], None], ...] = ()
    background: tuple[Callable[[Environment], Background], ...] = ()


def new_id() -> str:
    """A random id."""
    return str(uuid4())


def _nothing() -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A request being worked on: as it came, its context, the parts, and the changes it has made so far. `stir` has the
    background woken when the transaction is committed."""

    call: Call
    context: Context
    parts: Parts
    catalog: Catalog
    behaviour: Behaviour = field(default_factory=Behaviour)
    changes: list[Change] = field(default_factory=list)
    request_id: str = field(default_factory=new_id)
    correlation_id: str = field(default_factory=new_id)
    stir: Callable[[], None] = _nothing

    def note(self, change: Change) -> None:
        """Tells the observers of a change, and then the publishers."""
        self.changes.append(change)
        for observer in self.parts.observers:
            observer(self.context, change)
        for publisher in self.parts.publishers:
            publisher(self, change)
