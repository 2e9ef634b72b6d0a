"""Why a text is where it is: the stored explanation (column `txv_routing`), made ready to be shown.

It names records and people by id; `names` and `people` hold those that the reader may see. Pure, and lenient.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from local.phone.sentences import TIMES, TITLES, Names, People, called, sentences
from local.phone.stored import Candidate, candidates, listed, read

_FOUND_BY: Mapping[str, str] = {
    "mobilephone": "its mobile phone",
    "telephone1": "its main phone",
    "telephone2": "its second phone",
    "telephone3": "its third phone",
}
_UNDECIDED = frozenset({"asked", "waits", "lead"})  # outcomes without a record that was chosen


def explanation(stored: str | None, names: Names, people: People) -> dict[str, object] | None:
    """The explanation as sentences and as a table of tiers × candidates, JSON-ready; None where none is stored.

    A cell's `state` is `won`, `lost` (here a better candidate remained) or `idle` (it was not compared any more).
    """
    data = read(stored)
    if not data:
        return None
    found = list(candidates(data))
    tiers = [str(tier) for tier in listed(data.get("tiers"))]
    decided_by = data.get("decided_by")
    number = data.get("number")
    is_chosen = str(data.get("outcome")) not in _UNDECIDED
    return {
        "number": number.get("read_as", "") if isinstance(number, Mapping) else "",
        "sentences": sentences(stored, names, people),
        "candidates": [_head(candidate, names, is_chosen=is_chosen) for candidate in found],
        "tiers": [
            {
                "title": TITLES.get(tier, tier),
                "decided": tier == decided_by and is_chosen,
                "cells": [_cell(candidate, tiers, place, decided_by) for candidate in found],
            }
            for place, tier in enumerate(tiers)
        ],
        "not_shown": data.get("not_shown") or 0,
    }


def _head(candidate: Candidate, names: Names, *, is_chosen: bool) -> dict[str, object]:
    return {
        "name": called(candidate.record, names),
        "seen": candidate.record in names,
        "table": candidate.record.table.value,
        "found_by": " and ".join(_FOUND_BY.get(way, way) for way in candidate.found_by),
        "chosen": is_chosen and candidate.lost_at is None,
    }


def _cell(candidate: Candidate, tiers: Sequence[str], place: int, decided_by: object) -> dict[str, object]:
    last = candidate.lost_at or decided_by
    end = tiers.index(str(last)) if last in tiers else -1
    state = "idle" if place > end else "lost" if candidate.lost_at == tiers[place] else "won"
    value = candidate.values.get(tiers[place])
    return {"value": value, "kind": _kind(tiers[place], value), "state": state}


def _kind(tier: str, value: object) -> str:
    if value is None:
        return "none"
    if tier in TIMES:
        return "time"
    if tier == "lowest_id":
        return "id"
    return "flag" if isinstance(value, bool) else "text"
