"""The surroundings of every test: no settings of this machine, no network beyond it, and the hypothesis profiles.
And Azurite, for those that ask for it."""

from __future__ import annotations

import ipaddress
import json
import logging
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from azure.storage.queue import QueueServiceClient
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
LIVE = bool(os.environ.get("DATAVERSE_TEST_URL"))
AZURITE = "3.35.0"  # later ones need a later Node.js
# The key that Azure publishes for development.
AZURITE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

settings.register_profile("dev", max_examples=25, deadline=None)
settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if "CI" in os.environ else "dev")


@pytest.fixture(autouse=True, scope="session")
def _clean_environment():
    """Tests see none of this machine's settings; one that wants a setting sets it."""
    ours = json.loads((ROOT / "local.settings.example.json").read_text(encoding="utf-8"))["Values"]
    foreign = ("AzureWebJobs", "AZURE_", "DATAVERSE_", "IDENTITY_", "MSI_")
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name in ours or name.startswith(foreign):
                patch.delenv(name)
        patch.setenv("NO_PROXY", "*")
        yield


@pytest.fixture(autouse=True)
def _every_log_line_is_made():
    """A log line is code too: at the usual level most would never be made in a test."""
    ours = logging.getLogger("textverse")
    level = ours.level
    ours.setLevel(logging.DEBUG)
    yield
    ours.setLevel(level)


@pytest.fixture(autouse=True, scope="session")
def _no_network():
    """A test that reaches out of this machine fails, even where the code under test would swallow an OSError; unless a
    live organization is to be tested (tests/dataverse/store)."""
    if LIVE:
        yield
        return
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", lambda self, to: connect(self, _local(to)))
        patch.setattr(socket.socket, "connect_ex", lambda self, to: connect_ex(self, _local(to)))
        patch.setattr(socket, "getaddrinfo", lambda host, *more, **named: getaddrinfo(_local(host), *more, **named))
        yield


def _local(address):
    host = address[0] if isinstance(address, tuple) else address
    host = host.decode() if isinstance(host, bytes) else host
    if host not in {None, "", "localhost"} and not str(host).startswith("/") and not _is_loopback(host):
        pytest.fail(f"the test reaches out to {host}; only this machine may be reached")
    return address


def _is_loopback(host):
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def pytest_runtest_setup(item):
    """What needs tools that not everyone has is skipped with its reason; `dev.py test` says so, and CI fails."""
    if item.get_closest_marker("runtime") and sys.version_info < (3, 13):
        pytest.skip("the Azure Functions worker needs Python 3.13: python3 dev.py test runs it there")
    if item.get_closest_marker("azurite") and not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("Azurite needs Node.js and npm")
    if item.get_closest_marker("npm") and not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("the clients from npm need Node.js and npm")
    if item.get_closest_marker("node") and not shutil.which("node"):
        pytest.skip("the scripts of our pages are tested in Node.js")
    if item.get_closest_marker("browser") and not (shutil.which("chromium") and shutil.which("chromedriver")):
        pytest.skip("the pages in Dynamics are tested in Chromium, through chromedriver")


@pytest.fixture(scope="session")
def azurite_connection():
    """The connection string of an Azurite that runs for the session, its queue service only."""
    with socket.socket() as probe, tempfile.TemporaryDirectory() as folder:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        with _running(["node", _installed() / "dist/src/queue/main.js"], port, folder):
            endpoint = f"http://127.0.0.1:{port}/devstoreaccount1"
            yield f"AccountName=devstoreaccount1;AccountKey={AZURITE_KEY};QueueEndpoint={endpoint}"


@pytest.fixture
def emptied_azurite(azurite_connection):
    """The same without any queue, whatever the tests before have left there."""
    client = QueueServiceClient.from_connection_string(azurite_connection)
    for queue in client.list_queues():
        client.delete_queue(queue.name)
    return azurite_connection


@contextmanager
def _running(command, port, folder):
    options = [
        "--queuePort",
        str(port),
        "--location",
        folder,
        "--silent",
        "--skipApiVersionCheck",
        "--disableTelemetry",
    ]
    with subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL) as process:
        try:
            _wait_for(port)
            yield
        finally:
            process.terminate()


def _wait_for(port):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("Azurite did not start within 30 s")


def _installed():
    """The folder of Azurite, installed once for this checkout; two runs at once do not disturb each other."""
    home = ROOT / ".azurite" / AZURITE
    if not home.exists():
        home.parent.mkdir(exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix="installing-", dir=home.parent))
        npm = [shutil.which("npm"), "install", "--prefix", scratch, "--no-audit", "--no-fund", f"azurite@{AZURITE}"]
        result = subprocess.run(npm, capture_output=True, text=True, check=False)
        if result.returncode:
            pytest.fail(f"npm could not install Azurite:\n{result.stderr}")
        if not home.exists():
            scratch.rename(home)
    return home / "node_modules" / "azurite"
