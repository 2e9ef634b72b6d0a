"""Annotations beside values, which a client gets only as far as `Prefer: odata.include-annotations` asks for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from emulator.metadata.model import Column, ColumnType

FORMATTED = "OData.Community.Display.V1.FormattedValue"
LOOKUP_TABLE = "Microsoft.Dynamics.CRM.lookuplogicalname"
NAVIGATION = "Microsoft.Dynamics.CRM.associatednavigationproperty"
TOTAL = "Microsoft.Dynamics.CRM.totalrecordcount"
METADATA_VERSION = "Microsoft.Dynamics.CRM.globalmetadataversion"
TOTAL_EXCEEDED = "Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"


def wants(preferences: Mapping[str, str], annotation: str) -> bool:
    """Whether the client asked for an annotation: by its name, by `Namespace.*` or by `*`, and not by `-name`."""
    wanted = False
    for pattern in preferences.get("odata.include-annotations", "").strip('"').split(","):
        if _matches(pattern.strip().removeprefix("-"), annotation):
            wanted = not pattern.strip().startswith("-")
    return wanted


@lru_cache(maxsize=256)
def _matches(pattern: str, annotation: str) -> bool:
    if pattern.endswith("*"):
        return annotation.startswith(pattern[:-1])
    return pattern == annotation


def formatted(column: Column, value: object) -> str | None:
    """How a value is shown to an English reader in UTC; None where Dataverse gives no formatted value.

    Lookups are formatted elsewhere: by the name of their target.
    """
    match column.type:
        case ColumnType.CHOICE | ColumnType.STATE | ColumnType.STATUS:
            return _label(column, value)
        case ColumnType.CHOICES:
            labels = [_label(column, int(each)) for each in str(value).split(",")]
            return "; ".join(label for label in labels if label is not None)
        case ColumnType.BOOLEAN:
            return _label(column, value) or ("Yes" if value else "No")
        case ColumnType.DATETIME:
            return _date(column, str(value))
        case ColumnType.INTEGER | ColumnType.BIGINT | ColumnType.DECIMAL | ColumnType.DOUBLE | ColumnType.MONEY:
            return _number(column, value)
    return None


def _label(column: Column, value: object) -> str | None:
    return next((option.label for option in column.options if option.value == value), None)


def _date(column: Column, value: str) -> str:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", value, re.ASCII):
        return value
    moment = datetime.fromisoformat(value.removesuffix("Z"))
    day = f"{moment.month}/{moment.day}/{moment.year}"
    if column.date_only or (column.format_name or "") == "DateOnly":
        return day
    return f"{day} {moment.hour % 12 or 12}:{moment.minute:02} {'AM' if moment.hour < 12 else 'PM'}"


def _number(column: Column, value: object) -> str | None:
    if not isinstance(value, int | float):
        return None
    if column.type in {ColumnType.INTEGER, ColumnType.BIGINT}:
        return f"{value:,.0f}"
    digits = 2 if column.precision is None or column.type is ColumnType.MONEY else column.precision
    text = f"{abs(value):,.{digits}f}"
    sign = "-" if value < 0 else ""
    return f"{sign}${text}" if column.type is ColumnType.MONEY else sign + text
