"""The stored explanation (column `txv_routing`) as it is read back.

Pure, and lenient: an explanation of a later release, or a broken one, must not take the page with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from messaging.records import Record, Table

Data = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record as the explanation names it; `lost_at` is the tier at which a better one remained."""

    record: Record
    found_by: tuple[str, ...]
    values: Data
    lost_at: str | None


def read(stored: str | None) -> Data:
    """The explanation; empty where none is stored."""
    try:
        data = json.loads(stored or "null")
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def candidates(data: Data) -> Iterator[Candidate]:
    """The candidates, the winner first; those of tables that this release does not know are left out."""
    for item in items(data.get("candidates")):
        with suppress(ValueError):
            values = item.get("values")
            yield Candidate(
                record=Record(Table(str(item.get("table"))), UUID(str(item.get("id")))),
                found_by=tuple(map(str, listed(item.get("found_by")))),
                values=values if isinstance(values, Mapping) else {},
                lost_at=str(item["lost_at"]) if item.get("lost_at") else None,
            )


def records(stored: str | None) -> frozenset[Record]:
    """The records that an explanation names."""
    return frozenset(candidate.record for candidate in candidates(read(stored)))


def passed_over(data: Data) -> Iterator[tuple[UUID, str]]:
    """Who could not be told, each with the reason in a word."""
    told = data.get("told")
    for item in items(told.get("passed_over") if isinstance(told, Mapping) else None):
        with suppress(ValueError):
            yield UUID(str(item.get("id"))), str(item.get("because") or "")


def people(stored: str | None) -> frozenset[UUID]:
    """The users whom an explanation names."""
    return frozenset(person for person, _ in passed_over(read(stored)))


def listed(value: object) -> Sequence[object]:
    """A list, empty for anything else."""
    return value if isinstance(value, list) else ()


def items(value: object) -> Iterator[Data]:
    """The objects of a list."""
    return (item for item in listed(value) if isinstance(item, Mapping))
