"""Loading a file of rows into an environment: in one transaction, as the administrator, without telling webhooks."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from emulator.errors import DataverseError
from emulator.exchange import Call
from emulator.loading.indexes import SetAside
from emulator.loading.inheritance import inherit
from emulator.loading.lines import Line, at, read_lines
from emulator.loading.plain import PlainTable, Unusual, is_plain
from emulator.metadata.model import Table
from emulator.paths import parse_guid
from emulator.records.deep import create
from emulator.records.payload import read_submission
from emulator.records.rows import exists
from emulator.seeds import ADMINISTRATOR
from emulator.service import Service

_TOGETHER = 2000  # rows that are inserted by one statement
_CACHE_KIB = 65_536
_EVERY_S = 2.0
Tell = Callable[[str], None]


class Stopped(Exception):
    """Whoever asked for the load no longer wants it: nothing was loaded."""


@dataclass(slots=True)
class Outcome:
    """Rows that are new, by table, and how many were there already."""

    new: Counter[str] = field(default_factory=Counter)
    present: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        tables = ", ".join(f"{count:,} {name}" for name, count in self.new.items()) or "nothing new"
        rate = self.new.total() / self.seconds if self.seconds else 0
        there = f"; {self.present:,} rows were there already" if self.present else ""
        return f"Loaded {tables} in {self.seconds:.1f} s ({rate:,.0f} rows/s){there}."


def load(service: Service, file: Path, tell: Tell = lambda text: None,
         unwanted: Callable[[], bool] = lambda: False) -> Outcome:  # fmt: skip
    """Loads a file of rows; rows whose id is there already are passed over. `tell` hears of the progress.

    Raises `Unloadable`, and `Stopped` soon after `unwanted` is true; nothing was loaded then.
    """
    with service.store.exchanging() as db:
        # A rollback journal keeps only the pages that were there before: the new ones are written once.
        for setting in ("journal_mode = DELETE", f"cache_size = -{_CACHE_KIB}"):
            db.execute(f"PRAGMA {setting}")
        try:
            db.execute("BEGIN IMMEDIATE")
            outcome = _Loader(service, db, file, tell).run(unwanted)
            db.execute("COMMIT")
        except BaseException:
            db.execute("ROLLBACK")
            raise
        finally:
            db.execute("PRAGMA journal_mode = WAL")
    return outcome


class _Loader:
    def __init__(self, service: Service, db: sqlite3.Connection, file: Path, tell: Tell) -> None:
        work = service.work(db, Call(method="POST", path=""), ADMINISTRATOR, "")
        self._work = replace(work, behaviour=replace(work.behaviour, webhooks_dropped=True))
        self._db, self._file, self._tell = db, file, tell
        self._plain: dict[str, PlainTable] = {}
        self._aside = SetAside(db)
        self._outcome = Outcome()
        self._last_row: dict[str, int] = {}
        self._read = 0

    def run(self, unwanted: Callable[[], bool]) -> Outcome:
        started = told = time.monotonic()
        for line in read_lines(self._file, self._work.context.schema):
            if unwanted():
                raise Stopped
            try:
                self._take(line)
            except DataverseError as error:
                raise at(self._file, line.number, f"{error.message} ({error.code})") from error
            self._read += 1
            if time.monotonic() - told >= _EVERY_S:
                told = time.monotonic()
                self._tell(f"  {self._read:,} rows, {self._read / (told - started):,.0f} rows/s")
        self._flush()
        for _ in self._aside.put_back():
            if unwanted():
                raise Stopped
        for name, last in self._last_row.items():
            inherit(self._work.context, self._work.context.schema.tables[name], last)
        self._outcome.seconds = time.monotonic() - started
        return self._outcome

    def _take(self, line: Line) -> None:
        if not is_plain(line.table):
            self._ordinary(line)
            return
        plain = self._plain_table(line.table)
        try:
            plain.take(line.number, line.body)
        except Unusual:
            self._flush()
            self._ordinary(line)
        if plain.waiting >= _TOGETHER:
            self._flush()

    def _plain_table(self, table: Table) -> PlainTable:
        name = table.logical_name
        if name not in self._plain:
            self._plain[name] = PlainTable(self._work, table, self._flush)
            last = self._db.execute(f'SELECT coalesce(max(rowid), 0) FROM "{name}"').fetchone()[0]
            self._last_row[name] = last
        return self._plain[name]

    def _ordinary(self, line: Line) -> None:
        context, table = self._work.context, line.table
        row_id = parse_guid(str(line.body[table.primary_id]))
        if row_id is not None and exists(context.db, table, row_id):
            self._outcome.present += 1
            return
        row_id = create(self._work, table, read_submission(context, table, line.body, creating=True))
        self._outcome.new[table.logical_name] += 1
        if table.logical_name in self._plain:
            self._plain[table.logical_name].knows_owner(row_id)

    def _flush(self) -> None:
        for name, plain in self._plain.items():
            if not plain.waiting:
                continue
            waiting = plain.waiting
            self._aside.consider(name, self._outcome.new[name], [each for names in plain.batches for each in names])
            version = self._versions(waiting)
            try:
                new = plain.write(version)
            except DataverseError as error:
                raise at(self._file, plain.first_conflict(), f"{error.message} ({error.code})") from error
            self._outcome.new[name] += new
            self._outcome.present += waiting - new

    def _versions(self, count: int) -> int:
        """The first of so many values of the version counter."""
        statement = "UPDATE _version SET value = value + ? RETURNING value"
        last: int = self._db.execute(statement, (count,)).fetchone()[0]
        return last - count + 1
