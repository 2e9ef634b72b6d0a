"""What happens to the steps when a row was written: asynchronous ones are put into the outbox, synchronous ones are
posted to at once, inside the transaction, which a failure undoes.

Synchronous steps of the stages before the operation (10, 20) are posted to right after the row is written as well; what
they are told is the same. While one is posted to, nobody else can write: a receiver that writes back waits for itself
until the timeout, as it would in Dataverse for the row's lock.
"""

from __future__ import annotations

from emulator import bypass
from emulator.errors import DataverseError
from emulator.events.contract import Json, written
from emulator.events.execution import LARGE, execution_context
from emulator.events.outbox import put
from emulator.events.post import NotDelivered, endpoint, post
from emulator.events.steps import ASYNCHRONOUS, SYNCHRONOUS, Step, matching
from emulator.seams import Change, Work, new_id

LARGEST = 256 * 1024
# What a request goes round steps of a mode by.
_BYPASSED_AS = {SYNCHRONOUS: bypass.SYNCHRONOUS, ASYNCHRONOUS: bypass.ASYNCHRONOUS}


def publish(work: Work, change: Change) -> None:
    """A publisher. Raises 400 with the code of the failure when a synchronous step fails."""
    for step in matching(work.context.db, change):
        if not work.context.bypassed.isdisjoint((step.id, _BYPASSED_AS[step.mode])):
            continue
        operation = new_id() if step.mode == ASYNCHRONOUS else work.request_id
        headers, body = _message(work, change, execution_context(work, change, step, operation))
        if step.mode == ASYNCHRONOUS:
            put(work, change, step, operation, headers, body)
            work.stir()
        else:
            _post_now(work, step, headers, body)


def _message(work: Work, change: Change, context: Json) -> tuple[dict[str, str], bytes]:
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "x-ms-dynamics-organization": work.context.url.split("/")[2],
        "x-ms-dynamics-entity-name": change.table.logical_name,
        "x-ms-dynamics-request-name": change.message,
        "x-ms-correlation-request-id": work.correlation_id,
    }
    body = written(context)
    if len(body) > LARGEST:
        headers["x-ms-dynamics-msg-size-exceeded"] = "true"
        body = written({name: value for name, value in context.items() if name not in LARGE})
    return headers, body


def _post_now(work: Work, step: Step, headers: dict[str, str], body: bytes) -> None:
    target = endpoint(work.context.db, step.endpoint)
    if target is None or work.behaviour.webhooks_dropped:
        return
    try:
        post(target, headers, body, work.behaviour.webhook_timeout_seconds)
    except NotDelivered as failure:
        raise DataverseError(400, failure.code, str(failure)) from failure
