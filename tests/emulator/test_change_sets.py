"""Change sets: all of it or nothing, and references from one request to the row of another."""

from __future__ import annotations

import pytest


def test_a_later_request_refers_to_an_earlier_row(web):
    answer, parts = web.batch(
        [
            ("POST", "contacts", {"lastname": "X"}),
            ("POST", "accounts", {"name": "n", "primarycontactid@odata.bind": "$1"}),
            ("PATCH", "$1", {"firstname": "F"}),
            ("PUT", "$1/jobtitle", {"value": "J"}),
            ("PUT", "$2/parentaccountid/$ref", {"@odata.id": "$2"}),
            ("POST", "$2/contact_customer_accounts/$ref", {"@odata.id": "$1"}),
        ]
    )
    assert answer.status_code == 200
    assert [headers["Content-ID"] for _, headers, _ in parts] == ["1", "2", "3", "4", "5", "6"]
    contact = web.row(parts[0][1]["OData-EntityId"])
    account = web.row(parts[1][1]["OData-EntityId"])
    assert (contact["fullname"], contact["jobtitle"]) == ("F X", "J")
    assert account["_primarycontactid_value"] == contact["contactid"]
    assert account["_parentaccountid_value"] == account["accountid"]
    assert contact["_parentcustomerid_value"] == account["accountid"]


def test_a_row_that_was_made_by_key_can_be_referred_to(custom):
    _, parts = custom.batch(
        [
            ("PATCH", "new_channels(new_digits='15550177')", {"new_name": "C"}),
            ("POST", "new_messages", {"new_name": "M", "new_ChannelId@odata.bind": "$1"}),
        ]
    )
    assert [status for status, _, _ in parts] == [204, 204]
    channel = custom.row("new_channels(new_digits='15550177')")["new_channelid"]
    assert custom.row(parts[1][1]["OData-EntityId"])["_new_channelid_value"] == channel


@pytest.mark.parametrize(
    "failing",
    [
        ("POST", "contacts", {"lastname": 1}),
        ("POST", "accounts", {"name": "n", "primarycontactid@odata.bind": "$9"}),
        ("PATCH", "$7/lastname", {"value": "x"}),
        ("DELETE", "contacts(0b000000-0000-4000-8000-0000000000ee)"),
        ("POST", "NoSuchAction", {}),
    ],
)
def test_a_failure_undoes_the_whole_set(web, new_id, failing):
    before, inside, after = new_id(), new_id(), new_id()
    answer, parts = web.batch(
        ("POST", "contacts", {"contactid": before, "lastname": "B"}),
        [
            ("POST", "contacts", {"contactid": inside, "lastname": "I"}),
            (
                "POST",
                "SendAppNotification",
                {"Title": "T", "Recipient": "/systemusers(0a000000-0000-4000-8000-00000000000a)"},
            ),
            failing,
            ("POST", "contacts", {"lastname": "never reached"}),
        ],
        ("POST", "contacts", {"contactid": after, "lastname": "A"}),
    )
    assert len(parts) == 2
    status, headers, payload = parts[1]
    assert (answer.status_code, headers["Content-ID"]) == (status, "3")
    assert payload["error"]["message"]
    assert [web.get(f"contacts({row})").status_code for row in (before, inside, after)] == [200, 404, 404]


@pytest.mark.parametrize("reference", ["$2", "$9"])
def test_references_point_backwards_only(web, reference):
    answer, parts = web.batch(
        [
            ("POST", "accounts", {"name": "n", "primarycontactid@odata.bind": reference}),
            ("POST", "contacts", {"lastname": "X"}),
        ]
    )
    assert answer.status_code == 400
    expected = f"Content-ID Reference: '{reference}' does not exist in the batch context."
    assert parts[0][2]["error"]["message"] == expected


def test_conditions_hold_inside_a_change_set(web, new_id):
    row = new_id()
    create = ("PATCH", f"contacts({row})", {"lastname": "once"}, {"If-None-Match": "*"})
    assert web.batch([create])[0].status_code == 200
    answer, parts = web.batch([("POST", "contacts", {"lastname": "other"}), create])
    assert (answer.status_code, parts[0][0], parts[0][1]["Content-ID"]) == (412, 412, "2")


def test_what_one_request_wrote_the_next_one_sees(web, new_id):
    row = new_id()
    answer, _ = web.batch(
        [
            ("POST", "contacts", {"contactid": row, "lastname": "A"}),
            ("PATCH", f"contacts({row})", {"lastname": "B"}, {"If-Match": "*"}),
            ("DELETE", f"contacts({row})"),
        ]
    )
    assert answer.status_code == 200
    assert web.get(f"contacts({row})").status_code == 404


def _change_set(method, *content_ids):
    lines = ["--batch_1", "Content-Type: multipart/mixed; boundary=c", ""]
    for content_id in content_ids:
        lines += ["--c", "Content-Type: application/http", *([f"Content-ID: {content_id}"] if content_id else []), ""]
        lines += [f"{method} contacts HTTP/1.1", "", '{"lastname":"A"}']
    return "\r\n".join([*lines, "--c--", "--batch_1--", ""])


@pytest.mark.parametrize(
    ("method", "content_ids"),
    [("GET", ["1"]), ("POST", [None]), ("POST", ["1", "1"])],
    ids=["reads", "no Content-ID", "the same Content-ID twice"],
)
def test_what_a_change_set_does_not_take(web, method, content_ids):
    headers = {"Content-Type": "multipart/mixed; boundary=batch_1"}
    answer = web.session.post(web.root + "$batch", data=_change_set(method, *content_ids), headers=headers)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("application/json")


def test_definitions_are_not_made_in_a_change_set(web, say):
    answer, parts = web.batch([("POST", "EntityDefinitions", say.table("new_Never"))])
    assert (answer.status_code, parts[0][0]) == (501, 501)
    assert web.get("new_nevers").status_code == 404


def test_an_empty_change_set_is_nothing(web):
    answer, parts = web.batch([], ("GET", "WhoAmI"))
    assert (answer.status_code, [status for status, _, _ in parts]) == (200, [200])
