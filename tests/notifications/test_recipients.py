"""The right seller is told, and nobody else; where that one cannot be, the next in line."""

from __future__ import annotations

from uuid import UUID

from messaging.records import OurNumber, Person, Principal, PrincipalKind
from notifications.recipients import Line, audience

ADA, BEN, CEM = (Person(UUID(int=n), name) for n, name in ((1, "Ada"), (2, "Ben"), (3, "Cem")))
AWAY = Person(UUID(int=4), "Away", enabled=False)
POOR = Person(UUID(int=5), "Poor", licensed=False)
TEAM = Principal(PrincipalKind.TEAM, UUID(int=9))
ADAS = OurNumber(id=UUID(int=100), owner=ADA.principal, people=(ADA,))
TEAMS = OurNumber(id=UUID(int=101), owner=TEAM, people=(ADA, BEN, AWAY))
AWAYS = OurNumber(id=UUID(int=102), owner=AWAY.principal, people=(AWAY,))


def _told(*args):
    return audience(*args).people


def test_the_owner_of_the_number_is_told_also_of_a_colleagues_record() -> None:
    assert _told(ADAS, BEN.principal) == (ADA,)


def test_on_a_teams_number_the_member_who_owns_the_record_is_told_alone() -> None:
    assert _told(TEAMS, BEN.principal) == (BEN,)


def test_on_a_teams_number_all_members_are_told_of_anyone_elses_record() -> None:
    assert _told(TEAMS, CEM.principal) == _told(TEAMS, TEAM) == _told(TEAMS, None) == (ADA, BEN)


def test_who_is_passed_over_on_a_teams_number_is_said() -> None:
    told = audience(TEAMS, AWAY.principal)

    assert (told.people, told.line, told.passed_over) == ((ADA, BEN), Line.NUMBER, (AWAY,))


def test_who_is_disabled_is_passed_over_for_those_behind_the_record() -> None:
    told = audience(AWAYS, BEN.principal, [(Line.RECORD, [BEN]), (Line.ADMINISTRATORS, [CEM])])

    assert (told.people, told.line, told.passed_over) == ((BEN,), Line.RECORD, (AWAY,))


def test_who_has_no_licence_is_passed_over_for_the_administrators() -> None:
    told = audience(AWAYS, POOR.principal, [(Line.RECORD, [POOR]), (Line.ADMINISTRATORS, [CEM, AWAY])])

    assert (told.people, told.line, told.passed_over) == ((CEM,), Line.ADMINISTRATORS, (AWAY, POOR))


def test_a_number_that_nobody_knows_leaves_those_behind_the_record() -> None:
    assert _told(None, BEN.principal, [(Line.RECORD, [BEN])]) == (BEN,)


def test_where_nobody_can_be_told_nobody_is() -> None:
    told = audience(AWAYS, TEAM, [(Line.RECORD, []), (Line.ADMINISTRATORS, [POOR])])

    assert (told.people, told.line, told.passed_over) == ((), None, (AWAY, POOR))


def test_the_explanation_names_nobody_and_says_why_each_was_passed_over() -> None:
    explained = audience(AWAYS, POOR.principal, [(Line.RECORD, [POOR]), (Line.ADMINISTRATORS, [CEM])]).explained()

    assert explained == {
        "line": "administrators",
        "passed_over": [
            {"id": str(AWAY.id), "because": "disabled"},
            {"id": str(POOR.id), "because": "no licence"},
        ],
    }
    assert audience(None, None).explained() == {"line": None, "passed_over": []}
