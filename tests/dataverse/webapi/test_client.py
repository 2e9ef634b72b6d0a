"""What a client asks, what it makes of the answers, and when it asks again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import responses
from responses import matchers

from dataverse.webapi import errors
from dataverse.webapi.client import Client
from dataverse.webapi.request import Request
from messaging.errors import ConfigurationError, Refused

BASE = "https://contoso.crm4.dynamics.com"
SERVICE = BASE + "/api/data/v9.2/"
READ = Request(method="GET", path="contacts?$select=fullname")
CREATE = Request(method="POST", path="contacts", body={"lastname": "Ångström"})
Connect = Callable[..., Client]


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


def test_plain_http_is_for_this_machine_only(connect: Connect) -> None:
    with pytest.raises(ConfigurationError):
        connect("http://contoso.crm4.dynamics.com")
    connect("http://127.0.0.1:1")
