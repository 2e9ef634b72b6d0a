"""The accounts, golden callbacks and small facts that the tests of all providers share.

A golden callback is a folder: `request.http`, the request byte for byte (signed, request line with the whole URL), and
`expected.json`, what it says. A provider joins the contract suite by its line in the registry, its account here and its
folder of callbacks.
"""

from __future__ import annotations

import base64
import importlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from local.carriers import CARRIERS, Carrier
from messaging.accounts import CallbackSecret, ProviderAccount
from messaging.status import FailureReason, Status
from messaging.web import HttpRequest
from providers.base import Provider, Reading
from providers.registry import providers
from providers.signing_keys import EntraSigningKeys

FIXTURES = Path(__file__).parents[1] / "fixtures" / "providers"
NOW = datetime(2026, 11, 20, 9, 33, 15, tzinfo=UTC)
REGISTRY = providers(EntraSigningKeys(lambda: NOW))

ACCOUNTS = {
    "twilio": ProviderAccount(
        id="twilio-demo",
        type="twilio",
        account="AC00112233445566778899aabbccddeeff",
        callback_secrets=(
            CallbackSecret("0123456789abcdef0123456789abcdef"),
            CallbackSecret("shared-key-secret-0123456789", key="webhooks_sharedkey_demo"),
        ),
    ),
    "acs": ProviderAccount(
        id="acs-demo",
        type="acs",
        account="https://acs-crm.communication.azure.com",
        callback_secrets=(CallbackSecret("acs-demo-callback-secret"),),
    ),
    "telesign": ProviderAccount(
        id="telesign-demo",
        type="telesign",
        account="11111111-2222-3333-4444-555555555555",
        callback_secrets=(CallbackSecret("dGVsZXNpZ24tdGVzdC1hcGkta2V5LTAxMjM0NTY3ODk="),),
    ),
}

# The headers that prove the origin, and whether the proof covers the body.
PROOFS = {
    "twilio": (("x-twilio-signature",), True),
    "acs": (("x-callback-secret",), False),
    "telesign": (("authorization", "x-ts-authorization"), True),
}


OTHER_SECRET = base64.b64encode(b"another secret").decode()  # of no account; a shape that every provider takes


@dataclass(frozen=True)
class Golden:
    """One golden callback of a provider."""

    type: str
    folder: Path

    @property
    def id(self) -> str:
        return "-".join(self.folder.relative_to(FIXTURES).parts)

    @property
    def request(self) -> HttpRequest:
        return parse_request((self.folder / "request.http").read_bytes())

    @property
    def expected(self) -> Mapping[str, object]:
        parsed: Mapping[str, object] = json.loads((self.folder / "expected.json").read_text())
        return parsed

    @property
    def provider(self) -> Provider:
        return REGISTRY[self.type]

    @property
    def account(self) -> ProviderAccount:
        return ACCOUNTS[self.type]

    @property
    def is_proved(self) -> bool:
        """All but OPTIONS, which grants nothing."""
        return self.request.method != "OPTIONS"

    def verify(self, request: HttpRequest | None = None, account: ProviderAccount | None = None) -> None:
        self.provider.verify(request or self.request, account or self.account, NOW)

    def read(self, request: HttpRequest | None = None) -> Reading:
        return self.provider.read(request or self.request, self.account, NOW)


GOLDEN = [
    Golden(type_, file.parent)
    for type_ in REGISTRY
    for kind in ("inbound", "status")
    for file in sorted((FIXTURES / type_ / kind).glob("*/request.http"))
]


def parse_request(raw: bytes) -> HttpRequest:
    head, _, body = raw.partition(b"\n\n")
    first, *lines = head.decode().split("\n")
    method, url, _ = first.split(" ")
    return HttpRequest(method=method, url=url, headers=dict(line.split(": ", 1) for line in lines), body=body)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    cases = {
        "golden": GOLDEN,
        "proved": [one for one in GOLDEN if one.is_proved],
        "body_signed": [one for one in GOLDEN if one.is_proved and PROOFS[one.type][1] and one.request.body],
        "carried": [one for one in GOLDEN if one.expected["events"]],
    }
    for name in cases.keys() & set(metafunc.fixturenames):
        metafunc.parametrize(name, cases[name], ids=[one.id for one in cases[name]])
    if "provider_type" in metafunc.fixturenames:
        metafunc.parametrize("provider_type", list(REGISTRY))


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def registry() -> Mapping[str, Provider]:
    return REGISTRY


@pytest.fixture(scope="session")
def accounts() -> Mapping[str, ProviderAccount]:
    return ACCOUNTS


@pytest.fixture(scope="session")
def proofs() -> Mapping[str, tuple[tuple[str, ...], bool]]:
    return PROOFS


@pytest.fixture(scope="session")
def all_golden() -> list[Golden]:
    return GOLDEN


@pytest.fixture(scope="session")
def statuses() -> Callable[[str], Mapping[str, tuple[Status, FailureReason | None]]]:
    """The status table of a provider, by type."""
    return lambda provider_type: importlib.import_module(f"providers.{provider_type}.statuses").STATUSES


@pytest.fixture(scope="session")
def carriers() -> Mapping[str, Carrier]:
    return CARRIERS


@pytest.fixture(scope="session")
def other_secret() -> str:
    return OTHER_SECRET


class KeyServer:
    """Entra's key endpoint on loopback: serves the keys of one tenant, or fails as told; remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._status, self._body, self._tenant = 200, b"", ""
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append(self.path)
                known = self.path == f"/{server._tenant}/discovery/v2.0/keys"
                self.send_response(server._status if known else 404)
                self.send_header("Content-Length", str(len(server._body)))
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(server._body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever)
        self._thread.start()
        self.authorities = {"public": f"http://127.0.0.1:{self._server.server_port}"}

    def serve(
        self,
        tenant: str,
        keys: Mapping[str, rsa.RSAPublicKey | ec.EllipticCurvePublicKey],
        use: Mapping[str, str] | None = None,
    ) -> None:
        described = [
            {**_jwk(key), "kid": key_id, "use": (use or {}).get(key_id, "sig")} for key_id, key in keys.items()
        ]
        self._tenant = tenant
        self.answer(json.dumps({"keys": described}).encode())

    def answer(self, body: bytes, status: int = 200) -> None:
        self._status, self._body = status, body
        self.asked.clear()

    def fail(self, status: int) -> None:
        self.answer(b"", status)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _jwk(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> dict[str, object]:
    if isinstance(key, rsa.RSAPublicKey):
        return RSAAlgorithm.to_jwk(key, as_dict=True)
    return ECAlgorithm.to_jwk(key, as_dict=True)


@pytest.fixture(scope="module")
def key_server() -> Iterator[KeyServer]:
    server = KeyServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)
