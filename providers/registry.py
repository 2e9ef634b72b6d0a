"""Every provider, by the `type` that an account in `PROVIDERS` names: a new one is one more line in each."""

from __future__ import annotations

from providers.acs import Acs
from providers.acs.inspection import AcsInspector
from providers.base import Provider, SigningKeys
from providers.inspection import Inspector
from providers.media import MediaHost
from providers.telesign import TeleSign
from providers.telesign.inspection import TeleSignInspector
from providers.twilio import Twilio
from providers.twilio.inspection import TwilioInspector
from providers.twilio.media import media_access


def providers(signing_keys: SigningKeys) -> dict[str, Provider]:
    """All providers by type; `signing_keys` is where the one with signed tokens gets its keys."""
    return {
        "acs": Acs(signing_keys),
        "telesign": TeleSign(),
        "twilio": Twilio(),
    }


def inspectors() -> dict[str, Inspector]:
    """What each provider can be asked about an account, by type."""
    return {
        "acs": AcsInspector(),
        "telesign": TeleSignInspector(),
        "twilio": TwilioInspector(),
    }


def media_hosts() -> dict[str, MediaHost]:
    """The providers whose texts can have attachments, by type: those of ACS and TeleSign's SMS products have none."""
    return {"twilio": media_access}
