"""A clock that only moves when someone sleeps, tokens in order, and a real HTTP server on this machine."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

import pytest
import requests
import responses

from dataverse.webapi.client import Client


@dataclass
class Clock:
    """Seconds that pass by sleeping."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@dataclass
class Tokens:
    """Tokens `t1`, `t2`, …: the next one after each that was refused."""

    number: int = 1
    refused: list[str] = field(default_factory=list)

    def token(self) -> str:
        return f"t{self.number}"

    def invalidate(self, refused: str) -> None:
        self.refused.append(refused)
        self.number += 1


@dataclass(frozen=True)
class Seen:
    """A request as the server got it."""

    method: str
    path: str
    headers: Message
    body: bytes


_LOGIN = "https://login.microsoftonline.com/7f0a1e52-5f0e-4f3a-9f53-0a8a0e4d9c11"


@dataclass
class IdentityAnswer:
    """An HTTP answer as msal wants it."""

    status_code: int
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def raise_for_status(self) -> None:
        if self.status_code >= 400:
            raise requests.HTTPError(str(self.status_code))


@dataclass
class IdentityProvider:
    """An http_client for msal: knows the tenant, and gives `token-1`, `token-2`, … unless scripted otherwise."""

    script: list[tuple[int, str] | Exception] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    tenant_exists: bool = True
    lifetime: int = 3600
    delay: float = 0.0

    def get(self, url: str, params: Any = None, headers: Any = None, **_: object) -> IdentityAnswer:
        if url.endswith("/.well-known/openid-configuration"):
            if not self.tenant_exists:
                return IdentityAnswer(400, json.dumps({"error": "invalid_tenant"}))
            endpoints = {
                "authorization_endpoint": f"{_LOGIN}/authorize",
                "token_endpoint": f"{_LOGIN}/oauth2/v2.0/token",
            }
            return IdentityAnswer(200, json.dumps(endpoints | {"issuer": _LOGIN}))
        return self._give(params, {"expires_on": str(int(time.time()) + self.lifetime)})

    def post(self, url: str, data: Any = None, **_: object) -> IdentityAnswer:
        assert url == f"{_LOGIN}/oauth2/v2.0/token"
        return self._give(data, {"expires_in": self.lifetime})

    def close(self) -> None:
        """Nothing is open."""

    def _give(self, asked: dict[str, str], expiry: dict[str, object]) -> IdentityAnswer:
        self.asked.append(asked)
        time.sleep(self.delay)
        answer = self.script.pop(0) if self.script else None
        if isinstance(answer, Exception):
            raise answer
        token = {"access_token": f"token-{len(self.asked)}", "token_type": "Bearer"}
        return IdentityAnswer(*(answer or (200, json.dumps(token | expiry))))


Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Server:
    """A real server that answers as scripted, and counts what it sees."""

    url: str = ""
    script: list[Reply] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    connections: int = 0


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what some tests are about."""


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            state.connections += 1

        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            state.seen.append(Seen(self.command, self.path, self.headers, body))
            state.script.pop(0)(self)

    with _Quiet(("127.0.0.1", 0), Handler) as http:
        state.url = f"http://127.0.0.1:{http.server_address[1]}"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield state
        http.shutdown()
        thread.join()


@pytest.fixture
def reply() -> Callable[..., Reply]:
    """Make a scripted answer: status, body and headers."""

    def make(status: int = 200, body: bytes = b"{}", **headers: str) -> Reply:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            handler.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(body)

        return answer

    return make


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    """Scripted answers, instead of a network."""
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens() -> Tokens:
    return Tokens()


@pytest.fixture
def connect(clock: Clock, tokens: Tokens) -> Iterator[Callable[..., Client]]:
    """Make clients on that clock, with ids `id1`, `id2`, …; no jitter unless asked for."""
    ids = count(1)
    clients: list[Client] = []

    def make(base_url: str, **options: Any) -> Client:
        settings: dict[str, Any] = {"clock": clock, "sleep": clock.sleep, "jitter": lambda: 0.0} | options
        client = Client(base_url, tokens, new_id=lambda: f"id{next(ids)}", **settings)
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def client(connect: Callable[..., Client]) -> Client:
    """A client of an environment in the cloud."""
    return connect("https://contoso.crm4.dynamics.com/")


@pytest.fixture
def provider() -> IdentityProvider:
    return IdentityProvider()
