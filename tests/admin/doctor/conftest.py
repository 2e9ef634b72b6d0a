"""An installation in which all is well; each test breaks one thing of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import responses

from dataverse.webapi.auth import StaticToken
from emulator import seeds
from emulator.server import Server
from function_app.dataverse_client import connect
from messaging.records import Principal
from tests.admin.doctor.healthy import Patient, answer_well, app_values, behave, control, set_up
from tests.stores.organization import Organization


@pytest.fixture(scope="session")
def _well(_server: Server, _snapshots: dict[str, str]) -> tuple[str, Principal, dict[str, str]]:
    """A copy of the environment in which all is well, the owner of its numbers, and these by account."""
    control(_server.url, "restore", id=_snapshots["provisioned"])
    behave(_server.url, webhooks_dropped=True)
    with connect(_server.url, StaticToken(_server.url, f"user:{seeds.ADMINISTRATOR}")) as client:
        organization = Organization(client, (f"+1206555{number:04}" for number in range(100, 10_000)))
        numbers = set_up(client, organization, owner := organization.seller(fullname="Maya Lindqvist"))
    return control(_server.url, "snapshot")["id"], owner, numbers


@pytest.fixture
def well(_server: Server, _well: tuple[str, Principal, dict[str, str]]) -> Iterator[Patient]:
    """All is well."""
    snapshot, owner, numbers = _well
    behave(_server.url, webhooks_dropped=True)  # nothing is posted to where nobody is
    control(_server.url, "restore", id=snapshot)
    with (
        connect(_server.url, StaticToken(_server.url, f"user:{seeds.ADMINISTRATOR}")) as client,
        responses.RequestsMock(assert_all_requests_are_fired=False) as remote,
    ):
        remote.add_passthru("http://127.0.0.1")
        answer_well(remote, numbers)
        organization = Organization(client, (f"+1206555{number:04}" for number in range(2000, 10_000)))
        yield Patient(_server.url, client, organization, owner, dict(numbers), app_values(), remote)
    behave(_server.url, webhooks_dropped=False, keys_pending_seconds=0)
