"""What a command works with: the environment it is pointed at, the settings of the function app, and this machine.

The composition root of the commands. Everything is made when it is first needed, so that a command without need of
Dataverse asks for no URL, and one without need of the settings for no file.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from admin import app_settings, signin
from admin.app_settings import AppSettings
from admin.exits import Exit, Stopped
from admin.output import Output
from admin.storage import Storage
from dataverse.schema.apply import METADATA_LIMITS
from dataverse.webapi.address import is_loopback
from dataverse.webapi.auth import TokenProvider
from dataverse.webapi.client import Client
from dataverse.webapi.reading import ReadingClient
from dataverse.webapi.retry import DEFAULT_LIMITS, Limits
from function_app.queues import service
from function_app.settings import Settings, environment
from messaging.errors import ConfigurationError

Kind = TypeVar("Kind", bound=Client)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What a command takes from the machine it runs on: environment variables, the time (UTC), and patience."""

    environment: Mapping[str, str] = field(default_factory=environment, repr=False)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The options that every command has."""

    url: str = ""
    auth: signin.Auth | None = None
    tenant: str = ""
    settings: Path | None = None


class Session:
    """One command's way to everything. What is missing or wrong raises Stopped when it is first needed."""

    def __init__(self, wanted: Wanted, output: Output, machine: Machine) -> None:
        self.output = output
        self.machine = machine
        self._wanted = wanted
        self._opened: list[Client] = []

    @cached_property
    def app_settings(self) -> AppSettings:
        """The app settings as they were found, before they are checked."""
        file = self._wanted.settings
        if file is None:
            return app_settings.from_environment(self.machine.environment)
        return app_settings.from_file(file, self.machine.environment)

    @cached_property
    def settings(self) -> Settings:
        """The app settings, checked; those that only Azure can resolve are as if not set."""
        try:
            return Settings.read(self.app_settings.values)
        except ConfigurationError as error:
            raise Stopped(f"In {self.app_settings.source}: {error}", "Mend the setting, then run again.") from None

    @cached_property
    def url(self) -> str:
        """The environment: `--url`, else DATAVERSE_URL."""
        given = self._wanted.url or self.app_settings.values.get("DATAVERSE_URL", "")
        if not given:
            raise Stopped(
                "Which environment? There is no --url and no DATAVERSE_URL.",
                "Add --url https://<name>.crm.dynamics.com: the start of the address of your sales app.",
                exit_code=Exit.USAGE,
            )
        return signin.environment_url(given)

    @property
    def on_this_machine(self) -> bool:
        """Whether the environment is an emulator here, where nothing can be broken."""
        return is_loopback(self.url)

    @property
    def auth(self) -> signin.Auth:
        """How to sign in."""
        return self._wanted.auth or signin.usual(self.url)

    @cached_property
    def tokens(self) -> TokenProvider:
        """Tokens for the environment; nobody is asked before the first one is needed."""
        return signin.token_provider(
            self.url,
            self.auth,
            tenant=self._wanted.tenant,
            environment=self.machine.environment,
            prompt=self.output.prompt,
            clock=self.machine.monotonic,
            now=self.machine.now,
        )

    @cached_property
    def client(self) -> Client:
        """The Web API of the environment, for rows."""
        return self._connect(Client, DEFAULT_LIMITS)

    @cached_property
    def reading_client(self) -> ReadingClient:
        """The Web API of the environment, for a command that only looks: nothing can be written through it."""
        return self._connect(ReadingClient, DEFAULT_LIMITS)

    @cached_property
    def metadata_client(self) -> Client:
        """The Web API of the environment, for changes of its tables, which take minutes."""
        return self._connect(Client, METADATA_LIMITS)

    @cached_property
    def storage(self) -> Storage:
        """The queues of the function app's storage account."""
        if not self.settings.storage:
            raise self.app_settings.missing("AzureWebJobsStorage")
        return Storage(service(self.settings.storage))

    def close(self) -> None:
        """Close the connections that were opened."""
        for client in self._opened:
            client.close()

    def _connect(self, kind: type[Kind], limits: Limits) -> Kind:
        client = kind(
            self.url,
            self.tokens,
            new_id=lambda: str(uuid4()),
            clock=self.machine.monotonic,
            sleep=self.machine.sleep,
            jitter=random.random,
            limits=limits,
        )
        self._opened.append(client)
        return client
