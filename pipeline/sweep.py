"""What is done every few minutes, off the path of any text.

Texts that were stored and that nobody was told of: a run that is cut off between storing and telling comes back with
its event; where that is gone (set aside, purged, lost with its queue) nobody else would ever tell.

Entries behind a bell that a newer one of the same conversation has made old news: they are taken away.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from messaging.errors import Conflict, PermanentError, Throttled, TransientError
from messaging.events import MessageReceived
from notifications.bell import superseded
from pipeline.ingest import CUT_OFF_AFTER
from pipeline.ports import Bell, Clock, Untold

EVERY = timedelta(minutes=5)
"""How often the sweep runs, on the clock: the first run of an hour looks further back."""
LATELY = timedelta(hours=1)
LOOK_BACK = timedelta(days=2)
MOST_TEXTS = 50
MOST_ENTRIES = 100
"""Texts and entries of one run; the others are left to the next ones."""
RUNG_LATELY = 3 * EVERY
"""Whose bell was rung in this time may have entries that are old news; long enough for a run or two to fail."""

_log = logging.getLogger("textverse.sweep")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Finds what was left half done or is of no use any more. `finish` tells of a stored text, once
    (`Ingestion.finish`)."""

    untold: Untold
    bell: Bell
    finish: Callable[[MessageReceived, UUID], None]
    clock: Clock

    def run(self) -> None:
        """Tell of each text that was cut off, and leave each reader one entry for each conversation. Two reads where
        there is nothing to do. Safe to repeat, and beside any other run.

        What Dataverse cannot do now is left to the next run, and so are further texts where it asks to slow down or
        where telling takes as long as it is until then; other errors than that are raised.
        """
        for part in (self._finish_untold, self._take_old_news_away):
            try:
                part()
            except TransientError as error:
                _log.warning("the sweep goes on the next time: %s", error)

    def _finish_untold(self) -> None:
        now = self.clock()
        for message_id, event in self.untold.find(now - look_back(now), now - CUT_OFF_AFTER, MOST_TEXTS):
            if self.clock() - now >= EVERY:  # Dataverse is away, and the next run is due
                return
            try:
                self.finish(event, message_id)
            except Conflict:
                _log.info("another run tells of this text", extra={"message_id": message_id})
            except Throttled:
                raise
            except TransientError as error:  # it may be this text alone: it must not keep older ones waiting
                _log.warning("a text waits for the next run: %s", error, extra={"message_id": message_id})
            except PermanentError as error:
                _log.error("nobody can be told of a text: %s", error, extra={"message_id": message_id})

    def _take_old_news_away(self) -> None:
        readers = self.bell.readers(self.clock() - RUNG_LATELY)
        old = superseded(self.bell.entries(readers))[:MOST_ENTRIES]
        if old:
            self.bell.take_away(old)
            _log.info("old news is taken away", extra={"entries": len(old)})


def look_back(now: datetime) -> timedelta:
    """How old a text may be that this run still tells of: an hour, and two days in the first run of each hour.

    So what is refused again and again is tried often at first, then hourly, and in the end no more; and what waited
    for longer, because nothing ran, is found within the hour.
    """
    return LOOK_BACK if timedelta(minutes=now.minute) < EVERY else LATELY
