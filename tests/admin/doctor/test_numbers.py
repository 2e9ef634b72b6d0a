"""Faults of numbers, and of those who answer them."""

from __future__ import annotations

import pytest

from dataverse.store.tables import owner_path
from emulator import seeds


@pytest.fixture
def number(well):
    """The path of the number at Twilio; the other numbers are taken out of use."""
    for account, digits in well.numbers.items():
        if account != "twilio-demo":
            well.send("PATCH", f"txv_phonenumbers(txv_digits='{digits}')", {"statecode": 1, "statuscode": 2})
    return f"txv_phonenumbers(txv_digits='{well.numbers['twilio-demo']}')"


@pytest.fixture
def owned_by(well, number):
    """Gives the number to somebody."""
    return lambda principal: well.send("PATCH", number, {"ownerid@odata.bind": f"/{owner_path(principal)}"})


def test_an_environment_without_numbers_is_doubtful(well, number):
    well.send("DELETE", number)

    assert well.found("numbers") == [("warning", "There is no number to text from")]


@pytest.mark.parametrize("digits", ["+12065550100", "1206", "0012065550100", "12", "CONTOSO", "999999999999999"])
def test_digits_that_are_no_number_are_found(well, number, digits):
    found = well.situation().numbers[0]
    well.send("PATCH", f"txv_phonenumbers({found.id})", {"txv_digits": digits})

    remarks = well.found("numbers")
    if digits == "1206":  # a short code it may be
        assert remarks == []
    else:
        ((verdict, what),) = remarks
        assert (verdict, "not the digits of a number" in what) == ("problem", True)


def test_a_number_without_an_account_is_found(well, number):
    well.send("PATCH", number, {"txv_smsproviderid@odata.bind": None})

    ((verdict, what),) = well.found("numbers")
    assert (verdict, "belongs to no provider account" in what) == ("problem", True)


def test_a_number_of_an_account_that_the_settings_lack_is_found(well, number):
    well.values["PROVIDERS"] = '[{"id": "other", "type": "twilio"}]'

    ((verdict, what),) = well.found("numbers")
    assert (verdict, "belongs to the account twilio-demo, which PROVIDERS does not have" in what) == ("problem", True)


def test_without_settings_the_account_of_a_number_is_not_doubted(well, number):
    well.values.clear()

    assert well.found("numbers") == []


def test_an_owner_who_is_disabled_is_found(well, number):
    well.send("PATCH", owner_path(well.owner), {"isdisabled": True})

    remarks = well.found("numbers")
    assert ("problem" in dict(remarks), "who is disabled" in remarks[0][1]) == (True, True)


def test_an_owner_without_the_privileges_is_found_and_the_command_that_gives_them(well, number, owned_by):
    seller = well.organization.seller(texts=False, internalemailaddress="noah@contoso.com")
    owned_by(seller)

    (found,) = well.findings("numbers")
    assert (str(found.verdict), "lacks the privileges of Text Messaging User" in found.what) == ("problem", True)
    assert found.fix == 'python -m admin users grant "noah@contoso.com"'


def test_an_owner_with_the_privileges_by_another_role_is_in_order(well, number):
    well.send("PATCH", number, {"ownerid@odata.bind": f"/systemusers({seeds.ADMINISTRATOR})"})

    assert well.found("numbers") == []


def test_a_team_that_answers_is_in_order(well, owned_by):
    owned_by(well.organization.team(well.organization.seller()))

    assert well.found("numbers") == []


def test_a_team_without_members_is_found(well, owned_by):
    owned_by(well.organization.team())

    ((verdict, what),) = well.found("numbers")
    assert (verdict, "which has no members" in what) == ("problem", True)


def test_a_team_none_of_whose_members_is_enabled_is_found(well, owned_by):
    member = well.organization.seller()
    owned_by(well.organization.team(member))
    well.send("PATCH", owner_path(member), {"isdisabled": True})

    ((verdict, what),) = well.found("numbers")
    assert (verdict, "no member of which is enabled and may have texts" in what) == ("problem", True)


def test_a_member_who_is_left_out_is_doubtful(well, owned_by):
    disabled = well.organization.seller(firstname="Noah", lastname="Brandt")
    owned_by(well.organization.team(well.organization.seller(), disabled))
    well.send("PATCH", owner_path(disabled), {"isdisabled": True})

    ((verdict, what),) = well.found("numbers")
    assert (verdict, "Noah Brandt of the team" in what, "is disabled" in what) == ("warning", True, True)
