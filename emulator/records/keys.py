"""Which row `contacts(<id>)` or `contacts(emailaddress1='x')` means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from emulator.context import Context
from emulator.errors import DataverseError, bad_query, does_not_exist
from emulator.metadata.model import Column, Key, Table
from emulator.paths import key_value, named_arguments, parse_guid
from emulator.records.values import stored

# Their key is called ownerid, so the form with its name is refused.
_PRINCIPALS = frozenset({"systemuser", "team"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A row as a URL names it. `row_id` is None where no row has the key's values; `key` is set for an alternate key:
    its columns with their stored values."""

    table: Table
    row_id: str | None
    key: Mapping[str, object] | None = None
    text: str

    @property
    def path(self) -> str:
        """The path of the row, in the form in which it was asked for."""
        key = quote(self.text, safe="=',-._~@")
        return f"{self.table.set_name}({key})"

    def missing(self) -> DataverseError:
        """404: nothing is there."""
        if self.key is None:
            return does_not_exist(self.table.logical_name, str(self.row_id))
        message = f"A record with the specified key values does not exist in {self.table.logical_name} entity"
        return DataverseError(404, "0x80060891", message)


def locate(context: Context, table: Table, arguments: str) -> Address:
    """Reads the text between the parentheses. Raises 400 for a key that is not defined or cannot be addressed by."""
    text = arguments.strip()
    if row_id := parse_guid(text):
        return Address(table=table, row_id=row_id, text=row_id)
    if "=" not in text:
        raise bad_query(f"Unrecognized 'Edm.String' literal '{text}' in '{table.set_name}({text})'.")
    named = named_arguments(text)
    if list(named) == [table.primary_id] and table.logical_name not in _PRINCIPALS:
        row_id = parse_guid(named[table.primary_id])
        if row_id is None:
            raise bad_query(f"'{named[table.primary_id]}' is not an id.")
        return Address(table=table, row_id=row_id, text=row_id)
    key = _match(table, named)
    values = {column: _value(table, table.columns[column], named) for column in key.columns}
    return Address(table=table, row_id=find_by_key(context, table, values), key=values, text=text)


def find_by_key(context: Context, table: Table, values: Mapping[str, object]) -> str | None:
    """The id of the row with these values, None without one."""
    conditions = " AND ".join(f'"{name}" = ?' for name in values)
    statement = f'SELECT "{table.primary_id}" FROM "{table.logical_name}" WHERE {conditions}'
    found = context.db.execute(statement, tuple(values.values())).fetchone()
    return found[0] if found else None


def _match(table: Table, named: Mapping[str, str]) -> Key:
    for key in table.keys.values():
        if {_name(table.columns[column]) for column in key.columns} == set(named) and key.status == "Active":
            return key
    resource = f"Microsoft.Dynamics.CRM.{table.logical_name}"
    message = (
        f"The key in the request URI is not valid for resource '{resource}'. Ensure that the names and number of key "
        f"properties match the declared or alternate key properties for the resource '{resource}'."
    )
    raise DataverseError(400, "0x80060890", message)


def _name(column: Column) -> str:
    return f"_{column.logical_name}_value" if column.is_lookup else column.logical_name


def _value(table: Table, column: Column, named: Mapping[str, str]) -> object:
    value = key_value(named[_name(column)])
    if column.is_lookup:
        value = parse_guid(str(value))
    if value is None:
        raise bad_query(f"The key property '{_name(column)}' has no usable value.")
    return value if column.is_lookup else stored(table, column, value)
