"""Why a text is where it is: the stored explanation (column `txv_routing`), made ready to be shown.

It names records by id; `names` holds those that the reader may see. Pure, and lenient: an explanation of a later
release, or a broken one, must not take the page with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from messaging.numbers import AddressKind
from messaging.records import Record, Table

Names = Mapping[Record, str]

TITLES: Mapping[str, str] = {
    "latest_conversation": "Latest conversation",
    "owned_by_seller": "Belongs to the seller",
    "owned_by_team": "Belongs to the team",
    "table": "Kind of record",
    "active": "Active",
    "modified": "Last updated",
    "lowest_id": "Lowest id",
}
_FOUND_BY: Mapping[str, str] = {
    "mobilephone": "its mobile phone",
    "telephone1": "its main phone",
    "telephone2": "its second phone",
    "telephone3": "its third phone",
}
_TIMES = frozenset({"latest_conversation", "modified"})


@dataclass(frozen=True, slots=True)
class _Candidate:
    record: Record
    found_by: tuple[str, ...]
    values: Mapping[str, object]
    lost_at: str | None


def records(stored: str | None) -> frozenset[Record]:
    """The records that an explanation names."""
    return frozenset(candidate.record for candidate in _candidates(_read(stored)))


def because(stored: str | None) -> str:
    """The reason in a few words, empty where none is stored."""
    return str(_read(stored).get("because") or "")


def explanation(stored: str | None, names: Names) -> dict[str, object] | None:
    """The explanation as sentences and as a table of tiers × candidates, JSON-ready; None where none is stored.

    A cell's `state` is `won`, `lost` (here a better candidate remained) or `idle` (it was not compared any more).
    """
    data = _read(stored)
    if not data:
        return None
    candidates = list(_candidates(data))
    tiers = [str(tier) for tier in _list(data.get("tiers"))]
    decided_by = data.get("decided_by")
    number = data.get("number")
    return {
        "number": number.get("read_as", "") if isinstance(number, Mapping) else "",
        "sentences": list(_sentences(data, candidates, names)),
        "candidates": [_head(candidate, names) for candidate in candidates],
        "tiers": [
            {
                "title": TITLES.get(tier, tier),
                "decided": tier == decided_by,
                "cells": [_cell(candidate, tiers, place, decided_by) for candidate in candidates],
            }
            for place, tier in enumerate(tiers)
        ],
        "not_shown": data.get("not_shown") or 0,
    }


def called(record: Record, names: Names) -> str:
    """A record by its name, or by what may be said of it."""
    article = "an" if record.table in {Table.ACCOUNT, Table.OPPORTUNITY} else "a"
    return names.get(record) or f"{article} {record.table.value} that you may not see"


def _read(stored: str | None) -> Mapping[str, object]:
    try:
        data = json.loads(stored or "null")
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


def _candidates(data: Mapping[str, object]) -> Iterator[_Candidate]:
    for item in _list(data.get("candidates")):
        if isinstance(item, Mapping):
            with suppress(ValueError):  # a table that this release does not know
                values = item.get("values")
                yield _Candidate(
                    record=Record(Table(str(item.get("table"))), UUID(str(item.get("id")))),
                    found_by=tuple(map(str, _list(item.get("found_by")))),
                    values=values if isinstance(values, Mapping) else {},
                    lost_at=str(item["lost_at"]) if item.get("lost_at") else None,
                )


def _sentences(data: Mapping[str, object], candidates: Sequence[_Candidate], names: Names) -> Iterator[str]:
    reason = str(data.get("because") or "")
    if not candidates:
        number = data.get("number")
        is_phone = isinstance(number, Mapping) and number.get("kind") == AddressKind.PHONE
        yield f"{_capital(reason)}, so {'a new lead was made' if is_phone else 'the text waits without a record'}."
        return
    yield f"{_capital(called(candidates[0].record, names))} was chosen because {reason}."
    for candidate in candidates[1:]:
        if (tier := candidate.lost_at) is not None:
            said = _said(tier, candidate.values.get(tier))
            yield f"{_capital(called(candidate.record, names))} fell out at “{TITLES.get(tier, tier)}”{said}."
    if more := data.get("not_shown"):
        yield f"{more} more fell out too."


def _said(tier: str, value: object) -> str:
    if tier in _TIMES:
        return ": it has none" if value is None else ": another one is later"
    if isinstance(value, bool):
        return ": it is not" if tier == "active" else ": it does not"
    return f": it is {'an' if str(value)[:1] in 'aeiou' else 'a'} {value}" if tier == "table" else ""


def _head(candidate: _Candidate, names: Names) -> dict[str, object]:
    return {
        "name": called(candidate.record, names),
        "seen": candidate.record in names,
        "table": candidate.record.table.value,
        "found_by": " and ".join(_FOUND_BY.get(way, way) for way in candidate.found_by),
        "chosen": candidate.lost_at is None,
    }


def _cell(candidate: _Candidate, tiers: Sequence[str], place: int, decided_by: object) -> dict[str, object]:
    last = candidate.lost_at or decided_by
    end = tiers.index(str(last)) if last in tiers else -1
    state = "idle" if place > end else "lost" if candidate.lost_at == tiers[place] else "won"
    value = candidate.values.get(tiers[place])
    return {"value": value, "kind": _kind(tiers[place], value), "state": state}


def _kind(tier: str, value: object) -> str:
    if value is None:
        return "none"
    if tier in _TIMES:
        return "time"
    if tier == "lowest_id":
        return "id"
    return "flag" if isinstance(value, bool) else "text"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
