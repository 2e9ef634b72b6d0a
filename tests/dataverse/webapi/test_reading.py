"""Through a client that only looks nothing can be written."""

from __future__ import annotations

from uuid import uuid4

import pytest

from dataverse.webapi.auth import StaticToken
from dataverse.webapi.reading import OnlyReads, ReadingClient
from dataverse.webapi.request import ChangeSet, Request
from emulator.server import Server

READ = Request(method="GET", path="WhoAmI", repeatable=True)
WRITES = [
    Request(method="POST", path="contacts", body={"lastname": "Quist"}),
    Request(method="PATCH", path=f"contacts({uuid4()})", body={"lastname": "Quist"}, repeatable=True),
    Request(method="DELETE", path=f"contacts({uuid4()})", repeatable=True),
    Request(method="PUT", path=f"contacts({uuid4()})/lastname", body={"value": "Quist"}),
]


@pytest.fixture(scope="module")
def client():
    with (
        Server() as server,
        ReadingClient(
            server.url,
            StaticToken(server.url, "service"),
            new_id=lambda: str(uuid4()),
            clock=lambda: 0.0,
            sleep=lambda seconds: None,
            jitter=lambda: 0.0,
        ) as client,
    ):
        yield client


def test_reads_are_carried_out_alone_and_together(client):
    assert client.send(READ).json()["UserId"]
    assert [part.status for part in client.batch([READ, READ]).parts] == [200, 200]
    assert list(client.rows("contacts?$select=contactid")) == []


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.method)
def test_a_write_is_refused_before_it_is_sent(client, write):
    for attempt in (
        lambda: client.send(write),
        lambda: client.batch([READ, write]),
        lambda: client.batch([ChangeSet((write,))]),
    ):
        with pytest.raises(OnlyReads):
            attempt()

    assert list(client.rows("contacts?$select=contactid")) == []
