"""Note what a customer decided about being texted. The latest decision holds, in whatever order they arrive."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from messaging.errors import Conflict, Unavailable
from messaging.events import OptOutSeen
from pipeline.ports import Consents

MOST_TRIES = 6
# The message that shows the choice is on its way through the same queue; after these attempts it is done without.
MOST_WAITS = 5

_log = logging.getLogger("textverse.consent")


@dataclass(frozen=True, slots=True)
class Consenting:
    """Everything that noting a consent needs."""

    consents: Consents

    def note(self, event: OptOutSeen, attempt: int) -> None:
        """Record the choice, with its evidence, unless a later one is known.

        Raises Unavailable while the evidence is not stored yet (`attempt` counts from 0), Conflict to be called again.
        """
        for _ in range(MOST_TRIES):
            known = self.consents.find(event)
            decided_on = event.occurred_at or event.received_at
            held_since = known.consent.decided_on if known.consent else None
            if held_since is not None and held_since >= decided_on:
                _log.info("an older consent is passed over", extra={"account": event.account})
                return
            if known.evidence is None and attempt < MOST_WAITS:
                raise Unavailable("the message that shows the choice is not stored yet")
            try:
                self.consents.record(event, known)
            except Conflict:
                continue
            _log.info("consent noted", extra={"account": event.account, "choice": event.choice})
            return
        raise Conflict("the consent keeps changing")
