"""`$batch` without change sets: forms of request, order, what happens at a failure."""

from __future__ import annotations

import pytest

MIXED = {"Content-Type": "multipart/mixed; boundary=batch_1"}


def test_requests_are_answered_in_order(web, new_id):
    first, second = new_id(), new_id()
    answer, parts = web.batch(
        ("PATCH", f"contacts({first})", {"lastname": "A"}),
        ("GET", f"contacts({first})?$select=lastname"),
        ("POST", "contacts", {"contactid": second, "lastname": "B"}, {"Prefer": "return=representation"}),
        ("DELETE", f"contacts({first})"),
    )
    assert answer.status_code == 200
    assert [status for status, _, _ in parts] == [204, 200, 201, 204]
    assert parts[0][1]["OData-EntityId"] == f"{web.root}contacts({first})"
    assert parts[1][2]["lastname"] == "A"
    assert parts[2][2]["contactid"] == second


@pytest.mark.parametrize("form", ["{root}contacts({row})", "/api/data/v9.2/contacts({row})", "contacts({row})"])
def test_addresses_may_be_absolute_or_relative(web, form):
    row = web.create("contacts", {"lastname": "A"})
    target = form.format(root=web.root, row=row)
    text = f"--batch_1\r\nContent-Type: application/http\r\n\r\nGET {target} HTTP/1.1\r\n\r\n\r\n--batch_1--\r\n"
    answer = web.session.post(web.root + "$batch", data=text, headers=MIXED)
    assert f'"contactid":"{row}"' in answer.text


def test_an_address_may_hold_spaces(web):
    row = web.create("contacts", {"lastname": "Two Words"})
    query = f"$filter=contactid eq {row} and lastname eq 'Two Words'&$select=lastname"
    _, parts = web.batch(("GET", f"contacts?{query}"))
    assert [found["lastname"] for found in parts[0][2]["value"]] == ["Two Words"]


@pytest.mark.parametrize(
    "content_type",
    ["multipart/mixed; boundary=batch_1", 'multipart/mixed; boundary="batch_1"', "multipart/mixed;boundary=batch_1"],
)
@pytest.mark.parametrize("line", ["\r\n", "\n"])
def test_boundaries_and_line_ends_as_clients_write_them(web, say, content_type, line):
    items = [("POST", "contacts", {"lastname": "A"}), [("POST", "contacts", {"lastname": "B"})]]
    body = say.write_batch(items, web.root, line=line)
    answer = web.session.post(web.root + "$batch", data=body, headers={"Content-Type": content_type})
    assert [status for status, _, _ in say.read_batch(answer)] == [204, 204]


# As captured from clients in the field: an empty line first, mixed line ends, high Content-IDs, header without a blank.
FIELD = """\r
--dwa_batch_7
Content-Type: multipart/mixed;boundary=changeset_8
\r
--changeset_8
Content-Type: application/http
Content-Transfer-Encoding:binary
Content-ID: 100001
\r
POST {root}contacts HTTP/1.1
Content-Type: application/json
\r
{{"lastname":"Field"}}
\r
--changeset_8
Content-Type: application/http
Content-Transfer-Encoding:binary
Content-ID: 100002
\r
POST {root}accounts HTTP/1.1
Content-Type: application/json
\r
{{"name":"Field","primarycontactid@odata.bind":"$100001"}}
\r
--changeset_8--
\r
--dwa_batch_7
Content-Type: application/http
Content-Transfer-Encoding: binary
\r
GET {root}WhoAmI HTTP/1.1
Accept: application/json
\r
--dwa_batch_7--
"""


def test_a_batch_as_a_client_in_the_field_writes_it(web, say):
    headers = {"Content-Type": "multipart/mixed;boundary=dwa_batch_7"}
    answer = web.session.post(web.root + "$batch", data=FIELD.format(root=web.root), headers=headers)
    parts = say.read_batch(answer)
    assert [status for status, _, _ in parts] == [204, 204, 200]
    assert [headers["Content-ID"] for _, headers, _ in parts] == ["100001", "100002", None]


def test_a_batch_ends_at_the_first_failure(web, new_id):
    last = new_id()
    answer, parts = web.batch(
        ("POST", "contacts", {"lastname": "A"}),
        ("POST", "contacts", {"lastname": 1}),
        ("POST", "contacts", {"contactid": last, "lastname": "C"}),
    )
    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("multipart/mixed; boundary=batchresponse_")
    assert [status for status, _, _ in parts] == [204, 400]
    assert parts[1][2]["error"]["code"] == "0x80048d19"
    assert parts[1][1]["REQ_ID"]
    assert web.get(f"contacts({last})").status_code == 404


def test_a_batch_goes_on_when_the_client_prefers_it(web, new_id):
    last = new_id()
    answer, parts = web.batch(
        ("GET", f"contacts({last})"),
        ("GET", "nosuchset"),
        [("POST", "contacts", {"lastname": 1})],
        ("POST", "contacts", {"contactid": last, "lastname": "C"}),
        Prefer="odata.continue-on-error",
    )
    assert answer.status_code == 200
    assert [status for status, _, _ in parts] == [404, 404, 400, 204]
    assert web.get(f"contacts({last})").status_code == 200


def test_the_status_of_the_batch_is_that_of_the_failure(web, new_id):
    answer, _ = web.batch(("GET", f"contacts({new_id()})"))
    assert answer.status_code == 404
    answer, _ = web.batch(("PATCH", f"contacts({new_id()})", {}, {"If-Match": 'W/"1"'}))
    assert answer.status_code == 404


def test_json_batches_are_refused(web):
    answer = web.post("$batch", {"requests": []})
    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("application/json")


PART = 'Content-Type: application/http\r\n\r\nPOST contacts HTTP/1.1\r\n\r\n{"lastname":"A"}\r\n'


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/mixed", f"--batch_1\r\n{PART}--batch_1--\r\n"),
        ("text/plain; boundary=batch_1", f"--batch_1\r\n{PART}--batch_1--\r\n"),
        ("multipart/mixed; boundary=batch_1", f"--batch_1\r\n{PART}"),
        ("multipart/mixed; boundary=batch_1", f"--other\r\n{PART}--other--\r\n"),
        ("multipart/mixed; boundary=batch_1", ""),
        ("multipart/mixed; boundary=batch_1", "--batch_1--"),
        ("multipart/mixed; boundary=batch_1", "--batch_1\r\nContent-Type: text/plain\r\n\r\nx\r\n--batch_1--\r\n"),
        ("multipart/mixed; boundary=batch_1", f"--batch_1\r\n{PART}--batch_1\r\nno header\r\n\r\n--batch_1--\r\n"),
        (
            "multipart/mixed; boundary=batch_1",
            f"--batch_1\r\n{PART}--batch_1\r\nContent-Type: application/http\r\n\r\nPOST contacts\r\n--batch_1--\r\n",
        ),
    ],
)
def test_a_batch_that_cannot_be_read_is_refused_as_a_whole(fresh, say, content_type, body):
    answer = fresh.session.post(fresh.root + "$batch", data=body, headers={"Content-Type": content_type})
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]
    operations = [each["operations"] for each in fresh.get(f"{fresh.origin}/_emulator/requests").json()]
    assert operations[0] == []


def test_batches_are_not_nested(web):
    answer, parts = web.batch(("POST", "$batch", {}))
    assert (answer.status_code, parts) == (400, [])


def test_a_batch_holds_a_thousand_operations(web):
    answer, parts = web.batch(*[("GET", "WhoAmI")] * 1000)
    assert (answer.status_code, len(parts)) == (200, 1000)
    answer, parts = web.batch(*[("GET", "WhoAmI")] * 1001)
    assert (answer.status_code, parts) == (400, [])
    assert "The current batch message contains too many parts." in answer.text


def test_a_change_set_holds_a_thousand_operations(web, new_id):
    row = web.create("contacts", {"lastname": "A"})
    change = ("PUT", f"contacts({row})/jobtitle", {"value": "x"})
    answer, parts = web.batch([change] * 1000)
    assert (answer.status_code, len(parts)) == (200, 1000)
    answer, parts = web.batch([change] * 1001)
    assert (answer.status_code, parts) == (400, [])
    assert "The current change set contains too many operations." in answer.text
    answer, parts = web.batch([change] * 600, [change] * 401)
    assert (answer.status_code, parts) == (400, [])


def test_each_part_has_its_own_preferences(web):
    row = web.create("contacts", {"lastname": "A"})
    formatted = {"Prefer": 'odata.include-annotations="*"'}
    shown = {"Prefer": "return=representation"}
    _, parts = web.batch(
        ("GET", f"contacts({row})?$select=statecode", None, formatted),
        ("GET", f"contacts({row})?$select=statecode"),
        [("PATCH", f"contacts({row})", {"lastname": "B"}, shown), ("PATCH", f"contacts({row})", {"lastname": "C"})],
        Prefer='odata.include-annotations="*",return=representation',
    )
    assert [status for status, _, _ in parts] == [200, 200, 200, 204]
    label = "statecode@OData.Community.Display.V1.FormattedValue"
    assert (label in parts[0][2], label in parts[1][2]) == (True, False)
    assert parts[2][2]["lastname"] == "B"


def test_the_content_id_may_stand_among_the_headers_of_the_request(web, say):
    kind, line = "Content-Type: application/http", "Content-Type: application/json\r\nContent-ID: {}\r\n\r\n"
    requests = (
        f"POST {web.root}contacts HTTP/1.1\r\n{line.format('one')}" + '{"lastname":"A"}',
        f"PUT $one/jobtitle HTTP/1.1\r\n{line.format('two')}" + '{"value":"x"}',
    )
    inner = "".join(f"--c\r\n{kind}\r\n\r\n{request}\r\n" for request in requests)
    body = f"preamble\r\n--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n{inner}--c--\r\n--b--\r\nepilogue"
    headers = {"Content-Type": "multipart/mixed; boundary=b"}
    parts = say.read_batch(web.session.post(web.root + "$batch", data=body, headers=headers))
    assert [(status, headers["Content-ID"]) for status, headers, _ in parts] == [(204, "one"), (204, "two")]
    assert web.row(parts[0][1]["OData-EntityId"])["jobtitle"] == "x"


def test_addresses_in_a_batch_may_be_twice_as_long(web):
    row = web.create("contacts", {"lastname": "A"})
    answer, _ = web.batch(("GET", f"contacts({row})?x={'y' * 40_000}"))
    assert answer.status_code != 414
    assert "longer than" not in answer.text
    answer, _ = web.batch(("GET", f"contacts({row})?x={'y' * 66_000}"))
    assert answer.status_code == 400
    assert "longer than 65536" in answer.text


def test_a_batch_takes_post(web):
    assert web.get("$batch").status_code == 405
