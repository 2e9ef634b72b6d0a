"""What a client asks, what it makes of the answers, and when it asks again."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import pytest
import requests
import responses
from responses import matchers
from urllib3.connection import HTTPConnection
from urllib3.exceptions import NewConnectionError, ProtocolError

from dataverse.webapi import errors
from dataverse.webapi.client import Client
from dataverse.webapi.request import ChangeSet, Request
from dataverse.webapi.retry import Limits
from messaging.errors import ConfigurationError, Refused, Unavailable, UncertainError

BASE = "https://contoso.crm4.dynamics.com"
SERVICE = BASE + "/api/data/v9.2/"
READ = Request(method="GET", path="contacts?$select=fullname")
CREATE = Request(method="POST", path="contacts", body={"lastname": "Ångström"})
UPSERT = Request(method="PATCH", path="contacts(1)", body={"lastname": "x"}, repeatable=True)
Connect = Callable[..., Client]


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def client(connect: Connect) -> Client:
    return connect(BASE + "/")


def refused_connection() -> requests.ConnectionError:
    """What requests raises where nobody listens."""
    return requests.ConnectionError(NewConnectionError(HTTPConnection("contoso"), "refused"))


def lost_answer() -> requests.ConnectionError:
    """What requests raises where the other side hung up."""
    return requests.ConnectionError(ProtocolError("Connection aborted.", ConnectionResetError()))


def test_a_call_carries_the_headers_of_the_web_api(web: responses.RequestsMock, client: Client) -> None:
    web.get(SERVICE + "contacts?$select=fullname", json={"value": []})
    answer = client.send(READ)
    headers = web.calls[0].request.headers
    assert answer.json() == {"value": []}
    assert answer.headers["content-type"] == "application/json"
    assert headers["accept"] == "application/json"
    assert headers["odata-version"] == headers["odata-maxversion"] == "4.0"
    assert headers["if-none-match"] == "null"
    assert headers["Authorization"] == "Bearer t1"
    assert headers["x-ms-client-request-id"] == "id1"
    assert "content-type" not in headers


def test_a_body_is_json_in_utf8_and_headers_of_the_request_win(web: responses.RequestsMock, client: Client) -> None:
    web.patch(SERVICE + "contacts(1)", status=204)
    request = Request(
        method="PATCH", path="contacts(1)", headers={"If-None-Match": "*", "Prefer": "x"}, body={"lastname": "Ångström"}
    )
    client.send(request)
    sent = web.calls[0].request
    assert sent.headers["if-none-match"] == "*"
    assert sent.headers["prefer"] == "x"
    assert sent.headers["content-type"] == "application/json; charset=utf-8"
    assert sent.body is not None
    assert json.loads(sent.body) == {"lastname": "Ångström"}


def test_every_call_has_an_id_of_its_own(web: responses.RequestsMock, client: Client) -> None:
    web.get(SERVICE + "contacts?$select=fullname", json={})
    client.send(READ)
    client.send(READ)
    assert [call.request.headers["x-ms-client-request-id"] for call in web.calls] == ["id1", "id2"]


def test_what_is_encoded_in_a_path_stays_encoded(web: responses.RequestsMock, client: Client) -> None:
    web.get(SERVICE + "contacts", json={})
    client.send(Request(method="GET", path="contacts?$filter=mobilephone%20eq%20'%2B1%20%26%20O''Brien%2F%23%25'"))
    assert web.calls[0].request.url == SERVICE + (
        "contacts?$filter=mobilephone%20eq%20'%2B1%20%26%20O''Brien%2F%23%25'"
    )


def test_a_refusal_is_raised_with_the_ids_of_both_sides(web: responses.RequestsMock, client: Client) -> None:
    web.get(
        SERVICE + "contacts?$select=fullname",
        status=404,
        json={"error": {"code": "0x80040217", "message": "contact With Id = 1 Does Not Exist"}},
        headers={"x-ms-service-request-id": "s1"},
    )
    with pytest.raises(errors.RowNotFound, match=r"^GET contacts: 404 0x80040217 \(request id1, service request s1\)$"):
        client.send(READ)


def test_a_redirect_is_not_followed(web: responses.RequestsMock, client: Client) -> None:
    web.get(SERVICE + "contacts?$select=fullname", status=302, headers={"Location": "https://evil.example/"})
    with pytest.raises(errors.RequestRefused, match="302"):
        client.send(READ)
    assert len(web.calls) == 1


def test_not_modified_is_an_answer(web: responses.RequestsMock, client: Client) -> None:
    web.get(SERVICE + "contacts?$select=fullname", status=304)
    assert client.send(READ).status == 304


def test_a_refused_token_is_renewed_once(web: responses.RequestsMock, client: Client, tokens: Any) -> None:
    web.post(SERVICE + "contacts", status=401)
    web.post(SERVICE + "contacts", status=204)
    assert client.send(CREATE).status == 204
    assert [call.request.headers["Authorization"] for call in web.calls] == ["Bearer t1", "Bearer t2"]


def test_a_token_that_is_never_accepted_is_a_matter_of_configuration(
    web: responses.RequestsMock, client: Client
) -> None:
    web.get(SERVICE + "contacts?$select=fullname", status=401)
    with pytest.raises(ConfigurationError, match="application user") as raised:
        client.send(READ)
    assert len(web.calls) == 2
    assert "t1" not in str(raised.value)
    assert "t2" not in str(raised.value)


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


@pytest.mark.parametrize("lost", [lost_answer(), requests.ReadTimeout(), requests.exceptions.ChunkedEncodingError()])
def test_what_cannot_be_repeated_is_uncertain_when_the_answer_is_lost(
    web: responses.RequestsMock, client: Client, lost: Exception
) -> None:
    web.post(SERVICE + "contacts", body=lost)
    with pytest.raises(UncertainError, match=r"POST contacts \(request id1\)"):
        client.send(CREATE)
    assert len(web.calls) == 1


def test_pages_are_followed_with_the_same_headers(web: responses.RequestsMock, client: Client) -> None:
    cookie = "contacts?$select=fullname&$skiptoken=%3Ccookie%20pagenumber=%222%22%2F%3E"
    web.get(
        SERVICE + "contacts?$select=fullname",
        json={"value": [{"n": 1}, {"n": 2}], "@odata.nextLink": SERVICE + cookie},
        match=[matchers.query_param_matcher({"$select": "fullname"})],
    )
    web.get(SERVICE + "contacts", json={"value": [{"n": 3}], "@odata.deltaLink": SERVICE + "contacts?$deltatoken=9"})
    prefer = {"Prefer": "odata.maxpagesize=2"}
    pages = list(client.pages("contacts?$select=fullname", headers=prefer))
    assert [page["value"] for page in pages] == [[{"n": 1}, {"n": 2}], [{"n": 3}]]
    assert client.path_of(str(pages[-1]["@odata.deltaLink"])) == "contacts?$deltatoken=9"
    assert [call.request.headers["prefer"] for call in web.calls] == ["odata.maxpagesize=2"] * 2
    assert web.calls[1].request.url == SERVICE + cookie


def test_rows_come_from_all_pages(web: responses.RequestsMock, client: Client) -> None:
    web.get(SERVICE + "contacts", json={"value": [{"n": 1}], "@odata.nextLink": SERVICE + "contacts?$skiptoken=2"})
    web.get(SERVICE + "contacts?$skiptoken=2", json={"value": [{"n": 2}]})
    assert [row["n"] for row in client.rows("contacts")] == [1, 2]


@pytest.mark.parametrize(
    "link", ["https://evil.example/api/data/v9.2/contacts", BASE + ".evil.example/api/data/v9.2/", BASE + "/other"]
)
def test_a_token_never_follows_a_link_elsewhere(web: responses.RequestsMock, client: Client, link: str) -> None:
    web.get(SERVICE + "contacts", json={"value": [], "@odata.nextLink": link})
    with pytest.raises(Refused, match="another address"):
        list(client.pages("contacts"))
    assert len(web.calls) == 1


def batch_body(*parts: str) -> str:
    return "".join(f"--b\r\n{part}\r\n" for part in parts) + "--b--\r\n"


def part(status: int, body: str = "") -> str:
    return f"Content-Type: application/http\r\n\r\nHTTP/1.1 {status} X\r\nREQ_ID: s{status}\r\n\r\n{body}"


MULTIPART = "multipart/mixed; boundary=b"
GONE = part(404, '{"error":{"code":"0x80040217","message":"secret"}}')


def test_a_batch_is_one_call_and_its_parts_come_back(web: responses.RequestsMock, client: Client) -> None:
    inner = "Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n" + part(204) + "\r\n--c--"
    web.post(SERVICE + "$batch", body=batch_body(part(200, '{"value":[]}'), inner), content_type=MULTIPART)
    answer = client.batch([READ, ChangeSet((CREATE,))])
    read, written = answer.parts
    assert answer.complete
    assert isinstance(written, tuple)
    assert not isinstance(read, tuple)
    assert read.json() == {"value": []}
    for each in answer.parts:
        answer.raise_for(each)
    sent = web.calls[0].request
    assert sent.headers["content-type"] == 'multipart/mixed; boundary="batch_id1"'
    assert sent.headers["accept"] == "application/json"
    assert "prefer" not in sent.headers
    assert isinstance(sent.body, bytes)
    assert b"POST /api/data/v9.2/contacts HTTP/1.1" in sent.body


def test_errors_of_parts_are_left_to_the_caller(web: responses.RequestsMock, client: Client) -> None:
    web.post(SERVICE + "$batch", body=batch_body(GONE, part(200, "{}")), content_type=MULTIPART)
    answer = client.batch([READ, READ], continue_on_error=True)
    assert web.calls[0].request.headers["prefer"] == "odata.continue-on-error"
    with pytest.raises(errors.RowNotFound, match=r"^GET contacts: 404 0x80040217 \(request id2, service request s404"):
        answer.raise_for(answer.parts[0])
    answer.raise_for(answer.parts[1])


@pytest.mark.parametrize("status", [404, 503, 429])
def test_a_batch_that_stopped_is_an_answer_whatever_its_status(
    web: responses.RequestsMock, client: Client, status: int
) -> None:
    web.post(SERVICE + "$batch", status=status, body=batch_body(part(200, "{}"), part(status)), content_type=MULTIPART)
    answer = client.batch([READ, READ, READ])
    assert not answer.complete
    assert len(answer.parts) == 2
    assert len(web.calls) == 1


def test_the_request_of_a_change_set_that_failed_is_named(web: responses.RequestsMock, client: Client) -> None:
    failed = "Content-ID: 3\r\n" + part(412, '{"error":{"code":"0x80040237","message":"secret"}}')
    inner = "Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n" + failed + "\r\n--c--"
    ok = "Content-Type: multipart/mixed; boundary=d\r\n\r\n--d\r\n" + part(204) + "\r\n--d--"
    web.post(SERVICE + "$batch", body=batch_body(ok, inner), content_type=MULTIPART)
    leads = ChangeSet((Request(method="POST", path="accounts"), Request(method="PATCH", path="leads(1)")))
    answer = client.batch([ChangeSet((CREATE,)), leads], continue_on_error=True)
    with pytest.raises(errors.AlreadyExists, match=r"^PATCH leads: 412 0x80040237"):
        answer.raise_for(answer.parts[1])


def test_a_batch_that_was_refused_as_a_whole_is_an_error(web: responses.RequestsMock, client: Client) -> None:
    web.post(SERVICE + "$batch", status=400, json={"error": {"code": "0x80048d19", "message": "no"}})
    with pytest.raises(errors.RequestRefused, match=r"POST \$batch: 400 0x80048d19"):
        client.batch([CREATE])


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("{}", "application/json"),
        ("", MULTIPART),
        (batch_body(part(204))[:-8], MULTIPART),
        (batch_body(part(204)), MULTIPART),
        (batch_body(part(204), part(204), part(204)), MULTIPART),
    ],
)
def test_an_unreadable_answer_to_a_batch_leaves_it_uncertain(
    web: responses.RequestsMock, client: Client, body: str, content_type: str
) -> None:
    web.post(SERVICE + "$batch", body=body, content_type=content_type)
    with pytest.raises(UncertainError, match=r"POST \$batch \(request id2\)"):
        client.batch([CREATE, CREATE])


@pytest.mark.parametrize(
    ("parts", "calls"),
    [([READ, UPSERT, ChangeSet((UPSERT,))], 2), ([READ, CREATE], 1), ([READ, ChangeSet((UPSERT, CREATE))], 1)],
)
def test_a_batch_can_be_repeated_only_if_all_of_it_can(
    web: responses.RequestsMock, connect: Connect, parts: list[Request | ChangeSet], calls: int
) -> None:
    web.post(SERVICE + "$batch", body=lost_answer())
    client = connect(BASE, limits=Limits(attempts=2))
    with pytest.raises(Unavailable if calls == 2 else UncertainError):
        client.batch(parts)
    assert len(web.calls) == calls


def test_a_batch_that_cannot_be_sent_is_not(web: responses.RequestsMock, client: Client) -> None:
    with pytest.raises(ValueError, match="1 to 1000"):
        client.batch([READ] * 1001)
    assert len(web.calls) == 0


def test_plain_http_is_for_this_machine_only(connect: Connect) -> None:
    with pytest.raises(ConfigurationError):
        connect("http://contoso.crm4.dynamics.com")
    connect("http://127.0.0.1:1")


def test_real_randomness_spreads_the_pauses(web: responses.RequestsMock, connect: Connect) -> None:
    web.get(SERVICE + "contacts?$select=fullname", status=503)
    slept: list[float] = []
    client = connect(BASE, sleep=slept.append, jitter=random.random, limits=Limits(attempts=4))
    with pytest.raises(errors.ServiceDown):
        client.send(READ)
    assert [0.25 * 2**n <= seconds <= 0.5 * 2**n for n, seconds in enumerate(slept)] == [True] * 3
