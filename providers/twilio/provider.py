"""Twilio's side of the provider contract."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from messaging.accounts import ProviderAccount
from messaging.errors import ConfigurationError
from messaging.web import HttpRequest
from providers.base import Reading
from providers.proof import check_secrets, require_method
from providers.twilio.reading import read
from providers.twilio.signature import verify

METHODS = frozenset({"GET", "POST"})
_ACCOUNT_SID = re.compile("AC[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Twilio:
    """Texts and status callbacks of a Twilio account."""

    def check(self, account: ProviderAccount) -> None:
        """See Provider.check."""
        check_secrets(account)
        if account.account and not _ACCOUNT_SID.fullmatch(account.account):
            raise ConfigurationError(
                f"PROVIDERS, account {account.id}: account must be the Account SID, AC and 32 hexadecimal digits"
            )

    def verify(self, request: HttpRequest, account: ProviderAccount, now: datetime) -> None:
        """See Provider.verify. The signature carries no time: replays are caught by the message id, not here."""
        require_method(request, METHODS)
        verify(request, account)

    def read(self, request: HttpRequest, account: ProviderAccount, received_at: datetime) -> Reading:
        """See Provider.read."""
        return read(request, account, received_at)
