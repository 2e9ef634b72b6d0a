"""Batches: one call, one answer, and errors that are left to whoever asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests
import responses
from urllib3.exceptions import ProtocolError

from dataverse.webapi import errors
from dataverse.webapi.client import Client
from dataverse.webapi.request import ChangeSet, Request
from dataverse.webapi.retry import Limits
from messaging.errors import Unavailable, UncertainError

BASE = "https://contoso.crm4.dynamics.com"
SERVICE = BASE + "/api/data/v9.2/"
READ = Request(method="GET", path="contacts?$select=fullname")
CREATE = Request(method="POST", path="contacts", body={"lastname": "Ångström"})
UPSERT = Request(method="PATCH", path="contacts(1)", body={"lastname": "x"}, repeatable=True)
Connect = Callable[..., Client]


def lost_answer() -> requests.ConnectionError:
    """What requests raises where the other side hung up."""
    return requests.ConnectionError(ProtocolError("Connection aborted.", ConnectionResetError()))


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
    failed = "Content-ID: 2\r\n" + part(412, '{"error":{"code":"0x80040237","message":"secret"}}')
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


def busy(status: int, **headers: str) -> str:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"Content-Type: application/http\r\n\r\nHTTP/1.1 {status} X\r\n{lines}\r\n"


def refused_set(part: str) -> str:
    return f"Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n{part}\r\n--c--"


def test_parts_that_were_put_off_can_be_sent_again(web: responses.RequestsMock, client: Client) -> None:
    lead, note = ChangeSet((Request(method="POST", path="leads"),)), ChangeSet((UPSERT, CREATE))
    asked: list[Request | ChangeSet] = [READ, CREATE, lead, note, UPSERT, CREATE, CREATE]
    parts = [
        part(200, "{}"),
        busy(429, Retry_After="7"),
        refused_set(busy(429, Retry_After="12")),
        refused_set(busy(503)),
        busy(503),
        busy(503, Retry_After="3"),
        GONE,
    ]
    web.post(SERVICE + "$batch", body=batch_body(*parts), content_type=MULTIPART)
    answer = client.batch(asked, continue_on_error=True)
    assert answer.put_off == (CREATE, lead, UPSERT, CREATE), "not the change set that may have been carried out"
    assert answer.retry_after == 12.0
    assert len(web.calls) == 1


def test_what_a_batch_did_not_get_to_is_put_off_with_the_part_that_was(
    web: responses.RequestsMock, client: Client
) -> None:
    body = batch_body(part(200, "{}"), busy(429, Retry_After="7"))
    web.post(SERVICE + "$batch", status=429, body=body, content_type=MULTIPART)
    assert client.batch([READ, CREATE, UPSERT, READ]).put_off == (CREATE, UPSERT, READ)


def test_what_was_carried_out_or_refused_for_good_is_not_put_off(web: responses.RequestsMock, client: Client) -> None:
    web.post(SERVICE + "$batch", body=batch_body(part(200, "{}"), GONE), content_type=MULTIPART)
    answer = client.batch([READ, READ, READ])
    assert (answer.put_off, answer.retry_after) == ((), None)


def test_a_part_without_an_id_of_its_own_is_named_by_that_of_the_batch(
    web: responses.RequestsMock, client: Client
) -> None:
    ids = {"x-ms-service-request-id": "s-outer"}
    web.post(SERVICE + "$batch", body=batch_body(busy(404), GONE), content_type=MULTIPART, headers=ids)
    answer = client.batch([READ, READ], continue_on_error=True)
    for each, service_id in zip(answer.parts, ("s-outer", "s404"), strict=True):
        with pytest.raises(errors.RowNotFound, match=rf"\(request id2, service request {service_id}\)"):
            answer.raise_for(each)


def test_a_batch_that_is_repeated_keeps_its_id(web: responses.RequestsMock, client: Client) -> None:
    web.post(SERVICE + "$batch", status=503)
    web.post(SERVICE + "$batch", body=batch_body(part(200, "{}")), content_type=MULTIPART)
    assert client.batch([READ]).request_id == "id2"
    assert [call.request.headers["x-ms-client-request-id"] for call in web.calls] == ["id2", "id2"]
    assert web.calls[0].request.body == web.calls[1].request.body


def test_a_batch_that_cannot_be_sent_is_not(web: responses.RequestsMock, client: Client) -> None:
    with pytest.raises(ValueError, match="1 to 1000"):
        client.batch([READ] * 1001)
    assert len(web.calls) == 0
