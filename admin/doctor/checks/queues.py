"""Does work get done?"""

from __future__ import annotations

from collections.abc import Iterator

from admin.doctor.finding import Finding, ok, problem, warning
from admin.doctor.situation import Situation
from admin.storage import Storage

QUEUES = ("provider-events", "outbound-messages", "record-changes")
POISON = "-poison"
MANY = 1_000
"""Messages that wait: more than a busy hour brings."""


def queues(situation: Situation) -> Iterator[Finding]:
    """Each queue's length, and what was set aside. A queue is made with its first message."""
    storage = situation.storage
    if storage is None:  # the run sees to it
        return
    for queue in QUEUES:
        yield _length(storage, queue)
    for queue in QUEUES:
        aside = storage.length(queue + POISON)
        if aside:
            what = f"{aside} messages of {queue} were set aside: they could not be dealt with"
            yield problem(what, f"See why, mend it, and bring them back: python -m admin replay {queue}")


def _length(storage: Storage, queue: str) -> Finding:
    waiting = storage.length(queue)
    if waiting is None or waiting <= MANY:
        return ok(f"{waiting or 'No'} messages wait in {queue}")
    what = f"{waiting} messages wait in {queue}"
    return warning(what, "See that the function app runs: Azure portal › the function app › Functions › Monitor")
