"""Attachments as the provider accounts of `PROVIDERS` have them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from function_app.media.download import Limits, download
from function_app.media.network import Network
from messaging.accounts import ProviderAccount
from messaging.errors import ConfigurationError
from messaging.events import MediaWaiting
from messaging.media import File, Missing, NotFetched, file
from providers.media import MediaHost

FRESH = timedelta(minutes=15)
"""How long after its text an attachment may still be on its way to where it is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostedMedia:
    """Fetches attachments from the hosts of providers, by their type, with the credentials of accounts, by their id."""

    accounts: Mapping[str, ProviderAccount]
    hosts: Mapping[str, MediaHost]
    network: Network
    clock: Callable[[], datetime]
    limits: Limits = field(default_factory=Limits)

    def fetch(self, event: MediaWaiting) -> File:
        """The attachment as a file. See `pipeline.ports.MediaSource` for what is raised."""
        host, account = self.hosts.get(event.provider), self.accounts.get(event.account)
        if host is None:
            raise NotFetched(Missing.ELSEWHERE)
        if account is None or account.type != event.provider:
            raise ConfigurationError(f"PROVIDERS has no account {event.account} of the type {event.provider} any more")
        fresh = self.clock() - event.received_at < FRESH
        found = download(event.media.url, host(account), self.network, self.limits, fresh=fresh)
        return file(found.content, served_as=found.content_type, announced_as=event.media.content_type)
