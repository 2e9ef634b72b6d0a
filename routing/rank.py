"""Rank the candidates: tier by tier, each deciding only among those still tied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from messaging.records import OurNumber
from routing.candidate import Candidate
from routing.tiers import DEFAULT_ORDER, LOW_MARGIN, TIERS, TierName


@dataclass(frozen=True, slots=True)
class Standing:
    """A candidate's place; `lost_at` is the tier at which a better one remained (None for the winner)."""

    candidate: Candidate
    lost_at: TierName | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Where the text belongs. `standings` has the winner first; it is empty where no record carries the number.

    `decided_by` is the tier that left one candidate only: None where there was no more than one to begin with.
    """

    number: OurNumber | None
    order: tuple[TierName, ...]
    standings: tuple[Standing, ...]
    decided_by: TierName | None

    @property
    def winner(self) -> Candidate | None:
        return self.standings[0].candidate if self.standings else None

    @property
    def ambiguous(self) -> bool:
        """Whether nothing that says whose text it is told the candidates apart, but only a date or an id."""
        return self.decided_by in LOW_MARGIN


def decide(
    candidates: Iterable[Candidate], number: OurNumber | None, order: tuple[TierName, ...] = DEFAULT_ORDER
) -> Decision:
    """Rank the candidates for a text to `number`. The result does not depend on the order they come in.

    Raises ValueError if a record is named twice: then no order could tell the two apart.
    """
    tied = list(candidates)
    if len({candidate.record for candidate in tied}) != len(tied):
        raise ValueError("a record is among the candidates twice")
    tied.sort(key=lambda candidate: tuple(TIERS[name].order(candidate, number) for name in order), reverse=True)
    standings = [Standing(candidate, _lost_at(candidate, tied[0], number, order)) for candidate in tied]
    # The last one to fall is the runner-up: the tier that it lost at is the one that decided.
    return Decision(
        number=number,
        order=order,
        standings=tuple(standings),
        decided_by=standings[1].lost_at if len(standings) > 1 else None,
    )


def _lost_at(
    candidate: Candidate, winner: Candidate, number: OurNumber | None, order: tuple[TierName, ...]
) -> TierName | None:
    if candidate is winner:
        return None
    return next(name for name in order if TIERS[name].order(candidate, number) != TIERS[name].order(winner, number))
