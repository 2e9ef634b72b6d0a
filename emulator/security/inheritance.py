"""Access that children inherit from their parents, kept in `inheritedaccessrightsmask`.

A 1:N relationship hands down shares if it cascades Share or Reparent, and the access of the parent's owner if it
cascades Reparent (Microsoft Learn, "Sharing and inheritance"): to all children, to the active ones, or to those of the
same owner. What a row inherits is worked out anew from its parents whenever one of them or its place changes, so that
doing it twice does no harm. A share that is given or taken reaches only the children of those relationships that
cascade Share or Unshare.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import NAMESPACE_URL, uuid5

from emulator.metadata.model import OneToMany, Schema, Table
from emulator.metadata.physical import companion
from emulator.odata.sql import Row, by_id, fetch, quoted
from emulator.security.rights import OWNER

SHARE, UNSHARE, REPARENT = "share", "unshare", "reparent"
_HANDING_DOWN = frozenset({"Cascade", "Active", "UserOwned"})
_POINTER = "activitypointer"  # mirrors the rows of the activity tables
Principal = tuple[str, str]
"""Id and kind (`systemuser` or `team`)."""
Masks = dict[Principal, int]


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


def refresh(db: sqlite3.Connection, schema: Schema, table: Table, row_id: str, event: str = REPARENT) -> None:
    """Work out what a row and all rows below it inherit, and keep it. `event` is what happened to the row: by `SHARE`
    nobody loses anything, by `UNSHARE` nobody gains."""
    if table.ownership == "UserOwned":
        family = _Family(db, schema, event)
        family.gather(table, row_id)
        family.settle()
        family.keep()


def lookups_that_hand_down(schema: Schema, table: Table) -> set[str]:
    """The lookups of a table through which its rows inherit."""
    links = schema.one_to_many.values()
    return {link.referencing_column for link in links if link.referencing_table == table.logical_name and _passes(link)}


@dataclass(slots=True)
class _Family:
    """A row with its descendants. Rows may be each other's parents, so all start without inheritance, and what comes
    down from outside and from direct shares is passed on until nothing changes."""

    db: sqlite3.Connection
    schema: Schema
    event: str
    rows: dict[str, tuple[Table, Row]] = field(default_factory=dict)
    present: dict[str, dict[Principal, Share]] = field(default_factory=dict)
    inherited: dict[str, Masks] = field(default_factory=dict)

    def gather(self, table: Table, row_id: str) -> None:
        found = [(table, row_id)]
        while found:
            table, row_id = found.pop()
            for row in fetch(self.db, by_id(table, row_id)) if row_id not in self.rows else ():
                self.rows[row_id] = table, row
                self.present[row_id] = shares(self.db, row_id)
                self.inherited[row_id] = {}
                found.extend(self._children(table, row_id))

    def settle(self) -> None:
        before = None
        while before != self.inherited:
            before = dict(self.inherited)
            self.inherited |= {row_id: self._from_parents(table, row) for row_id, (table, row) in self.rows.items()}

    def keep(self) -> None:
        for row_id, (table, _) in self.rows.items():
            present, inherited = self.present[row_id], self.inherited[row_id]
            for principal in {**present, **inherited}:
                old = present.get(principal, Share(principal, 0, 0))
                new = Share(principal, old.direct, self._kept(old.inherited, inherited.get(principal, 0)))
                if new != old:
                    write_share(self.db, table, row_id, new)

    def _kept(self, old: int, new: int) -> int:
        return {SHARE: old | new, UNSHARE: old & new}.get(self.event, new)

    def _children(self, table: Table, row_id: str) -> Iterator[tuple[Table, str]]:
        statement = _children_of(self.schema, table.logical_name, self.event)
        for row in fetch(self.db, (statement, (row_id,))) if statement else ():
            yield self.schema.tables[str(row["kind"])], str(row["id"])

    def _from_parents(self, table: Table, row: Row) -> Masks:
        masks: Masks = {}
        for link in _links_above(self.schema, table.logical_name):
            if _points(table, link, row):
                for principal, mask in self._handed_down(link, str(row[link.referencing_column]), row).items():
                    masks[principal] = masks.get(principal, 0) | mask
        masks.pop(_owner(row), None)
        return masks

    def _handed_down(self, link: OneToMany, parent_id: str, child: Row) -> Masks:
        """What a parent passes on to a child: its shares, and its owner's access where reparenting cascades."""
        parent = self.schema.tables[link.referenced_table]
        rows = [self.rows[parent_id][1]] if parent_id in self.rows else fetch(self.db, by_id(parent, parent_id))
        owners = [_owner(row) for row in rows if parent.ownership == "UserOwned"]
        if not _included(link, child, owners):
            return {}
        present = self.present[parent_id] if parent_id in self.rows else shares(self.db, parent_id)
        above = self.inherited.get(parent_id)
        masks = {each: share.direct | (share.inherited if above is None else 0) for each, share in present.items()}
        for principal, mask in (above or {}).items():
            masks[principal] = masks.get(principal, 0) | mask
        if link.cascades.reparent in _HANDING_DOWN:
            masks |= dict.fromkeys(owners, OWNER)
        return masks


def _passes(link: OneToMany) -> bool:
    return not _HANDING_DOWN.isdisjoint(_rules(link))


def _rules(link: OneToMany) -> set[str]:
    return {link.cascades.share, link.cascades.reparent}


def _included(link: OneToMany, child: Row, owners: list[Principal]) -> bool:
    """Whether a relationship hands down to a row: to all, to active ones, to those of the parent's owner."""
    rules = _rules(link)
    active = "Active" in rules and child.get("statecode") in (None, 0)
    return "Cascade" in rules or active or ("UserOwned" in rules and _owner(child) in owners)


def _points(table: Table, link: OneToMany, row: Row) -> bool:
    column = table.columns[link.referencing_column]
    if row[column.logical_name] is None:
        return False
    return not column.is_polymorphic or row[f"{column.logical_name}__table"] == link.referenced_table


def _owner(row: Row) -> Principal:
    return str(row["ownerid"]), str(row["ownerid__table"])


def _mask(value: object) -> int:
    return value if isinstance(value, int) else 0


@lru_cache(maxsize=256)
def _links_above(schema: Schema, table: str) -> tuple[OneToMany, ...]:
    """The relationships through which rows of a table inherit."""
    return tuple(link for link in schema.one_to_many.values() if link.referencing_table == table and _passes(link))


def _reaches(link: OneToMany, event: str) -> bool:
    rules = {SHARE: link.cascades.share, UNSHARE: link.cascades.unshare}
    return rules[event] in _HANDING_DOWN if event in rules else _passes(link)


@lru_cache(maxsize=256)
def _children_of(schema: Schema, table: str, event: str) -> str:
    """The question after the rows that an event reaches below the row `?1` of a table; empty where it can reach
    none. One question for all tables: it is asked for every row of a family."""
    parts = []
    for link in schema.one_to_many.values():
        child = schema.tables[link.referencing_table]
        if link.referenced_table != table or child.ownership != "UserOwned" or child.logical_name == _POINTER:
            continue
        if _reaches(link, event):
            name, lookup = quoted(child.logical_name), link.referencing_column
            part = f"select '{child.logical_name}' as kind, {quoted(child.primary_id)} as id from {name}"
            part += f" where {quoted(lookup)} = ?1"
            if child.columns[lookup].is_polymorphic:
                part += f" and {quoted(companion(lookup))} = '{table}'"
            parts.append(part)
    return " union all ".join(parts)
