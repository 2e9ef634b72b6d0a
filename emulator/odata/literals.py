"""Constants: how they are written in OData, and what SQLite compares them as."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from emulator.errors import bad_query
from emulator.odata.nodes import Literal

GUID = r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"
DATE = r"\d{4}-\d{2}-\d{2}"
MOMENT = DATE + r"T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,12})?)?(?:Z|[+-]\d{2}:\d{2})"

_MOMENT = re.compile(
    r"(?P<minute>\d{4}-\d{2}-\d{2}T\d{2}:\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d{1,12}))?)?"
    r"(?P<zone>Z|[+-]\d{2}:\d{2})",
    re.ASCII,
)
_INT32 = range(-(2**31), 2**31)
_INT64 = range(-(2**63), 2**63)


def integer(text: str) -> Literal:
    """A whole number; its type is the smallest that holds it."""
    if len(text) > 20 or (value := int(text)) not in _INT64:
        raise bad_query(f"Unrecognized 'Edm.Int64' literal '{text[:40]}'.")
    return Literal("Edm.Int32" if value in _INT32 else "Edm.Int64", value)


def decimal(text: str) -> Literal:
    """A number with a fraction or an exponent."""
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise bad_query(f"Unrecognized 'Edm.Double' literal '{text[:40]}'.")
    return Literal("Edm.Decimal", value)


def day(text: str) -> Literal:
    """A date, as it is stored."""
    try:
        return Literal("Edm.Date", date.fromisoformat(text).isoformat())
    except ValueError:
        raise bad_query(f"Unrecognized 'Edm.Date' literal '{text}'.") from None


def moment(text: str) -> Literal:
    """A date-time as UTC text in the stored form, so that comparing texts compares moments.

    Stored moments have whole seconds. A fraction is put behind the `Z`: such a text sorts after its second and before
    the next one.
    """
    refused = bad_query(f"Unrecognized 'Edm.DateTimeOffset' literal '{text[:60]}'.")
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise refused
    try:
        value = datetime.fromisoformat(f"{match['minute']}:{match['second'] or '00'}{match['zone']}")
        return Literal("Edm.DateTimeOffset", written(value, match["fraction"]))
    except (ValueError, OverflowError):
        raise refused from None


def written(value: datetime, fraction: str | None = None) -> str:
    """A moment in the stored form; `fraction` are digits of a second."""
    digits = (fraction or "").rstrip("0")
    utc = value.astimezone(UTC)
    return f"{utc.year:04}-{utc:%m-%dT%H:%M:%S}Z" + (f".{digits}" if digits else "")
