"""The tiers of routing as data: what each compares, and how it is said.

Their default order is the one that Dynamics 365 Sales documents (learn.microsoft.com, "Manage SMS conversations"), with
a last tier of ours, so that two runs agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType

from messaging.records import OurNumber, PrincipalKind, Table
from routing.candidate import Candidate

_NEVER = datetime.min.replace(tzinfo=UTC)
_TABLES = tuple(Table)

Comparable = datetime | bool | int
Shown = str | bool | None


class TierName(StrEnum):
    """The tiers' names, as settings and stored explanations spell them."""

    LATEST_CONVERSATION = "latest_conversation"
    OWNED_BY_SELLER = "owned_by_seller"
    OWNED_BY_TEAM = "owned_by_team"
    TABLE = "table"
    ACTIVE = "active"
    MODIFIED = "modified"
    LOWEST_ID = "lowest_id"


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier: the candidate with the greater `order` wins; `shown` is that value for people; `because` completes
    the sentence "It was chosen because …"."""

    order: Callable[[Candidate, OurNumber | None], Comparable]
    shown: Callable[[Candidate, OurNumber | None], Shown]
    because: str


def _last_conversation(candidate: Candidate, _: OurNumber | None) -> str | None:
    last = candidate.last_conversation_on
    return None if last is None else last.isoformat()


def _owned_by_seller(candidate: Candidate, number: OurNumber | None) -> bool:
    return number is not None and number.owner.kind is PrincipalKind.USER and candidate.owner == number.owner


def _owned_by_team(candidate: Candidate, number: OurNumber | None) -> bool:
    if number is None or number.owner.kind is PrincipalKind.USER or candidate.owner is None:
        return False
    return candidate.owner == number.owner or candidate.owner in {person.principal for person in number.people}


TIERS: Mapping[TierName, Tier] = MappingProxyType(
    {
        TierName.LATEST_CONVERSATION: Tier(
            lambda candidate, _: candidate.last_conversation_on or _NEVER,
            _last_conversation,
            "it holds the most recent conversation between the customer and this number",
        ),
        TierName.OWNED_BY_SELLER: Tier(
            _owned_by_seller, _owned_by_seller, "it belongs to the seller whom the text is addressed to"
        ),
        TierName.OWNED_BY_TEAM: Tier(
            _owned_by_team, _owned_by_team, "it belongs to the team that owns this number, or to a member of it"
        ),
        TierName.TABLE: Tier(
            lambda candidate, _: -_TABLES.index(candidate.record.table),
            lambda candidate, _: candidate.record.table.value,
            "contacts come before accounts, opportunities and leads, in this order",
        ),
        TierName.ACTIVE: Tier(
            lambda candidate, _: candidate.active, lambda candidate, _: candidate.active, "it is active"
        ),
        TierName.MODIFIED: Tier(
            lambda candidate, _: candidate.modified_on,
            lambda candidate, _: candidate.modified_on.isoformat(),
            "it was updated most recently",
        ),
        TierName.LOWEST_ID: Tier(
            # The table only so that no two records are ever equal: rows of two tables may share an id.
            lambda candidate, _: -(candidate.record.id.int * len(_TABLES) + _TABLES.index(candidate.record.table)),
            lambda candidate, _: str(candidate.record.id),
            "nothing else tells them apart and its id is the lowest",
        ),
    }
)

DEFAULT_ORDER: tuple[TierName, ...] = tuple(TierName)

LOW_MARGIN = frozenset({TierName.MODIFIED, TierName.LOWEST_ID})
"""The tiers that say nothing of whose text it is: what only they decide is ambiguous."""


def check_order(names: tuple[TierName, ...]) -> tuple[TierName, ...]:
    """An order of tiers that always decides: each at most once, the lowest id last. Raises ValueError otherwise."""
    if len(set(names)) != len(names) or not names or names[-1] is not TierName.LOWEST_ID:
        raise ValueError(f"name each tier at most once and {TierName.LOWEST_ID} last")
    return names
