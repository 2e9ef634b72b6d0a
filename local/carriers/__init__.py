"""The other side: callbacks as a provider would make and sign them, for the phone simulator, the tour and the tests.

Written from the providers' documentation; nothing of `providers/` is used, so that each side can be held against the
other. A table of modules: each has the functions of `Carrier`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from local.carriers import acs, telesign, twilio
from local.carriers.values import CustomerText, Outcome
from messaging.accounts import ProviderAccount
from messaging.status import Status
from messaging.web import HttpRequest


class Carrier(Protocol):
    """A provider as the network sees it."""

    WORDS: Mapping[Status, str]
    """The statuses that this provider reports, in its own words (TeleSign's are codes)."""

    def new_message_id(self, made: UUID, at: datetime, /) -> str:
        """An id in the provider's own form."""

    def inbound(self, account: ProviderAccount, url: str, text: CustomerText) -> HttpRequest:
        """The callback for a customer's text, signed with the account's first secret."""

    def report(self, account: ProviderAccount, url: str, outcome: Outcome) -> HttpRequest:
        """The callback for what became of a text of ours. Raises ValueError for a status that is not reported."""


CARRIERS: Mapping[str, Carrier] = {"acs": acs, "telesign": telesign, "twilio": twilio}
