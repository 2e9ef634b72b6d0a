r"""What Dataverse posts to a webhook: the RemoteExecutionContext, in the JSON of .NET's DataContractJsonSerializer.

Objects are lists of keys with values, dates are `/Date(1700000000000+0000)/`, choices `{"__type": "OptionSetValue:…",
"Value": 1}`. Which row, and what happened to it, must be there; times and ids that only tell more may be missing. What
would be larger than 256 KB comes without its input parameters: then it is not told what was written.

Source: Microsoft Learn, "Use webhooks to create external handlers for server events".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from messaging.errors import Malformed

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}", re.ASCII)
_DATE = re.compile(r"/Date\((-?[0-9]{1,15})(?:[+-][0-9]{4})?\)/", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TARGET = "Target"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionContext:
    """One message (`Create`, `Update`, …) about one row. `written` are the columns of the request with their values,
    None where they were not told; that of a `Delete` is empty."""

    message: str
    table: str
    row_id: UUID
    written: Mapping[str, object] | None = field(repr=False)
    occurred_at: datetime | None = None
    operation_id: UUID | None = None
    correlation_id: UUID | None = None


def read_context(body: bytes) -> ExecutionContext:
    """Read what was posted. Raises Malformed naming the member, never its value."""
    try:
        context = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("the body is not JSON, or nested too deeply") from None
    if not isinstance(context, dict):
        raise Malformed("the body is not an object")
    return ExecutionContext(
        message=_name(context, "MessageName"),
        table=_name(context, "PrimaryEntityName"),
        row_id=_row_id(context),
        written=_written(context),
        occurred_at=_moment(context.get("OperationCreatedOn")),
        operation_id=_guid(context.get("OperationId")),
        correlation_id=_guid(context.get("CorrelationId")),
    )


def choice(value: object) -> int | None:
    """The number of a choice column's value, None for an empty one. Raises Malformed for what is no choice."""
    number = value.get("Value") if isinstance(value, dict) else value
    if number is not None and (isinstance(number, bool) or not isinstance(number, int)):
        raise Malformed("the value of a choice is not a number")
    return number


def _name(context: Mapping[str, object], member: str) -> str:
    value = context.get(member)
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise Malformed(f"{member} is missing or is no name")
    return value


def _row_id(context: Mapping[str, object]) -> UUID:
    row_id = _guid(context.get("PrimaryEntityId"))
    if row_id is None:
        raise Malformed("PrimaryEntityId is missing or is no id")
    return row_id


def _written(context: Mapping[str, object]) -> Mapping[str, object] | None:
    if context.get("InputParameters") is None:
        return None
    target = _pairs(context["InputParameters"], "InputParameters").get(_TARGET)
    if target is None:
        return None
    if not isinstance(target, dict):
        raise Malformed(f"{_TARGET} of InputParameters is not an object")
    # That of a Delete is a reference to a row, and has no attributes.
    return _pairs(target.get("Attributes") or [], "Attributes")


def _pairs(value: object, member: str) -> dict[str, object]:
    if not isinstance(value, list) or not all(isinstance(pair, dict) for pair in value):
        raise Malformed(f"{member} is not a list of keys with values")
    if not all(isinstance(pair.get("key"), str) and _NAME.fullmatch(pair["key"]) for pair in value):
        raise Malformed(f"a key of {member} is no name")
    return {pair["key"]: pair.get("value") for pair in value}


def _guid(value: object) -> UUID | None:
    return UUID(value) if isinstance(value, str) and _GUID.fullmatch(value) else None


def _moment(value: object) -> datetime | None:
    found = _DATE.fullmatch(value) if isinstance(value, str) else None
    try:
        return _EPOCH + timedelta(milliseconds=int(found[1])) if found else None
    except OverflowError:
        return None
