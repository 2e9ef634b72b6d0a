"""Numbers with those who answer them."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from dataverse.store.numbers import HeldNumber, numbers
from dataverse.store.people import find
from tests.stores.organization import TEXTING


@pytest.fixture
def org(in_the_emulator):
    return in_the_emulator


@pytest.fixture
def held(org):
    """The number of an owner as `numbers` finds it."""

    def number(owner) -> HeldNumber:
        our = org.number(owner)
        (found,) = [each for each in numbers(org.client, org.role(TEXTING)) if each.digits == our.digits]
        return found

    return number


def test_a_number_of_a_user_is_answered_by_its_owner(org, held) -> None:
    seller = org.seller()

    number = held(seller)

    assert number.owner == find(org.client, str(seller.id))
    assert [(each.holder.principal, each.has_role) for each in number.answerers] == [(seller, True)]
    assert (number.owner_has_role, number.is_answered, number.provider, number.active) == (True, True, "", True)
    assert number.number == f"+{number.digits}"


@pytest.mark.parametrize("says", [None, True, False])
def test_a_number_shows_whether_it_makes_leads(org, says) -> None:
    our = org.number(org.team(), new_leads=says)

    found = {each.digits: each.new_leads for each in numbers(org.client, org.role(TEXTING))}

    assert found[our.digits] is says


def test_a_number_of_a_team_is_answered_by_its_members_who_hold_the_role_themselves_or_by_a_team(org, held) -> None:
    able, unable = org.seller(), org.seller(texts=False)

    by_themselves = held(org.team(able, unable, texts=False))
    by_the_team = held(org.team(unable))
    by_another_team = held(org.team(unable, texts=False))

    assert {each.holder.principal: each.has_role for each in by_themselves.answerers} == {able: True, unable: False}
    assert (by_themselves.owner_has_role, by_themselves.is_answered) == (False, True)
    assert (by_the_team.owner_has_role, by_the_team.is_answered) == (True, True)
    assert (by_another_team.owner_has_role, by_another_team.is_answered) == (False, True)


def test_a_number_whose_people_are_disabled_lack_the_role_or_are_none_is_not_answered(org, held) -> None:
    gone, unable = org.seller(isdisabled=True), org.seller(texts=False)

    found = [held(gone), held(unable), held(org.team(gone)), held(org.team())]

    assert [number.is_answered for number in found] == [False] * 4
    assert [number.owner.enabled for number in found] == [False, True, True, True]
    assert found[-1].answerers == ()


def test_a_number_tells_its_provider_and_whether_it_is_active(org, held) -> None:
    callback, provider = f"account-{uuid4().hex[:8]}", uuid4()
    org.create(f"txv_smsproviders({provider})", {"txv_name": "Main account", "txv_callbackid": callback})
    number = held(org.seller())
    bound = {"txv_smsproviderid@odata.bind": f"/txv_smsproviders({provider})"}

    org.update(f"txv_phonenumbers({number.id})", {**bound, "statecode": 1, "statuscode": 2})

    (after,) = [each for each in numbers(org.client, UUID(int=0)) if each.id == number.id]
    assert (after.provider, after.active, after.owner_has_role) == (callback, False, False)


def test_numbers_and_names_stay_out_of_the_repr(org, held) -> None:
    number = held(org.seller())

    assert number.digits not in repr(number)
