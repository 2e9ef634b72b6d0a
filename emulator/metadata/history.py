"""What the list of recorded changes tells: which tables a change has touched, and what was deleted."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping

from emulator.metadata.identity import metadata_id
from emulator.metadata.model import Schema


def touched(before: Schema, after: Schema) -> set[str]:
    """The tables of `after` of which any part differs from `before`: themselves, or a relationship of theirs."""
    names = {name for name, table in after.tables.items() if before.tables.get(name) is not table}
    for name in before.one_to_many.keys() ^ after.one_to_many.keys():
        link = before.one_to_many.get(name) or after.one_to_many[name]
        names |= {link.referenced_table, link.referencing_table}
    for name in before.many_to_many.keys() ^ after.many_to_many.keys():
        pair = before.many_to_many.get(name) or after.many_to_many[name]
        names |= {pair.table1, pair.table2}
    return names & after.tables.keys()


def deletions(db: sqlite3.Connection, position: int) -> Iterator[tuple[str, str]]:
    """Kind and id of what was deleted after a position of the list."""
    rows = db.execute("SELECT kind, owner, body FROM _definition WHERE position > ? ORDER BY position", (position,))
    for kind, owner, body in rows:
        if kind.startswith("deleted "):
            yield from _deleted(kind, owner, json.loads(body))


def _deleted(kind: str, owner: str, body: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    if kind == "deleted table":
        yield "Entity", metadata_id("entity", owner)
    elif kind == "deleted column":
        yield "Attribute", metadata_id("attribute", owner, str(body["LogicalName"]))
    elif kind == "deleted relationship":
        yield "Relationship", metadata_id("relationship", str(body["SchemaName"]))
    elif kind == "deleted option set":
        yield "OptionSet", metadata_id("optionset", str(body["Name"]).lower())
