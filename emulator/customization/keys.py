"""Alternate keys: asked for now, in force when their index is built.

Dataverse builds the index in the background: `EntityKeyIndexStatus` goes from Pending over InProgress to Active, or to
Failed where rows have the same values. Until it is Active no row is found by the key, and none is refused for it
(Learn: "Work with alternate keys"). Here it takes `keys_pending_seconds` of the emulator's clock.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import datetime

from emulator.customization.gate import KEY, Body, Made, change_schema
from emulator.customization.names import checked_name
from emulator.errors import DataverseError
from emulator.metadata.catalog import Catalog
from emulator.metadata.identity import metadata_id
from emulator.metadata.keys import ACTIVE, FAILED, IN_PROGRESS, PENDING, UNFINISHED
from emulator.metadata.model import Key, Schema, Table
from emulator.operations import Json, Target, action
from emulator.seams import Work


def make_key(work: Work, table: Table, body: Body) -> Made:
    """An alternate key, its index still to be built unless that takes no time."""
    name = checked_name(work, body, "EntityKey")
    body.update(status=PENDING, since=work.context.now().isoformat())
    change_schema(work, "key", table.logical_name, body, ("Entity", "Write"))
    _build(work)
    identity = metadata_id("key", table.logical_name, name.lower())
    return Made(identity, f"EntityDefinitions({table.metadata_id})/Keys({identity})", KEY)


@action("ReactivateEntityKey")
def reactivate_entity_key(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None:
    """Builds the index of a key once more, after rows stood in the way of it. Raises 0x80060897 for any other key."""
    table = work.context.schema.tables.get(str(arguments.get("EntityLogicalName")))
    key = table.keys.get(str(arguments.get("EntityKeyLogicalName")).lower()) if table is not None else None
    if table is None or key is None:
        raise DataverseError(404, "0x80060888", f"Could not find Key '{arguments.get('EntityKeyLogicalName')}'.")
    if key.status != FAILED:
        raise DataverseError(400, "0x80060897", "Reactivate entity key is only supported for failed job")
    state: Body = {"SchemaName": key.schema_name, "status": PENDING, "since": work.context.now().isoformat()}
    change_schema(work, "state of key", table.logical_name, state, ("Entity", "Write"))
    _build(work)
    return None


def _build(work: Work) -> None:
    build_due_keys(work.context.db, work.catalog, work.context.now(), work.behaviour.keys_pending_seconds)


def due(schema: Schema, now: datetime, seconds: float) -> list[tuple[Table, Key, str]]:
    """The keys whose index is further by now than their definition says, with how far it is. `seconds` is how long an
    index takes."""
    states = ((table, key, _progress(key, now, seconds)) for table, key in unfinished(schema))
    return [(table, key, state) for table, key, state in states if state != key.status]


def unfinished(schema: Schema) -> Iterator[tuple[Table, Key]]:
    """The keys whose index is not built yet."""
    for table in schema.tables.values():
        for key in table.keys.values():
            if key.status in UNFINISHED:
                yield table, key


def _progress(key: Key, now: datetime, seconds: float) -> str:
    elapsed = (now - datetime.fromisoformat(key.since)).total_seconds()
    if elapsed >= seconds:
        return ACTIVE
    return IN_PROGRESS if elapsed >= seconds / 2 else PENDING


def build_due_keys(db: sqlite3.Connection, catalog: Catalog, now: datetime, seconds: float) -> None:
    """Brings the keys to where their index is by now; those over rows with the same values fail."""
    for table, key, state in due(catalog.latest, now, seconds):
        became = FAILED if state == ACTIVE and _has_duplicates(db, table, key) else state
        change = {"SchemaName": key.schema_name, "status": became, "since": key.since}
        catalog.change(db, "state of key", table.logical_name, change)


def _has_duplicates(db: sqlite3.Connection, table: Table, key: Key) -> bool:
    columns = ", ".join(f'"{name}"' for name in key.columns)
    filled = " AND ".join(f'"{name}" IS NOT NULL' for name in key.columns)
    statement = f'SELECT 1 FROM "{table.logical_name}" WHERE {filled} GROUP BY {columns} HAVING count(*) > 1'
    return db.execute(statement).fetchone() is not None
