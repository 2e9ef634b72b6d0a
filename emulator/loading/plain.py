"""Rows without anything special about them, composed and inserted many at a time.

What a row needs beyond plain columns and links by id goes the way of a POST (`Unusual`): so does the first row of every
owner, which settles what that owner means for a row. The two ways lead to the same rows; a test holds them together.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from emulator.metadata.kinds import POINTER
from emulator.metadata.model import Column, ColumnType, Table
from emulator.metadata.physical import companion
from emulator.records.duplicates import refusing_duplicates
from emulator.records.names import full_name
from emulator.records.rows import Row, exists
from emulator.records.states import settle
from emulator.records.values import stored, written
from emulator.seams import Work

Fill = Callable[[Row, object], None]
_BIND = "@odata.bind"
_LINK = re.compile(r"/?(\w+)\(([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\)")
_SALES = frozenset({"account", "contact", "lead", "opportunity"})
_OWNER = ("ownerid", "ownerid__table", "owninguser", "owningteam", "owningbusinessunit")
_BY_VALUE = frozenset({"overriddencreatedon"})  # columns that others follow
_REMEMBERED = 50_000
_TEXTS = frozenset({ColumnType.STRING, ColumnType.MEMO})


class Unusual(Exception):
    """The row goes the ordinary way, which also knows what to say if it is wrong."""


@dataclass(slots=True)
class Batch:
    """Rows with the same columns: the statement that inserts them, what they all have, and what each has."""

    statement: str
    shared: tuple[object, ...]
    rows: list[tuple[object, ...]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


def is_plain(table: Table) -> bool:
    """Whether rows of a table can be written this way at all."""
    known = table.custom or table.logical_name in _SALES
    return known and not table.is_activity and not table.is_intersect and table.logical_name != POINTER


class PlainTable:
    """Composes the rows of one table, and keeps them until they are written."""

    def __init__(self, work: Work, table: Table, flush: Callable[[], None]) -> None:
        self.table = table
        self.batches: dict[tuple[str, ...], Batch] = {}
        self.waiting = 0
        self._flush = flush  # has all that waits written, in other tables too
        self._db, self._schema = work.context.db, work.context.schema
        self._shared = _shared(work, table)
        self._required = [
            name for name, column in table.columns.items() if column.required and self._shared.get(name) is None
        ]
        self._owners: dict[tuple[object, object], Row] = {}
        self._self = (work.context.user_id, "systemuser")
        self._fills: dict[str, Fill] = {}
        self._there: set[tuple[str, str]] = set()

    def take(self, number: int, body: Mapping[str, object]) -> None:
        """Composes a row. Raises `Unusual`, or `DataverseError` for a value that does not fit its column."""
        row: Row = {}
        for name, value in body.items():
            fill = self._fills.get(name)
            if fill is None:
                fill = self._fills[name] = self._fill(name)
            fill(row, value)
        if "statuscode" in row or "statecode" in row:
            row.update(settle(self.table, row, None, str(row[self.table.primary_id])))
        if self.table.ownership == "UserOwned":
            row.update(self._owner(row))
        row.update(full_name(self.table, row, {}))
        for name in self._required:
            if row.get(name) is None:
                raise Unusual
        names = tuple(row)
        batch = self.batches.get(names)
        if batch is None:
            batch = self.batches[names] = self._batch(names)
        batch.rows.append(tuple(row.values()))
        batch.lines.append(number)
        self.waiting += 1

    def knows_owner(self, row_id: str) -> None:
        """A row was written the ordinary way: its owner may own rows, and this is what follows from it."""
        if self.table.ownership == "UserOwned":
            statement = (
                f'SELECT {", ".join(_OWNER)} FROM "{self.table.logical_name}" WHERE "{self.table.primary_id}" = ?'
            )
            found = dict(zip(_OWNER, self._db.execute(statement, (row_id,)).fetchone(), strict=True))
            self._owners[found["ownerid"], found["ownerid__table"]] = found

    def write(self, next_version: int) -> int:
        """Inserts what has been kept, with versions from this one on; returns how many rows are new, which leaves out
        those whose id was there. Raises `DataverseError` 412 where an alternate key is taken."""
        new = 0
        for batch in self.batches.values():
            rows = [(*row, *batch.shared, next_version + place) for place, row in enumerate(batch.rows)]
            next_version += len(rows)
            new += self._insert(batch, rows)
            batch.rows.clear()
            batch.lines.clear()
        self.waiting = 0
        return new

    def first_conflict(self) -> int:
        """After `write` was refused: the line that is in the way."""
        for batch in self.batches.values():
            for number, row in zip(batch.lines, batch.rows, strict=True):
                try:
                    self._db.execute(batch.statement, (*row, *batch.shared, 0))
                except sqlite3.IntegrityError:
                    return number
        return 0

    def _insert(self, batch: Batch, rows: Iterable[tuple[object, ...]]) -> int:
        with refusing_duplicates(self.table):
            return self._db.executemany(batch.statement, rows).rowcount

    def _batch(self, names: tuple[str, ...]) -> Batch:
        shared = {name: value for name, value in self._shared.items() if name not in names}
        columns = (*names, *shared, "versionnumber")
        listed, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
        statement = f'INSERT INTO "{self.table.logical_name}" ({listed}) VALUES ({marks})'
        return Batch(f'{statement} ON CONFLICT ("{self.table.primary_id}") DO NOTHING', tuple(shared.values()))

    def _owner(self, row: Row) -> Row:
        owner = (row["ownerid"], row["ownerid__table"]) if row.get("ownerid") else self._self
        if owner not in self._owners:
            raise Unusual
        return self._owners[owner]

    def _fill(self, name: str) -> Fill:
        if name.endswith(_BIND):
            return self._link(name.removesuffix(_BIND))
        if "@" in name:
            return _ordinary if "." not in name.partition("@")[2].strip(".") else _nothing
        column = self.table.columns.get(name)
        if column is None or column.is_lookup or name in _BY_VALUE:
            return _ordinary
        if not column.on_create:
            return _ordinary if column.type is ColumnType.STATE else _nothing
        return self._money(column) if column.type is ColumnType.MONEY else self._plain(column)

    def _plain(self, column: Column) -> Fill:
        name = column.logical_name

        def fill(row: Row, value: object) -> None:
            row[name] = stored(self.table, column, value)

        def fill_text(row: Row, value: object) -> None:
            # What most values are is seen at a glance; the rest is looked at closely.
            fits = isinstance(value, str) and value.isascii() and 0 < len(value) <= longest
            row[name] = value if fits else stored(self.table, column, value)

        longest = column.max_length or 0
        return fill_text if column.type in _TEXTS else fill

    def _money(self, column: Column) -> Fill:
        currency = self._db.execute("SELECT basecurrencyid FROM organization").fetchone()[0]

        def fill(row: Row, value: object) -> None:
            row[column.logical_name] = stored(self.table, column, value)
            row.setdefault("transactioncurrencyid", currency)

        return fill

    def _link(self, name: str) -> Fill:
        navigation = self._schema.navigation(self.table.logical_name, name)
        if navigation is None or navigation.is_collection or navigation.one_to_many is None:
            return _ordinary
        column = self.table.columns[navigation.one_to_many.referencing_column]
        names = column.targets if navigation.target == "owner" else (navigation.target,)
        targets = {self._schema.tables[each].set_name: self._schema.tables[each] for each in names}

        def fill(row: Row, value: object) -> None:
            match = _LINK.fullmatch(value) if isinstance(value, str) else None
            target = targets.get(match[1]) if match else None
            if match is None or target is None or not self._is_there(target, match[2]):
                raise Unusual
            row[column.logical_name] = match[2]
            if column.is_polymorphic:
                row[companion(column.logical_name)] = target.logical_name

        return fill

    def _is_there(self, table: Table, row_id: str) -> bool:
        known = (table.logical_name, row_id)
        if known not in self._there:
            if not exists(self._db, table, row_id):
                self._flush()
                if not exists(self._db, table, row_id):
                    return False
            if len(self._there) >= _REMEMBERED:
                self._there.clear()
            self._there.add(known)
        return True


def _shared(work: Work, table: Table) -> Row:
    """What every new row has: defaults, its first state, and who made it when."""
    shared: Row = {
        name: int(column.default) if isinstance(column.default, bool) else column.default
        for name, column in table.columns.items()
        if column.default is not None
    }
    shared |= settle(table, {}, None, "")
    if "createdon" in table.columns:
        now, user = written(work.context.now()), work.context.user_id
        shared |= {"createdon": now, "modifiedon": now, "createdby": user, "modifiedby": user}
    if "organizationid" in table.columns:
        shared["organizationid"] = work.context.db.execute("SELECT organizationid FROM organization").fetchone()[0]
    return shared


def _nothing(row: Row, value: object) -> None:
    return None


def _ordinary(row: Row, value: object) -> None:
    raise Unusual
