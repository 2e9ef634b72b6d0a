"""The running settings, remembered for a few minutes: administrators change them rarely, texts come all day."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock

from dataverse.store.queries import LeadWindow
from dataverse.store.running_settings import RunningSettings, read_running
from dataverse.webapi.client import Client
from messaging.errors import PermanentError, TransientError

LIFETIME = timedelta(minutes=5)

_log = logging.getLogger("textverse.settings")


class SettingsInForce:
    """Calling it gives what holds now: no round trip but the first time and after five minutes. Safe to use from many
    threads.

    `default_region` (ISO 3166, or empty) holds where the environment names none. Whatever was read holds on while
    Dataverse does not answer; where nothing has been read yet, that raises a TransientError, so that a text waits
    rather than be shown in a notification that should hide it. Where Dataverse refuses to tell, the defaults hold.
    """

    def __init__(self, client: Client, clock: Callable[[], datetime], *, default_region: str = "") -> None:
        self._client = client
        self._clock = clock
        self._default_region = default_region
        self._held: RunningSettings | None = None
        self._until: datetime | None = None
        self._lock = Lock()

    def __call__(self) -> RunningSettings:
        with self._lock:
            now = self._clock()
            if self._held is None or self._until is None or self._until <= now:
                self._held = self._read(self._held)
                self._until = now + LIFETIME
            return self._held

    def region(self) -> str | None:
        """The country in which numbers without a country code are read first, if one is named."""
        return self().default_region or None

    def phone_index(self) -> bool:
        """Whether the phone index is complete, so that records are found by it."""
        return self().phone_index

    def lead_window(self) -> LeadWindow | None:
        """Which new leads of a number are counted: those of the last hour, as many as there may be; None where there
        is no limit."""
        return LeadWindow.last_hour(self._clock(), self().leads_per_hour)

    def _read(self, before: RunningSettings | None) -> RunningSettings:
        try:
            read = read_running(self._client)
        except PermanentError as error:
            _log.error("the settings cannot be read: %s", error)
            read = before or RunningSettings()
        except TransientError as error:
            if before is None:
                raise
            _log.warning("the settings are not read anew: %s", error)
            read = before
        return replace(read, default_region=read.default_region or self._default_region)
