"""Small function apps, run by the local host and called over real HTTP."""

from __future__ import annotations

import http.client
import json
import threading
import time
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

import azure.functions as func
import pytest

from local.host import FunctionsHost
from local.queues import SqliteQueues


@pytest.fixture
def app():
    """An empty function app."""
    return func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@pytest.fixture
def host_json(tmp_path):
    """Retries without a pause, so that tests need not wait for them."""
    path = tmp_path / "host.json"
    path.write_text(json.dumps({"extensions": {"queues": {"visibilityTimeout": "00:00:00", "maxDequeueCount": 5}}}))
    return path


@pytest.fixture
def queues(tmp_path):
    """Empty queues."""
    with closing(SqliteQueues(tmp_path / "queues.sqlite")) as queues:
        yield queues


@pytest.fixture
def serve(app, queues, host_json):
    """Starts a host for the app; what is still running when the test ends is stopped, and must leave no thread."""
    before = set(threading.enumerate())
    with ExitStack() as running:

        def start(app=app, **options):
            host = FunctionsHost(app, queues=queues, host_json=host_json, port=0, **options)
            running.callback(host.stop)
            host.start()
            return host

        yield start
    assert set(threading.enumerate()) <= before


@pytest.fixture
def call():
    """Sends one request with exactly this path; returns status, headers (lower case) and body."""

    def send(host, method, target, body=None, headers=None):
        connection = http.client.HTTPConnection(urlsplit(host.url).netloc, timeout=60)
        with closing(connection):
            connection.request(method, target, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()

    return send


@pytest.fixture
def eventually():
    """Waits until something is true."""

    def wait(condition, timeout_s=60):
        deadline = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < deadline, "it did not become true in time"
            time.sleep(0.01)

    return wait
