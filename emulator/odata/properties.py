"""Properties of entity types as OData names them, and the columns behind them.

A lookup `ownerid` is read as `_ownerid_value`; its bare name is the navigation property. Users and teams have a
second name for their key, `ownerid`, which they inherit from `principal`. Names are case-sensitive.
"""

from __future__ import annotations

from emulator.errors import DataverseError, bad_query
from emulator.metadata.model import Column, ColumnType, Table

PRINCIPALS = frozenset({"systemuser", "team"})
_EDM = {
    ColumnType.ID: "Edm.Guid",
    ColumnType.LOOKUP: "Edm.Guid",
    ColumnType.CUSTOMER: "Edm.Guid",
    ColumnType.OWNER: "Edm.Guid",
    ColumnType.STRING: "Edm.String",
    ColumnType.MEMO: "Edm.String",
    ColumnType.ENTITY_NAME: "Edm.String",
    ColumnType.CHOICES: "Edm.String",
    ColumnType.INTEGER: "Edm.Int32",
    ColumnType.CHOICE: "Edm.Int32",
    ColumnType.STATE: "Edm.Int32",
    ColumnType.STATUS: "Edm.Int32",
    ColumnType.BIGINT: "Edm.Int64",
    ColumnType.DECIMAL: "Edm.Decimal",
    ColumnType.MONEY: "Edm.Decimal",
    ColumnType.DOUBLE: "Edm.Double",
    ColumnType.BOOLEAN: "Edm.Boolean",
    ColumnType.DATETIME: "Edm.DateTimeOffset",
}
NUMBERS = frozenset({"Edm.Int32", "Edm.Int64", "Edm.Decimal", "Edm.Double"})


def edm_type(column: Column) -> str:
    """The type of a column's property, such as `Edm.String`."""
    return "Edm.Date" if column.date_only else _EDM[column.type]


def property_name(column: Column) -> str:
    """What a column is called in JSON and in queries."""
    return f"_{column.logical_name}_value" if column.is_lookup else column.logical_name


def find_property(table: Table, name: str) -> Column:
    """The column behind a property; raises `DataverseError` 400 where the type has no such property."""
    if name == "ownerid" and table.logical_name in PRINCIPALS:
        return table.columns[table.primary_id]
    lookup = name.startswith("_") and name.endswith("_value")
    column = table.columns.get(name[1:-6] if lookup else name)
    if column is None or column.is_lookup != lookup or not column.on_read:
        raise unknown_property(table.logical_name, name)
    return column


def find_attribute(table: Table, name: str) -> Column:
    """The column that a query function's `PropertyName` names: a lookup by its logical name or by its property's."""
    column = table.columns.get(name)
    return column if column is not None and column.on_read else find_property(table, name)


def unknown_property(type_name: str, name: str) -> DataverseError:
    """The refusal of a name that a type does not have."""
    return bad_query(f"Could not find a property named '{name}' on type 'Microsoft.Dynamics.CRM.{type_name}'.")
