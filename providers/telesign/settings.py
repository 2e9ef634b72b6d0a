"""What an account of this provider can say in its `options`."""

from __future__ import annotations

from messaging.accounts import ProviderAccount
from messaging.errors import ConfigurationError

# Self-service accounts and full-service ones have hosts of their own; each refuses the customers of the other.
REST_ENDPOINTS = ("https://rest-api.telesign.com", "https://rest-ww.telesign.com")


def rest_endpoint(account: ProviderAccount) -> str:
    """`options.rest_endpoint`: where TeleSign's API is for this customer; for self-service accounts without it.

    Raises ConfigurationError for any other address: it would be sent the API key.
    """
    option = account.options.get("rest_endpoint", REST_ENDPOINTS[0])
    if option not in REST_ENDPOINTS:
        expected = f"{REST_ENDPOINTS[0]} (self-service) or {REST_ENDPOINTS[1]} (full-service)"
        raise ConfigurationError(f"PROVIDERS, account {account.id}: options.rest_endpoint must be {expected}")
    return str(option)
