"""Events that were set aside in a poison queue, as far as an administrator may see them: neither text nor number."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace

from admin.storage import Held
from function_app.logs import redact
from messaging import envelope as envelopes
from messaging import row_changes
from pipeline.accept import PROVIDER_EVENTS
from pipeline.listen import OUTBOUND_MESSAGES, RECORD_CHANGES

QUEUES = (PROVIDER_EVENTS, OUTBOUND_MESSAGES, RECORD_CHANGES)
SUFFIX = "-poison"

_BY_THE_HOST = "failed five times by a defect, and the Functions host set it aside: the logs of that time say why"
_UNREADABLE = "not an event that this release can read"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """One message of a poison queue: which `event` of which `account`, how often it was tried, and the `reason`."""

    held: Held
    event: str
    account: str = ""
    attempts: int | None = None
    reason: str
    content: str

    @property
    def row(self) -> dict[str, object]:
        """What is told of it."""
        return {
            "id": self.held.id,
            "queue": self.held.queue.removesuffix(SUFFIX),
            "set_aside": self.held.since.strftime("%Y-%m-%d %H:%M:%S"),
            "event": self.event,
            "account": self.account,
            "attempts": self.attempts,
            "reason": self.reason,
        }


def set_aside(held: Held) -> SetAside:
    """Read a message. `content` is what goes back: the event as if it had never been tried, or what nobody can read,
    just as it is."""
    try:
        envelope = envelopes.decode(held.text or "")
    except ValueError:
        return _as_it_is(held)
    afresh = envelopes.encode(replace(envelope, attempt=0, reason=None))
    return SetAside(
        held=held,
        event=envelope.event.kind,
        account=envelope.event.account,
        attempts=envelope.attempt + 1,
        reason=redact(envelope.reason or _BY_THE_HOST),
        content=base64.b64encode(afresh.encode()).decode(),
    )


def _as_it_is(held: Held) -> SetAside:
    try:
        change = row_changes.decode(held.text or "")
    except ValueError:
        return SetAside(held=held, event="unreadable", reason=_UNREADABLE, content=held.content)
    return SetAside(
        held=held,
        event=f"{change.change.value.lower()} of {change.table}",
        attempts=change.attempt + 1,
        reason=redact(change.reason or _BY_THE_HOST),
        content=held.content,
    )
