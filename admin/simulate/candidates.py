"""Candidates and records as a simulation shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from rich.table import Table as Grid

from admin.output import table
from messaging.records import Record
from routing.candidate import Candidate
from routing.explain import label
from routing.rank import Decision, Standing
from routing.tiers import TIERS, TierName

_TIMES = (TierName.LATEST_CONVERSATION, TierName.MODIFIED)
_SHORT_ID = 8


def called(candidate: Candidate) -> str:
    """`Ada Quist (contact)`; by its id where the name may not be read."""
    return named(candidate.record, candidate.name)


def named(record: Record, name: str) -> str:
    """A record by its name, if that may be read."""
    return f"{name} ({record.table.value})" if name else label(record)


def moment(when: datetime) -> str:
    """A time for people."""
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M}"


def spaced(name: TierName) -> str:
    """A tier as a heading, which can be folded between its words."""
    return name.value.replace("_", " ")


def row(standing: Standing, decision: Decision) -> dict[str, object]:
    """A candidate with its value at every tier, as JSON-ready data."""
    candidate = standing.candidate
    return {
        "table": candidate.record.table.value,
        "id": str(candidate.record.id),
        "name": candidate.name,
        "found_by": list(candidate.found_by),
        "values": {name.value: TIERS[name].shown(candidate, decision.number) for name in decision.order},
        "fell_out_at": standing.lost_at,
    }


def grid(decision: Decision, standings: Sequence[Standing]) -> Grid:
    """Candidates × tiers, the winner first: the tiers that told some apart, and each candidate as far as it came."""
    apart = [name for name in decision.order if name in _apart(decision)]
    headings = {"candidate": "Candidate", "end": "Fell out at"} | {name.value: spaced(name) for name in apart}
    rows = [_shown(each, decision, apart) for each in standings]
    return table(rows, headings | {"found_by": "Found by"})


def other_tiers(decision: Decision) -> Iterator[str]:
    """What is to be said of the tiers that told no candidates apart."""
    if decision.winner is None or decision.decided_by is None:
        return
    end = decision.order.index(decision.decided_by)
    alike = [
        f"{name} ({_said(_value(decision.winner, name, decision))})"
        for name in decision.order[:end]
        if name not in _apart(decision)
    ]
    if alike:
        yield f"Alike in all that were left: {', '.join(alike)}."
    if not_asked := decision.order[end + 1 :]:
        yield f"Not asked any more: {', '.join(not_asked)}."


def _apart(decision: Decision) -> set[TierName | None]:
    return {standing.lost_at for standing in decision.standings}


def _shown(standing: Standing, decision: Decision, apart: Sequence[TierName]) -> Mapping[str, object]:
    candidate = standing.candidate
    last = apart.index(standing.lost_at) + 1 if standing.lost_at else len(apart)
    return {
        "candidate": called(candidate),
        "end": spaced(standing.lost_at) if standing.lost_at else "(chosen)",
        **{name.value: _value(candidate, name, decision) for name in apart[:last]},
        "found_by": candidate.found_by,
    }


def _value(candidate: Candidate, name: TierName, decision: Decision) -> object:
    value = TIERS[name].shown(candidate, decision.number)
    if value is None:
        return "none"
    if name in _TIMES:
        return moment(datetime.fromisoformat(str(value)))
    return f"{value}"[:_SHORT_ID] if name is TierName.LOWEST_ID else value


def _said(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
