"""A message of ours as delivery reports find it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from messaging.status import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """Where a sent message stands, at the version `etag`."""

    id: UUID
    etag: str
    progress: Progress
