"""What loaded rows inherit from their parents: worked out for those that inherit anything."""

from __future__ import annotations

from emulator.context import Context
from emulator.metadata.model import OneToMany, Table
from emulator.security.inheritance import lookups_that_hand_down, refresh


def inherit(context: Context, table: Table, last: int) -> None:
    """Works out what the rows of a table behind the rowid `last` inherit: those whose parent has another owner, or has
    been shared."""
    handing_down = lookups_that_hand_down(context.schema, table)
    for link in context.schema.one_to_many.values():
        if link.referencing_table == table.logical_name and link.referencing_column in handing_down:
            for (row_id,) in context.db.execute(_heirs(context, table, link), (last,)).fetchall():
                refresh(context.db, context.schema, table, row_id)


def _heirs(context: Context, table: Table, link: OneToMany) -> str:
    parent, lookup = context.schema.tables[link.referenced_table], f'c."{link.referencing_column}"'
    other_owner = "p.ownerid <> c.ownerid OR" if parent.ownership == table.ownership == "UserOwned" else ""
    shared = f'EXISTS (SELECT 1 FROM principalobjectaccess WHERE objectid = p."{parent.primary_id}")'
    return (
        f'SELECT c."{table.primary_id}" FROM "{table.logical_name}" c '
        f'CROSS JOIN "{parent.logical_name}" p ON p."{parent.primary_id}" = {lookup} '
        f"WHERE c.rowid > ? AND ({other_owner} {shared})"
    )
