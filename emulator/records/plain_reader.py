"""Reading one row by its id with all its columns: what the write side needs of a reader, and no more.

Takes `$select`; everything else a query can ask for is left to a full reader and refused with 501.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

from emulator.context import Context, Sql
from emulator.errors import not_supported
from emulator.metadata.model import Column, ColumnType, Table


class PlainReader:
    """The smallest `Reader`."""

    def retrieve(self, context: Context, table: Table, row_id: str, query: str) -> dict[str, object] | None:
        options = dict(parse_qsl(query))
        if set(options) - {"$select"}:
            raise not_supported("queries, without a query engine")
        condition, parameters = context.access.visible(table, "t0")
        statement = f'SELECT * FROM "{table.logical_name}" t0 WHERE "{table.primary_id}" = ? AND ({condition})'
        cursor = context.db.execute(statement, (row_id, *parameters))
        found = cursor.fetchone()
        if found is None:
            return None
        row = dict(zip((column[0] for column in cursor.description), found, strict=True))
        names = {name.strip() for name in options["$select"].split(",")} if "$select" in options else None
        shown: dict[str, object] = {"@odata.context": f"{context.url}$metadata#{table.set_name}/$entity"}
        shown["@odata.etag"] = f'W/"{row["versionnumber"]}"'
        shown.update(_properties(table, row, names))
        return shown

    def retrieve_multiple(
        self, context: Context, table: Table, query: str, *, within: Sql | None = None
    ) -> dict[str, object]:
        raise not_supported("queries, without a query engine")

    def count(self, context: Context, table: Table, query: str) -> int:
        raise not_supported("queries, without a query engine")


def _properties(table: Table, row: dict[str, object], names: set[str] | None) -> dict[str, object]:
    shown: dict[str, object] = {}
    for column in table.columns.values():
        name = f"_{column.logical_name}_value" if column.is_lookup else column.logical_name
        if names is None or name in names or name == table.primary_id:
            shown[name] = _json(column, row[column.logical_name])
    return shown


def _json(column: Column, value: object) -> object:
    return bool(value) if column.type is ColumnType.BOOLEAN and value is not None else value
