"""Settings: typed, complete, and silent about secrets."""

from __future__ import annotations

import json

import pytest

from function_app.dataverse_client import token_provider
from function_app.services import from_environment
from function_app.settings import Settings
from messaging.accounts import CallbackSecret
from messaging.errors import ConfigurationError


def _providers(**changes: object) -> dict[str, str]:
    account = {"id": "shop", "type": "twilio", "callback_secrets": ["hush-hush"], **changes}
    return {"PROVIDERS": json.dumps([account])}


def test_the_example_holds_three_accounts_with_their_secrets(example: dict[str, str]) -> None:
    accounts = Settings.read(example).accounts()

    assert {name: account.type for name, account in accounts.items()} == {
        "twilio-demo": "twilio",
        "acs-demo": "acs",
        "telesign-demo": "telesign",
    }
    assert all(account.callbacks_on for account in accounts.values())


def test_secrets_may_be_named_and_several_are_valid() -> None:
    secrets = ["one", {"key": "webhooks_sharedkey_1", "secret": "two"}]

    account = Settings.read(_providers(callback_secrets=secrets)).accounts()["shop"]

    assert account.callback_secrets == (CallbackSecret("one"), CallbackSecret("two", "webhooks_sharedkey_1"))


def test_secrets_for_events_are_a_list_of_which_every_one_is_valid() -> None:
    secrets = ["the-new-secret-0123", "the-old-secret-0123"]

    assert Settings.read({"DATAVERSE_EVENTS_SECRETS": json.dumps(secrets)}).events_secrets() == tuple(secrets)
    assert Settings.read({"DATAVERSE_EVENTS_SECRETS": ""}).events_secrets() == ()
    assert Settings.read({}).events_secrets() == ()


def test_an_empty_environment_is_an_app_without_accounts() -> None:
    assert Settings.read({}).accounts() == {}


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"PROVIDERS": "{oops"}, "PROVIDERS: Value error, not JSON, at character 1"),
        ({"PROVIDERS": '{"id": "x"}'}, "PROVIDERS"),
        (_providers(id="Not An Id"), r"PROVIDERS\[0\].id"),
        (_providers(callback_secrets="hush-hush"), r"PROVIDERS\[0\].callback_secrets"),
        (_providers(callback_secret=["hush-hush"]), r"PROVIDERS\[0\].callback_secret"),
        ({"PROVIDERS": json.dumps(2 * json.loads(_providers()["PROVIDERS"]))}, "shop stands there twice"),
        ({"DEFAULT_REGION": "Atlantis"}, "DEFAULT_REGION"),
        ({"PUBLIC_BASE_URL": "crm.example.net"}, "PUBLIC_BASE_URL"),
        ({"PUBLIC_BASE_URL": "https://"}, "PUBLIC_BASE_URL"),
        ({"PUBLIC_BASE_URL": "https:///api"}, "PUBLIC_BASE_URL"),
        ({"PUBLIC_BASE_URL": "https://crm.example.net?code=hush"}, "PUBLIC_BASE_URL"),
        ({"DATAVERSE_URL": "https://crm.example.net/#hush"}, "DATAVERSE_URL"),
        ({"DATAVERSE_URL": "https://[hush"}, "DATAVERSE_URL"),
        ({"DATAVERSE_AUTH": "magic"}, "DATAVERSE_AUTH"),
        ({"DATAVERSE_EVENTS_SECRETS": "hush-hush-hush-hush"}, "DATAVERSE_EVENTS_SECRETS: Value error, not JSON"),
        ({"DATAVERSE_EVENTS_SECRETS": '"hush-hush-hush-hush"'}, "DATAVERSE_EVENTS_SECRETS"),
        ({"DATAVERSE_EVENTS_SECRETS": '[{"hush": 1}]'}, r"DATAVERSE_EVENTS_SECRETS\[0\]"),
        ({"DATAVERSE_EVENTS_SECRETS": '[""]'}, "DATAVERSE_EVENTS_SECRETS: Value error, each secret has 16 to 200"),
        ({"DATAVERSE_EVENTS_SECRETS": '["hush-hush"]'}, "each secret has 16 to 200 characters"),
        ({"DATAVERSE_EVENTS_SECRETS": '["hush hush hush hush"]'}, "no blanks"),
        ({"DATAVERSE_EVENTS_SECRETS": '["hush-hüsh-hush-hush"]'}, "signs of ASCII"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not(environment: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigurationError, match=named) as error:
        Settings.read(environment)

    assert "hush" not in str(error.value)


def test_no_secret_shows_in_a_repr() -> None:
    settings = Settings.read(
        _providers(credentials={"auth_token": "hush-hush"})
        | {"DATAVERSE_CLIENT_SECRET": "hush-hush", "AzureWebJobsStorage": "AccountKey=hush-hush"}
        | {"DATAVERSE_EVENTS_SECRETS": '["hush-hush-hush-hush"]'}
    )

    assert "hush" not in repr(settings) + str(settings) + repr(settings.accounts())


@pytest.mark.parametrize(
    ("environment", "missing"),
    [
        ({}, "DATAVERSE_URL"),
        ({"DATAVERSE_URL": "https://x.crm.dynamics.com", "DATAVERSE_AUTH": "client_secret"}, "DATAVERSE_TENANT_ID"),
        (
            {
                "DATAVERSE_URL": "https://x.crm.dynamics.com",
                "DATAVERSE_AUTH": "certificate",
                "DATAVERSE_TENANT_ID": "t",
                "DATAVERSE_CLIENT_ID": "c",
            },
            "DATAVERSE_CERTIFICATE",
        ),
        ({"DATAVERSE_URL": "https://x.crm.dynamics.com", "DATAVERSE_AUTH": "development"}, "this machine"),
    ],
)
def test_signing_in_to_dataverse_needs_what_it_says_it_needs(environment: dict[str, str], missing: str) -> None:
    with pytest.raises(ConfigurationError, match=missing):
        token_provider(Settings.read(environment))


@pytest.mark.parametrize(
    "environment",
    [
        {"DATAVERSE_URL": "https://x.crm.dynamics.com"},
        {"DATAVERSE_URL": "http://127.0.0.1:7072", "DATAVERSE_AUTH": "development"},
        {
            "DATAVERSE_URL": "https://x.crm.dynamics.com",
            "DATAVERSE_AUTH": "client_secret",
            "DATAVERSE_TENANT_ID": "t",
            "DATAVERSE_CLIENT_ID": "c",
            "DATAVERSE_CLIENT_SECRET": "s",
        },
        {
            "DATAVERSE_URL": "https://x.crm.dynamics.com",
            "DATAVERSE_AUTH": "certificate",
            "DATAVERSE_TENANT_ID": "t",
            "DATAVERSE_CLIENT_ID": "c",
            "DATAVERSE_CERTIFICATE": "pem",
            "DATAVERSE_CERTIFICATE_THUMBPRINT": "aa",
        },
    ],
)
def test_every_way_to_sign_in_can_be_set_up_without_asking_anyone(environment: dict[str, str]) -> None:
    assert token_provider(Settings.read(environment)) is not None


def test_without_storage_the_services_say_which_setting_is_missing() -> None:
    from_environment.cache_clear()

    with pytest.raises(ConfigurationError, match="AzureWebJobsStorage"):
        from_environment()
