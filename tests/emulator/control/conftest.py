"""A control endpoint to speak to, beside the Web API."""

from __future__ import annotations

import pytest
import requests


class Control:
    """`/_emulator/` of one server."""

    def __init__(self, origin):
        self.root = f"{origin}/_emulator/"

    def __call__(self, method, path, body=None):
        return requests.request(method, self.root + path, json=body, timeout=10)

    def fault(self, **rule):
        answer = self("POST", "faults", rule)
        assert answer.status_code == 200, answer.text
        return answer.json()["id"]

    def faults(self):
        return self("GET", "faults").json()

    def behave(self, **switches):
        answer = self("PATCH", "behaviour", switches)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def log(self, since=0):
        return self("GET", f"requests?since={since}").json()

    def message(self, method, path, body=None):
        """The sentence of a refusal."""
        answer = self(method, path, body)
        assert answer.status_code == 400, answer.text
        return answer.json()["error"]["message"]


@pytest.fixture
def control(server):
    """The shared server's, as it was found afterwards."""
    found = Control(server.url)
    found("DELETE", "requests")
    yield found
    found("DELETE", "faults")
    found("DELETE", "requests")


@pytest.fixture
def fresh_control(fresh):
    return Control(fresh.origin)
