"""An environment that has all of Textverse, as one installation would have it, and ways to it that are not ours."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from azure.core.credentials import AccessToken
from PowerPlatform.Dataverse.client import DataverseClient

from dataverse.schema.apply import apply
from dataverse.schema.desired import Installation, textverse
from dataverse.webapi.auth import StaticToken
from emulator.server import Server
from function_app.dataverse_client import connect

WHOLE = textverse(
    Installation(public_base_url="https://textverse.example.com", events_secret="s3cret-Gans", app="txv_textverse")
)


class Land:
    """Plain HTTP to the environment; what was asked once is remembered, for nothing changes."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Authorization"] = "Bearer any"
        self._answers: dict[str, Any] = {}

    def __call__(self, path: str) -> Any:
        if path not in self._answers:
            answer = self._session.get(f"{self.url}/api/data/v9.2/{path}", timeout=30)
            assert answer.ok, answer.text
            self._answers[path] = answer.json()
        return self._answers[path]

    def rows(self, path: str) -> Any:
        return self(path)["value"]

    def close(self) -> None:
        self._session.close()


@pytest.fixture(scope="session")
def whole_server() -> Iterator[Server]:
    with Server() as server:
        with connect(server.url, StaticToken(server.url, "any")) as client:
            apply(client, WHOLE, sleep=time.sleep)
        yield server


@pytest.fixture(scope="session")
def land(whole_server: Server) -> Iterator[Land]:
    land = Land(whole_server.url)
    yield land
    land.close()


class _Credential:
    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        return AccessToken("any", 9_999_999_999)


@pytest.fixture
def sdk(whole_server: Server) -> Iterator[DataverseClient]:
    """Microsoft's SDK. Its constructor wants https, so the address is put in afterwards."""
    client = DataverseClient("https://localhost", _Credential())
    client._base_url = whole_server.url
    with client:
        yield client
