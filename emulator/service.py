"""The Web API without HTTP: a call comes in, is worked on inside one transaction, and an answer goes out."""

from __future__ import annotations

import sqlite3
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from emulator.behaviour import Behaviour
from emulator.bypass import bypassed, check_bypassed
from emulator.callers import acting, caller
from emulator.context import Context
from emulator.customization.keys import build_due_keys, due
from emulator.errors import DataverseError
from emulator.exchange import Answer, Call, refusal
from emulator.metadata.catalog import Catalog
from emulator.metadata.definers import DEFINERS
from emulator.metadata.messages import create_entity
from emulator.metadata.model import Schema
from emulator.metadata.standard import standard_schema
from emulator.records.rows import create_version_counter
from emulator.routes import serve
from emulator.seams import Parts, Work
from emulator.seeds import plant
from emulator.store import Store


def utc_now() -> datetime:
    """The clock of an environment unless it is given another."""
    return datetime.now(UTC)


class Service:
    """An environment: its data, its tables, and the parts that answer for them."""

    def __init__(self, parts: Parts, path: Path | None = None, clock: Callable[[], datetime] = utc_now) -> None:
        self.parts = parts
        self.clock = clock
        self.behaviour = Behaviour()
        # Told of each operation and its user before it is worked on; may raise `DataverseError`.
        self.before: Callable[[Call, str], None] = lambda call, user_id: None
        self.store = Store(path, parts.prepare)
        self._stirred = False
        self.catalog = Catalog(standard_schema(), DEFINERS, parts.index)
        with self.store.writing() as db:
            create_version_counter(db)
            self.catalog.open(db)
            for step in (*([self._plant] if self.store.is_new else []), *parts.opened):
                step(db)
            for table in self.catalog.schema.tables.values():
                create_entity(db, table)
        self.background = tuple(make(self) for make in parts.background)
        for each in self.background:
            each.start()

    def _plant(self, db: sqlite3.Connection) -> None:
        plant(db, self.catalog.schema, self.clock())

    def settle(self, timeout: float = 30.0) -> bool:
        """Waits until the background has nothing left to do: every webhook is posted or has failed. False if that was
        not reached in `timeout` seconds."""
        return all(each.settle(timeout) for each in self.background)

    def put_back(self, file: Path) -> None:
        """Puts a copy in the place of the data, rows and definitions, between two requests; what was still to be done
        when it was made is taken up."""
        with self.store.exchanging() as db:
            with closing(sqlite3.connect(file)) as copy:
                copy.backup(db)
            db.execute("BEGIN")
            self.catalog.open(db)
            for step in self.parts.restored:
                step(db)
            db.execute("COMMIT")
        for each in self.background:
            each.wake()

    def copy_of_fresh_one(self, file: Path) -> None:
        """Writes what a fresh environment holds into a file."""
        with closing(Service(self.parts, clock=self.clock)) as fresh:
            fresh.store.copy_to(file)

    def close(self) -> None:
        for each in self.background:
            each.stop()
        self.store.close()

    def identify(self, call: Call) -> str:
        """The caller's user id; raises as `callers.caller` does."""
        with self.store.reading() as db:
            return caller(db, call.headers)

    def answer(self, call: Call, user_id: str, url: str) -> Answer:
        """Works on one call in a transaction of its own."""
        with refusing() as refused:
            if call.method not in ("GET", "HEAD"):
                with self.transaction() as db:
                    answer = serve(self.work(db, call, user_id, url))
            else:
                self.catch_up()
                with self.snapshot() as (db, schema):
                    answer = serve(self.work(db, call, user_id, url, schema))
        return refused[0] if refused else answer

    @contextmanager
    def snapshot(self) -> Iterator[tuple[sqlite3.Connection, Schema]]:
        """The data as it is now, with the schema that it has: definitions may change at the same moment."""
        with self.store.in_use():
            while True:
                position, schema = self.catalog.position, self.catalog.schema
                with self.store.reading() as db:
                    if self.catalog.position_in(db) == position:
                        yield db, schema
                        return

    def catch_up(self) -> None:
        """Does what is due by the clock: builds the indexes of alternate keys."""
        seconds = self.behaviour.keys_pending_seconds
        if due(self.catalog.schema, self.clock(), seconds):
            with self.store.writing(kept=self.catalog.keep, undone=self.catalog.forget) as db:
                build_due_keys(db, self.catalog, self.clock(), seconds)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A write transaction; with its commit a changed schema comes into force and the background hears of it."""
        self.catch_up()
        with self.store.writing(kept=self._kept, undone=self._undone) as db:
            yield db

    def _kept(self) -> None:
        self.catalog.keep()
        if self._stirred:
            self._stirred = False
            for each in self.background:
                each.wake()

    def _undone(self) -> None:
        self.catalog.forget()
        self._stirred = False

    def _stir(self) -> None:
        self._stirred = True  # under the lock of the one writer, as are the two above

    def work(self, db: sqlite3.Connection, call: Call, user_id: str, url: str, schema: Schema | None = None) -> Work:
        """What a call is worked on with: inside `transaction`, or inside `snapshot` with the schema of that. Raises
        for a caller who may not act for the one that the call names."""
        schema = schema or self.catalog.schema
        acting_as, sender = acting(db, user_id, call.headers)
        self.before(call, acting_as)
        context = Context(
            db=db,
            schema=schema,
            user_id=acting_as,
            access=self.parts.security.access(db, schema, acting_as, sender),
            url=url,
            preferences=call.preferences(),
            now=self.clock,
            real_user_id=sender,
            bypassed=bypassed(call.headers),
            tag=call.parameters().get("tag"),
            metadata_version=self.catalog.position,
        )
        check_bypassed(self.parts.security, context, call.headers)
        return Work(
            call=call,
            context=context,
            parts=self.parts,
            catalog=self.catalog,
            behaviour=self.behaviour,
            stir=self._stir,
        )


@contextmanager
def refusing() -> Iterator[list[Answer]]:
    """Catches what goes wrong in the block: the list then holds the answer for it."""
    refused: list[Answer] = []
    try:
        yield refused
    except DataverseError as error:
        refused.append(refusal(error))
    except RecursionError:  # of the JSON parser, or of whoever walks through what it read
        refused.append(refusal(DataverseError(400, "0x80048d19", "The request is nested too deeply.")))
    except Exception:  # noqa: BLE001 - the boundary of the server: whatever went wrong becomes a 500
        traceback.print_exc(file=sys.stderr)
        unexpected = DataverseError(500, "0x80040216", "An unexpected error occurred in the emulator.")
        refused.append(refusal(unexpected))
