"""The commands as an administrator types them, in this process, against one emulator for all tests of a run."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from typer.testing import CliRunner

from admin.commands import app
from admin.program import PROGRAM
from admin.roles import RoleName, role_id
from admin.session import Machine
from dataverse.store.people import find, grant
from dataverse.webapi.auth import StaticToken
from dataverse.webapi.client import Client
from emulator.server import Server
from function_app.dataverse_client import connect
from messaging.records import Principal
from tests.stores.organization import Organization

EXAMPLE = Path(__file__).parents[2] / "local.settings.example.json"
BASE_URL = "https://127.0.0.1:9"  # where nobody answers: the emulator calls it when rows change
SECRETS = (
    "demo-auth-token-of-twilio",
    "demo-callback-secret-of-acs",
    "ZGVtbyBhcGkga2V5IG9mIHRlbGVzaWduLCBoYXJtbGVzcw==",
)


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


def app_settings() -> dict[str, str]:
    """Those of a function app with three accounts."""
    values = json.loads(EXAMPLE.read_text())["Values"] | {"PUBLIC_BASE_URL": BASE_URL}
    del values["DATAVERSE_URL"]
    return values


@dataclass(frozen=True)
class Environment:
    """The emulator: fresh, or with our tables in it."""

    url: str
    client: Client
    organization: Organization

    def rows(self, path: str) -> list[dict[str, object]]:
        return list(self.client.rows(path.replace(" ", "%20")))

    @property
    def unit(self) -> str:
        (row,) = self.rows("businessunits?$select=businessunitid&$filter=_parentbusinessunitid_value eq null")
        return str(row["businessunitid"])

    def texter(self, name: str, **columns: object) -> Principal:
        """A user with this name who holds the role Text Messaging User."""
        first, last = name.split(" ")
        user = self.organization.seller(texts=False, firstname=first, lastname=last, **columns)
        grant(self.client, find(self.client, str(user.id)), role_id(RoleName.USER))
        return user

    def restore(self, snapshot: str) -> None:
        assert requests.post(f"{self.url}/_emulator/restore", json={"id": snapshot}, timeout=30).ok


@pytest.fixture(scope="session")
def _server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture(scope="session")
def _snapshots(_server: Server) -> dict[str, str]:
    """Copies of the environment: as it comes, and provisioned."""

    def copy() -> str:
        return requests.post(f"{_server.url}/_emulator/snapshot", timeout=30).json()["id"]

    fresh = copy()
    assert Console(app_settings() | {"DATAVERSE_URL": _server.url})("provision").code == 0
    return {"fresh": fresh, "provisioned": copy()}


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
    path = tmp_path / "settings.json"
    path.write_text(json.dumps([{"name": name, "value": value} for name, value in app_settings().items()]))
    return path


@pytest.fixture
def admin() -> Console:
    """No environment named, no settings."""
    return Console()


@pytest.fixture
def here(org: Environment) -> Console:
    """Pointed at an environment that was provisioned; the settings are in the environment variables."""
    return Console(app_settings() | {"DATAVERSE_URL": org.url})


@pytest.fixture
def unused_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
