"""The SQLite side of the metadata: tables, columns, indexes and triggers, made to follow the schema.

Nothing is ever dropped. Text compares without regard to case (the collation of a Dataverse database), so an alternate
key over text is unique without regard to case too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from emulator.metadata.kinds import POINTER
from emulator.metadata.model import Column, ColumnType, Key, Schema, Table

_TYPES = {
    ColumnType.STRING: "TEXT COLLATE NOCASE",
    ColumnType.MEMO: "TEXT COLLATE NOCASE",
    ColumnType.INTEGER: "INTEGER",
    ColumnType.BIGINT: "INTEGER",
    ColumnType.BOOLEAN: "INTEGER",
    ColumnType.CHOICE: "INTEGER",
    ColumnType.STATE: "INTEGER",
    ColumnType.STATUS: "INTEGER",
    ColumnType.DECIMAL: "REAL",
    ColumnType.DOUBLE: "REAL",
    ColumnType.MONEY: "REAL",
}
USER_SETTINGS = "usersettings"
# Tables that are another sight of rows kept elsewhere.
VIEWS = {
    "owner": """CREATE VIEW IF NOT EXISTS owner AS
        SELECT systemuserid AS ownerid, fullname AS name, versionnumber FROM systemuser
        UNION ALL SELECT teamid, name, versionnumber FROM team"""
}
# Names that the platform keeps unique without an alternate key.
_UNIQUE = {
    "publisher": ("uniquename",),
    "solution": ("uniquename",),
    "webresource": ("name",),
    "environmentvariabledefinition": ("schemaname",),
    "role": ("name", "businessunitid"),
}
_UNINDEXED = {"createdby", "createdonbehalfby", "modifiedby", "modifiedonbehalfby", "owninguser", "owningteam",
              "owningbusinessunit", "organizationid", "transactioncurrencyid"}  # fmt: skip


def synchronise(db: sqlite3.Connection, schema: Schema, tables: Iterable[Table]) -> None:
    """Brings the physical tables up to the schema: creates what is missing, adds columns that are new."""
    present = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
    for table in tables:
        if table.logical_name in VIEWS:
            continue
        for statement in _statements(db, schema, table, present=table.logical_name in present):
            db.execute(statement)
    for view in VIEWS.values():
        db.execute(view)


def physical_columns(table: Table) -> Iterator[tuple[str, str]]:
    """Every column as SQLite has it, with its declaration; the companions of polymorphic lookups included."""
    for column in table.columns.values():
        yield column.logical_name, _declaration(table, column)
        if column.is_polymorphic:
            yield companion(column.logical_name), "TEXT"


def companion(column: str) -> str:
    """The column that names the table which a polymorphic lookup points to."""
    return f"{column}__table"


def _declaration(table: Table, column: Column) -> str:
    if column.logical_name == table.primary_id:
        return "TEXT PRIMARY KEY NOT NULL"
    return _TYPES.get(column.type, "TEXT")


def _statements(db: sqlite3.Connection, schema: Schema, table: Table, *, present: bool) -> Iterator[str]:
    name = table.logical_name
    yield from _added_columns(db, table) if present else (_creation(table),)
    for lookup in table.columns.values():
        if lookup.is_lookup and lookup.logical_name not in _UNINDEXED:
            column = _q(lookup.logical_name)
            where = f'"{name}" ({column}) WHERE {column} IS NOT NULL'
            yield f'CREATE INDEX IF NOT EXISTS "{name}.{lookup.logical_name}" ON {where}'
    yield from (unique_index(table, key) for key in table.keys.values() if key.status == "Active")
    if name in _UNIQUE:
        columns = ", ".join(map(_q, _UNIQUE[name]))
        yield f'CREATE UNIQUE INDEX IF NOT EXISTS "{name}.unique" ON "{name}" ({columns})'
    if table.is_intersect:
        yield from _pairs(schema, table)
    if table.is_activity and name != POINTER:
        yield from _mirror(schema.tables[POINTER], table)
    if name == USER_SETTINGS:
        yield from _one_for_each_user()


def _creation(table: Table) -> str:
    columns = ", ".join(f"{_q(column)} {kind}" for column, kind in physical_columns(table))
    return f'CREATE TABLE "{table.logical_name}" ({columns})'


def _added_columns(db: sqlite3.Connection, table: Table) -> Iterator[str]:
    name = table.logical_name
    had = {row[1] for row in db.execute(f'PRAGMA table_info("{name}")')}
    for column, kind in physical_columns(table):
        if column not in had:
            yield f'ALTER TABLE "{name}" ADD COLUMN {_q(column)} {kind}'


def unique_index(table: Table, key: Key) -> str:
    """The statement behind an alternate key; rows with a null in it do not count, as in Dataverse."""
    columns = ", ".join(_q(column) for column in key.columns)
    name = f'"{table.logical_name}.key.{key.logical_name}"'
    return f'CREATE UNIQUE INDEX IF NOT EXISTS {name} ON "{table.logical_name}" ({columns})'


def _pairs(schema: Schema, table: Table) -> Iterator[str]:
    """Two rows are put together once; both directions have an index."""
    name = table.logical_name
    for pair in schema.many_to_many.values():
        if pair.intersect_table == name:
            both = f"{_q(pair.column1)}, {_q(pair.column2)}"
            yield f'CREATE UNIQUE INDEX IF NOT EXISTS "{name}.pair" ON "{name}" ({both})'
            yield f'CREATE INDEX IF NOT EXISTS "{name}.back" ON "{name}" ({_q(pair.column2)})'


def _mirror(pointer: Table, activity: Table) -> Iterator[str]:
    """Triggers that keep activitypointer the same as the activity tables, whichever way a row is written."""
    shared = [column for column, _ in physical_columns(pointer)]
    name, key = activity.logical_name, pointer.primary_id
    columns, values = ", ".join(map(_q, shared)), ", ".join(f"NEW.{_q(column)}" for column in shared)
    changes = ", ".join(f"{_q(column)} = NEW.{_q(column)}" for column in shared)
    bodies = {
        "INSERT": f"INSERT INTO {POINTER} ({columns}) VALUES ({values})",
        "UPDATE": f"UPDATE {POINTER} SET {changes} WHERE {key} = NEW.{key}",
        "DELETE": f"DELETE FROM {POINTER} WHERE {key} = OLD.{key}",
    }
    for event, body in bodies.items():
        yield f'CREATE TRIGGER IF NOT EXISTS "{name}.mirror.{event}" AFTER {event} ON "{name}" BEGIN {body}; END'


def _one_for_each_user() -> Iterator[str]:
    """A trigger by which every user has settings, whichever way he came; they begin in the organization's language."""
    same = ("systemuserid", "businessunitid", "createdon", "modifiedon", "createdby", "modifiedby", "versionnumber")
    languages = ("uilanguageid", "helplanguageid", "localeid")
    into = f"INSERT OR IGNORE INTO {USER_SETTINGS} ({', '.join((*same, *languages))})"
    language = ["(SELECT languagecode FROM organization)"] * len(languages)
    made = ", ".join((*(f"NEW.{name}" for name in same), *language))
    had = ", ".join((*same, *language))
    trigger = f'CREATE TRIGGER IF NOT EXISTS "{USER_SETTINGS}.user" AFTER INSERT ON systemuser'
    yield f"{trigger} BEGIN {into} VALUES ({made}); END"
    yield f"{into} SELECT {had} FROM systemuser"  # a file of before there were settings


def _q(name: str) -> str:
    return f'"{name}"'
