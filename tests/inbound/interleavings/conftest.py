"""The organization of these tests; see `stage.py`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import count

import pytest

from dataverse.schema.apply import apply
from emulator.server import Server
from tests.inbound.interleavings.runs import halting
from tests.inbound.interleavings.stage import Stage


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Server() as server:
        stage = Stage(None, (f"+1{number:010}" for number in count(2_065_580_000)), url=server.url)
        server.service.clock = stage.time
        server.service.transaction = halting(server.service.transaction, stage.in_flight)
        stage.client = stage.client_for("service")
        apply(stage.client, sleep=time.sleep)
        stage.product_token = f"user:{stage.employ()}"
        stage.product = stage.client_for(stage.product_token)
        stage.define_settings()
        stage.define_index_state()
        stage.people_take_their_seats()
        yield stage
        stage.client.close()
        stage.product.close()
