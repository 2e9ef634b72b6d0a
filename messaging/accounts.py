"""A provider account as it is configured in the setting `PROVIDERS`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CallbackSecret:
    """One secret that proves a callback's origin; `key` names it where keys have names (Twilio SharedKeys)."""

    secret: str = field(repr=False)
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderAccount:
    """One account at a provider.

    `id` is the callback id in our URLs; `account` is the provider's own name for it (Account SID, ACS endpoint,
    customer id). Every one of `callback_secrets` is valid, so that a rotation loses nothing; none switches callbacks
    off. `credentials` is what sending needs; neither shows in a repr.
    """

    id: str
    type: str
    account: str = ""
    callback_secrets: tuple[CallbackSecret, ...] = field(default=(), repr=False)
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    options: Mapping[str, object] = field(default_factory=dict)

    @property
    def callbacks_on(self) -> bool:
        """Whether anything can prove a callback's origin: a secret, or (Event Grid) tokens of Microsoft Entra."""
        return bool(self.callback_secrets) or "entra" in self.options
