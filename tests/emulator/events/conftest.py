"""A receiver of webhooks that is a real HTTP server, and the registrations of webhooks over the Web API."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@dataclass
class Post:
    """What came in: the path with its query, headers in lower case, the raw body."""

    path: str
    headers: dict
    raw: bytes
    at: float = field(default_factory=time.monotonic)

    @property
    def body(self):
        return json.loads(self.raw)

    def target(self):
        """The attributes of the target, by name."""
        return attributes(dict(pairs(self.body["InputParameters"]))["Target"])


def pairs(items):
    return [(item["key"], item["value"]) for item in items]


def attributes(entity):
    return dict(pairs(entity["Attributes"]))


class Receiver(ThreadingHTTPServer):
    """Answers with `status`, or with `statuses` one after the other, once `gate` is set; `during` is called before."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.posts = []
        self.status = 200
        self.statuses = deque()
        self.gate = threading.Event()
        self.gate.set()
        self.during = None
        self.url = f"http://127.0.0.1:{self.server_port}/hook"

    def handle_error(self, request, client_address):
        return None  # the other side has hung up: some tests want that

    def targets(self, column):
        return [post.target().get(column) for post in self.posts]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        post = Post(self.path, {name.lower(): value for name, value in self.headers.items()}, raw)
        self.server.posts.append(post)
        if self.server.during is not None:
            self.server.during(post)
        self.server.gate.wait(10)
        status = self.server.statuses.popleft() if self.server.statuses else self.server.status
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        self.do_POST()

    def log_message(self, *arguments):
        return None


@pytest.fixture
def make_receiver():
    running = []

    def make():
        receiver = Receiver()
        threading.Thread(target=receiver.serve_forever, args=(0.01,), daemon=True).start()
        running.append(receiver)
        return receiver

    yield make
    for receiver in running:
        receiver.gate.set()
        receiver.shutdown()
        receiver.server_close()


@pytest.fixture
def receiver(make_receiver):
    return make_receiver()


@pytest.fixture
def register(fresh):
    """Registers a webhook: `register(url, "Update", "contact", …)`; returns the id of the step."""
    return registering(fresh)


@pytest.fixture
def registering_at():
    return registering


def registering(web):
    def register(url, message, table, *, images=(), authtype=None, authvalue=None, **more):
        endpoint = web.create("serviceendpoints", {
            "name": "hook", "url": url, "contract": 8, "connectionmode": 1, "messageformat": 2,
            "authtype": authtype, "authvalue": authvalue,
        })  # fmt: skip
        step = web.create("sdkmessageprocessingsteps", step_body(web, endpoint, message, table, **more))
        for image in images:
            web.create("sdkmessageprocessingstepimages", {
                "name": image["entityalias"], **image,
                "sdkmessageprocessingstepid@odata.bind": f"/sdkmessageprocessingsteps({step})",
            })  # fmt: skip
        return step

    return register


def step_body(web, endpoint, message, table, **more):
    query = f"sdkmessagefilters?$filter=primaryobjecttypecode eq '{table}' and sdkmessageid/name eq '{message}'"
    found = web.row(query)["value"][0]
    return {
        "name": f"{message} of {table}", "mode": 1, "stage": 40, "rank": 1, "supporteddeployment": 0,
        "asyncautodelete": False,
        "eventhandler_serviceendpoint@odata.bind": f"/serviceendpoints({endpoint})",
        "sdkmessageid@odata.bind": f"/sdkmessages({found['_sdkmessageid_value']})",
        "sdkmessagefilterid@odata.bind": f"/sdkmessagefilters({found['sdkmessagefilterid']})",
        **more,
    }  # fmt: skip


@pytest.fixture
def new_step():
    return step_body


@pytest.fixture
def jobs(fresh):
    """The system jobs of a step, the oldest first."""

    def jobs(step):
        query = f"asyncoperations?$filter=_owningextensionid_value eq {step}&$orderby=createdon"
        return fresh.row(query)["value"]

    return jobs


@pytest.fixture
def read():
    """How bodies are read: `read.pairs(list)`, `read.attributes(entity)`."""

    class Read:
        pairs = staticmethod(lambda items: dict(pairs(items)))
        attributes = staticmethod(attributes)

    return Read
