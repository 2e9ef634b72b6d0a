"""Our words ⇄ the option values of the choice columns (publisher prefix 47110, in the order of `dataverse.schema`)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from messaging.events import ConsentChoice
from messaging.status import Status

_FIRST = 471_100_000


class Direction(StrEnum):
    """Which way a text went."""

    INCOMING = "Incoming"
    OUTGOING = "Outgoing"


class NumberType(StrEnum):
    """What kind of number we text from."""

    GEOGRAPHIC = "geographic"
    SHORT_CODE = "short-code"
    TOLL_FREE = "toll-free"
    ALPHANUMERIC = "alphanumeric"


DIRECTIONS = {direction: _FIRST + place for place, direction in enumerate(Direction)}

STATUSES = {
    status: _FIRST + place
    for place, status in enumerate(
        (
            Status.RECEIVED,
            Status.SCHEDULED,
            Status.QUEUED,
            Status.SENDING,
            Status.SENT,
            Status.DELIVERED,
            Status.UNDELIVERED,
            Status.FAILED,
            Status.UNCONFIRMED,
        )
    )
}
# A choice column holds what its table says, or nothing: whatever a row holds can be looked up.
STATUS_OF: Mapping[object, Status] = {value: status for status, value in STATUSES.items()}

CONSENTS = {ConsentChoice.OPTED_OUT: _FIRST, ConsentChoice.OPTED_IN: _FIRST + 1}
CONSENT_OF: Mapping[object, ConsentChoice] = {value: choice for choice, value in CONSENTS.items()}

# A number that says nothing of its own does as the organization says.
MAKES_LEADS: Mapping[object, bool] = {_FIRST + 1: True, _FIRST + 2: False}

NUMBER_TYPES = {kind: _FIRST + place for place, kind in enumerate(NumberType)}
