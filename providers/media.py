"""Where a provider keeps the attachments of texts, and what proves there who asks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from messaging.accounts import ProviderAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaAccess:
    """`own` matches the names of the provider's own hosts: an attachment's URL leads there, and `headers`, with what
    proves who asks, go to them alone. `storage` matches those that they may send us on to, which are told nothing."""

    own: re.Pattern[str]
    storage: re.Pattern[str]
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class MediaHost(Protocol):
    """A provider that keeps attachments. Does no I/O."""

    def __call__(self, account: ProviderAccount) -> MediaAccess:
        """How to get at the attachments of an account. Raises ConfigurationError naming the setting that is missing."""
        ...
