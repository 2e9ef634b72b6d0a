"""One entry for each conversation behind a reader's bell: the newest, whose title counts what is unread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry that tells `reader` of a text in `conversation`. Of two that were made in the same second (`made_on`),
    the one with the higher `version` is newer."""

    id: UUID
    reader: UUID
    conversation: UUID
    made_on: datetime
    version: int


def superseded(entries: Iterable[Entry]) -> list[UUID]:
    """The entries that a newer one of the same reader and conversation has made old news, the oldest first."""
    piles = defaultdict[tuple[UUID, UUID], list[Entry]](list)
    for entry in sorted(entries, key=lambda one: (one.made_on, one.version, one.id)):
        piles[entry.reader, entry.conversation].append(entry)
    old = [entry for pile in piles.values() for entry in pile[:-1]]
    return [entry.id for entry in sorted(old, key=lambda one: one.made_on)]
