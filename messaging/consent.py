"""What a customer decided about being texted, per number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from messaging.events import ConsentChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The choice that holds, since when (UTC), at the version `etag`."""

    choice: ConsentChoice
    decided_on: datetime
    etag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownConsent:
    """What is stored when a new choice comes in; `evidence` is the stored message that shows the new choice."""

    consent: Consent | None
    evidence: UUID | None
