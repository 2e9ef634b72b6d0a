"""Constants of a query as SQLite parameters for a certain column."""

from __future__ import annotations

import re

from emulator.errors import DataverseError, bad_query
from emulator.metadata.model import Column, ColumnType
from emulator.odata.literals import DATE, GUID, MOMENT, day, decimal, integer, moment
from emulator.odata.nodes import Literal, Scalar
from emulator.odata.properties import NUMBERS, edm_type

_GUID = re.compile(rf"\{{?({GUID})\}}?")
_ACCEPTED = {
    "Edm.Guid": {"Edm.Guid"},
    "Edm.String": {"Edm.String"},
    "Edm.Boolean": {"Edm.Boolean"},
    "Edm.DateTimeOffset": {"Edm.DateTimeOffset", "Edm.Date"},
    "Edm.Date": {"Edm.Date"},
    **dict.fromkeys(NUMBERS, NUMBERS),
}


def parameter(column: Column, literal: Literal) -> Scalar:
    """A constant as the column stores it, or None where the types don't fit.

    A guid may be quoted and a date stand for its first moment, as in Microsoft's samples.
    """
    wanted = edm_type(column)
    if wanted == "Edm.Guid" and literal.type == "Edm.String":
        match = _GUID.fullmatch(str(literal.value))
        return match[1].lower() if match else None
    if literal.type not in _ACCEPTED[wanted]:
        return None
    if column.type is ColumnType.CHOICES:
        return _choices(str(literal.value))
    if wanted == "Edm.DateTimeOffset" and literal.type == "Edm.Date":
        return f"{literal.value}T00:00:00Z"
    return int(literal.value) if isinstance(literal.value, bool) else literal.value


def _choices(text: str) -> str | None:
    """`"9, 1"` as it is stored: `1,9`; None where it is no list of numbers."""
    chosen = [each.strip() for each in text.split(",")]
    if not all(re.fullmatch(r"-?\d{1,10}", each, re.ASCII) for each in chosen):
        return None
    return ",".join(map(str, sorted({int(each) for each in chosen})))


def from_text(column: Column, text: str) -> Scalar:
    """A value that a query function has as text (`PropertyValues=["5","2000"]`) as the column stores it."""
    value = parameter(column, _literal(edm_type(column), text))
    if value is None:
        raise _unfit(column, text)
    return value


def _literal(wanted: str, text: str) -> Literal:
    if wanted in {"Edm.String", "Edm.Guid"}:
        return Literal("Edm.String", text)
    text = text.strip()
    if wanted == "Edm.Boolean":
        word = {"0": "false", "1": "true"}.get(text, text.lower())
        return Literal("Edm.Boolean", word == "true") if word in {"true", "false"} else Literal("null", None)
    for pattern, kind in ((MOMENT, moment), (DATE, day), (r"-?\d+", integer), (r"-?\d+\.\d+", decimal)):
        if re.fullmatch(pattern, text, re.ASCII):
            return kind(text)
    return Literal("null", None)


def _unfit(column: Column, text: str) -> DataverseError:
    return bad_query(f"The value '{text[:60]}' does not fit the property '{column.logical_name}' ({edm_type(column)}).")
