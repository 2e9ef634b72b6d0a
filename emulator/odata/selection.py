"""Running a SELECT over a source, and what an expansion or a page needs of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from emulator.context import Context, Sql
from emulator.metadata.model import Column, ColumnType, Table
from emulator.odata.joins import Source
from emulator.odata.options import Expansion, Options
from emulator.odata.paging import SortKey
from emulator.odata.rows import physical_columns, selected_columns
from emulator.odata.sql import Row, concatenated, every, fetch, quoted


def columns_of(context: Context, table: Table, options: Options) -> tuple[list[Column], list[str]]:
    """The columns that options show of a table, and the SQLite columns to read for them and for the expansions."""
    shown = selected_columns(table, options.select)
    behind = [column for each in options.expand if (column := lookup_behind(context, table, each)) is not None]
    references = tuple(each for each in options.expand if each.reference)
    shown += [column for each in references if (column := lookup_behind(context, table, each)) is not None]
    shown = list({column.logical_name: column for column in shown}.values())
    return shown, physical_columns(table, [*shown, *behind])


def lookup_behind(context: Context, table: Table, expansion: Expansion) -> Column | None:
    """The lookup column that a single-valued expansion follows; None for collections and unknown names."""
    column = table.columns.get(expansion.name)
    if column is not None and column.type is ColumnType.OWNER:
        return column
    navigation = context.schema.navigation(table.logical_name, expansion.name)
    if navigation is None or navigation.is_collection or navigation.one_to_many is None:
        return None
    return table.columns[navigation.one_to_many.referencing_column]


def select(
    source: Source, columns: Sequence[str], where: Iterable[Sql], keys: Sequence[SortKey] = (), limit: int | None = None
) -> list[Row]:
    """Rows by SQLite column name, in the order of the keys, which come along as `$0`, `$1`, …"""
    shown = [f"{source.sql(name)} as {quoted(name)}" for name in columns]
    shown += [f"{key.sql} as {quoted(f'${index}')}" for index, key in enumerate(keys)]
    order = f"order by {', '.join(key.clause for key in keys)}" if keys else ""
    last: Sql = ("limit ?", (limit,)) if limit is not None else ("", ())
    statement = concatenated(
        f"select {', '.join(shown)} from", source.from_clause(), "where", every(where), order, last
    )
    return fetch(source.context.db, statement)


def select_per_parent(
    source: Source,
    columns: Sequence[str],
    parent: str,
    tables: Sql,
    where: Iterable[Sql],
    keys: Sequence[SortKey],
    limit: int,
) -> list[Row]:
    """Like `select`, but with a limit for each value of the SQL expression `parent`, which comes along as `$parent`."""
    shown = [f"{source.sql(name)} as {quoted(name)}" for name in columns]
    order = ", ".join(key.clause for key in keys)
    rank = f'row_number() over (partition by {parent} order by {order}) as "$rank"'
    inner = concatenated(
        f'select {", ".join([*shown, rank])}, {parent} as "$parent" from', tables, "where", every(where)
    )
    statement = concatenated("select * from (", inner, ') where "$rank" <= ? order by "$rank"')
    return fetch(source.context.db, (statement[0], (*statement[1], limit)))
