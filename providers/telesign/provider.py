"""TeleSign's side of the provider contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from messaging.accounts import ProviderAccount
from messaging.errors import ConfigurationError
from messaging.web import HttpRequest
from providers.base import Reading
from providers.proof import check_secrets, require_method
from providers.telesign.reading import read
from providers.telesign.settings import rest_endpoint
from providers.telesign.signature import signing_key, verify

METHODS = frozenset({"POST"})


@dataclass(frozen=True, slots=True)
class TeleSign:
    """Texts and delivery reports of a TeleSign customer id."""

    def check(self, account: ProviderAccount) -> None:
        """See Provider.check."""
        check_secrets(account)
        for secret in account.callback_secrets:
            signing_key(account, secret)
        rest_endpoint(account)
        if account.account != account.account.strip() or ":" in account.account:
            raise ConfigurationError(f"PROVIDERS, account {account.id}: account must be the customer id")

    def verify(self, request: HttpRequest, account: ProviderAccount, now: datetime) -> None:
        """See Provider.verify. The signature carries no time: replays are caught by the reference id, not here."""
        require_method(request, METHODS)
        verify(request, account)

    def read(self, request: HttpRequest, account: ProviderAccount, received_at: datetime) -> Reading:
        """See Provider.read."""
        return read(request, account, received_at)
