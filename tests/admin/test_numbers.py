"""`numbers`: which there are, who answers them, and new ones."""

from __future__ import annotations

from uuid import uuid4

import pytest


@pytest.fixture
def maya(org):
    return org.texter("Maya Lindqvist", internalemailaddress="maya@example.com")


def add(console, number, *words, provider="twilio-demo", owner="Maya Lindqvist"):
    return console("numbers", "add", number, "--provider", provider, "--owner", owner, *words)


def test_without_numbers_it_says_how_to_add_one(here):
    ran = here("numbers", "list")

    assert ran.code == 0
    assert "There are no numbers." in ran.out
    assert "python -m admin numbers add" in ran.out


def test_a_number_is_added_once_and_listed(here, maya, org):
    first, second = add(here, "(206) 555-0100", "--region", "US"), add(here, "+12065550100")
    listed = here("numbers", "list", "--json").document

    assert (first.code, second.code) == (0, 0)
    assert "+ Added +12065550100 at twilio-demo; its owner is Maya Lindqvist (user maya@example.com)." in first.out
    assert "python -m admin providers urls twilio-demo" in first.out
    assert "= There already: +12065550100" in second.out
    (row,) = listed["numbers"]
    assert row["number"] == "+12065550100"
    assert row["provider"] == "twilio-demo"
    assert row["owner"]["name"] == "Maya Lindqvist"
    assert (row["owner_has_role"], row["is_answered"]) == (True, True)
    assert row["new_leads"] == "as the organization says"
    (stored,) = org.rows("txv_phonenumbers")
    assert stored["txv_digits"] == "12065550100"


@pytest.mark.parametrize(
    ("number", "words", "digits", "kind"),
    [
        ("+18885550100", [], "18885550100", 471_100_002),
        ("24273", ["--type", "short-code"], "24273", 471_100_001),
        ("Contoso", ["--type", "alphanumeric"], "CONTOSO", 471_100_003),
        ("+12065550101", ["--type", "toll-free"], "12065550101", 471_100_002),
        ("+493012345678", ["--name", "Berlin"], "493012345678", 471_100_000),
    ],
)
def test_every_kind_of_number_can_be_added(here, maya, org, number, words, digits, kind):
    assert add(here, number, *words).code == 0

    (stored,) = org.rows("txv_phonenumbers")
    assert (stored["txv_digits"], stored["txv_numbertype"]) == (digits, kind)
    assert stored["txv_name"] == ("Berlin" if "--name" in words else stored["txv_number"])


def test_the_country_is_that_of_the_setting_unless_one_is_named(here, maya, org):
    assert here("settings", "set", "txv_defaultregion", "DE").code == 0
    assert add(here, "030 12345678").code == 0
    assert add(here, "206 555 0100", "--region", "us").code == 0
    assert {row["txv_digits"] for row in org.rows("txv_phonenumbers")} == {"493012345678", "12065550100"}


@pytest.mark.parametrize(
    ("number", "words", "said"),
    [
        ("12", [], "12 is not a phone number in US."),
        ("hello", [], "hello is not a phone number in US."),
        ("206 555 0100", ["--region", "Narnia"], "Narnia is not a country with phone numbers."),
        ("123456789", ["--type", "short-code"], "123456789 is not a short code: 3 to 8 digits."),
        ("24273", ["--type", "alphanumeric"], "24273 is not an alphanumeric sender"),
    ],
)
def test_what_is_no_number_is_refused(here, maya, org, number, words, said):
    ran = add(here, number, *words)

    assert ran.code == 2
    assert said in ran.err
    assert org.rows("txv_phonenumbers") == []


def test_a_provider_account_that_there_is_not_is_refused_with_those_that_there_are(here, maya):
    ran = add(here, "+12065550100", provider="twilio-main")

    assert ran.code == 1
    assert "there are acs-demo, telesign-demo, twilio-demo." in ran.err
    assert "PROVIDERS" in ran.err


def test_without_any_provider_account_it_says_where_they_come_from(here, maya, org):
    for row in org.rows("txv_smsproviders"):
        org.organization.delete(f"txv_smsproviders({row['txv_smsproviderid']})")
    ran = add(here, "+12065550100")

    assert ran.code == 1
    assert "there is none at all" in ran.err
    assert "python -m admin provision" in ran.err


def test_an_owner_who_is_not_found_is_refused(here, maya):
    ran = add(here, "+12065550100", owner="Lindqvist")

    assert ran.code == 1
    assert "Maya Lindqvist (user maya@example.com)" in ran.err


def test_an_owner_who_lacks_the_role_is_pointed_out_with_the_command_that_gives_it(here, org):
    org.organization.seller(texts=False, firstname="Noah", lastname="Berg")
    ran = add(here, "+12065550100", owner="Noah Berg")

    assert ran.code == 0
    assert 'Run: python -m admin users grant "Noah Berg"' in ran.out


def test_an_owner_who_may_not_own_a_number_is_refused_with_the_command_that_gives_the_role(here, org):
    columns = {"firstname": "No", "lastname": "Rights", "businessunitid@odata.bind": f"/businessunits({org.unit})"}
    org.organization.create(f"systemusers({uuid4()})", columns)
    ran = add(here, "+12065550100", owner="No Rights")

    assert ran.code == 1
    assert 'python -m admin users grant "No Rights"' in ran.err
    assert org.rows("txv_phonenumbers") == []


def test_a_disabled_owner_is_refused(here, org):
    org.texter("Gone Away", isdisabled=True)
    ran = add(here, "+12065550100", owner="Gone Away")

    assert ran.code == 1
    assert "Gone Away" in ran.err


def test_a_number_under_another_provider_account_or_owner_is_left_alone(here, maya, org):
    org.texter("Noah Berg")
    add(here, "+12065550100")
    elsewhere = add(here, "+12065550100", provider="acs-demo")
    anothers = add(here, "+12065550100", owner="Noah Berg")

    assert (elsewhere.code, anothers.code) == (1, 1)
    assert "+12065550100 is there already, under the provider account twilio-demo." in elsewhere.err
    assert 'numbers assign +12065550100 --owner "Noah Berg"' in anothers.err


def test_a_number_without_a_provider_account_gets_one(here, maya, org):
    our = org.organization.number(maya)
    ran = add(here, our.value, provider="acs-demo", owner="maya@example.com")

    assert ran.code == 0
    assert here("numbers", "list", "--json").document["numbers"][0]["provider"] == "acs-demo"


def test_a_deactivated_number_is_pointed_out(here, maya, org):
    add(here, "+12065550100")
    (row,) = org.rows("txv_phonenumbers")
    org.organization.update(f"txv_phonenumbers({row['txv_phonenumberid']})", {"statecode": 1, "statuscode": 2})
    ran = add(here, "+12065550100")

    assert ran.code == 1
    assert "deactivated" in ran.err


@pytest.mark.parametrize("state", ["disabled", "without the role", "nobody in the team"])
def test_a_number_that_nobody_answers_is_pointed_out_with_what_helps(here, org, state):
    organization = org.organization
    owner = {
        "disabled": lambda: org.texter("Gone Away", isdisabled=True),
        "without the role": lambda: organization.seller(texts=False, firstname="Gone", lastname="Away"),
        "nobody in the team": organization.team,
    }[state]()
    our = organization.number(owner)
    ran = here("numbers", "list")

    assert ran.code == 0
    assert f"Nobody answers {our.value}" in ran.out
    assert {
        "disabled": "numbers assign",
        "without the role": 'users grant "Gone Away"',
        "nobody in the team": "put somebody into the team",
    }[state] in ran.out


def test_on_an_environment_without_our_tables_it_says_to_provision(fresh, admin):
    ran = admin("numbers", "list", "--url", fresh.url, "--json")

    assert ran.code == 1
    assert ran.error["message"] == "The tables of Textverse are not in this environment."
    assert "python -m admin provision" in ran.error["next"]
