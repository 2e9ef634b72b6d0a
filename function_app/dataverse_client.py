"""How this deployment reaches Dataverse: the client, and how it signs in (`DATAVERSE_AUTH` and what goes with it)."""

from __future__ import annotations

import random
import time
from uuid import uuid4

from pydantic import SecretStr

from dataverse.webapi import auth
from dataverse.webapi.client import Client
from dataverse.webapi.retry import DEFAULT_LIMITS, Limits
from function_app.settings import Settings
from messaging.errors import ConfigurationError

# The emulator takes any bearer token but `user:…` for the service's application user.
_DEVELOPMENT_TOKEN = "service"  # noqa: S105  # opens nothing but an emulator on this machine


def connect(base_url: str, tokens: auth.TokenProvider, limits: Limits = DEFAULT_LIMITS) -> Client:
    """A Web API client over this process's own clock, chance and ids. Asks nobody yet."""
    return Client(
        base_url,
        tokens,
        new_id=lambda: str(uuid4()),
        clock=time.monotonic,
        sleep=time.sleep,
        jitter=random.random,
        limits=limits,
    )


def token_provider(settings: Settings) -> auth.TokenProvider:
    """Tokens for `DATAVERSE_URL`. Raises ConfigurationError naming the setting that is missing; asks nobody yet."""
    url = _needed(settings, "dataverse_url")
    match settings.dataverse_auth:
        case "development":
            return auth.StaticToken(url, _DEVELOPMENT_TOKEN)
        case "managed_identity":
            return auth.managed_identity(url, client_id=settings.dataverse_client_id or None, clock=time.monotonic)
        case "client_secret":
            return auth.client_secret(
                url,
                tenant=_needed(settings, "dataverse_tenant_id"),
                client_id=_needed(settings, "dataverse_client_id"),
                secret=_needed(settings, "dataverse_client_secret"),
                clock=time.monotonic,
            )
        case "certificate":
            return auth.certificate(
                url,
                tenant=_needed(settings, "dataverse_tenant_id"),
                client_id=_needed(settings, "dataverse_client_id"),
                private_key=_needed(settings, "dataverse_certificate"),
                thumbprint=_needed(settings, "dataverse_certificate_thumbprint"),
                clock=time.monotonic,
            )


def _needed(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
    if not text:
        raise ConfigurationError(f"{name.upper()} is empty, and DATAVERSE_AUTH={settings.dataverse_auth} needs it")
    return text
