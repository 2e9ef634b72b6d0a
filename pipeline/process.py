"""Handle one queued event: done, again later, or set aside with its reason. The only place that decides which."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from messaging.envelope import Envelope, decode, encode
from messaging.errors import ConfigurationError, PermanentError, TransientError
from messaging.events import DeliveryReported, MediaWaiting, MessageReceived, OptOutSeen, UnknownEvent
from messaging.media import waiting
from pipeline.accept import PROVIDER_EVENTS
from pipeline.ports import Queue

POISON = f"{PROVIDER_EVENTS}-poison"

# Seconds before each further attempt; then hourly, for a day in all.
DELAYS = (1, 2, 5, 15, 60, 300, 900, 1800, *[3600] * 23)
MENDING_S = 300.0

_log = logging.getLogger("textverse.events")


@dataclass(frozen=True, slots=True, kw_only=True)
class Processing:
    """What to do with each kind of event. A handler raises a TransientError to be called again later; that of
    attachments is told whether this is the last time."""

    received: Callable[[MessageReceived], None]
    media_waiting: Callable[[MediaWaiting, bool], None]
    reported: Callable[[DeliveryReported, int], None]
    opted_out: Callable[[OptOutSeen, int], None]
    queue: Queue

    def process(self, text: str) -> None:
        """Handle one message of the queue `provider-events`.

        Raises Unavailable where the queue itself is out of reach; any other exception is a defect. In both cases the
        Functions host tries again and sets the message aside in the end.
        """
        try:
            envelope = decode(text)
        except ValueError as error:
            # Not ours, so there is nothing to keep a reason in: it is kept as it came.
            _log.error("queue message set aside: %s", error)
            self.queue.send(POISON, text)
            return
        try:
            self._handle(envelope)
        except TransientError as error:
            self._again(envelope, error, error.retry_after or 0.0)
        except ConfigurationError as error:
            # An administrator has to act, and the text must still be there then.
            self._again(envelope, error, MENDING_S)
        except PermanentError as error:
            self._set_aside(envelope, f"{type(error).__name__}: {error}")

    def _handle(self, envelope: Envelope) -> None:
        match envelope.event:
            case MessageReceived() as event:
                self.received(event)
                self._queue_media(event)
            case MediaWaiting() as event:
                self.media_waiting(event, _is_last(envelope))
            case DeliveryReported() as event:
                self.reported(event, envelope.attempt)
            case OptOutSeen() as event:
                self.opted_out(event, envelope.attempt)
            case UnknownEvent() as event:
                self._set_aside(envelope, f"unknown event: {event.native_type}")
            case _:
                assert_never(envelope.event)

    def _queue_media(self, event: MessageReceived) -> None:
        """Attachments have their own way, once the text is stored; also where it was before, for that run may have been
        cut off right here."""
        for media in waiting(event):
            self.queue.send(PROVIDER_EVENTS, encode(Envelope(event=media)))

    def _again(self, envelope: Envelope, error: Exception, least_s: float) -> None:
        if _is_last(envelope):
            self._set_aside(envelope, f"tried {envelope.attempt + 1} times, at last {type(error).__name__}: {error}")
            return
        delay = max(DELAYS[envelope.attempt], least_s)
        self.queue.send(PROVIDER_EVENTS, encode(replace(envelope, attempt=envelope.attempt + 1)), delay_s=delay)
        _log.warning(
            "event waits %s s: %s",
            delay,
            error,
            extra={**_told(envelope), "error": type(error).__name__, "delay": delay},
        )

    def _set_aside(self, envelope: Envelope, reason: str) -> None:
        self.queue.send(POISON, encode(replace(envelope, reason=reason)))
        _log.error("event set aside: %s", reason, extra=_told(envelope))


def _is_last(envelope: Envelope) -> bool:
    return envelope.attempt >= len(DELAYS)


def _told(envelope: Envelope) -> Mapping[str, object]:
    event = envelope.event
    return {"account": event.account, "event": event.kind, "attempt": envelope.attempt}
