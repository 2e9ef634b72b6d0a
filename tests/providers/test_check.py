"""Accounts that are looked over at start: what is wrong in the setting is named, no secret with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from messaging.accounts import CallbackSecret, ProviderAccount
from messaging.errors import ConfigurationError
from providers.base import Provider

RESOURCE = (
    "/subscriptions/5b4b650e-28b9-4790-b3ab-ddbd88d727c4/resourceGroups/sms/providers/Microsoft.Communication"
    "/communicationServices/contoso"
)
TENANT = "72f988bf-0000-4000-8000-2d7cd011db47"


@pytest.fixture
def account(accounts: Mapping[str, ProviderAccount], provider_type: str) -> ProviderAccount:
    return accounts[provider_type]


def test_the_accounts_of_the_demo_are_in_order(
    registry: Mapping[str, Provider], account: ProviderAccount, provider_type: str
) -> None:
    registry[provider_type].check(account)
    registry[provider_type].check(replace(account, callback_secrets=(), account=""))


@pytest.mark.parametrize("secret", ["", " ", " c2VjcmV0", "c2VjcmV0\n", "geheimniß"])
def test_a_secret_that_no_provider_gives_is_refused(
    registry: Mapping[str, Provider], account: ProviderAccount, provider_type: str, secret: str
) -> None:
    secrets = (*account.callback_secrets, CallbackSecret(secret))

    with pytest.raises(ConfigurationError, match=rf"{account.id}: callback_secrets\[{len(secrets) - 1}\]") as error:
        registry[provider_type].check(replace(account, callback_secrets=secrets))
    assert not secret.strip() or secret.strip() not in str(error.value)


@pytest.mark.parametrize("secret", ["not base64!", "EXAMPLE----TE8s", "abc", "===="])
def test_an_api_key_that_is_not_base64_is_refused(
    registry: Mapping[str, Provider], accounts: Mapping[str, ProviderAccount], secret: str
) -> None:
    account = replace(accounts["telesign"], callback_secrets=(CallbackSecret(secret),))

    with pytest.raises(ConfigurationError, match="telesign-demo.*base64") as error:
        registry["telesign"].check(account)
    assert secret not in str(error.value)


@pytest.mark.parametrize("sid", ["AC123", "SM00112233445566778899aabbccddeeff", "AC00112233445566778899aabbccddeeff "])
def test_an_account_sid_has_its_form(
    registry: Mapping[str, Provider], accounts: Mapping[str, ProviderAccount], sid: str
) -> None:
    with pytest.raises(ConfigurationError, match="twilio-demo: account must be the Account SID"):
        registry["twilio"].check(replace(accounts["twilio"], account=sid))


def test_a_customer_id_has_no_colon(registry: Mapping[str, Provider], accounts: Mapping[str, ProviderAccount]) -> None:
    with pytest.raises(ConfigurationError, match="telesign-demo: account must be the customer id"):
        registry["telesign"].check(replace(accounts["telesign"], account="11111111:key"))


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"entra": TENANT}, "options.entra "),
        ({"entra": {"tenant": TENANT, "audience": "app", "tennant": ""}}, "options.entra "),
        ({"entra": {"audience": "app"}}, "options.entra.tenant"),
        ({"entra": {"tenant": "contoso.example", "audience": "app"}}, "options.entra.tenant"),
        ({"entra": {"tenant": TENANT}}, "options.entra.audience"),
        ({"entra": {"tenant": TENANT, "audience": " "}}, "options.entra.audience"),
        ({"entra": {"tenant": TENANT, "audience": "app", "cloud": "china"}}, "options.entra.cloud"),
        ({"entra": {"tenant": TENANT, "audience": "app", "cloud": ["public"]}}, "options.entra.cloud"),
        ({"allowed_origins": "eventgrid.azure.us"}, "options.allowed_origins"),
        ({"allowed_origins": [""]}, "options.allowed_origins"),
        ({"allowed_origins": [5]}, "options.allowed_origins"),
        ({"resource_id": 5}, "options.resource_id"),
        ({"resource_id": "contoso"}, "options.resource_id"),
        ({"resource_id": f"{RESOURCE}/../contoso"}, "options.resource_id"),
    ],
)
def test_a_wrong_option_is_named(
    registry: Mapping[str, Provider],
    accounts: Mapping[str, ProviderAccount],
    options: Mapping[str, object],
    named: str,
) -> None:
    with pytest.raises(ConfigurationError, match=f"acs-demo: {named}"):
        registry["acs"].check(replace(accounts["acs"], options=options))


def test_right_options_pass(registry: Mapping[str, Provider], accounts: Mapping[str, ProviderAccount]) -> None:
    entra = {"tenant": TENANT.upper(), "audience": "api://textverse", "cloud": "usgov"}
    options = {"entra": entra, "allowed_origins": ["events.example.net"], "resource_id": RESOURCE}

    registry["acs"].check(replace(accounts["acs"], options=options))


@pytest.mark.parametrize("endpoint", ["https://rest-ww.telesign.com/", "http://rest-ww.telesign.com", 5])
def test_the_api_key_of_telesign_goes_to_telesign(
    registry: Mapping[str, Provider], accounts: Mapping[str, ProviderAccount], endpoint: object
) -> None:
    with pytest.raises(ConfigurationError, match="telesign-demo: options.rest_endpoint"):
        registry["telesign"].check(replace(accounts["telesign"], options={"rest_endpoint": endpoint}))
