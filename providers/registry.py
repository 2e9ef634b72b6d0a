"""Every provider, by the `type` that an account in `PROVIDERS` names: a new one is one more line here."""

from __future__ import annotations

from providers.acs import Acs
from providers.base import Provider, SigningKeys
from providers.telesign import TeleSign
from providers.twilio import Twilio


def providers(signing_keys: SigningKeys) -> dict[str, Provider]:
    """All providers by type; `signing_keys` is where the one with signed tokens gets its keys."""
    return {
        "acs": Acs(signing_keys),
        "telesign": TeleSign(),
        "twilio": Twilio(),
    }
