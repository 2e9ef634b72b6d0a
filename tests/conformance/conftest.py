"""Clients that know nothing of us, at an emulator that they reach over HTTP. Nothing in them is changed but the address
that they speak to; what they say that they did is looked up with another client, or with plain HTTP."""

from __future__ import annotations

from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
import requests
from azure.core.credentials import AccessToken
from dataverse_api.dataverse import DataverseClient as IndependentClient
from PowerPlatform.Dataverse.aio.async_client import AsyncDataverseClient
from PowerPlatform.Dataverse.client import DataverseClient

from emulator.server import Server

NEVER = 9_999_999_999


class Credential:
    """What Azure Identity would be asked for; the emulator takes any token."""

    def get_token(self, *scopes, **options):
        return AccessToken("any", NEVER)


class AsyncCredential:
    async def get_token(self, *scopes, **options):
        return AccessToken("any", NEVER)

    async def close(self):
        """Nothing is open."""

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        """Nothing is open."""


class Web:
    """Plain HTTP, to look up what a client has done."""

    def __init__(self, origin) -> None:
        self.root = f"{origin}/api/data/v9.2/"
        self.session = requests.Session()
        self.session.headers["Authorization"] = "Bearer any"

    def __call__(self, method, path, body=None):
        return self.session.request(method, self.root + path, json=body, timeout=30)

    def row(self, path):
        answer = self("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def rows(self, path):
        return self.row(path)["value"]

    def names(self, entity_set, word, column="name"):
        """The names that start with the word, in order."""
        path = f"{entity_set}?$select={column}&$filter=startswith({column},'{word}')&$orderby={column}"
        return [row[column] for row in self.rows(path)]

    def is_there(self, path):
        status = self("GET", path).status_code
        assert status in {200, 404}
        return status == 200

    def create(self, entity_set, body):
        answer = self("POST", entity_set, body)
        assert answer.status_code == 204, answer.text
        return answer.headers["OData-EntityId"].rpartition("(")[2].rstrip(")")


@pytest.fixture(scope="session")
def emulator():
    """One for all clients: each test brings rows and tables of its own."""
    with Server() as server:
        yield server


@pytest.fixture(scope="session")
def web(emulator):
    plain = Web(emulator.url)
    with plain.session:
        yield plain


@pytest.fixture
def sdk(emulator):
    """Microsoft's SDK. Its constructor wants https, so the address is put in afterwards."""
    client = DataverseClient("https://localhost", Credential())
    client._base_url = emulator.url
    with client:
        yield client


@pytest.fixture
def async_sdk(emulator):
    """Opens the SDK's asynchronous client, inside a running event loop."""

    @asynccontextmanager
    async def opened():
        client = AsyncDataverseClient("https://localhost", AsyncCredential())
        client._base_url = emulator.url
        async with client:
            yield client

    return opened


@pytest.fixture
def independent(emulator):
    """The client of the package dataverse-api, which shares nothing with Microsoft's."""
    with requests.Session() as session:
        session.headers["Authorization"] = "Bearer any"
        yield IndependentClient(session=session, environment_url=emulator.url)


@pytest.fixture
def word():
    """What the names of a test's rows start with."""
    return f"w{uuid4().hex[:10]}"


@pytest.fixture
def table_name():
    """A schema name for a table, with the prefix of the environment's publisher."""
    return f"new_T{uuid4().hex[:10]}"
