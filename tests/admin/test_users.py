"""`users`: who holds the roles, and giving them."""

from __future__ import annotations

import pytest

from messaging.records import Principal


@pytest.fixture
def maya(org) -> Principal:
    return org.organization.seller(
        texts=False, firstname="Maya", lastname="Lindqvist", internalemailaddress="maya@example.com"
    )


@pytest.fixture
def noah(org) -> Principal:
    return org.organization.seller(texts=False, firstname="Noah", lastname="Lindqvist")


def test_without_anybody_it_says_how_to_give_the_role(here):
    ran = here("users", "list")

    assert ran.code == 0
    assert "Nobody holds any of the roles." in ran.out
    assert "python -m admin users grant" in ran.out


def test_a_role_is_given_once_and_listed(here, maya):
    first, second, listed = (
        here("users", "grant", "maya@example.com"),
        here("users", "grant", "MAYA LINDQVIST"),
        here("users", "list"),
    )

    assert (first.code, second.code) == (0, 0)
    assert "+ Maya Lindqvist (user maya@example.com) now holds Text Messaging User." in first.out
    assert "= Maya Lindqvist (user maya@example.com) already holds Text Messaging User." in second.out
    (line,) = [line for line in listed.out.splitlines() if "Maya" in line]
    assert line.split("  ")[0].strip() == "Maya Lindqvist"
    assert "Text Messaging User" in line


def test_the_members_of_a_team_hold_its_role(here, org, maya):
    team = org.organization.team(maya, texts=False)
    granted = here("users", "grant", f"Team {team.id}", "--role", "admin", "--json").document
    listed = here("users", "list", "--role", "admin", "--json").document

    assert granted["granted"] == [
        {**granted["granted"][0], "kind": "team", "id": str(team.id), "role": "admin", "new": True}
    ]
    assert {(row["id"], row["by"]) for row in listed["users"]} == {
        (str(team.id), ""),
        (str(maya.id), f"team Team {team.id}"),
    }


def test_one_who_is_not_found_keeps_nobody_else_from_the_role(here, maya, noah):
    ran = here("users", "grant", "Nobody", "Lindqvist", "Noah Lindqvist", "--json")

    assert ran.code == 1
    assert [row["name"] for row in ran.document["granted"]] == ["Noah Lindqvist"]
    nobody, lindqvist = ran.document["failed"]
    assert nobody["message"] == "No user and no team is called Nobody."
    assert "Maya Lindqvist (user maya@example.com)" in lindqvist["message"]
    assert str(noah.id) in lindqvist["message"]


def test_several_of_the_same_name_are_told_apart_by_their_ids(here, org):
    twins = [org.organization.seller(texts=False, firstname="Kim", lastname="Lee") for _ in range(2)]
    ran = here("users", "grant", "Kim Lee")

    assert ran.code == 1
    assert all(str(twin.id) in ran.out for twin in twins)
    assert "Name the one by its id." in ran.out
    assert here("users", "grant", str(twins[0].id)).code == 0


def test_a_disabled_user_is_pointed_out(here, org):
    org.organization.seller(texts=False, firstname="Gone", lastname="Away", isdisabled=True)
    ran = here("users", "grant", "Gone Away")

    assert ran.code == 0
    assert "Next: Enable Gone Away" in ran.out


def test_without_the_role_in_the_environment_it_says_to_provision(fresh, admin):
    (me,) = fresh.rows("systemusers?$select=systemuserid&$filter=applicationid ne null")
    ran = admin("users", "grant", me["systemuserid"], "--url", fresh.url)

    assert ran.code == 1
    assert "Run: python -m admin provision" in ran.out
