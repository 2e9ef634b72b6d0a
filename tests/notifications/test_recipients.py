"""The right seller is told, and nobody else."""

from __future__ import annotations

from uuid import UUID

from messaging.records import OurNumber, Person, Principal, PrincipalKind
from notifications.recipients import recipients

ADA, BEN, CEM = (Person(UUID(int=n), name) for n, name in ((1, "Ada"), (2, "Ben"), (3, "Cem")))
AWAY = Person(UUID(int=4), "Away", enabled=False)
TEAM = Principal(PrincipalKind.TEAM, UUID(int=9))
ADAS = OurNumber(id=UUID(int=100), owner=ADA.principal, people=(ADA,))
TEAMS = OurNumber(id=UUID(int=101), owner=TEAM, people=(ADA, BEN, AWAY))


def test_the_owner_of_the_number_is_told_also_of_a_colleagues_record() -> None:
    assert recipients(ADAS, BEN.principal) == (ADA,)


def test_on_a_teams_number_the_member_who_owns_the_record_is_told_alone() -> None:
    assert recipients(TEAMS, BEN.principal) == (BEN,)


def test_on_a_teams_number_all_members_are_told_of_anyone_elses_record() -> None:
    assert recipients(TEAMS, CEM.principal) == (ADA, BEN)
    assert recipients(TEAMS, TEAM) == (ADA, BEN)
    assert recipients(TEAMS, None) == (ADA, BEN)


def test_who_is_disabled_is_passed_over_for_the_records_owner() -> None:
    number = OurNumber(id=UUID(int=100), owner=AWAY.principal, people=(AWAY,))

    assert [person.id for person in recipients(number, BEN.principal)] == [BEN.id]
    assert recipients(number, TEAM) == ()
    assert recipients(number, None) == ()


def test_a_number_that_nobody_knows_leaves_the_records_owner() -> None:
    assert [person.id for person in recipients(None, BEN.principal)] == [BEN.id]
    assert recipients(None, None) == ()
