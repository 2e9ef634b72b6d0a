"""A Web API to talk to that knows nothing of us: the emulator, as `python -m emulator` starts it, over HTTP."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dataverse.schema.apply import METADATA_LIMITS
from dataverse.webapi.auth import StaticToken
from dataverse.webapi.client import Client
from function_app.dataverse_client import connect

ROOT = Path(__file__).parents[2]


@pytest.fixture
def emulated() -> Iterator[Client]:
    """A client of an environment of its own, fresh, without our tables."""
    command = [sys.executable, "-m", "emulator", "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert address is not None
        with connect(address[0], StaticToken(address[0], "application"), METADATA_LIMITS) as made:
            yield made
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()
