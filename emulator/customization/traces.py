"""What a definition that is deleted leaves in other tables: rows, privileges, views, components of solutions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from emulator.metadata.model import Table
from emulator.metadata.physical import companion
from emulator.metadata.privileges import ACCESS_RIGHTS, privilege_name
from emulator.seams import Work

# Tables of rows about a table, with the column that holds its logical name.
_ABOUT = {
    "savedquery": "returnedtypecode",
    "systemform": "objecttypecode",
    "entity": "logicalname",
    "sdkmessagefilter": "primaryobjecttypecode",
}


def remove_rows(work: Work, table: Table) -> None:
    """The rows of a table that is about to go, and the rows of other tables that are about them or about it."""
    db, name = work.context.db, table.logical_name
    db.execute(f'DELETE FROM principalobjectaccess WHERE objectid IN (SELECT "{table.primary_id}" FROM "{name}")')
    db.execute(f'DELETE FROM "{name}"')
    for other in work.context.schema.tables.values():
        for column in other.columns.values():
            if column.is_polymorphic and name in column.targets and other is not table:
                _release(work, other, column.logical_name, name)
    for about, column_name in _ABOUT.items():
        db.execute(f'DELETE FROM "{about}" WHERE "{column_name}" = ?', (name,))
    if not table.is_activity:
        _remove_privileges(work, table)


def _release(work: Work, table: Table, lookup: str, target: str) -> None:
    """Notes go with what they are about; other rows lose the link."""
    if table.logical_name == "annotation":
        statement = f'DELETE FROM annotation WHERE "{companion(lookup)}" = ?'
    else:
        both = f'"{lookup}" = NULL, "{companion(lookup)}" = NULL'
        statement = f'UPDATE "{table.logical_name}" SET {both} WHERE "{companion(lookup)}" = ?'
    work.context.db.execute(statement, (target,))


def _remove_privileges(work: Work, table: Table) -> None:
    for verb in ACCESS_RIGHTS:
        name = (privilege_name(verb, table),)
        own = "SELECT privilegeid FROM privilege WHERE name = ?"
        work.context.db.execute(f"DELETE FROM roleprivileges WHERE privilegeid IN ({own})", name)
        work.context.db.execute("DELETE FROM privilege WHERE name = ?", name)


def ids_of(table: Table) -> Iterator[str]:
    """The metadata ids of a table and of what it is made of."""
    yield table.metadata_id
    yield from (column.metadata_id for column in table.columns.values())
    yield from (key.metadata_id for key in table.keys.values())


def remove_components(work: Work, ids: Iterable[str]) -> None:
    """Takes what is gone out of its solutions."""
    work.context.db.executemany("DELETE FROM solutioncomponent WHERE objectid = ?", [(each,) for each in ids])
