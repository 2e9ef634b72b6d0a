"""When a client asks again, how long it waits, and when it says that it does not know."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import pytest
import requests
import responses
from urllib3.connection import HTTPConnection
from urllib3.exceptions import NewConnectionError, ProtocolError

from dataverse.webapi import errors
from dataverse.webapi.client import Client
from dataverse.webapi.request import Request
from dataverse.webapi.retry import Limits
from messaging.errors import Unavailable, UncertainError

BASE = "https://contoso.crm4.dynamics.com"
SERVICE = BASE + "/api/data/v9.2/"
READ = Request(method="GET", path="contacts?$select=fullname")
CREATE = Request(method="POST", path="contacts", body={"lastname": "Ångström"})
UPSERT = Request(method="PATCH", path="contacts(1)", body={"lastname": "x"}, repeatable=True)
Connect = Callable[..., Client]


def refused_connection() -> requests.ConnectionError:
    """What requests raises where nobody listens."""
    return requests.ConnectionError(NewConnectionError(HTTPConnection("contoso"), "refused"))


def lost_answer() -> requests.ConnectionError:
    """What requests raises where the other side hung up."""
    return requests.ConnectionError(ProtocolError("Connection aborted.", ConnectionResetError()))


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_service_is_asked_again(web: responses.RequestsMock, connect: Connect, status: int) -> None:
    web.get(SERVICE + "contacts?$select=fullname", status=status)
    web.get(SERVICE + "contacts?$select=fullname", status=status)
    web.get(SERVICE + "contacts?$select=fullname", json={"value": [1]})
    slept: list[float] = []
    client = connect(BASE, sleep=slept.append, jitter=lambda: 1.0)
    assert client.send(READ).json() == {"value": [1]}
    assert slept == [0.5, 1.0]
    assert {call.request.headers["x-ms-client-request-id"] for call in web.calls} == {"id1"}


@pytest.mark.parametrize("status", [429, 503])
def test_a_create_that_was_put_off_is_sent_again(
    web: responses.RequestsMock, client: Client, clock: Any, status: int
) -> None:
    web.post(SERVICE + "contacts", status=status, headers={"Retry-After": "3"})
    web.post(SERVICE + "contacts", status=204)
    assert client.send(CREATE).status == 204
    assert clock.slept == [3.0]


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_create_that_may_have_been_carried_out_is_not_sent_again(
    web: responses.RequestsMock, client: Client, status: int
) -> None:
    web.post(SERVICE + "contacts", status=status)
    with pytest.raises(UncertainError, match=str(status)):
        client.send(CREATE)
    assert len(web.calls) == 1


def test_a_date_to_wait_for_is_honoured(web: responses.RequestsMock, client: Client, clock: Any) -> None:
    now, later = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, 0, 0, 12, tzinfo=UTC)
    headers = {"Date": format_datetime(now, usegmt=True), "Retry-After": format_datetime(later, usegmt=True)}
    web.get(SERVICE + "contacts?$select=fullname", status=503, headers=headers)
    web.get(SERVICE + "contacts?$select=fullname", json={})
    client.send(READ)
    assert clock.slept == [12.0]


def test_a_wait_that_outlasts_the_call_is_left_to_the_caller(
    web: responses.RequestsMock, client: Client, clock: Any
) -> None:
    web.get(SERVICE + "contacts?$select=fullname", status=429, headers={"Retry-After": "300"})
    with pytest.raises(errors.TooManyRequests) as raised:
        client.send(READ)
    assert raised.value.retry_after == 300.0
    assert clock.slept == []


def test_a_call_ends_after_its_attempts(web: responses.RequestsMock, connect: Connect) -> None:
    web.get(SERVICE + "contacts?$select=fullname", status=503)
    client = connect(BASE, limits=Limits(attempts=3))
    with pytest.raises(errors.ServiceDown):
        client.send(READ)
    assert len(web.calls) == 3


def test_a_call_ends_within_its_time(web: responses.RequestsMock, connect: Connect, clock: Any) -> None:
    web.get(SERVICE + "contacts?$select=fullname", status=429, headers={"Retry-After": "4"})
    client = connect(BASE, limits=Limits(total=10, attempts=100))
    with pytest.raises(errors.TooManyRequests):
        client.send(READ)
    assert clock.slept == [4.0, 4.0]


@pytest.mark.parametrize("request_", [READ, CREATE, UPSERT])
def test_anything_is_sent_again_where_no_connection_was_made(
    web: responses.RequestsMock, client: Client, request_: Request
) -> None:
    web.add(request_.method, SERVICE + request_.path, body=refused_connection())
    web.add(request_.method, SERVICE + request_.path, status=204)
    assert client.send(request_).status == 204


def test_a_service_that_is_never_reached_is_unavailable(web: responses.RequestsMock, client: Client) -> None:
    web.post(SERVICE + "contacts", body=refused_connection())
    with pytest.raises(Unavailable, match=r"POST contacts \(request id1\)"):
        client.send(CREATE)
    assert len(web.calls) == 5


@pytest.mark.parametrize("request_", [READ, UPSERT])
def test_what_can_be_repeated_is_when_the_answer_is_lost(
    web: responses.RequestsMock, client: Client, request_: Request
) -> None:
    web.add(request_.method, SERVICE + request_.path, body=lost_answer())
    web.add(request_.method, SERVICE + request_.path, status=204)
    assert client.send(request_).status == 204


@pytest.mark.parametrize("lost", [lost_answer(), requests.ReadTimeout()])
def test_what_cannot_be_repeated_is_uncertain_when_the_answer_is_lost(
    web: responses.RequestsMock, client: Client, lost: Exception
) -> None:
    web.post(SERVICE + "contacts", body=lost)
    with pytest.raises(UncertainError, match=r"POST contacts \(request id1\)"):
        client.send(CREATE)
    assert len(web.calls) == 1


def test_real_randomness_spreads_the_pauses(web: responses.RequestsMock, connect: Connect) -> None:
    web.get(SERVICE + "contacts?$select=fullname", status=503)
    slept: list[float] = []
    client = connect(BASE, sleep=slept.append, jitter=random.random, limits=Limits(attempts=4))
    with pytest.raises(errors.ServiceDown):
        client.send(READ)
    assert [0.25 * 2**n <= seconds <= 0.5 * 2**n for n, seconds in enumerate(slept)] == [True] * 3
