"""`providers`: the accounts in the settings and in Dataverse, and what to enter at each provider."""

from __future__ import annotations

import json

import pytest

from providers.capabilities import CAPABILITIES
from providers.registry import providers
from providers.setup import SETUP, setup_steps
from tests.admin.conftest import BASE_URL, Console


def test_accounts_that_fit_together_have_no_remark(here):
    ran, document = here("providers", "list"), here("providers", "list", "--json").document

    assert ran.code == 0
    assert [
        (row["id"], row["type"], row["in_settings"], row["in_dataverse"], row["callbacks"], row["remark"])
        for row in document["accounts"]
    ] == [
        ("acs-demo", "acs", True, True, "on", ""),
        ("telesign-demo", "telesign", True, True, "on", ""),
        ("twilio-demo", "twilio", True, True, "on", ""),
    ]


def test_each_difference_is_said_with_what_helps(here, org):
    accounts = json.loads(here.environment["PROVIDERS"])
    accounts[0]["callback_secrets"] = []
    new = {"id": "new", "type": "twilio", "account": "AC1", "callback_secrets": ["s"]}
    here.environment["PROVIDERS"] = json.dumps([accounts[0], accounts[1], new])
    (row,) = org.rows("txv_smsproviders?$filter=txv_callbackid eq 'acs-demo'")
    org.organization.update(
        f"txv_smsproviders({row['txv_smsproviderid']})", {"txv_statusurl": "https://old.example.com"}
    )
    ran = here("providers", "list", "--json")

    assert ran.code == 1
    assert {row["id"]: row["remark"] for row in ran.document["accounts"]} == {
        "acs-demo": "Dataverse shows another URL for delivery reports: run provision",
        "new": "not in Dataverse: run provision",
        "telesign-demo": "not in PROVIDERS: its callbacks are answered with 404",
        "twilio-demo": "callback_secrets is empty: its callbacks are answered with 404",
    }


def test_without_the_setting_the_rows_are_listed_and_it_is_said_what_is_missing(org, admin):
    ran = admin("providers", "list", "--url", org.url)

    assert ran.code == 0
    assert "twilio-demo" in ran.out
    assert "PROVIDERS is not set in the environment" in ran.out


@pytest.mark.parametrize("kind", SETUP)
def test_what_to_enter_is_told_as_the_form_in_dynamics_tells_it(admin, settings, kind):
    ran = admin("providers", "urls", f"{kind}-demo", "--settings", str(settings))
    document = admin("providers", "urls", f"{kind}-demo", "--settings", str(settings), "--json").document
    urls = [f"{BASE_URL}/api/callbacks/{kind}-demo/{name}" for name in ("inbound", "status")]
    steps = setup_steps(kind, *urls)

    assert ran.code == 0
    assert all(f"     {step.value}\n" in ran.out for step in steps if step.value)
    assert all(step.title in ran.out and step.where in ran.out and step.what in ran.out for step in steps)
    (account,) = document["accounts"]
    assert [step["value"] for step in account["steps"]] == [step.value for step in steps]


def test_without_settings_the_urls_are_those_that_dataverse_shows(org, admin):
    ran = admin("providers", "urls", "--url", org.url, "--json")

    assert {each["id"] for each in ran.document["accounts"]} == {"twilio-demo", "acs-demo", "telesign-demo"}
    assert ran.document["accounts"][0]["inbound_url"].startswith(BASE_URL)


def test_an_account_that_there_is_not_is_refused_with_those_that_there_are(admin, settings):
    ran = admin("providers", "urls", "twilio-main", "--settings", str(settings))

    assert ran.code == 1
    assert "There is no provider account twilio-main." in ran.err
    assert "twilio-demo, acs-demo, telesign-demo" in ran.err


def test_with_neither_settings_nor_rows_it_says_where_they_come_from(fresh, admin):
    ran = admin("providers", "urls", "--url", fresh.url)

    assert ran.code == 1
    assert "PROVIDERS is not set in the environment." in ran.err


def test_the_check_is_the_part_of_the_doctor_that_is_about_accounts(here):
    here.environment["PROVIDERS"] = json.dumps([{"id": "a", "type": "pigeon"}])
    ran = here("providers", "check", "--json")

    assert ran.code == 1
    assert {each["check"] for each in ran.document["findings"]} >= {"sign-in", "accounts"}
    assert any("type must be one of" in each["what"] for each in ran.document["findings"])


def test_every_provider_has_its_capabilities():
    assert set(CAPABILITIES) == set(providers(None)) == set(SETUP)


def test_an_unknown_type_is_shown_as_it_is(fresh):
    accounts = json.dumps([{"id": "a", "type": "pigeon"}])
    ran = Console({"PROVIDERS": accounts})("provision", "--plan", "--url", fresh.url)

    assert "+ provider account a (pigeon)" in ran.out
