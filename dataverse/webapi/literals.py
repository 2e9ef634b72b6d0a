"""Values as they stand in a Web API path: OData 4.0 literals, percent-encoded once and for all.

Dataverse knows no `in` operator and no `$skip`; membership is asked with its own query function `In`. Inside
`contains`, `startswith` and `endswith` the wildcards of SQL LIKE are alive, so text from outside is escaped first.

Sources: OData 4.0 URL Conventions §5.1.1.6.1; Microsoft Learn "Filter rows" (Dataverse Web API).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import quote
from uuid import UUID

Value = str | UUID | datetime | date | bool | int | float | Decimal | None

IN_LIST_LIMIT = 200
"""How many values to ask for at once: Dataverse refuses a query with about 500 conditions."""

_COLUMN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(/[A-Za-z_][A-Za-z0-9_]*)*")
_WILDCARD = re.compile(r"[%_\[]")


def literal(value: Value) -> str:
    """A value as an OData literal, not yet encoded: `'O''Brien'`, `2024-01-31T08:00:00Z`, `true`, `null`.

    A date-time must know its time zone and is written in UTC. Raises ValueError for one that doesn't, and for infinity
    and not-a-number.
    """
    if isinstance(value, float | Decimal) and not math.isfinite(value):
        raise ValueError("Dataverse has no literal for infinity or not-a-number")
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return "'" + value.replace("'", "''") + "'"
        case datetime():
            return _utc(value)
        case Decimal():
            return format(value, "f")
        case UUID() | date() | int() | float():
            return str(value)


def quote_literal(value: Value) -> str:
    """A value as a literal that can be put into a path as it is: `O'Brien & sons` → `'O''Brien%20%26%20sons'`."""
    return quote(literal(value), safe="'")


def in_list(column: str, values: Iterable[str | UUID | int]) -> str:
    """A condition, encoded, that holds where `column` has one of `values` (at most `IN_LIST_LIMIT` at a time).

    Raises ValueError for a column that is no name or path of names, and for an empty list: Dataverse refuses it.
    """
    if not _COLUMN.fullmatch(column):
        raise ValueError("the column of an In condition is not a name")
    array = json.dumps([str(value) for value in values], ensure_ascii=False, separators=(",", ":"))
    if array == "[]":
        raise ValueError("an In condition needs at least one value")
    return f"Microsoft.Dynamics.CRM.In(PropertyName='{column}',PropertyValues={quote(array, safe='')})"


def escape_like(text: str) -> str:
    """Text whose `%`, `_` and `[` mean themselves inside `contains`, `startswith` and `endswith`."""
    return _WILDCARD.sub(r"[\g<0>]", text)


def _utc(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("a date-time without a time zone has no place in a query")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
