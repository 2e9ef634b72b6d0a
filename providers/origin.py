"""Where an event comes from: what all events of one callback have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from messaging.accounts import ProviderAccount
from messaging.events import ConsentChoice, DeliveryReported, MessageReceived, OptOutSeen, Raw, UnknownEvent
from messaging.numbers import Address


@dataclass(frozen=True, slots=True)
class Origin:
    """The account and provider that a payload came from, and when it reached us; `raw` holds no proof of origin."""

    account: str
    provider: str
    received_at: datetime
    raw: Raw = field(repr=False)

    @classmethod
    def of(cls, account: ProviderAccount, received_at: datetime, raw: Raw) -> Origin:
        """The origin of a payload that this account's callback brought."""
        return cls(account.id, account.type, received_at, raw)

    def unknown(self, native_type: str) -> UnknownEvent:
        """The payload kept whole, for a type that is not known."""
        return UnknownEvent(
            account=self.account,
            provider=self.provider,
            native_type=native_type,
            received_at=self.received_at,
            raw=self.raw,
        )

    def opt_out(
        self,
        seen_in: MessageReceived | DeliveryReported,
        customer: Address,
        recipient: Address | None,
        choice: ConsentChoice = ConsentChoice.OPTED_OUT,
    ) -> OptOutSeen:
        """What a text or a report says of the customer's consent, beside what it says itself."""
        return OptOutSeen(
            account=self.account,
            provider=self.provider,
            message_id=seen_in.message_id,
            customer=customer,
            recipient=recipient,
            choice=choice,
            occurred_at=seen_in.occurred_at,
            received_at=self.received_at,
            raw=self.raw,
        )
