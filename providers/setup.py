"""What an administrator has to do at each provider, by its `type`: a new one is one more line here."""

from __future__ import annotations

from collections.abc import Mapping

from messaging.errors import ConfigurationError
from providers.acs.setup import STEPS as ACS
from providers.setup_step import SetupStep
from providers.telesign.setup import STEPS as TELESIGN
from providers.twilio.setup import STEPS as TWILIO

SETUP: Mapping[str, tuple[SetupStep, ...]] = {
    "acs": ACS,
    "telesign": TELESIGN,
    "twilio": TWILIO,
}


def setup_steps(account_type: str, inbound_url: str, status_url: str) -> tuple[SetupStep, ...]:
    """What to do at the provider of that type for an account with these callback URLs, in this order.

    Raises ConfigurationError for a type that there is not.
    """
    if account_type not in SETUP:
        raise ConfigurationError(f"there is no provider of the type {account_type}: it is one of {', '.join(SETUP)}")
    return tuple(step.filled(inbound_url, status_url) for step in SETUP[account_type])
