"""The site over real HTTP, with the real function app and the emulator behind it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from dataverse.schema.apply import apply
from dataverse.store.choices import STATUSES
from dataverse.webapi.auth import StaticToken
from dataverse.webapi.client import Client
from emulator.server import Server as Emulator
from function_app.app import create_app
from function_app.dataverse_client import connect
from function_app.services import Services
from function_app.settings import Settings
from local.company.cast import Number, Seller
from local.company.founding import found
from local.company.outgoing import outgoing_text
from local.host import FunctionsHost
from local.phone.site import site
from local.queues import SqliteQueues
from local.server import Server
from messaging.accounts import ProviderAccount
from messaging.status import Status
from pipeline.accept import PROVIDER_EVENTS

ROOT = Path(__file__).parents[3]
NOBODY = "http://127.0.0.1:9"  # the discard port, on which nobody listens


@dataclass
class Page:
    """What a browser does with the site."""

    url: str
    client: Client | None = None
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.url, timeout=30, trust_env=False)

    def state(self, reader: Seller | str = "administrator", **looking: str) -> dict:
        answer = self.http.get("/api/state", params={"as": _id(reader), **looking})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def text(self, sender: str, number: Number, text: str = "Hello", trick: str = "none") -> httpx.Response:
        return self.http.post("/api/texts", json={"from": sender, "to": number.e164, "text": text, "trick": trick})

    def thread(self, sender: str, number: Number, texts: int = 1) -> list[dict]:
        """The texts on the phone, once there are so many."""

        def read() -> list[dict]:
            return self.state(phone=sender, ours=number.e164)["phone"]["thread"]

        return _until(lambda: found if len(found := read()) >= texts else None)

    def why(self, reader: Seller | str, message: str) -> httpx.Response:
        return self.http.get(f"/api/why/{message}", params={"as": _id(reader)})

    def report(self, message: str, outcome: str) -> httpx.Response:
        return self.http.post("/api/reports", json={"message": message, "outcome": outcome})

    def answer_of_the_company(self, customer: str, number: Number, conversation: str, **columns: object) -> str:
        """A text of ours, as sending leaves it: taken by the provider, its fate not known yet."""
        assert self.client is not None
        sent = {"txv_status": STATUSES[Status.SENT], **columns}
        return str(outgoing_text(self.client, number, customer, UUID(conversation), f"SM{uuid4().hex}", **sent))

    def requests_of_a_refresh(self) -> list[str]:
        """What Dataverse is asked when the page asks for its state."""
        assert self.client is not None
        log = f"{self.client.service_url.partition('/api/')[0]}/_emulator/requests"
        self.http.delete(log)
        self.state(phone="+12065550187", ours="+12065550100")
        return [f"{each['method']} {each['path'].rpartition('/')[2]}" for each in self.http.get(log).json()]

    def close(self) -> None:
        self.http.close()

    def until(self, condition: Callable[[], object]) -> object:
        return _until(condition)


def _id(reader: Seller | str) -> str:
    return reader if isinstance(reader, str) else str(reader.principal.id)


def _until(condition: Callable[[], object], patience_s: float = 20) -> object:
    deadline = time.monotonic() + patience_s
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not become so in time"
        time.sleep(0.05)
    return found


@pytest.fixture(scope="session")
def example() -> Settings:
    """The settings that the demo runs with."""
    values = json.loads((ROOT / "local.settings.example.json").read_text(encoding="utf-8"))["Values"]
    return Settings.read(values)


@pytest.fixture(scope="session")
def accounts(example: Settings) -> dict[str, ProviderAccount]:
    return example.accounts()


def _site(functions_url: str, dataverse_url: str, accounts: dict[str, ProviderAccount], waiting: int | SqliteQueues):
    return site(
        functions_url=functions_url,
        dataverse_url=dataverse_url,
        accounts=accounts,
        waiting=lambda: waiting if isinstance(waiting, int) else waiting.count(PROVIDER_EVENTS),
        clock=lambda: datetime.now(UTC),
        new_id=uuid4,
    )


@pytest.fixture(scope="session")
def page(example: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The whole demo, shared: each test texts from a number of its own."""
    folder = tmp_path_factory.mktemp("demo")
    with Emulator() as emulator, closing(SqliteQueues(folder / "queues.sqlite")) as queues:
        settings = example.model_copy(update={"dataverse_url": emulator.url})
        services = Services(settings, queues)
        host = FunctionsHost(create_app(lambda: services), queues=queues, host_json=ROOT / "host.json", port=0)
        client = _client(emulator.url)
        apply(client, sleep=time.sleep)
        found(client, settings.accounts().values(), host.url)
        server = Server(_site(host.url, emulator.url, settings.accounts(), queues), 0)
        host.start()
        server.start()
        with closing(client), closing(Page(server.url, client)) as page:
            yield page
        server.stop()
        host.stop()


@pytest.fixture
def page_over(accounts: dict[str, ProviderAccount]) -> Iterator[Callable[..., Page]]:
    """A site over a function app or a Dataverse that may not be there; stopped when the test ends."""
    with ExitStack() as running:

        def serve(functions_url: str = NOBODY, dataverse_url: str = NOBODY, waiting: int = 0) -> Page:
            server = Server(_site(functions_url, dataverse_url, accounts, waiting), 0)
            running.callback(server.stop)
            server.start()
            return running.enter_context(closing(Page(server.url)))

        yield serve


@pytest.fixture(scope="session")
def _numbers() -> Iterator[str]:
    return (f"+1307555{last:04}" for last in count(100))


@pytest.fixture
def stranger(_numbers: Iterator[str]) -> str:
    """A number that nobody has texted from."""
    return next(_numbers)


def _client(url: str) -> Client:
    return connect(url, StaticToken(url, "service"))
