"""Candidates and numbers to rank."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from messaging.records import OurNumber, Person, Principal, PrincipalKind, Record, Table
from routing.candidate import Candidate

SELLER, COLLEAGUE, STRANGER = (Principal(PrincipalKind.USER, UUID(int=n)) for n in (1, 2, 3))
TEAM = Principal(PrincipalKind.TEAM, UUID(int=9))
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)

Make = Callable[..., Candidate]


@pytest.fixture
def make() -> Make:
    """A candidate that nothing speaks for; what is given speaks for it."""

    def _make(number: int, table: Table = Table.LEAD, **facts: object) -> Candidate:
        plain: dict[str, object] = {
            "record": Record(table, UUID(int=number)),
            "name": f"{table} {number}",
            "owner": STRANGER,
            "active": False,
            "modified_on": LONG_AGO,
            "found_by": ("mobilephone",),
        }
        return Candidate(**{**plain, **facts})  # type: ignore[arg-type]  # the facts are named by the tests

    return _make


@pytest.fixture
def sellers_number() -> OurNumber:
    return OurNumber(id=UUID(int=100), owner=SELLER, people=(Person(SELLER.id, "Seller"),))


@pytest.fixture
def teams_number() -> OurNumber:
    people = (Person(SELLER.id, "Seller"), Person(COLLEAGUE.id, "Colleague"))
    return OurNumber(id=UUID(int=101), owner=TEAM, people=people)


@pytest.fixture
def owners() -> dict[str, Principal]:
    return {"seller": SELLER, "colleague": COLLEAGUE, "stranger": STRANGER, "team": TEAM}
