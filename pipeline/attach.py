"""Put an attachment with its text: behind the text, which is stored and told of already, and each by itself.

What is there decides: a document stays, whatever comes later; a sentence in its place gives way to the document, or to
another sentence.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from messaging.errors import ConfigurationError, NotFound, PrivilegeMissing, Refused, TransientError
from messaging.events import MediaWaiting
from messaging.media import Missing, NotFetched, Slot, Standing
from pipeline.ports import Attachments, MediaSource

_log = logging.getLogger("textverse.media")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attaching:
    """Everything that storing an attachment needs."""

    source: MediaSource
    attachments: Attachments

    def attach(self, event: MediaWaiting, last: bool) -> None:  # noqa: FBT001  # a handler among others
        """Fetch an attachment and store it with its text, once; where that fails leave a sentence in its place. `last`
        says that there will be no further attempt.

        Raises TransientError or ConfigurationError to be called again, PermanentError where it will never succeed.
        """
        slot = Slot.of(event)
        told = {"account": event.account, "message_id": slot.message_id, "position": event.position}
        there = self.attachments.find(slot)
        if there is not None and there.is_document:
            _log.info("attachment was stored before", extra=told)
            return
        try:
            self._fill(event, slot, there, last=last)
        except NotFound:
            _log.warning("the text of an attachment is gone", extra=told)

    def _fill(self, event: MediaWaiting, slot: Slot, there: Standing | None, *, last: bool) -> None:
        try:
            file = self.source.fetch(event)
        except NotFetched as error:
            self._say(slot, there, error.missing)
            raise
        except (TransientError, ConfigurationError):
            self._say(slot, there, Missing.GIVEN_UP if last else Missing.NOT_YET)
            raise
        try:
            self.attachments.store(slot, file, there)
        except PrivilegeMissing:
            raise
        except Refused:
            self._say(slot, there, Missing.REFUSED)
            raise
        told = {"account": event.account, "message_id": slot.message_id, "position": event.position}
        _log.info("attachment stored", extra={**told, "bytes": len(file.content)})

    def _say(self, slot: Slot, there: Standing | None, missing: Missing) -> None:
        if there is None or there.sentence != missing:
            self.attachments.say(slot, missing, there)
