"""The composition root: the one place that knows which adapter stands behind which port.

Accepting callbacks and processing events are built apart, each when it is first needed: a text must be taken in even
where Dataverse is not configured yet, and a wrong account must not silence the others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache, cached_property

from dataverse.schema.events import EVENTS_HEADER
from dataverse.store.attachments import Attachments
from dataverse.store.consents import Consents
from dataverse.store.directory import Directory
from dataverse.store.inbox import Inbox
from dataverse.store.phone_index.repair import Repair
from dataverse.store.phone_index.upkeep import Upkeep
from dataverse.store.privileges import Privileges
from dataverse.store.reports import Reports
from dataverse.store.row_changes import read_row_change
from dataverse.store.settings_in_force import SettingsInForce
from dataverse.webapi.client import Client
from function_app import logs
from function_app.dataverse_client import connect, token_provider
from function_app.media.network import Network
from function_app.media.source import HostedMedia
from function_app.queues import StorageQueues
from function_app.settings import Settings
from messaging.accounts import ProviderAccount
from messaging.errors import ConfigurationError
from pipeline.accept import Acceptance
from pipeline.attach import Attaching
from pipeline.follow import Following
from pipeline.ingest import Ingestion
from pipeline.listen import Listening
from pipeline.note_consent import Consenting
from pipeline.ports import Queue
from pipeline.process import Processing
from pipeline.track import Tracking
from providers.base import Provider
from providers.registry import media_hosts, providers
from providers.signing_keys import EntraSigningKeys

_log = logging.getLogger("textverse.services")


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


class Services:
    """What the triggers call, over one set of settings and one queue. Whatever is misconfigured raises
    ConfigurationError when it is first needed."""

    def __init__(self, settings: Settings, queue: Queue, clock: Callable[[], datetime] = now) -> None:
        self.settings = settings
        self._queue = queue
        self._clock = clock

    @cached_property
    def acceptance(self) -> Acceptance:
        """What takes callbacks in."""
        known = providers(EntraSigningKeys(self._clock))
        accounts, misconfigured = self.settings.accounts(), {}
        for account in accounts.values():
            try:
                _check(account, known)
            except ConfigurationError as error:
                _log.error("an account is misconfigured: %s", error)  # the sentence says it all
                misconfigured[account.id] = str(error)
        return Acceptance(
            accounts=accounts, misconfigured=misconfigured, providers=known, queue=self._queue, clock=self._clock
        )

    @cached_property
    def listening(self) -> Listening:
        """What takes in events of Dataverse."""
        secrets = self.settings.events_secrets()
        return Listening(secrets=secrets, header=EVENTS_HEADER, read=read_row_change, queue=self._queue)

    @cached_property
    def processing(self) -> Processing:
        """What takes events from the queue to Dataverse."""
        client = self._client
        in_force = SettingsInForce(client, self._clock, default_region=self.settings.default_region)
        ingestion = Ingestion(
            directory=Directory(client, in_force.region, in_force.phone_index),
            inbox=Inbox(client, self._clock),
            privileges=Privileges(client, self._clock),
            clock=self._clock,
            settings=in_force,
        )
        return Processing(
            received=ingestion.ingest,
            media_waiting=self._attaching.attach,
            reported=Tracking(Reports(client)).track,
            opted_out=Consenting(Consents(client)).note,
            queue=self._queue,
        )

    @cached_property
    def _attaching(self) -> Attaching:
        accounts, network = self.settings.accounts(), Network.public()
        source = HostedMedia(accounts=accounts, hosts=media_hosts(), network=network, clock=self._clock)
        return Attaching(source=source, attachments=Attachments(self._client))

    @cached_property
    def following(self) -> Following:
        """What follows the changes that Dataverse tells of."""
        return Following(phone_index=Upkeep(self._client), queue=self._queue)

    @cached_property
    def repair(self) -> Repair:
        """What finds the changes that Dataverse did not tell of."""
        return Repair(self._client, self._clock)

    @cached_property
    def _client(self) -> Client:
        return connect(self.settings.dataverse_url, token_provider(self.settings))

    def problems(self) -> list[str]:
        """What is misconfigured, a sentence each; no setting's value is in it."""
        try:
            return [*self.acceptance.misconfigured.values(), *self._dataverse_problems()]
        except ConfigurationError as error:
            return [str(error)]

    def _dataverse_problems(self) -> list[str]:
        try:
            token_provider(self.settings)
        except ConfigurationError as error:
            return [str(error)]
        return []


def _check(account: ProviderAccount, known: Mapping[str, Provider]) -> None:
    if account.type not in known:
        raise ConfigurationError(f"PROVIDERS, account {account.id}: type must be one of {', '.join(sorted(known))}")
    known[account.type].check(account)


@cache
def from_environment() -> Services:
    """The services of this process, made at the first call: importing the app needs no setting at all.

    Raises ConfigurationError naming the setting that is wrong.
    """
    settings = Settings.read()
    services = Services(settings, StorageQueues.from_settings(settings.storage))
    logs.set_up()
    return services
