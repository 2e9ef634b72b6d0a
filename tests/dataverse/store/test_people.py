"""Users and teams by what administrators call them, and the roles that they hold."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from dataverse.store.people import (
    Holding,
    NobodyFound,
    RoleMissing,
    SeveralFound,
    find,
    grant,
    holders,
    roles_of,
    search,
)
from dataverse.store.tables import owner_path
from messaging.records import Principal, PrincipalKind

TABLES = ("txv_texttemplate",)


@pytest.fixture
def org(in_the_emulator):
    return in_the_emulator


@pytest.fixture
def word() -> str:
    """A name that nobody else has."""
    return f"N{uuid4().hex[:10]}"


@pytest.fixture
def person(org):
    """Makes a user."""

    def make(first: str = "A", last: str = "Seller", **columns: object) -> Principal:
        return org.seller(texts=False, **{"firstname": first, "lastname": last, **columns})

    return make


@pytest.fixture
def named(org):
    """Makes a team of that name."""

    def make(name: str, *members: Principal, **columns: object) -> Principal:
        team = org.team(*members, texts=False)
        org.update(owner_path(team), {"name": name, **columns})
        return team

    return make


@pytest.fixture
def role(org) -> UUID:
    return org.role(TABLES)


@pytest.fixture
def unit_below(org):
    """A business unit below the root unit, with its copies of the roles."""
    unit = str(uuid4())
    org.create(f"businessunits({unit})", {"name": f"Unit {unit}", "parentbusinessunitid@odata.bind": _root(org)})
    return unit


def _root(org) -> str:
    return str(org._unit()["businessunitid@odata.bind"])


def test_a_user_is_found_by_email_sign_in_and_full_name_in_whatever_case_and_by_ids(org, person, word: str) -> None:
    app, entra = uuid4(), uuid4()
    user = person(
        "Maya",
        word,
        internalemailaddress=f"{word}@example.com",
        domainname=f"{word}@sign-in.example.com",
        applicationid=str(app),
        azureactivedirectoryobjectid=str(entra),
    )

    asked = (
        f" {word}@example.com ",
        f"{word.upper()}@SIGN-IN.example.com",
        f"maya {word}",
        str(user.id),
        str(app),
        str(entra),
    )
    found = {find(org.client, text) for text in asked}

    (holder,) = found
    assert holder.principal == user
    assert (holder.name, holder.email, holder.enabled) == (f"Maya {word}", f"{word}@example.com", True)
    assert holder.is_application


def test_a_team_is_found_by_its_name_and_id(org, named, word: str) -> None:
    team = named(word)

    assert {find(org.client, text).principal for text in (word.lower(), str(team.id))} == {team}
    assert str(find(org.client, word)) == f"{word} (team {team.id})"


def test_the_characters_of_queries_are_characters_of_names(org, person, word: str) -> None:
    user = person("O'Brien & 100% +", f"[{word}]_")

    assert find(org.client, f"O'Brien & 100% + [{word}]_").principal == user
    assert [each.principal for each in search(org.client, f"100% + [{word}]_")] == [user]
    assert search(org.client, f"_{word}") == ()


def test_who_is_only_similar_is_proposed_and_not_taken(org, person, named, word: str) -> None:
    user, team = person("Maya", word, internalemailaddress=f"m@{word}.example.com"), named(f"Team {word}")

    with pytest.raises(NobodyFound) as refused:
        find(org.client, word)

    assert [each.principal for each in refused.value.like] == [user, team]
    assert f"Maya {word} (user m@{word}.example.com); Team {word} (team {team.id})" in str(refused.value)


def test_nobody_at_all_is_like_what_nobody_is_called(org, word: str) -> None:
    with pytest.raises(NobodyFound, match=r"No user or team has .*\.$"):
        find(org.client, word)
    with pytest.raises(NobodyFound):
        find(org.client, str(uuid4()))
    assert search(org.client, " ") == ()


def test_of_several_with_one_name_none_is_taken(org, person, named, word: str) -> None:
    several = {person(word, "Twin"), person(word, "Twin", isdisabled=True), named(f"{word} Twin")}

    with pytest.raises(SeveralFound, match=", disabled") as refused:
        find(org.client, f"{word} twin")

    assert {each.principal for each in refused.value.candidates} == several
    assert [each.enabled for each in refused.value.candidates].count(False) == 1


def test_an_access_team_holds_no_roles_and_is_not_found(org, word: str) -> None:
    org.create(f"teams({uuid4()})", {"name": word, "teamtype": 1, "businessunitid@odata.bind": _root(org)})

    with pytest.raises(NobodyFound):
        find(org.client, word)


def test_a_role_is_given_once_however_often_it_is_granted(org, person, named, role, word: str) -> None:
    member = person("Maya", word)
    team = named(f"Team {word}", member)

    for principal in (member, team):
        holder = find(org.client, str(principal.id))
        assert [grant(org.client, holder, role) for _ in range(3)] == [True, False, False]

    mine = [held for held in roles_of(org.client, find(org.client, f"Maya {word}")) if held.root == role]
    assert [held.team and held.team.principal for held in mine] == [None, team]
    assert [held.root for held in roles_of(org.client, find(org.client, f"Team {word}"))].count(role) == 1


def test_who_has_a_role_by_a_team_can_be_given_it_too(org, person, named, role, word: str) -> None:
    member = person("Maya", word)
    grant(org.client, find(org.client, str(named(word, member).id)), role)

    assert grant(org.client, find(org.client, str(member.id)), role)


def test_a_user_of_a_unit_below_is_given_that_units_copy(org, role, unit_below: str, word: str) -> None:
    user = Principal(PrincipalKind.USER, uuid4())
    there = {"businessunitid@odata.bind": f"/businessunits({unit_below})"}
    org.create(owner_path(user), {"firstname": "Maya", "lastname": word, **there})
    holder = find(org.client, f"Maya {word}")

    assert grant(org.client, holder, role)

    (row,) = org.rows(f"{owner_path(user)}/systemuserroles_association?$select=roleid,_businessunitid_value")
    assert (row["_businessunitid_value"], row["roleid"] == str(role)) == (unit_below, False)
    assert [held.root for held in roles_of(org.client, holder)] == [role]
    assert Holding(holder=holder) in holders(org.client, role)


def test_holders_are_users_teams_and_members_each_by_every_way(org, person, named, role, word: str) -> None:
    user, member = person("Maya", word), person("Tom", word)
    team = named(word, user, member)
    for principal in (user, team):
        grant(org.client, find(org.client, str(principal.id)), role)

    ways = {
        (holding.holder.principal, holding.team and holding.team.principal) for holding in holders(org.client, role)
    }

    assert {(user, None), (user, team), (member, team), (team, None)} <= ways
    assert (member, None) not in ways


def test_a_role_that_there_is_not_cannot_be_granted(org, person) -> None:
    holder = find(org.client, str(person().id))

    with pytest.raises(RoleMissing, match="Provision"):
        grant(org.client, holder, uuid4())


def test_names_and_addresses_stay_out_of_the_repr(org, person, word: str) -> None:
    person("Maya", word, internalemailaddress=f"{word}@example.com", domainname=f"{word}@example.com")

    assert word not in repr(find(org.client, f"Maya {word}"))
