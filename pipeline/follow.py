"""Follow what changes in Dataverse: each queued hint is acted upon, again later where that fails, or set aside.

A hint only says which record to look at. So it may come twice, late, out of order or not at all: what is done follows
from the record as it stands, and every night a comparison finds what no hint told.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace

from messaging.errors import ConfigurationError, PermanentError, TransientError
from messaging.records import COUNTRY_COLUMN, PHONE_COLUMNS, Table
from messaging.row_changes import (
    OWNER_COLUMN,
    PHONE_NUMBER,
    REGARDING_COLUMN,
    STATE_COLUMN,
    TEXT_CONVERSATION,
    Change,
    RowChanged,
    decode,
    encode,
)
from pipeline.listen import LIFETIME_S, RECORD_CHANGES
from pipeline.ports import PhoneIndex, Queue, Visibility
from pipeline.process import DELAYS, MENDING_S

POISON = f"{RECORD_CHANGES}-poison"

SECOND_LOOK_S = 300.0
"""After which a number that was given away is looked at once more: longer than a text is at work that has read the
former owner, and shares its conversation with them."""

_log = logging.getLogger("textverse.dataverse")
_NUMBERS = {table.value: {*phones, COUNTRY_COLUMN} for table, phones in PHONE_COLUMNS.items()}
# One that was merged into another one is deactivated.
_OWNERS = {
    **{table.value: {OWNER_COLUMN, STATE_COLUMN} for table in PHONE_COLUMNS},
    Table.OPPORTUNITY.value: {OWNER_COLUMN},
    PHONE_NUMBER: {OWNER_COLUMN},
    TEXT_CONVERSATION: {OWNER_COLUMN, REGARDING_COLUMN},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """Everything that following needs."""

    phone_index: PhoneIndex
    visibility: Visibility
    queue: Queue

    def follow(self, text: str) -> None:
        """Act upon one message of the queue `record-changes`.

        Raises Unavailable where the queue itself is out of reach; any other exception is a defect. In both cases the
        Functions host tries again and sets the message aside in the end.
        """
        try:
            change = decode(text)
        except ValueError as error:
            _log.error("change set aside: %s", error)
            self.queue.send(POISON, text)
            return
        if change.reason is not None:  # it was set aside, and somebody has put it back
            change = replace(change, attempt=0, reason=None)
        if change.table == PHONE_NUMBER and change.attempt == 0 and concerns_owners(change):
            self._later(change, SECOND_LOOK_S)
        try:
            self._act(change)
        except TransientError as error:
            self._again(change, error, error.retry_after or 0.0)
        except ConfigurationError as error:
            self._again(change, error, MENDING_S)
        except PermanentError as error:
            self._set_aside(change, f"{type(error).__name__}: {error}")

    def _act(self, change: RowChanged) -> None:
        if concerns_numbers(change):
            written = self.phone_index.bring_up_to_date(change.table, [change.id])
            _log.info("phone index kept", extra={**_told(change), "entries": written})
        if concerns_owners(change):
            changed = self.visibility.bring_up_to_date(change.table, [change.id])
            _log.info("conversations kept visible", extra={**_told(change), "conversations": changed})

    def _again(self, change: RowChanged, error: Exception, least_s: float) -> None:
        if change.attempt >= len(DELAYS):
            self._set_aside(change, f"tried {change.attempt + 1} times, at last {type(error).__name__}: {error}")
            return
        delay = max(DELAYS[change.attempt], least_s)
        self._later(change, delay)
        _log.warning("change waits %s s: %s", delay, error, extra={**_told(change), "error": type(error).__name__})

    def _later(self, change: RowChanged, delay_s: float) -> None:
        later = encode(replace(change, attempt=change.attempt + 1))
        self.queue.send(RECORD_CHANGES, later, delay_s=delay_s, lifetime_s=LIFETIME_S)

    def _set_aside(self, change: RowChanged, reason: str) -> None:
        self.queue.send(POISON, encode(replace(change, reason=reason)))
        _log.error("change set aside: %s", reason, extra=_told(change))


def concerns_numbers(change: RowChanged) -> bool:
    """Whether the numbers of a record may be others now. A record that is gone took its entries with it; one that was
    deactivated or given to somebody keeps them."""
    columns = _NUMBERS.get(change.table)
    if columns is None or change.change is Change.DELETE:
        return False
    return change.columns is None or not columns.isdisjoint(change.columns)


def concerns_owners(change: RowChanged) -> bool:
    """Whether conversations may have to belong to somebody else, or be shared with somebody else, now. Whatever else is
    new has none yet, and what is gone has none any more."""
    columns = _OWNERS.get(change.table)
    if columns is None or change.change is Change.DELETE:
        return False
    if change.change is Change.CREATE:
        return change.table == TEXT_CONVERSATION
    return change.columns is None or not columns.isdisjoint(change.columns)


def _told(change: RowChanged) -> Mapping[str, object]:
    return {"table": change.table, "row": change.id, "change": change.change.value, "attempt": change.attempt}
