"""What a customer decided about being texted, per number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from messaging.events import ConsentChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The row of a number: the choice that holds since `decided_on` (UTC), at the version `etag`.

    Colleagues and imports enter rows too, some of which say nothing yet: then both are None.
    """

    id: UUID
    choice: ConsentChoice | None
    decided_on: datetime | None
    etag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownConsent:
    """What is stored when a new choice comes in; `evidence` is the stored message that shows the new choice."""

    consent: Consent | None
    evidence: UUID | None
