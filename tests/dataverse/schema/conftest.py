"""An environment to apply the schema to: the emulator, its clock moved by who waits, with trouble on the wire to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from dataverse.schema.steps import Step
from dataverse.webapi.auth import StaticToken
from dataverse.webapi.client import Client
from emulator.server import Server

SERVICE = "/api/data/v9.2/"
Send = Callable[[], requests.Response]


@dataclass
class Environment:
    """A running emulator, and a way to it that does not lead through our client.

    `trouble` is what happens to the next changes on their way: each is given the function that really sends the
    change, and answers or raises in its place.
    """

    server: Server
    now: datetime = datetime(2026, 3, 1, 9, tzinfo=UTC)
    trouble: list[Callable[[Send], requests.Response]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server.service.clock = lambda: self.now
        self.behaviour = self.server.service.behaviour

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The JSON answer to a request of an administrator, which must not fail."""
        token = {"Authorization": "Bearer x"}
        url = self.server.url + SERVICE + path
        answer = requests.request(method, url, json=body, headers={**token, **headers}, timeout=10)
        assert answer.ok, answer.text
        return answer.json() if answer.content else answer.headers.get("OData-EntityId")

    def changes(self) -> list[str]:
        """What was changed since `forget`: method and path."""
        asked = requests.get(f"{self.server.url}/_emulator/requests", timeout=10).json()
        return [
            f"{each['method']} {each['path'].removeprefix(SERVICE)}"
            for each in asked
            if each["method"] != "GET" and not each["path"].endswith("$batch")
        ]

    def forget(self) -> None:
        requests.delete(f"{self.server.url}/_emulator/requests", timeout=10)

    def keys(self) -> dict[str, str]:
        """The keys of all tables with their status."""
        found = self(
            "GET", "EntityDefinitions?$select=LogicalName&$expand=Keys($select=SchemaName,EntityKeyIndexStatus)"
        )
        return {key["SchemaName"]: key["EntityKeyIndexStatus"] for table in found["value"] for key in table["Keys"]}


@dataclass
class Notes:
    """A watcher that writes down what it is told."""

    planned_steps: list[list[str]] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    waits: list[str] = field(default_factory=list)

    def planned(self, steps: Sequence[Step]) -> None:
        self.planned_steps.append([str(step) for step in steps])

    def started(self, step: Step) -> None:
        self.steps.append(str(step))

    def waiting(self, why: str) -> None:
        self.waits.append(why)


class Wire(HTTPAdapter):
    """Sends what `requests` is given to send, through the trouble that is planned for changes."""

    def __init__(self, environment: Environment) -> None:
        super().__init__()
        self._environment = environment

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:  # type: ignore[override]  # all passed on
        def carry_out() -> requests.Response:
            return super(Wire, self).send(request, *args, **options)

        changes = request.method != "GET" and not str(request.url).endswith("$batch")
        trouble = self._environment.trouble
        return trouble.pop(0)(carry_out) if changes and trouble else carry_out()


@pytest.fixture(scope="session")
def stopping() -> Iterator[ThreadPoolExecutor]:
    """Servers take a while to stop; the next test need not wait for it."""
    with ThreadPoolExecutor(4) as pool:
        yield pool


@pytest.fixture
def another(stopping: ThreadPoolExecutor) -> Iterator[Callable[[], Environment]]:
    """Starts environments, fresh, without our tables."""
    running: list[Server] = []

    def start() -> Environment:
        running.append(Server().start())
        return Environment(running[-1])

    yield start
    for server in running:
        stopping.submit(server.stop)


@pytest.fixture
def environment(another: Callable[[], Environment]) -> Environment:
    return another()


@pytest.fixture
def environment_of() -> Callable[[Server], Environment]:
    return Environment


@pytest.fixture
def client_of() -> Iterator[Callable[..., Client]]:
    """Makes clients of environments."""
    made: list[Client] = []
    ids = count(1)

    def connect(environment: Environment, token: str = "application") -> Client:
        session = requests.Session()
        session.trust_env = False
        session.mount("http://", Wire(environment))
        url = environment.server.url
        made.append(
            Client(
                url,
                StaticToken(url, token),
                new_id=lambda: f"id{next(ids)}",
                clock=lambda: 0.0,
                sleep=lambda seconds: None,
                jitter=lambda: 0.0,
                session_factory=lambda: session,
            )
        )
        return made[-1]

    yield connect
    for client in made:
        client.close()


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def client(environment: Environment, client_of: Callable[..., Client]) -> Client:
    return client_of(environment)


@pytest.fixture
def maker_without() -> Callable[[Environment, str], str]:
    def make(environment: Environment, privilege: str) -> str:
        """A user who may do everything but one thing."""
        [unit] = environment("GET", "businessunits")["value"]
        bound = {"businessunitid@odata.bind": f"/businessunits({unit['businessunitid']})"}
        role = environment("POST", "roles", {"name": "Maker", **bound}).rpartition("(")[2].rstrip(")")
        privileges = environment("GET", "privileges?$select=name")["value"]
        given = [
            {"PrivilegeId": each["privilegeid"], "Depth": "Global"} for each in privileges if each["name"] != privilege
        ]
        environment("POST", f"roles({role})/Microsoft.Dynamics.CRM.AddPrivilegesRole", {"Privileges": given})
        user = environment("POST", "systemusers", {"firstname": "Jo", "lastname": "Maker", **bound})
        link = {"@odata.id": f"{environment.server.url}/api/data/v9.2/roles({role})"}
        user_id = str(user).rpartition("(")[2].rstrip(")")
        environment("POST", f"systemusers({user_id})/systemuserroles_association/$ref", link)
        return user_id

    return make
