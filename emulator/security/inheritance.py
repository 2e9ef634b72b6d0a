"""Access that children inherit from their parents, kept in `inheritedaccessrightsmask`.

A 1:N relationship hands down shares if it cascades Share or Reparent, and the access of the parent's owner if it
cascades Reparent (Microsoft Learn, "Sharing and inheritance"). What a row inherits is worked out anew from its parents
whenever one of them or its place changes, so that doing it twice does no harm.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, uuid5

from emulator.context import Sql
from emulator.metadata.model import OneToMany, Schema, Table
from emulator.odata.sql import Row, by_id, concatenated, every, fetch, quoted
from emulator.security.rights import OWNER

_POINTER = "activitypointer"  # mirrors the rows of the activity tables
Principal = tuple[str, str]
"""Id and kind (`systemuser` or `team`)."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one principal has been given on a row, and what it inherits there."""

    principal: Principal
    direct: int
    inherited: int


def shares(db: sqlite3.Connection, row_id: str) -> dict[Principal, Share]:
    """Everybody who has been given something on a row."""
    statement = """
        select principalid, principaltypecode, accessrightsmask, inheritedaccessrightsmask
        from principalobjectaccess where objectid = ? order by principaltypecode, principalid"""
    found = {}
    for row in fetch(db, (statement, (row_id,))):
        principal = str(row["principalid"]), str(row["principaltypecode"])
        found[principal] = Share(principal, _mask(row["accessrightsmask"]), _mask(row["inheritedaccessrightsmask"]))
    return found


def write_share(db: sqlite3.Connection, table: Table, row_id: str, share: Share) -> None:
    """Keep what a principal has on a row; nothing at all means no row in `principalobjectaccess`."""
    principal_id, kind = share.principal
    if not share.direct | share.inherited:
        db.execute(
            "delete from principalobjectaccess where objectid = ? and principalid = ?",
            (row_id, principal_id),
        )
        return
    masks = share.direct, share.inherited
    changed = db.execute(
        "update principalobjectaccess set accessrightsmask = ?, inheritedaccessrightsmask = ? "
        "where objectid = ? and principalid = ?",
        (*masks, row_id, principal_id),
    )
    if not changed.rowcount:
        own_id = str(uuid5(NAMESPACE_URL, f"principalobjectaccess/{row_id}/{principal_id}"))
        db.execute(
            "insert into principalobjectaccess (principalobjectaccessid, objectid, objecttypecode, principalid, "
            "principaltypecode, accessrightsmask, inheritedaccessrightsmask, versionnumber) "
            "values (?, ?, ?, ?, ?, ?, ?, 1)",
            (own_id, row_id, table.logical_name, principal_id, kind, *masks),
        )


@dataclass(slots=True)
class Inheritance:
    """One pass down from a row; `seen` ends circles of rows that are each other's parents."""

    db: sqlite3.Connection
    schema: Schema
    seen: set[str] = field(default_factory=set)

    def refresh(self, table: Table, row_id: str, *, below: bool) -> None:
        """Work out what a row inherits; go on to its children if that changed or `below` says so."""
        if table.ownership != "UserOwned" or row_id in self.seen:
            return
        self.seen.add(row_id)
        rows = fetch(self.db, by_id(table, row_id))
        if not rows:
            return
        wanted = self._inherited(table, rows[0])
        wanted.pop(_owner(rows[0]), None)
        present = shares(self.db, row_id)
        changed = False
        for principal in {**present, **wanted}:
            old = present.get(principal, Share(principal, 0, 0))
            new = Share(principal, old.direct, wanted.get(principal, 0))
            if new != old:
                changed = True
                write_share(self.db, table, row_id, new)
        if changed or below:
            self.refresh_children(table, row_id)

    def refresh_children(self, table: Table, row_id: str) -> None:
        """Work out what the children of a row inherit, and theirs in turn."""
        for child, child_id in list(self._children(table, row_id)):
            self.refresh(child, child_id, below=False)

    def _inherited(self, table: Table, row: Row) -> dict[Principal, int]:
        wanted: dict[Principal, int] = {}
        for link in self.schema.one_to_many.values():
            if link.referencing_table != table.logical_name or not _hands_down(link) or not _points(table, link, row):
                continue
            parent = self.schema.tables[link.referenced_table]
            parent_id = str(row[link.referencing_column])
            for principal, share in shares(self.db, parent_id).items():
                wanted[principal] = wanted.get(principal, 0) | share.direct | share.inherited
            if parent.ownership == "UserOwned" and link.cascades.reparent == "Cascade":
                for above in fetch(self.db, by_id(parent, parent_id)):
                    wanted[_owner(above)] = wanted.get(_owner(above), 0) | OWNER
        return wanted

    def _children(self, table: Table, row_id: str) -> Iterator[tuple[Table, str]]:
        for link in self.schema.one_to_many.values():
            child = self.schema.tables[link.referencing_table]
            if link.referenced_table != table.logical_name or not _hands_down(link) or child.logical_name == _POINTER:
                continue
            if child.ownership != "UserOwned":
                continue
            for row in fetch(self.db, _children_of(child, link, row_id)):
                yield child, str(row["id"])


def _hands_down(link: OneToMany) -> bool:
    return "Cascade" in {link.cascades.share, link.cascades.reparent}


def _points(table: Table, link: OneToMany, row: Row) -> bool:
    column = table.columns[link.referencing_column]
    if row[column.logical_name] is None:
        return False
    return not column.is_polymorphic or row[f"{column.logical_name}__table"] == link.referenced_table


def _owner(row: Row) -> Principal:
    return str(row["ownerid"]), str(row["ownerid__table"])


def _mask(value: object) -> int:
    return value if isinstance(value, int) else 0


def _children_of(child: Table, link: OneToMany, row_id: str) -> Sql:
    lookup = quoted(link.referencing_column)
    children = f"select {quoted(child.primary_id)} as id", f"from {quoted(child.logical_name)} where"
    conditions: list[Sql] = [(f"{lookup} = ?", (row_id,))]
    if child.columns[link.referencing_column].is_polymorphic:
        conditions.append((f"{quoted(link.referencing_column + '__table')} = ?", (link.referenced_table,)))
    return concatenated(*children, every(conditions))
