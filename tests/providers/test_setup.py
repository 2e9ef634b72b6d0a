"""What administrators are told to do at the providers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from messaging.errors import ConfigurationError
from providers.acs.secret import HEADER
from providers.registry import providers
from providers.setup import SETUP, setup_steps

ROOT = Path(__file__).parents[2]
INBOUND = "https://sms.contoso.com/api/callbacks/main/inbound"
STATUS = "https://sms.contoso.com/api/callbacks/main/status"


def test_every_provider_says_how_it_is_set_up():
    assert set(SETUP) == set(providers(None))


@pytest.mark.parametrize("kind", sorted(SETUP))
def test_the_url_for_incoming_texts_is_told_and_no_placeholder_is_left(kind):
    steps = setup_steps(kind, INBOUND, STATUS)

    assert any(step.value.partition("#")[0] == INBOUND for step in steps)
    assert all(step.title and step.where and step.what for step in steps)
    assert "{" not in "".join(step.what + step.value for step in steps)


@pytest.mark.parametrize("kind", ["acs", "telesign"])
def test_where_the_provider_has_a_place_for_it_the_url_for_reports_is_told(kind):
    assert STATUS in [step.value for step in setup_steps(kind, INBOUND, STATUS)]


def test_twilio_is_told_to_try_again():
    values = {step.value for step in setup_steps("twilio", INBOUND, STATUS)} - {""}

    assert values == {f"{INBOUND}#rc=5&rp=5xx,ct,rt"}


def test_event_grid_is_told_the_header_that_is_verified():
    assert HEADER in [step.value for step in setup_steps("acs", INBOUND, STATUS)]


def test_each_step_of_a_provider_has_a_title_of_its_own():
    assert [kind for kind, steps in SETUP.items() if len({step.title for step in steps}) != len(steps)] == []


def test_no_step_holds_a_secret():
    accounts = json.loads(json.loads((ROOT / "local.settings.example.json").read_text())["Values"]["PROVIDERS"])
    secrets = [secret for account in accounts for secret in account["callback_secrets"]]
    told = repr([setup_steps(kind, INBOUND, STATUS) for kind in SETUP])

    assert secrets
    assert [secret for secret in secrets if secret in told] == []


def test_a_type_that_there_is_not_is_refused_and_the_others_are_named():
    with pytest.raises(ConfigurationError, match="no provider of the type vonage.+acs, telesign, twilio"):
        setup_steps("vonage", INBOUND, STATUS)


def test_the_configuration_page_says_the_same_of_twilio():
    assert "#rc=5&rp=5xx,ct,rt" in (ROOT / "docs/configuration.md").read_text()
