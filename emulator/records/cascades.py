"""What happens to the rows below when a row gets another owner or is deleted.

The rules stand in each relationship's cascade configuration (Learn: "Table relationships, cascading behaviour").
"""

from __future__ import annotations

from collections.abc import Iterator

from emulator.errors import DataverseError
from emulator.metadata.kinds import POINTER
from emulator.metadata.model import OneToMany, Table
from emulator.metadata.physical import companion
from emulator.records.ownership import owner_columns
from emulator.records.rows import Row, children, fetch, remove
from emulator.records.writing import write
from emulator.seams import Change, Work


def links_below(work: Work, table: Table) -> Iterator[tuple[OneToMany, Table]]:
    """The relationships in which the table is the one, each with the table of the many. The rows of activitypointer
    follow those of the activity tables by themselves."""
    for link in work.context.schema.one_to_many.values():
        if link.referenced_table == table.logical_name and link.referencing_table != POINTER:
            yield link, work.context.schema.tables[link.referencing_table]


def assign_children(work: Work, table: Table, row_id: str, owner: str, kind: str, before: Row) -> None:
    """Gives the children of parental relationships the new owner, and theirs in turn. `before` is the row as it was."""
    for link, below in links_below(work, table):
        rule = link.cascades.assign
        if rule == "NoCascade" or below.ownership != "UserOwned":
            continue
        for child in children(work.context.db, below, link.referencing_column, row_id, table.logical_name):
            row = fetch(work.context.db, below, child)
            if row is None or row["ownerid"] == owner or not _follows(rule, row, before):
                continue
            values = owner_columns(work.context, owner, kind)
            write(work, below, child, values, row)
            assign_children(work, below, child, owner, kind, row)


def _follows(rule: str, row: Row, before: Row) -> bool:
    if rule == "Active":
        return row.get("statecode") in (None, 0)
    return rule != "UserOwned" or row["ownerid"] == before["ownerid"]


def delete(work: Work, table: Table, row_id: str, before: Row) -> None:
    """Deletes a row and deals with the rows that point to it. Raises 0x80040227 where a relationship forbids it."""
    # First, so that rows which point to each other in a circle come to an end.
    remove(work.context.db, table, row_id)
    for link, below in links_below(work, table):
        if link.cascades.delete == "NoCascade":
            continue
        for child in children(work.context.db, below, link.referencing_column, row_id, table.logical_name):
            _release(work, link, below, child)
    for pair in work.context.schema.many_to_many.values():
        for side, column in ((pair.table1, pair.column1), (pair.table2, pair.column2)):
            if side == table.logical_name:
                work.context.db.execute(f'DELETE FROM "{pair.intersect_table}" WHERE "{column}" = ?', (row_id,))
    work.note(Change(message="Delete", table=table, row_id=row_id, before=before))


def _release(work: Work, link: OneToMany, below: Table, child: str) -> None:
    row = fetch(work.context.db, below, child)
    if row is None:
        return
    if link.cascades.delete == "Restrict":
        message = (
            f"The record cannot be deleted because it is associated with another record: {below.logical_name} "
            f"{child} through {link.schema_name}."
        )
        raise DataverseError(400, "0x80040227", message)
    if link.cascades.delete == "Cascade":
        delete(work, below, child, row)
        return
    values: Row = {link.referencing_column: None}
    if below.columns[link.referencing_column].is_polymorphic:
        values[companion(link.referencing_column)] = None
    write(work, below, child, values, row)
