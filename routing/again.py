"""Decide again, from the explanation that was stored with a text, what another order of the tiers would have decided.

The explanation holds each candidate's value at each tier as of the arrival. From these values the candidates are built
again, and `decide` itself ranks them; owners are stand-ins, since only whether they were the seller's or the team's was
stored.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from uuid import UUID

from messaging.records import OurNumber, Principal, PrincipalKind, Record, Table
from routing.candidate import Candidate
from routing.explain import VERSION
from routing.rank import Decision, decide
from routing.tiers import TierName, check_order

NONE_STORED = "no explanation is stored with them"
OTHER_VERSION = "their explanation is of another version"
BROKEN = "their explanation cannot be read"
SHOWS_TOO_FEW = "their explanation shows the best of many candidates only, and another one might win"

_SOMEBODY = UUID(int=0)
# What tiers that neither order names are taken to hold. The other two compare the record itself.
_UNASKED: Mapping[str, object] = {
    TierName.LATEST_CONVERSATION: None,
    TierName.OWNED_BY_SELLER: False,
    TierName.OWNED_BY_TEAM: False,
    TierName.ACTIVE: False,
    TierName.MODIFIED: "0001-01-01T00:00:00+00:00",
}


class NotJudged(Exception):
    """What is stored does not tell what would be decided; the message ends a sentence "…, because …" about texts."""


@dataclass(frozen=True, slots=True)
class Again:
    """What was decided at the arrival, and what another order would decide; owners in both are stand-ins, and names
    are empty. `outcome` is what became of the text then, empty in older explanations."""

    then: Decision
    now: Decision
    outcome: str


def again(stored: str | None, order: Sequence[TierName]) -> Again:
    """What `order` would decide for a text with this stored explanation (JSON, column `txv_routing`).

    Raises NotJudged where the explanation is missing, broken or of another version, does not hold a tier that `order`
    names, or leaves out candidates (`not_shown`) of which one might win.
    """
    data = _read(stored)
    try:
        decided_by = check_order(tuple(TierName(str(name)) for name in _list(data["tiers"])))
        facts = [_mapping(one) for one in _list(data["candidates"])]
        candidates, number = _rebuilt(facts, {*decided_by, *order})
        then = decide(candidates, number, decided_by)
        hidden = int(str(data["not_shown"]))
    except (KeyError, ValueError):
        raise NotJudged(BROKEN) from None
    if hidden and not _are_out(then, order):
        raise NotJudged(SHOWS_TOO_FEW)
    return Again(then=then, now=decide(candidates, number, tuple(order)), outcome=str(data.get("outcome") or ""))


def _read(stored: str | None) -> Mapping[str, object]:
    if not stored:
        raise NotJudged(NONE_STORED)
    try:
        data = _mapping(json.loads(stored))
    except (ValueError, RecursionError):
        raise NotJudged(BROKEN) from None
    if data.get("version") != VERSION:
        raise NotJudged(OTHER_VERSION)
    return data


def _are_out(then: Decision, order: Sequence[TierName]) -> bool:
    """Whether those that are not shown cannot win. They rank behind the last one that is shown; so where that one fell
    out at a tier up to which both orders are the same, they fell out there at the latest."""
    same = [one for one, _ in takewhile(lambda pair: pair[0] is pair[1], zip(then.order, order, strict=False))]
    return bool(then.standings) and then.standings[-1].lost_at in same


def _rebuilt(facts: Sequence[Mapping[str, object]], tiers: set[TierName]) -> tuple[list[Candidate], OurNumber]:
    """The candidates, and a number that stands for the one that was texted. Raises ValueError, KeyError."""
    values = [_mapping(fact["values"]) for fact in facts]
    if missing := [name for name in _UNASKED if name in tiers and not all(name in each for each in values)]:
        raise NotJudged(f"their explanation does not hold {' and '.join(missing)}")
    values = [{**_UNASKED, **each} for each in values]
    of_seller = [_flag(each[TierName.OWNED_BY_SELLER]) for each in values]
    of_team = [_flag(each[TierName.OWNED_BY_TEAM]) for each in values]
    if any(of_seller) and any(of_team):
        raise ValueError("a number belongs to a user or to a team")
    owner = Principal(PrincipalKind.TEAM if any(of_team) else PrincipalKind.USER, _SOMEBODY)
    candidates = [
        _candidate(fact, each, owner if seller or team else None)
        for fact, each, seller, team in zip(facts, values, of_seller, of_team, strict=True)
    ]
    return candidates, OurNumber(id=_SOMEBODY, owner=owner)


def _candidate(fact: Mapping[str, object], values: Mapping[str, object], owner: Principal | None) -> Candidate:
    last = values[TierName.LATEST_CONVERSATION]
    return Candidate(
        record=Record(Table(str(fact["table"])), UUID(str(fact["id"]))),
        owner=owner,
        active=_flag(values[TierName.ACTIVE]),
        modified_on=_moment(values[TierName.MODIFIED]),
        found_by=(),
        last_conversation_on=None if last is None else _moment(last),
    )


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def _list(value: object) -> Sequence[object]:
    if not isinstance(value, list):
        raise ValueError("not a list")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")
    return value


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise ValueError("a time of no time zone")
    return moment
