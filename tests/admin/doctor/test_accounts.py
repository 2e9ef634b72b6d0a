"""Faults of provider accounts: in the settings, in Dynamics, at the providers (tests/providers)."""

from __future__ import annotations

import json

import pytest
import responses

from tests.admin.doctor.healthy import BASE_URL, ENDPOINT, SERVICES, TELESIGN, TWILIO


def row(name):
    return f"txv_smsproviders(txv_callbackid='{name}')"


@pytest.mark.parametrize(
    ("account", "changes", "what"),
    [
        ("twilio-demo", {"account": "AC123"}, "account must be the Account SID"),
        ("twilio-demo", {"type": "vonage"}, "type must be one of acs, telesign, twilio"),
        ("acs-demo", {"options": {"resource_id": "x"}}, "options.resource_id must be"),
        (
            "telesign-demo",
            {"callback_secrets": ["no base64!"]},
            "every one of callback_secrets must be a TeleSign API key",
        ),
    ],
)
def test_an_account_with_a_mistake_is_found_and_the_others_are_looked_at(well, account, changes, what):
    well.account(account, **changes)
    findings = well.findings("accounts", "credentials", "configuration at the provider")

    (found,) = [each for each in findings if each.verdict == "problem"]
    assert (found.check, f"account {account}: {what}" in found.what) == ("accounts", True)
    assert {each.what.partition(":")[0] for each in findings if each.check == "credentials"} == {
        "twilio-demo",
        "acs-demo",
        "telesign-demo",
    } - {account}


def test_an_account_whose_callbacks_are_off_is_doubtful(well):
    well.account("acs-demo", callback_secrets=[])

    assert well.found("accounts") == [
        ("warning", "Callbacks of the account acs-demo are off: it has no callback secret")
    ]


def test_an_account_that_dynamics_does_not_show_is_found(well):
    (number,) = well.organization.rows(
        f"txv_phonenumbers?$select=txv_digits&$filter=txv_digits eq '{well.numbers['acs-demo']}'"
    )
    well.send("DELETE", f"txv_phonenumbers({number['txv_phonenumberid']})")
    well.send("DELETE", row("acs-demo"))

    assert well.found("providers in Dynamics") == [("problem", "Dynamics does not show the account acs-demo")]


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        ("txv_type", "twilio", "type"),
        ("txv_inboundurl", "https://old.example.com/api/callbacks/acs-demo/inbound", "URL for incoming texts"),
        ("txv_statusurl", None, "URL for delivery reports"),
    ],
)
def test_an_account_that_dynamics_shows_otherwise_is_found(well, column, value, what):
    well.send("PATCH", row("acs-demo"), {column: value})

    assert well.found("providers in Dynamics") == [
        ("problem", f"Dynamics shows the account acs-demo otherwise than it is: {what}")
    ]


def test_an_account_that_only_dynamics_has_is_doubtful(well):
    accounts = [one for one in json.loads(well.values["PROVIDERS"]) if one["id"] != "acs-demo"]
    well.values["PROVIDERS"] = json.dumps(accounts)

    assert well.found("providers in Dynamics") == [
        ("warning", "Dynamics shows the account acs-demo, which PROVIDERS does not have")
    ]


@pytest.mark.parametrize(
    ("url", "account"),
    [(f"{TWILIO}.json", "twilio-demo"), (f"{ENDPOINT}/phoneNumbers", "acs-demo"), (TELESIGN, "telesign-demo")],
)
def test_credentials_that_are_refused_are_found_and_the_other_accounts_are_looked_at(well, url, account):
    well.account("acs-demo", credentials={"access_key": "YWNzLWFjY2Vzcy1rZXk="})
    well.put(url, {}, 401)
    findings = well.findings("credentials")

    assert [each.what.partition(":")[0] for each in findings if each.verdict == "problem"] == [account]
    assert len([each for each in findings if each.verdict == "ok"]) == 2


@pytest.mark.parametrize("url", [f"{TWILIO}.json", f"{ENDPOINT}/phoneNumbers", TELESIGN])
def test_a_provider_that_cannot_be_reached_is_not_called_wrong(well, url):
    well.put(url, responses.ConnectionError("no way"))

    ((verdict, what),) = well.found("credentials")
    assert (verdict, "cannot be reached: ConnectionError" in what) == ("skipped", True)


def test_a_number_that_calls_elsewhere_is_found_with_what_to_paste(well):
    number = {
        "phone_number": f"+{well.numbers['twilio-demo']}",
        "sms_url": "https://demo.twilio.com/x",
        "sms_method": "POST",
    }
    well.put(f"{TWILIO}/IncomingPhoneNumbers.json", {"incoming_phone_numbers": [number]})

    (found,) = [each for each in well.findings("configuration at the provider") if each.verdict == "problem"]
    assert (
        found.what
        == f"twilio-demo: Texts to +{well.numbers['twilio-demo']} do not reach us: Twilio calls https://demo.twilio.com/x"
    )
    assert found.fix.endswith(f"A message comes in: {BASE_URL}/api/callbacks/twilio-demo/inbound#rc=5&rp=5xx,ct,rt")


def test_a_messaging_service_that_cannot_be_read_does_not_silence_the_other_accounts(well):
    well.put(SERVICES, {}, 503)
    findings = well.findings("configuration at the provider")

    assert {each.what.partition(":")[0] for each in findings} == {"twilio-demo", "acs-demo", "telesign-demo"}
    assert [str(each.verdict) for each in findings if each.what.startswith("acs-demo")] == ["ok", "ok"]
