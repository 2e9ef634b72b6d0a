"""`$ref`: rows put together and taken apart, through a lookup or through an N:N relationship."""

from __future__ import annotations

from uuid import uuid4

from emulator.errors import DataverseError, not_supported
from emulator.metadata.model import ManyToMany, Navigation, OneToMany, Table
from emulator.metadata.physical import companion
from emulator.records.duplicates import refusing_duplicates
from emulator.records.keys import Address
from emulator.records.payload import Submission
from emulator.records.rows import Row, fetch, insert
from emulator.records.update import check_required, update
from emulator.records.writing import write
from emulator.seams import Work


def associate(work: Work, row: Address, navigation: Navigation, other: Address) -> None:
    """Links two rows that exist; from either side of the relationship."""
    allowed = ("systemuser", "team") if navigation.target == "owner" else (navigation.target,)
    if other.table.logical_name not in allowed:
        message = f"'{other.path}' cannot be associated through '{navigation.name}': it takes {' or '.join(allowed)}."
        raise DataverseError(400, "0x80060888", message)
    if navigation.many_to_many is not None:
        _check(work, row, other)
        _add_pair(work, navigation.many_to_many, row, other)
    elif navigation.one_to_many is not None:
        many, one = (other, row) if navigation.is_collection else (row, other)
        _check(work, many, one)
        _point(work, navigation.one_to_many, many, one)


def disassociate(work: Work, row: Address, navigation: Navigation, other: Address | None) -> None:
    """Unlinks; `other` is the row at the far end, None for a single-valued navigation property."""
    if navigation.many_to_many is not None and other is not None:
        pair = navigation.many_to_many
        side1, side2 = _sides(pair, row, other)
        statement = f'DELETE FROM "{pair.intersect_table}" WHERE "{pair.column1}" = ? AND "{pair.column2}" = ?'
        _check(work, row, other)
        work.context.db.execute(statement, (side1, side2))
    elif navigation.one_to_many is not None:
        many = other if navigation.is_collection else row
        if many is not None and _points_to(work, navigation, many, row):
            work.parts.security.check(work.context, many.table, str(many.row_id), "Append")
            _point(work, navigation.one_to_many, many, None)


def _check(work: Work, row: Address, other: Address) -> None:
    """`row` is the one that refers to the other: it holds the lookup."""
    work.parts.security.check(work.context, row.table, str(row.row_id), "Append")
    work.parts.security.check(work.context, other.table, str(other.row_id), "AppendTo")


def _point(work: Work, link: OneToMany, many: Address, one: Address | None) -> None:
    table, row_id, name = many.table, str(many.row_id), link.referencing_column
    before = fetch(work.context.db, table, row_id)
    if before is None:
        raise many.missing()
    if not table.columns[name].on_update:
        raise not_supported(f"changing {table.logical_name}.{name}, which the platform fills itself")
    values: Row = {name: one.row_id if one else None}
    if table.columns[name].is_polymorphic:
        values[companion(name)] = one.table.logical_name if one else None
    if name == "ownerid":
        update(work, table, row_id, Submission(values), before)
    else:
        check_required(table, values)
        write(work, table, row_id, values, before)


def _points_to(work: Work, navigation: Navigation, many: Address, row: Address) -> bool:
    """Whether there is a link to be taken away: to this row, or to the table that the navigation property is for."""
    found = fetch(work.context.db, many.table, str(many.row_id))
    link = navigation.one_to_many
    if found is None or link is None:
        return False
    column = many.table.columns[link.referencing_column]
    here = not column.is_polymorphic or found[companion(column.logical_name)] == link.referenced_table
    return (here or navigation.target == "owner") and (
        not navigation.is_collection or found[column.logical_name] == row.row_id
    )


def _add_pair(work: Work, pair: ManyToMany, row: Address, other: Address) -> None:
    side1, side2 = _sides(pair, row, other)
    table: Table = work.context.schema.tables[pair.intersect_table]
    values = {table.primary_id: str(uuid4()), pair.column1: side1, pair.column2: side2}
    with refusing_duplicates(table):
        insert(work.context.db, table, values)


def _sides(pair: ManyToMany, row: Address, other: Address) -> tuple[str | None, str | None]:
    """The two ids in the order of the relationship."""
    forward = pair.table1 == row.table.logical_name and pair.table2 == other.table.logical_name
    return (row.row_id, other.row_id) if forward else (other.row_id, row.row_id)
