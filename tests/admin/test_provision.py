"""`provision`: the plan, the changes, and nothing to do the second time."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from tests.admin.conftest import BASE_URL, Console


@pytest.fixture
def provision(fresh, settings):
    """Provisions the fresh environment with the settings of three accounts."""

    def run(*words):
        return Console()("provision", "--url", fresh.url, "--settings", str(settings), *words)

    return run


def test_the_plan_of_an_empty_environment_lists_everything_and_changes_nothing(provision, fresh):
    ran = provision("--plan")

    assert ran.code == 0
    assert "  + table txv_textmessage" in ran.out
    assert "  + provider account twilio-demo (twilio)" in ran.out
    # What Dataverse makes by itself with the conversation is mended.
    assert " to create, 4 to change, 0 the same." in ran.out
    assert "without --plan" in ran.out
    assert fresh.rows("solutions?$filter=uniquename eq 'Textverse'") == []


def test_it_makes_everything_says_what_it_does_and_what_comes_next_and_tells_programs(provision, fresh):
    ran = provision("--json")

    assert ran.code == 0
    assert "+ table txv_textmessage" in ran.err
    assert ran.err.splitlines()[-1].endswith("provider account telesign-demo (telesign)")
    assert ran.document["command"] == "provision"
    assert "table txv_consent" in ran.document["plan"]["create"]
    assert "+ table txv_consent" in ran.document["done"]
    assert any("python -m admin providers urls" in step for step in ran.document["next"])
    assert {row["txv_callbackid"]: row["txv_inboundurl"] for row in fresh.rows("txv_smsproviders")} == {
        name: f"{BASE_URL}/api/callbacks/{name}/inbound" for name in ("twilio-demo", "acs-demo", "telesign-demo")
    }


def test_a_second_run_changes_nothing_and_the_plan_shows_in_full_what_is_the_same(here):
    again, plan, document = here("provision"), here("provision", "--plan"), here("provision", "--json").document

    assert (again.code, plan.code, document["exit"]) == (0, 0, 0)
    assert "Nothing had to be changed." in again.out
    assert "0 to create, 0 to change" in again.out
    assert "table txv_textmessage" not in again.out
    assert "  = table txv_textmessage (" in plan.out
    assert "  = provider account twilio-demo" in plan.out
    assert document["plan"]["create"] == document["plan"]["change"] == document["plan"]["cannot"] == []
    assert any(what.startswith("table txv_consent") for what in document["plan"]["same"])
    assert document["done"] == []


def test_every_line_of_the_plan_stands_under_a_heading_that_says_what_it_is(here):
    assert "\nOther\n" not in here("provision", "--plan").out


def test_what_is_there_already_is_mended(here, org):
    (row,) = org.rows("txv_smsproviders?$filter=txv_callbackid eq 'acs-demo'")
    old = {"txv_inboundurl": "https://old.example.com", "txv_name": "ACS"}
    org.organization.update(f"txv_smsproviders({row['txv_smsproviderid']})", old)
    ran = here("provision")

    assert "  ~ provider account acs-demo: URL for incoming texts" in ran.out
    assert "Done: 1 change." in ran.out
    (mended,) = org.rows("txv_smsproviders?$filter=txv_callbackid eq 'acs-demo'")
    assert mended["txv_inboundurl"] == f"{BASE_URL}/api/callbacks/acs-demo/inbound"
    assert mended["txv_name"] == "ACS"


def test_what_stands_in_the_way_is_said_and_nothing_is_changed(provision, fresh):
    publisher = {
        "uniquename": "textverse",
        "friendlyname": "T",
        "customizationprefix": "other",
        "customizationoptionvalueprefix": 12345,
    }
    fresh.organization.create(f"publishers({uuid4()})", publisher)
    ran = provision()

    assert ran.code == 1
    assert "  ! The publisher textverse has the prefix other" in ran.out
    assert "Nothing was changed" in ran.out
    assert fresh.rows("solutions?$filter=uniquename eq 'Textverse'") == []


def test_without_settings_what_depends_on_them_is_left_as_it_stands(fresh):
    ran = Console()("provision", "--url", fresh.url, "--plan", "--json")

    left_out = " ".join(ran.document["left_out"])
    assert "PROVIDERS is not set in the environment" in left_out
    assert "PUBLIC_BASE_URL is not set" in left_out
    assert "--app UNIQUE_NAME" in left_out
    assert not any("provider account" in what for what in ran.document["plan"]["create"])


def test_key_vault_references_are_said_to_be_such(fresh, settings):
    values = json.loads(settings.read_text())
    for each in values:
        if each["name"] == "PROVIDERS":
            each["value"] = "@Microsoft.KeyVault(SecretUri=https://vault.example.net/secrets/p)"
    settings.write_text(json.dumps(values))
    ran = Console()("provision", "--url", fresh.url, "--settings", str(settings), "--plan")

    assert "the provider accounts: PROVIDERS is a reference to Key Vault in" in ran.out


def test_where_nobody_can_be_asked_another_environment_than_this_machines_wants_a_yes_beforehand(admin):
    ran = admin("provision", "--url", "https://contoso.crm4.dynamics.com")

    assert ran.code == 2
    assert "Add --yes" in ran.err
