"""A row of Dataverse that was made, changed or deleted: a hint that travels, not the truth.

Only names go along, and where a text of ours stands: whoever acts on it reads the row. As a queue message it is
versioned JSON. Hints get lost (Dataverse calls twice at most) and come twice, late and out of order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from messaging.envelope import MAX_BYTES
from messaging.records import COUNTRY_COLUMN, PHONE_COLUMNS, Table
from messaging.status import Status

TEXT_MESSAGE, TEXT_CONVERSATION, PHONE_NUMBER = "txv_textmessage", "txv_textconversation", "txv_phonenumber"
OWNER_COLUMN, STATE_COLUMN, REGARDING_COLUMN = "ownerid", "statecode", "regardingobjectid"
WATCHED_COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **{
            table.value: (*phones, COUNTRY_COLUMN, STATE_COLUMN, OWNER_COLUMN)
            for table, phones in PHONE_COLUMNS.items()
        },
        Table.OPPORTUNITY.value: (OWNER_COLUMN,),
        PHONE_NUMBER: (OWNER_COLUMN,),
        TEXT_CONVERSATION: (REGARDING_COLUMN, OWNER_COLUMN),
    }
)
"""The tables whose changes matter, and the columns of which one has to be among the changed ones."""


class Change(StrEnum):
    """What happened to a row, as Dataverse names the messages."""

    CREATE = "Create"
    UPDATE = "Update"
    DELETE = "Delete"


WATCHED_CHANGES: Mapping[str, tuple[Change, ...]] = MappingProxyType(
    {
        **{table.value: tuple(Change) for table in PHONE_COLUMNS},
        Table.OPPORTUNITY.value: (Change.UPDATE,),
        PHONE_NUMBER: (Change.UPDATE,),
        TEXT_CONVERSATION: (Change.CREATE, Change.UPDATE),
    }
)
"""What has to happen to rows of these tables to matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChanged:
    """One change of one row of `table` (its logical name).

    `columns` are the names of those that were written; None where that was not told, which can be any. `outgoing` and
    `status` are those of a text message, as far as they were written. `occurred_at` is in UTC; with `operation_id`,
    which Dataverse gives each event, a repeated one is recognised. `attempt` says how often it was tried, and `reason`
    why it was set aside, if it was.
    """

    version: int = 1
    table: str
    id: UUID
    change: Change
    columns: tuple[str, ...] | None = None
    outgoing: bool | None = None
    status: Status | None = None
    occurred_at: datetime | None = None
    operation_id: UUID | None = None
    correlation_id: UUID | None = None
    attempt: int = 0
    reason: str | None = None


_JSON = TypeAdapter(RowChanged)


def encode(change: RowChanged) -> str:
    """The change as JSON; the names of its columns are left out where they would not fit."""
    text = _JSON.dump_json(change)
    if len(text) > MAX_BYTES:
        text = _JSON.dump_json(replace(change, columns=None))
    return text.decode()


def decode(text: str | bytes) -> RowChanged:
    """Read a change back. Raises ValueError for what is none, without quoting it."""
    try:
        change = _JSON.validate_json(text)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise ValueError(f"not a change of a row: {error.errors()[0]['type']} at {where or 'the top'}") from None
    if change.version != 1:
        raise ValueError(f"version {change.version} of a change is not known to this release")
    return change
