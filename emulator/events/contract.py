"""Rows in the JSON of .NET's DataContractJsonSerializer, which is what webhooks are posted in.

`__type` stands, first of its object, where the reader could not know the type otherwise: in values of attributes and
parameters. It is missing where the member has one type only, such as in images (Learn: "Use webhooks", the example).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from emulator.metadata.model import Column, ColumnType, Table
from emulator.metadata.physical import companion
from emulator.odata.annotation import formatted

Json = dict[str, object]
Row = Mapping[str, object]
_CHOICES = frozenset({ColumnType.CHOICE, ColumnType.STATE, ColumnType.STATUS})
_SEVERAL = "MultiSelectPicklist"


def written(value: Json) -> bytes:
    r"""The text of an object, with slashes escaped as .NET does: `\/Date(0)\/`."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("/", "\\/").encode()


def pairs(values: Mapping[str, object]) -> list[Json]:
    """A dictionary as a list of keys with values."""
    return [{"key": name, "value": value} for name, value in values.items()]


def entity(table: Table, row_id: str, row: Row, names: Iterable[str] | None = None) -> Json:
    """An Entity with those columns of a row, by physical name, that are there and can be read; its id in any case.
    Formatted values are given for what has labels or digits, not for dates."""
    wanted = [name for name in (row if names is None else names) if name in row]
    columns = [table.columns[name] for name in wanted if name in table.columns and name != table.primary_id]
    shown = [column for column in columns if column.on_read and column.logical_name != "versionnumber"]
    attributes: Json = {column.logical_name: _value(column, row) for column in shown}
    attributes[table.primary_id] = row_id
    texts = {column.logical_name: _text(column, row[column.logical_name]) for column in shown}
    return {
        "Attributes": pairs(attributes),
        "EntityState": None,
        "FormattedValues": pairs({name: text for name, text in texts.items() if text is not None}),
        "Id": row_id,
        "KeyAttributes": [],
        "LogicalName": table.logical_name,
        "RelatedEntities": [],
        "RowVersion": None,
    }


def reference(table: str, row_id: object) -> Json:
    """An EntityReference; its name is not filled."""
    return {"Id": row_id, "KeyAttributes": [], "LogicalName": table, "Name": None, "RowVersion": None}


def typed(kind: str, value: Json) -> Json:
    """The object with its type."""
    return {"__type": f"{kind}:http://schemas.microsoft.com/xrm/2011/Contracts", **value}


def date(moment: datetime) -> str:
    """A date-time in an attribute: milliseconds since 1970."""
    return f"/Date({round(moment.timestamp() * 1000)})/"


def zoned(moment: datetime) -> str:
    """A date-time in a member of the context: with the server's distance from UTC, here none."""
    return f"/Date({round(moment.timestamp() * 1000)}+0000)/"


def _value(column: Column, row: Row) -> object:
    value = row[column.logical_name]
    if value is None:
        return None
    if column.is_lookup:
        target = row.get(companion(column.logical_name)) or next(iter(column.targets), "")
        return typed("EntityReference", reference(str(target), value))
    if column.type in _CHOICES:
        return _choice(value)
    if column.type == _SEVERAL:
        return [_choice(int(each)) for each in str(value).split(",")]
    if column.type is ColumnType.MONEY:
        return typed("Money", {"Value": value})
    if column.type is ColumnType.BOOLEAN:
        return bool(value)
    if column.type is ColumnType.DATETIME:
        moment = datetime.fromisoformat(str(value))
        return date(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    return value


def _choice(value: object) -> Json:
    return typed("OptionSetValue", {"Value": value})


def _text(column: Column, value: object) -> str | None:
    return None if value is None or column.type is ColumnType.DATETIME else formatted(column, value)
