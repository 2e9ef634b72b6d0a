"""Alternate keys from their definitions, and what becomes of their indexes."""

from __future__ import annotations

from dataclasses import replace

from emulator.errors import DataverseError
from emulator.metadata.attributes import Body
from emulator.metadata.draft import Draft
from emulator.metadata.identity import metadata_id
from emulator.metadata.labels import text_of
from emulator.metadata.model import Column, ColumnType, Key, Table
from emulator.metadata.naming import bad_definition

PENDING, IN_PROGRESS, ACTIVE, FAILED = "Pending", "InProgress", "Active", "Failed"
UNFINISHED = frozenset({PENDING, IN_PROGRESS})
_TYPES = frozenset(
    {ColumnType.STRING, ColumnType.INTEGER, ColumnType.DECIMAL, ColumnType.DATETIME, ColumnType.LOOKUP,
     ColumnType.CHOICE}
)  # fmt: skip
_MOST_KEYS, _MOST_COLUMNS, _MOST_BYTES = 10, 16, 900


def define_key(draft: Draft, owner: str, body: Body) -> None:
    """`EntityKeyMetadata` on the table `owner`. `status` in the body is how far its index is, `since` when it was asked
    for."""
    table = draft.schema.tables[owner]
    schema_name, names = str(body.get("SchemaName") or ""), body.get("KeyAttributes")
    if not isinstance(names, list) or not names or not all(str(name) in table.columns for name in names):
        raise bad_definition(f"KeyAttributes must name columns of {owner}.")
    columns = [table.columns[name] for name in names]
    if schema_name.lower() in table.keys:
        message = f"An entity key with the name {schema_name} already exists on entity {owner}."
        raise DataverseError(400, "0x80060893", message)
    if any(set(key.columns) == set(names) for key in table.keys.values()):
        message = f"An entity key with the selected attributes already exists on entity {owner}."
        raise DataverseError(400, "0x80060894", message)
    _check(table, columns)
    key = Key(
        schema_name=schema_name,
        columns=tuple(names),
        metadata_id=metadata_id("key", owner, schema_name.lower()),
        display_name=text_of(body.get("DisplayName")) or schema_name,
        status=str(body.get("status") or ACTIVE),
        since=str(body.get("since") or ""),
    )
    draft.put_key(owner, key)


def _check(table: Table, columns: list[Column]) -> None:
    if len(table.keys) >= _MOST_KEYS or len(columns) > _MOST_COLUMNS:
        raise _invalid(f"a table takes {_MOST_KEYS} keys of {_MOST_COLUMNS} columns.")
    for part in columns:
        if part.type not in _TYPES:
            raise _invalid(f"{part.logical_name} of type {part.type} cannot be part of a key.")
    # Texts take two bytes a character in SQL Server, everything else 16 at most.
    size = sum(2 * part.max_length if part.max_length else 16 for part in columns)
    if size > _MOST_BYTES:
        message = f"Index size exceeded the size limit of {_MOST_BYTES} bytes. The key is too large."
        raise DataverseError(400, "0x80060895", message)


def _invalid(why: str) -> DataverseError:
    return DataverseError(400, "0x8006088f", f"Invalid EntityKey Operation performed : {why}")


def change_state_of_key(draft: Draft, owner: str, body: Body) -> None:
    """How far the index of a key is by now."""
    key = draft.schema.tables[owner].keys[str(body["SchemaName"]).lower()]
    draft.put_key(owner, replace(key, status=str(body["status"]), since=str(body["since"])))
