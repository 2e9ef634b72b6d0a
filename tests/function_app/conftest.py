"""The real function app over queues in memory."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import azure.functions as func
import pytest

from function_app.app import create_app
from function_app.services import Services
from function_app.settings import Settings
from messaging.envelope import Envelope, decode
from messaging.web import HttpRequest
from pipeline.accept import PROVIDER_EVENTS

EXAMPLE = Path(__file__).parents[2] / "local.settings.example.json"


class QueueInMemory:
    """Keeps what is sent; the texts of `provider-events` as the envelopes that they are."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Envelope | str]] = []

    def send(self, queue: str, text: str, *, delay_s: float = 0.0, lifetime_s: float | None = None) -> None:
        self.sent.append((queue, decode(text) if queue == PROVIDER_EVENTS else text))


@pytest.fixture
def example() -> dict[str, str]:
    """The settings of local.settings.example.json, as the demo runs with them."""
    values = json.loads(EXAMPLE.read_text())["Values"]
    return dict(values)


@pytest.fixture
def queue() -> QueueInMemory:
    return QueueInMemory()


@pytest.fixture
def services(example: dict[str, str], queue: QueueInMemory) -> Services:
    return Services(Settings.read(example), queue)


@pytest.fixture
def functions() -> Callable[[Services], dict[str, Callable]]:
    """The functions by name, as a worker calls them."""
    return lambda services: {
        function.get_function_name() or "": function.get_user_function()
        for function in create_app(lambda: services).get_functions()
    }


@pytest.fixture
def as_azure() -> Callable[..., func.HttpRequest]:
    """A request as the worker hands it to a function."""

    def _as_azure(request: HttpRequest, **route: str) -> func.HttpRequest:
        return func.HttpRequest(
            method=request.method,
            url=request.url,
            headers=dict(request.headers),
            params={},
            route_params=route,
            body=request.body,
        )

    return _as_azure
