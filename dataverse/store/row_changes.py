"""What Dataverse's webhook says of a row → a change as others hear of it: names of columns, no values but where a text
of ours stands."""

from __future__ import annotations

from collections.abc import Mapping

from dataverse.store.choices import DIRECTIONS, STATUS_OF, Direction
from dataverse.webapi.execution_context import choice, read_context
from messaging.row_changes import TEXT_MESSAGE, Change, RowChanged
from messaging.status import Status

_CHANGES = {change.value: change for change in Change}


def read_row_change(body: bytes) -> RowChanged | None:
    """Read what was posted to the webhook; None for a message that changes no single row in a way that we know. Raises
    Malformed naming the member that cannot be read."""
    context = read_context(body)
    written = context.written
    outgoing, status = _standing(written or {}) if context.table == TEXT_MESSAGE else (None, None)
    change = _CHANGES.get(context.message)
    if change is None:
        return None
    return RowChanged(
        table=context.table,
        id=context.row_id,
        change=change,
        columns=None if written is None else tuple(sorted(written)),
        outgoing=outgoing,
        status=status,
        occurred_at=context.occurred_at,
        operation_id=context.operation_id,
        correlation_id=context.correlation_id,
    )


def _standing(written: Mapping[str, object]) -> tuple[bool | None, Status | None]:
    direction = choice(written.get("txv_direction"))
    return (
        None if direction is None else direction == DIRECTIONS[Direction.OUTGOING],
        STATUS_OF.get(choice(written.get("txv_status"))),
    )
