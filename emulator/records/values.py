"""Whether a value fits its column, and how it is stored. Messages and codes as Dataverse gives them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from math import inf

from emulator.errors import DataverseError
from emulator.metadata.model import Column, ColumnType, Table
from emulator.paths import parse_guid

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)")
_CHOICES = re.compile(r"\s*-?\d{1,10}\s*(,\s*-?\d{1,10}\s*)*", re.ASCII)
_MOST_CHOICES = 150
# What XML cannot hold, a column cannot hold either.
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# Learn: the widest range of each type; a column may have a narrower one.
_WIDEST = {ColumnType.MONEY: 922_337_203_685_477, ColumnType.DECIMAL: 10**11, ColumnType.DOUBLE: 10**11}
_FIRST_YEAR, _LAST_YEAR = 1753, 9998
_INTEGERS = {ColumnType.INTEGER: 2**31, ColumnType.BIGINT: 2**63}
HELP = "For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293"


def payload_error(table: Table, detail: str) -> DataverseError:
    """A body that the OData reader cannot make sense of: 0x80048d19."""
    text = f"Error identified in Payload provided by the user for Entity :'{table.set_name}', {HELP}"
    return DataverseError(400, "0x80048d19", f"{text}  ---->  InnerException : {detail}")


def stored(table: Table, column: Column, value: object) -> object:
    """The value as SQLite keeps it. Raises 0x80048d19 for a wrong type, the validation errors for a wrong value."""
    if value is None:
        return None
    return _STORED[column.type](table, column, value)


def _text(table: Table, column: Column, value: object) -> object:
    if not isinstance(value, str) or _SURROGATE.search(value):
        raise _wrong_type(table, column, value, "Edm.String")
    # .NET counts UTF-16 code units, so an emoji counts twice.
    length = len(value) if value.isascii() else len(value.encode("utf-16-le")) // 2
    if column.max_length is not None and length > column.max_length:
        message = (
            f"A validation error occurred.  The length of the '{column.logical_name}' attribute of the "
            f"'{table.logical_name}' entity exceeded the maximum allowed length of '{column.max_length}'."
        )
        raise DataverseError(400, "0x80044331", message)
    if found := _CONTROL.search(value):
        message = (
            f"Invalid character in field '{column.logical_name}': '\\u{ord(found[0]):04X}', hexadecimal value "
            f"0x{ord(found[0]):02X}, is an invalid character."
        )
        raise DataverseError(400, "0x80040278", message)
    return value or None  # Dataverse keeps no empty text


def _integer(table: Table, column: Column, value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong_type(table, column, value, "Edm.Int64" if column.type is ColumnType.BIGINT else "Edm.Int32")
    if not -_INTEGERS[column.type] <= value < _INTEGERS[column.type]:
        raise _wrong_type(table, column, value, "Edm.Int32")
    if not _within(column, value):
        raise _out_of_range(table, column, value, "0x8004432f")
    return value


def _number(table: Table, column: Column, value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) == inf:
        raise _wrong_type(table, column, value, "Edm.Double" if column.type is ColumnType.DOUBLE else "Edm.Decimal")
    if abs(value) > _WIDEST[column.type] or not _within(column, value):
        raise _out_of_range(table, column, value, "0x80044330")
    if column.type is ColumnType.DOUBLE and column.precision is None:
        return float(value)
    places = Decimal(1).scaleb(-(2 if column.precision is None else column.precision))
    return float(Decimal(repr(value)).quantize(places, ROUND_HALF_UP))


def _within(column: Column, value: float) -> bool:
    low = column.minimum is None or value >= column.minimum
    return low and (column.maximum is None or value <= column.maximum)


def _boolean(table: Table, column: Column, value: object) -> object:
    if not isinstance(value, bool):
        raise _wrong_type(table, column, value, "Edm.Boolean")
    return int(value)


def _choice(table: Table, column: Column, value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong_type(table, column, value, "Edm.Int32")
    if value not in (accepted := [option.value for option in column.options]):
        raise _out_of_range(table, column, value, "0x8004431a", " Accepted Values: " + ",".join(map(str, accepted)))
    return value


def _choices(table: Table, column: Column, value: object) -> object:
    """`"1, 9"`, each option once and in order. Source: Learn, "Choices columns"; 150 options at most."""
    if not isinstance(value, str) or (value and not _CHOICES.fullmatch(value)):
        raise _wrong_type(table, column, value, "Edm.String")
    chosen = sorted({int(each) for each in value.split(",")}) if value else []
    for each in chosen:
        _choice(table, column, each)
    if len(chosen) > _MOST_CHOICES:
        raise _out_of_range(table, column, value, "0x8004431a", f" At most {_MOST_CHOICES} options can be selected.")
    return ",".join(map(str, chosen)) or None


def _identifier(table: Table, column: Column, value: object) -> object:
    found = parse_guid(value) if isinstance(value, str) else None
    if found is None:
        raise _wrong_type(table, column, value, "Edm.Guid")
    return found


def _moment(table: Table, column: Column, value: object) -> object:
    form, expected = (_DATE, "Edm.Date") if column.date_only else (_DATE_TIME, "Edm.DateTimeOffset")
    if not isinstance(value, str) or not form.fullmatch(value):
        raise _wrong_type(table, column, value, expected)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise _wrong_type(table, column, value, expected) from error
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        message = f"DateTime is outside of the range that CrmDateTime supports: {value} for {column.logical_name}."
        raise DataverseError(400, "0x80040239", message)
    return value if column.date_only else written(moment)


def written(moment: datetime) -> str:
    """A moment as it is stored and sent: UTC, to the second."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def direct_lookup(table: Table, name: str) -> DataverseError:
    """A lookup written as if it were a plain column."""
    detail = "CRM do not support direct update of Entity Reference properties, Use Navigation properties instead."
    return payload_error(table, f"{detail} ({name})")


def _lookup(table: Table, column: Column, value: object) -> object:
    raise direct_lookup(table, column.logical_name)


def _wrong_type(table: Table, column: Column, value: object, expected: str) -> DataverseError:
    kind = type(value).__name__
    detail = f"Cannot convert the value of '{column.logical_name}' ({kind}) to the expected type '{expected}'."
    return payload_error(table, f"Microsoft.OData.ODataException: {detail}")


def _out_of_range(table: Table, column: Column, value: object, code: str, accepted: str = "") -> DataverseError:
    message = (
        f"A validation error occurred.  The value {str(value)[:60]} of '{column.logical_name}' on record of type "
        f"'{table.logical_name}' is outside the valid range.{accepted}"
    )
    return DataverseError(400, code, message)


_STORED: dict[ColumnType, Callable[[Table, Column, object], object]] = {
    ColumnType.ID: _identifier,
    ColumnType.STRING: _text,
    ColumnType.MEMO: _text,
    ColumnType.ENTITY_NAME: _text,
    ColumnType.INTEGER: _integer,
    ColumnType.BIGINT: _integer,
    ColumnType.DECIMAL: _number,
    ColumnType.DOUBLE: _number,
    ColumnType.MONEY: _number,
    ColumnType.BOOLEAN: _boolean,
    ColumnType.DATETIME: _moment,
    ColumnType.CHOICE: _choice,
    ColumnType.CHOICES: _choices,
    ColumnType.STATE: _choice,
    ColumnType.STATUS: _choice,
    ColumnType.LOOKUP: _lookup,
    ColumnType.CUSTOMER: _lookup,
    ColumnType.OWNER: _lookup,
}
