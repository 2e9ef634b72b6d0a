"""Rows of a table as JSON objects, as the Web API shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from emulator.context import Context
from emulator.metadata.model import Column, ColumnType, Table
from emulator.odata import annotation
from emulator.odata.properties import PRINCIPALS, find_property, property_name
from emulator.odata.sql import Row, concatenated, fetch, one_of, quoted

Json = dict[str, object]
CURRENCY = "transactioncurrencyid"


def selected_columns(table: Table, names: Iterable[str] | None) -> list[Column]:
    """The columns that `$select` names (None: all), the primary id in any case, money together with its currency."""
    if names is None:
        return [column for column in table.columns.values() if column.on_read]
    columns = [find_property(table, name) for name in names]
    if any(column.type is ColumnType.MONEY for column in columns) and CURRENCY in table.columns:
        columns.append(table.columns[CURRENCY])
    columns.append(table.columns[table.primary_id])
    return list({column.logical_name: column for column in columns}.values())


def physical_columns(table: Table, columns: Iterable[Column]) -> list[str]:
    """The SQLite columns behind the columns, with what every row needs: its id, its version and its lookups' tables."""
    names = [table.primary_id, "versionnumber"]
    for column in columns:
        names.append(column.logical_name)
        if column.is_polymorphic:
            names.append(f"{column.logical_name}__table")
    return list(dict.fromkeys(names))


def render(context: Context, table: Table, columns: Sequence[Column], rows: Sequence[Row], *, etag: bool) -> list[Json]:
    """JSON objects for rows (by SQLite column name), with the annotations that the client prefers."""
    annotations = annotator(context, table, columns, rows)
    rendered = []
    for row in rows:
        value: Json = {"@odata.etag": f'W/"{row["versionnumber"]}"'} if etag else {}
        for column in columns:
            value.update(annotations.annotate(column, row))
            value[property_name(column)] = json_value(column, row[column.logical_name])
        if table.logical_name in PRINCIPALS:
            value["ownerid"] = row[table.primary_id]
        rendered.append(value)
    return rendered


_PER_VALUE = (annotation.FORMATTED, annotation.NAVIGATION, annotation.LOOKUP_TABLE)


def annotator(context: Context, table: Table, columns: Sequence[Column], rows: Sequence[Row]) -> Annotator:
    """What annotates the values of these columns in these rows, as far as the client prefers."""
    wanted = frozenset(name for name in _PER_VALUE if annotation.wants(context.preferences, name))
    names = _lookup_names(context, columns, rows) if annotation.FORMATTED in wanted else {}
    return Annotator(wanted, names, _navigations(context, table) if wanted else {})


def json_value(column: Column, value: object) -> object:
    """A stored value in JSON: SQLite has no booleans, and no decimals beside floating-point numbers."""
    if column.type is ColumnType.BOOLEAN and value is not None:
        return bool(value)
    return value


def target_table(column: Column, row: Row) -> str | None:
    """The logical name of the table that a lookup points to in a row; None for an empty lookup."""
    if row[column.logical_name] is None:
        return None
    if column.is_polymorphic:
        table = row[f"{column.logical_name}__table"]
        return None if table is None else str(table)
    return column.targets[0] if column.targets else None


@dataclass(frozen=True, slots=True)
class Annotator:
    """What the annotations of a table's values need: which are wanted, lookups' names and navigation properties."""

    wanted: frozenset[str]
    names: Mapping[object, object]
    navigations: Mapping[tuple[str, str], str]

    def annotate(self, column: Column, row: Row) -> Json:
        """The annotations of a column's value in a row (by SQLite column name)."""
        value = row[column.logical_name]
        if value is None or not self.wanted:
            return {}
        found = self._of_lookup(column, row) if column.is_lookup else {}
        if not column.is_lookup and annotation.FORMATTED in self.wanted:
            found[annotation.FORMATTED] = annotation.formatted(column, value)
        name = property_name(column)
        return {f"{name}@{each}": found[each] for each in _PER_VALUE if each in self.wanted and found.get(each)}

    def _of_lookup(self, column: Column, row: Row) -> Json:
        target = target_table(column, row) or ""
        owner = column.logical_name if column.type is ColumnType.OWNER else None
        return {
            annotation.FORMATTED: self.names.get(row[column.logical_name]),
            annotation.NAVIGATION: owner or self.navigations.get((column.logical_name, target)),
            annotation.LOOKUP_TABLE: target,
        }


def _navigations(context: Context, table: Table) -> dict[tuple[str, str], str]:
    """The single-valued navigation properties by lookup column and target table."""
    return {
        (link.referencing_column, link.referenced_table): link.referencing_nav
        for link in context.schema.one_to_many.values()
        if link.referencing_table == table.logical_name
    }


def _lookup_names(context: Context, columns: Sequence[Column], rows: Sequence[Row]) -> dict[object, object]:
    """The primary names behind the lookups. Dataverse shows them to whoever may read the row that refers to them."""
    ids: dict[str, set[object]] = {}
    for column in columns:
        if column.is_lookup:
            for row in rows:
                if target := target_table(column, row):
                    ids.setdefault(target, set()).add(row[column.logical_name])
    names: dict[object, object] = {}
    for name, wanted in ids.items():
        target_type = context.schema.tables.get(name)
        if target_type is not None and target_type.primary_name in target_type.columns:
            key, label = quoted(target_type.primary_id), quoted(target_type.primary_name)
            statement = concatenated(
                f"select {key} as id, {label} as name", f"from {quoted(name)} where", one_of(key, wanted)
            )
            names |= {row["id"]: row["name"] for row in fetch(context.db, statement)}
    return names
