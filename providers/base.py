"""What a provider has to offer, and what it may ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from messaging.accounts import ProviderAccount
from messaging.events import Event
from messaging.web import HttpRequest, HttpResponse


@dataclass(frozen=True, slots=True)
class Reading:
    """What a callback says, and what its provider wants to hear back once the events are safely kept."""

    events: tuple[Event, ...]
    answer: HttpResponse


class Provider(Protocol):
    """The receiving side of one provider. Holds no state and does no I/O of its own."""

    def check(self, account: ProviderAccount) -> None:
        """Look over an account's settings at start. Raises ConfigurationError naming the setting."""

    def verify(self, request: HttpRequest, account: ProviderAccount, now: datetime) -> None:
        """Prove that the provider sent this, over the bytes as they came, before anything of it is believed.

        Raises a leaf of CallbackRejected, or Unavailable where the keys for it could not be fetched.
        """

    def read(self, request: HttpRequest, account: ProviderAccount, received_at: datetime) -> Reading:
        """Read a verified callback; its content, not its URL, says what it is. All of its events or none.

        A type or status that is not known is an event too. Raises Malformed naming the field.
        """


# Who issues Microsoft Entra's tokens, by cloud.
ENTRA_AUTHORITIES: Mapping[str, str] = {
    "public": "https://login.microsoftonline.com",
    "usgov": "https://login.microsoftonline.us",
}


class SigningKeys(Protocol):
    """The public keys with which Microsoft Entra signs tokens."""

    def key(self, tenant: str, key_id: str, *, cloud: str = "public") -> RSAPublicKey | None:
        """The tenant's key of that id; None if there is none. Raises Unavailable where that could not be found out."""
