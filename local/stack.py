"""Everything that the demo runs: the emulator with our tables and a company in it, the real function app, the phone."""

from __future__ import annotations

import json
import time
from pathlib import Path
from uuid import uuid4

from dataverse.schema.apply import apply
from dataverse.schema.desired import Installation, textverse
from dataverse.store.phone_index.fill import Fill
from dataverse.store.phone_index.state import read_state
from dataverse.webapi.auth import StaticToken
from dataverse.webapi.client import Client
from function_app.app import create_app
from function_app.dataverse_client import connect
from function_app.services import Services, now
from function_app.settings import Settings
from local.company.founding import found
from local.emulator_process import EmulatorProcess
from local.host import FunctionsHost
from local.phone.site import site
from local.queues import SqliteQueues
from local.server import Server
from pipeline.accept import PROVIDER_EVENTS

ROOT = Path(__file__).parents[1]
HOST_JSON = ROOT / "host.json"
EXAMPLE_SETTINGS = ROOT / "local.settings.example.json"


class Stack:
    """The demo on three ports in a row: the function app, the emulator, the phone. State is kept in `data`.

    Raises PortInUse.
    """

    def __init__(self, port: int, data: Path) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self.emulator = EmulatorProcess(port + 1, data / "dataverse.sqlite")
        self.queues = SqliteQueues(data / "queues.sqlite")
        self.settings = _settings(self.emulator.url)
        self._clients: dict[str, Client] = {}
        self.services = Services(self.settings, self.queues)
        self.host = FunctionsHost(create_app(lambda: self.services), queues=self.queues, host_json=HOST_JSON, port=port)
        self.phone = Server(
            site(
                functions_url=self.host.url,
                dataverse_url=self.emulator.url,
                accounts=self.settings.accounts(),
                waiting=lambda: self.queues.count(PROVIDER_EVENTS),
                clock=now,
                new_id=uuid4,
            ),
            port + 2,
        )

    def client(self, token: str = "service") -> Client:  # noqa: S107  # any token is the service's; user:<id> is that user
        """A Web API client of the emulator, for the service or as a user; the same one each time."""
        if token not in self._clients:
            self._clients[token] = connect(self.emulator.url, StaticToken(self.emulator.url, token))
        return self._clients[token]

    def start(self) -> None:
        """Start everything; tables and company are made where they are missing. Raises StartError."""
        self.emulator.start()
        client = self.client()
        self.host.start()  # before there are rows: it is told of them
        apply(client, textverse(self._installation()), sleep=time.sleep)
        found(client, self.settings.accounts().values(), self.host.url)
        if not read_state(client).complete:
            Fill(client, now).run()
        self.phone.start()

    def _installation(self) -> Installation:
        """Events go to the function app of this demo, whichever port that has."""
        return Installation(public_base_url=self.host.url, events_secret=self.settings.events_secrets()[0])

    def stop(self) -> None:
        """Stop everything; texts that are still queued are kept in the data folder."""
        self.phone.stop()
        self.host.stop()
        self.emulator.stop()
        self.queues.close()
        for client in self._clients.values():
            client.close()


def _settings(dataverse_url: str) -> Settings:
    values = json.loads(EXAMPLE_SETTINGS.read_text())["Values"]
    # The provider of the demo is on this machine and signs the address that it calls, whichever port that has.
    return Settings.read({**values, "DATAVERSE_URL": dataverse_url, "PUBLIC_BASE_URL": ""})
