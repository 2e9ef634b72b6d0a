"""Apply a delivery report to the message that it is about."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from messaging.errors import Conflict, NotFound, Unavailable
from messaging.events import DeliveryReported
from messaging.status import FAILURES, Failure, FailureReason, Progress, Status, merge
from messaging.tracking import SentMessage
from pipeline.ports import Reports

MOST_TRIES = 6
# A report can overtake our own note of the provider's id; after these attempts it is about a text that is not ours.
MOST_WAITS = 7

_log = logging.getLogger("textverse.reports")


@dataclass(frozen=True, slots=True)
class Tracking:
    """Everything that following a message needs."""

    reports: Reports

    def track(self, event: DeliveryReported, attempt: int) -> None:
        """Merge the report into the message: late, repeated and swapped reports leave the same result.

        Raises Unavailable where the message is not there yet (`attempt` counts from 0), NotFound where it is not to be
        expected any more, TransientError to be called again.
        """
        for _ in range(MOST_TRIES):
            message = self.reports.find(event.account, event.message_id, event.reference)
            if message is None:
                raise _not_there(attempt)
            progress = merge(message.progress, reported(event, message.progress.status))
            if progress == message.progress:
                self._tell("report changes nothing", event, message, progress)
                return
            try:
                self.reports.record(message, progress)
            except Conflict:
                continue
            self._tell("report noted", event, message, progress)
            return
        raise Conflict("the message keeps changing under the report")

    def _tell(self, what: str, event: DeliveryReported, message: SentMessage, progress: Progress) -> None:
        _log.info(
            what,
            extra={
                "account": event.account,
                "message_id": message.id,
                "reported": event.native_status,
                "known": event.status is not None,
                "status": progress.status,
            },
        )


def reported(event: DeliveryReported, before: Status) -> Progress:
    """The report as progress. A status that is not known to us moves nothing, but its words are kept."""
    if event.status is None:
        return Progress(before, event.detail or event.native_status)
    if event.status not in FAILURES:
        return Progress(event.status, event.detail)
    reason = event.failure or FailureReason.UNKNOWN
    return Progress(event.status, "", Failure(reason, event.detail, event.occurred_at or event.received_at))


def _not_there(attempt: int) -> Exception:
    if attempt < MOST_WAITS:
        return Unavailable("the message that the report is about is not stored yet")
    return NotFound("no message of ours has the id that the report is about")
