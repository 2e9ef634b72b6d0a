"""The other side: callbacks as a provider would make and sign them, for the phone simulator, the tour and the tests.

Written from the providers' documentation; nothing of `providers/` is used, so that each side can be held against the
other. A table of modules: each has the two functions of `Carrier`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from local.carriers import acs, telesign, twilio
from messaging.accounts import ProviderAccount
from messaging.status import Status
from messaging.web import HttpRequest


class Carrier(Protocol):
    """A provider as the network sees it. Ids, in the provider's own form, come from the caller, as does the time."""

    WORDS: Mapping[Status, str]
    """The statuses that this provider reports, in its own words (TeleSign's are codes)."""

    def inbound(
        self,
        account: ProviderAccount,
        *,
        url: str,
        message_id: str,
        sender: str,
        recipient: str,
        text: str,
        at: datetime,
    ) -> HttpRequest:
        """The callback for a customer's text to one of our numbers, signed with the account's first secret."""

    def report(
        self,
        account: ProviderAccount,
        *,
        url: str,
        message_id: str,
        status: Status,
        sender: str,
        recipient: str,
        at: datetime,
        failure_code: str | None = None,
        reference: str | None = None,
    ) -> HttpRequest:
        """The callback for what became of a text of ours, from `sender` (our number) to `recipient` (the customer's).

        `reference` is our own id, given back where the provider has a field for it; Twilio has none and calls the URL
        that it was given with the text. Raises ValueError for a status that the provider does not report.
        """


CARRIERS: Mapping[str, Carrier] = {"acs": acs, "telesign": telesign, "twilio": twilio}
