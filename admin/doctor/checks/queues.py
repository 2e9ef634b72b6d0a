"""Does work get done?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from admin.doctor.finding import Finding, ok, problem, skipped, warning
from admin.doctor.situation import Situation
from admin.replay.set_aside import QUEUES, SUFFIX
from admin.storage import Storage
from messaging.errors import Unavailable

MANY = 1_000  # messages: more than a busy hour brings
LONG = timedelta(hours=2)  # twice the longest pause between two attempts
_AZURITE = "UseDevelopmentStorage=true"
_RUNS = "See that the function app runs: Azure portal › the function app › Functions › process_event › Invocations"


def queues(situation: Situation) -> Iterator[Finding]:
    """Each queue: how many messages wait, since when, and whether any were set aside. A queue is made with its first
    message."""
    storage = situation.storage
    if storage is None:  # the run sees to it
        return
    try:
        for queue in QUEUES:
            yield _waiting(storage, queue, situation)
        yield from _set_aside(storage)
    except Unavailable as error:
        if situation.settings.storage.get("AzureWebJobsStorage") == _AZURITE:
            what = "The queues are in Azurite, which does not run here (the demo keeps its own)"
            yield skipped(what, "Start Azurite, or hand over the settings of a deployed function app with --settings")
            return
        fix = (
            "Check AzureWebJobsStorage, and Azure portal › the storage account › Networking for this machine's address"
        )
        yield problem(str(error), fix)


def _waiting(storage: Storage, queue: str, situation: Situation) -> Finding:
    length, since = storage.length(queue), storage.oldest(queue)
    waiting = f"{length or 'No'} messages wait in {queue}"
    if since is not None and situation.now() - since > LONG:
        return problem(f"{waiting}, one that could be dealt with since {since:%Y-%m-%d %H:%M} UTC", _RUNS)
    return warning(waiting, _RUNS) if (length or 0) > MANY else ok(waiting)


def _set_aside(storage: Storage) -> Iterator[Finding]:
    for queue in QUEUES:
        aside = storage.length(queue + SUFFIX)
        if aside:
            what = f"{aside} messages of {queue} were set aside, for they could not be dealt with"
            yield problem(what, "See why, mend it, then put them back: python -m admin replay")
