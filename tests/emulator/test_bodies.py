"""What a body must be before anything is done with it; what is refused leaves nothing behind."""

from __future__ import annotations

import json

import pytest

BAD_PAYLOAD, BAD_QUERY = "0x80048d19", "0x80060888"
ROW = '{"lastname":"Sent","jobtitle":"%s"}'


@pytest.fixture
def send(web):
    """Sends bytes as they are; `kind` is the Content-Type, None for no such header."""

    def one(method, path, data, kind="application/json"):
        headers = {"Content-Type": kind} if kind else {}
        return web.session.request(method, web.root + path, data=data, headers=headers)

    return one


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "application/json;type=entry"])
def test_json_is_json_with_whatever_parameters(send, kind):
    assert send("POST", "contacts", b'{"lastname":"A"}', kind).status_code == 204


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "application/xml"])
@pytest.mark.parametrize(("method", "path"), [("POST", "contacts"), ("PATCH", "contacts({})"), ("POST", "PublishXml")])
def test_a_body_of_another_media_type_is_refused(web, send, say, new_id, kind, method, path):
    row = new_id()
    answer = send(method, path.format(row), b'{"lastname":"A"}', kind)
    assert (answer.status_code, say.code(answer)) == (415, BAD_QUERY)
    assert web.get(f"contacts({row})").status_code == 404


def test_a_part_of_a_batch_needs_its_media_type_too(web):
    lines = ["--b", "Content-Type: application/http", "", "POST contacts HTTP/1.1", "", '{"lastname":"A"}', "--b--", ""]
    headers = {"Content-Type": "multipart/mixed; boundary=b"}
    assert web.session.post(web.root + "$batch", data="\r\n".join(lines), headers=headers).status_code == 415


@pytest.mark.parametrize(
    "data",
    [b"", b"null", b"[]", b'"x"', b"{", b'{"lastname":"A"}x', b"\xff", b'{"lastname":NaN}', b'{"lastname":"\xe9"}'],
)
@pytest.mark.parametrize(("method", "path"), [("POST", "contacts"), ("PATCH", "contacts(%s)"), ("PUT", "%s/jobtitle")])
def test_a_body_that_is_no_json_object(web, send, say, data, method, path):
    row = web.create("contacts", {"lastname": "A"})
    path = path.replace("%s/", f"contacts({row})/").replace("%s", row)
    answer = send(method, path, data)
    assert (answer.status_code, say.code(answer)) == (400, BAD_PAYLOAD)


def test_an_action_without_parameters_needs_no_body(web, send):
    assert send("POST", "PublishAllXml", b"", None).status_code == 204


def test_a_name_may_stand_once(web, send, say):
    answer = send("POST", "contacts", b'{"lastname":"A","lastname":"B"}')
    assert (answer.status_code, say.code(answer)) == (400, BAD_PAYLOAD)
    assert "Multiple properties with the name 'lastname'" in answer.text


@pytest.mark.parametrize("data", ['{"\\ud83d":1}', '{"lastname":"\\ud83d"}', '{"ownerid@odata.bind":"\\ud83d"}'])
def test_half_a_character_is_quoted_in_a_refusal(send, data):
    answer = send("POST", "contacts", data.encode())
    assert answer.status_code in (400, 404)
    assert json.loads(answer.content)["error"]["message"]


@pytest.mark.parametrize(
    ("name", "sent", "error"),
    [
        ("lastname", '"a\\u0000b"', "0x80040278"),
        ("description", '"a\\u001fb"', "0x80040278"),
        ("creditlimit", "1" + "0" * 400, "0x80044330"),
        ("creditlimit", "1e999", BAD_PAYLOAD),
        ("creditlimit", "922337203685478", "0x80044330"),
        ("address1_latitude", "1e12", "0x80044330"),
        ("numberofchildren", "1" + "0" * 5000, BAD_PAYLOAD),
        ("numberofchildren", "1.0", BAD_PAYLOAD),
        ("@odata.type", '"#Microsoft.Dynamics.CRM.account"', BAD_PAYLOAD),
    ],
)
def test_a_value_beyond_all_bounds(web, send, say, name, sent, error):
    answer = send(
        "POST", "contacts", f'{{"lastname":"A","{name}":{sent}}}'.replace('"lastname":"A","lastname', '"lastname')
    )
    assert (answer.status_code, say.code(answer)) == (400, error)


@pytest.mark.parametrize(("sent", "kept"), [(1.005, 1.01), (2.675, 2.68), (-1.005, -1.01), (1, 1), (0.1 + 0.2, 0.3)])
def test_money_is_rounded_to_its_precision(web, sent, kept):
    row = web.create("contacts", {"lastname": "A", "creditlimit": sent})
    assert web.row(f"contacts({row})")["creditlimit"] == kept


@pytest.mark.parametrize("name", ["statecode", "statuscode"])
def test_what_a_row_always_has_cannot_be_emptied(web, say, name):
    row = web.create("contacts", {"lastname": "A"})
    for answer in (web.patch(f"contacts({row})", {name: None}), web.delete(f"contacts({row})/{name}")):
        assert (answer.status_code, say.code(answer)) == (400, "0x80040200")
    assert web.row(f"contacts({row})")["statecode"] == 0


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "jobtitle", {}, 400),
        ("PUT", "jobtitle", {"value": 1}, 400),
        ("PUT", "nosuchcolumn", {"value": 1}, 400),
        ("PUT", "_ownerid_value", {"value": "x"}, 400),
        ("PUT", "parentcustomerid_account", {"value": "x"}, 405),
        ("DELETE", "parentcustomerid_account", None, 405),
        ("POST", "jobtitle", {"value": "x"}, 405),
        ("PUT", "ownerid/$ref", {}, 400),
        ("POST", "ownerid/$ref", {"@odata.id": "systemusers(x)"}, 405),
    ],
)
def test_what_one_column_does_not_take(web, method, path, body, status):
    row = web.create("contacts", {"lastname": "A"})
    assert web(method, f"contacts({row})/{path}", body).status_code == status
