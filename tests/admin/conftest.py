"""The commands as an administrator types them, in this process, against one emulator for all tests of a run."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from typer.testing import CliRunner

from admin.commands import app
from admin.root import PROGRAM
from admin.session import Machine
from dataverse.schema.apply import apply
from dataverse.webapi.auth import StaticToken
from dataverse.webapi.client import Client
from emulator.server import Server
from function_app.dataverse_client import connect
from tests.stores.organization import Organization

EXAMPLE = Path(__file__).parents[2] / "local.settings.example.json"
BASE_URL = "https://sms.example.com"
SECRETS = ("demo-auth-token-of-twilio", "demo-callback-secret-of-acs", "ZGVtbyBhcGkga2V5IG9mIHRlbGVzaWduLCBoYXJtbGVzcw==")


@dataclass(frozen=True)
class Ran:
    """A command that has ended: its exit code, and what it wrote to standard output and standard error."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, object]:
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, str]:
        return self.document["error"]


@dataclass
class Console:
    """Where commands are typed, with environment variables."""

    environment: dict[str, str] = field(default_factory=dict)

    def __call__(self, *words: str) -> Ran:
        machine = Machine(environment=self.environment, now=lambda: datetime.now(UTC), sleep=lambda seconds: None)
        result = CliRunner().invoke(app, list(words), obj=machine, prog_name=PROGRAM, catch_exceptions=False)
        assert not any(secret in result.output for secret in SECRETS)
        return Ran(result.exit_code, result.stdout, result.stderr)


@dataclass(frozen=True)
class Environment:
    """The emulator: fresh, or with our tables in it."""

    url: str
    client: Client
    organization: Organization

    def rows(self, path: str) -> list[dict[str, object]]:
        return list(self.client.rows(path.replace(" ", "%20")))

    def restore(self, snapshot: str) -> None:
        assert requests.post(f"{self.url}/_emulator/restore", json={"id": snapshot}, timeout=30).ok


@pytest.fixture(scope="session")
def _server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture(scope="session")
def _snapshots(_server: Server) -> dict[str, str]:
    """Copies of the environment: as it comes, and with our tables."""
    with connect(_server.url, StaticToken(_server.url, "service")) as client:
        fresh = requests.post(f"{_server.url}/_emulator/snapshot", timeout=30).json()["id"]
        apply(client, sleep=time.sleep)
        provisioned = requests.post(f"{_server.url}/_emulator/snapshot", timeout=30).json()["id"]
    return {"fresh": fresh, "provisioned": provisioned}


@pytest.fixture
def fresh(_server: Server, _snapshots: dict[str, str]) -> Iterator[Environment]:
    """An environment without anything of ours."""
    yield from _environment(_server, _snapshots["fresh"])


@pytest.fixture
def org(_server: Server, _snapshots: dict[str, str]) -> Iterator[Environment]:
    """An environment that was provisioned."""
    yield from _environment(_server, _snapshots["provisioned"])


def _environment(server: Server, snapshot: str) -> Iterator[Environment]:
    numbers = (f"+1206555{number:04}" for number in range(100, 10_000))
    with connect(server.url, StaticToken(server.url, "service")) as client:
        environment = Environment(server.url, client, Organization(client, numbers))
        environment.restore(snapshot)
        yield environment


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """The app settings of a function app with three accounts."""
    values = json.loads(EXAMPLE.read_text())["Values"] | {"PUBLIC_BASE_URL": BASE_URL}
    del values["DATAVERSE_URL"]
    path = tmp_path / "settings.json"
    path.write_text(json.dumps([{"name": name, "value": value} for name, value in values.items()]))
    return path


@pytest.fixture
def admin() -> Console:
    """No environment named, no settings."""
    return Console()


@pytest.fixture
def here(org: Environment, settings: Path) -> Console:
    """Pointed at an environment that was provisioned; the settings are in the environment variables."""
    values = {each["name"]: each["value"] for each in json.loads(settings.read_text())}
    return Console(values | {"DATAVERSE_URL": org.url})
