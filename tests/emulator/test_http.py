"""The HTTP side: who may ask, what answers look like, and what is refused."""

from __future__ import annotations

import http.client
import json
import uuid

import pytest
import requests

from emulator.server import NotLoopback, Server

WHO = "/api/data/v9.2/WhoAmI"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic eA=="}, {"Authorization": "Bearer "}])
def test_without_a_bearer_token_nobody_is_served(server, headers):
    answer = requests.get(server.url + WHO, headers=headers, timeout=60)
    assert (answer.status_code, answer.content) == (401, b"")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer authorization_uri=https://")
    assert "resource_id=" in answer.headers["WWW-Authenticate"]


def test_any_token_is_the_application_user(web, say):
    assert web.get("WhoAmI").json()["UserId"] == say.application_user


def test_a_token_can_name_a_user(web, say):
    found = web.as_user(say.administrator).get("WhoAmI").json()
    assert (found["UserId"], found["BusinessUnitId"]) == (say.administrator, say.business_unit)
    row = web.as_user(say.administrator).create("contacts", {"lastname": "A"})
    assert web.row(f"contacts({row})")["_createdby_value"] == say.administrator


@pytest.mark.parametrize("named", ["nobody", "0b000000-0000-4000-8000-0000000000ff", ""])
def test_a_token_that_names_nobody(web, named):
    assert web.as_user(named).get("WhoAmI").status_code == 401


def test_a_disabled_user_is_refused(web, say):
    user = web.user("Disabled")
    assert web.as_user(user).get("WhoAmI").status_code == 200
    web.patch(f"systemusers({user})", {"isdisabled": True})
    answer = web.as_user(user).get("WhoAmI")
    assert (answer.status_code, say.code(answer)) == (403, "0x80040225")


def test_every_answer_carries_the_headers_of_the_web_api(web):
    for path in ("WhoAmI", "nosuchset", "$batch"):
        headers = web.get(path).headers
        assert headers["OData-Version"] == "4.0"
        assert headers["Content-Type"] == "application/json; odata.metadata=minimal"
        assert uuid.UUID(headers["x-ms-service-request-id"])
        assert uuid.UUID(headers["REQ_ID"])


@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("GET", "foo", 404, "0x80060888"),
        ("GET", "Contacts", 501, None),
        ("GET", "contact", 404, "0x80060888"),
        ("POST", "foos", 404, "0x80060888"),
        ("GET", "RetrieveDuplicates()", 501, None),
        ("POST", "contacts/Microsoft.Dynamics.CRM.DeleteMultiple", 400, "0x80040800"),
        ("POST", "QualifyLead", 501, None),
        ("POST", "WhoAmI", 405, None),
        ("GET", "SendAppNotification", 405, None),
        ("PUT", "contacts(0b000000-0000-4000-8000-0000000000ff)", 405, None),
        ("PATCH", "contacts", 405, None),
        ("DELETE", "contacts", 405, None),
        ("GET", "contacts(0b000000-0000-4000-8000-0000000000ff)", 404, "0x80040217"),
        ("GET", "contacts(0b000000-0000-4000-8000-0000000000ff)/Contact_Tasks", 404, "0x80040217"),
        ("GET", "contacts(0b000000-0000-4000-8000-0000000000ff", 400, None),
    ],
)
def test_what_is_not_there_and_what_is_not_done(web, say, method, path, status, error):
    answer = web(method, path, {} if method in ("POST", "PATCH", "PUT") else None)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["message"]
    assert error is None or say.code(answer) == error


def test_an_unknown_set_is_named(web):
    message = web.get("foo").json()["error"]["message"]
    assert message == "Resource not found for the segment 'foo'."


def test_the_service_document_lists_the_sets(web):
    names = {each["name"] for each in web.get("").json()["value"]}
    assert {"contacts", "leads", "opportunities", "systemusers", "phonecalls", "appnotifications"} <= names


def test_an_address_can_be_too_long(web):
    assert web.get("WhoAmI?x=" + "y" * 30_000).status_code == 200
    answer = web.get("WhoAmI?x=" + "y" * 33_000)
    assert (answer.status_code, "longer than 32768" in answer.text) == (414, True)


@pytest.mark.parametrize("path", ["/", "/api/data/", "/api/data/v8.2/WhoAmI", "/other"])
def test_other_addresses_are_not_found(server, path):
    answer = requests.get(server.url + path, headers={"Authorization": "Bearer x"}, timeout=60)
    assert answer.status_code == 404


def test_something_unexpected_is_an_error_of_the_server(fresh, capsys):
    with fresh.service.store.writing() as db:
        db.execute("DROP TABLE email")
    answer = fresh.get("emails")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "0x80040216")
    assert "no such table: email" in capsys.readouterr().err
    assert fresh.get("contacts").status_code == 200


def test_the_request_log(fresh, say):
    fresh.get("WhoAmI")
    fresh.batch(("GET", "contacts?$top=1"), [("POST", "contacts", {"lastname": "A"}), ("POST", "contacts", {"x": 1})])
    first, second = fresh.get(f"{fresh.origin}/_emulator/requests").json()
    known = {"number": 1, "method": "GET", "path": WHO, "status": 200, "affinity": False, "operations": []}
    assert known.items() <= first.items()
    assert second["affinity"] is True
    assert (second["method"], second["path"], second["status"]) == ("POST", "/api/data/v9.2/$batch", 400)
    assert second["operations"] == [
        {"method": "GET", "path": "contacts?$top=1", "status": 200},
        {"method": "POST", "path": "contacts", "status": None},
        {"method": "POST", "path": "contacts", "status": 400},
    ]
    assert fresh.delete(f"{fresh.origin}/_emulator/requests").status_code == 204
    assert fresh.get(f"{fresh.origin}/_emulator/requests").json() == []


@pytest.mark.parametrize("depth", [500, 970, 20_000])
def test_what_is_nested_too_deeply_is_refused(web, say, depth):
    deep = "[" * depth + "]" * depth
    kind = {"Content-Type": "application/json"}
    alone = web.session.post(web.root + "contacts", data=f'{{"lastname": {deep}}}'.encode(), headers=kind)
    assert (alone.status_code, say.code(alone)[:2]) == (400, "0x")
    operation = (
        f"--c\r\nContent-Type: application/http\r\nContent-ID: 1\r\n\r\nPOST {web.root}contacts HTTP/1.1\r\n"
        "Content-Type: application/json\r\n\r\n"
    )
    change_set = (
        f'--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n{operation}{{"lastname": {deep}}}\r\n--c--\r\n--b--'
    )
    batch = web.session.post(
        web.root + "$batch", data=change_set.encode(), headers={"Content-Type": "multipart/mixed; boundary=b"}
    )
    assert batch.status_code == 400
    target = "[" * min(depth, 5_000)
    access = f"systemusers({say.administrator})/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)?@t={target}"
    assert web.get(access).status_code == 400


def test_preferences_that_were_followed_are_told(web):
    row = web.create("contacts", {"lastname": "A"})
    prefer = 'odata.maxpagesize=5,odata.include-annotations="*"'
    assert web.get("contacts", Prefer=prefer).headers["Preference-Applied"] == prefer
    one = web.get(f"contacts({row})", Prefer='odata.include-annotations="*"')
    assert one.headers["Preference-Applied"] == 'odata.include-annotations="*"'
    assert "Preference-Applied" not in web.get(f"contacts({row})").headers


@pytest.mark.parametrize("method", ["OPTIONS", "HEAD", "TRACE"])
def test_other_methods_are_refused_in_the_same_form(web, method):
    answer = web(method, "contacts")
    assert answer.status_code == 405
    assert method == "HEAD" or answer.json()["error"]["message"]


@pytest.mark.parametrize("entity_set", ["publishers", "environmentvariabledefinitions"])
def test_names_that_are_unique(fresh, say, entity_set):
    body = {"uniquename": "demo", "friendlyname": "D"} if entity_set == "publishers" else {"schemaname": "new_a"}
    fresh.create(entity_set, body)
    answer = fresh.post(entity_set, body)
    assert (answer.status_code, say.code(answer)) == (412, "0x80040237")


def test_health(web):
    assert web.get(f"{web.origin}/_emulator/health").json()["status"] == "ok"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_only_this_machine_is_served(host):
    with pytest.raises(NotLoopback):
        Server(host=host)


@pytest.mark.parametrize("host", ["localhost", "::1"])
def test_the_loopback_interface_has_other_names(host):
    with Server(host=host) as running:
        answer = requests.get(running.url + "/_emulator/health", timeout=60)
    assert answer.status_code == 200


@pytest.mark.parametrize("host", ["[::1", "a]b[", "a b", "x/y", "http://x", "x@y", "x:port"])
def test_the_host_is_one(server, host):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", WHO, headers={"Host": host, "Authorization": "Bearer x"})
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["error"]["code"]) == (400, "0x80060888")
    connection.close()


@pytest.mark.parametrize("host", ["localhost", "[::1]:7072", "org.crm4.dynamics.com", "127.0.0.1:1"])
def test_answers_name_the_host_that_was_asked(web, host):
    assert web.get("WhoAmI", Host=host).json()["@odata.context"].startswith(f"http://{host}/api/data/v9.2/")
