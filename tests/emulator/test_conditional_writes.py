"""PATCH, POST and DELETE with and without conditions: every cell of the documented table."""

from __future__ import annotations

import pytest

STALE = 'W/"1"'


@pytest.mark.parametrize(
    ("headers", "there", "status", "error"),
    [
        ({}, True, 204, None),
        ({}, False, 204, None),
        ({"If_Match": "*"}, True, 204, None),
        ({"If_Match": "*"}, False, 404, "0x80040217"),
        ({"If_None_Match": "*"}, True, 412, "0x80040237"),
        ({"If_None_Match": "*"}, False, 204, None),
        ({"If_Match": STALE}, True, 412, "0x80060882"),
        ({"If_Match": STALE}, False, 404, "0x80040217"),
        ({"If_None_Match": "null"}, True, 204, None),
        ({"Prefer": "return=representation"}, True, 200, None),
        ({"Prefer": "return=representation"}, False, 201, None),
    ],
)
def test_patch_by_id(web, new_id, say, headers, there, status, error):
    row = new_id()
    if there:
        web.create("contacts", {"contactid": row, "lastname": "Before"})
    answer = web.patch(f"contacts({row})", {"lastname": "After"}, **headers)
    assert answer.status_code == status
    found = web.get(f"contacts({row})")
    if error:
        assert say.code(answer) == error
        assert found.status_code == 404 if not there else found.json()["lastname"] == "Before"
    else:
        assert found.json()["lastname"] == "After"


def test_the_current_etag_lets_an_update_through_once(web):
    row = web.create("contacts", {"lastname": "A"})
    tag = web.row(f"contacts({row})")["@odata.etag"]
    assert web.patch(f"contacts({row})", {"lastname": "B"}, If_Match=tag).status_code == 204
    assert web.patch(f"contacts({row})", {"lastname": "C"}, If_Match=tag).status_code == 412
    assert web.row(f"contacts({row})")["lastname"] == "B"


def test_an_etag_stays_until_the_row_changes(web):
    row = web.create("contacts", {"lastname": "A"})
    first = web.get(f"contacts({row})")
    web.create("contacts", {"lastname": "Another"})
    second = web.get(f"contacts({row})")
    assert first.headers["ETag"] == second.headers["ETag"] == first.json()["@odata.etag"]
    web.patch(f"contacts({row})", {"lastname": "B"})
    assert web.get(f"contacts({row})").headers["ETag"] != first.headers["ETag"]


def test_an_unchanged_row_is_not_sent_again(web):
    row = web.create("contacts", {"lastname": "A"})
    tag = web.get(f"contacts({row})").headers["ETag"]
    answer = web.get(f"contacts({row})", If_None_Match=tag)
    assert (answer.status_code, answer.content) == (304, b"")


def test_an_upsert_answers_with_the_address_of_the_row(web, new_id):
    row = new_id()
    answer = web.patch(f"contacts({row})", {"lastname": "A"})
    assert answer.headers["OData-EntityId"] == f"{web.root}contacts({row})"


def test_a_representation_comes_without_the_address(web):
    answer = web.post("contacts", {"lastname": "A", "firstname": "Z"}, Prefer="return=representation")
    assert answer.status_code == 201
    assert answer.json()["fullname"] == "Z A"
    assert "OData-EntityId" not in answer.headers
    assert answer.headers["Preference-Applied"] == "return=representation"


def test_a_representation_shows_what_was_selected(web):
    answer = web.post("contacts?$select=fullname", {"lastname": "A"}, Prefer="return=representation")
    assert set(answer.json()) == {"@odata.context", "@odata.etag", "contactid", "fullname"}


def test_an_id_can_be_given_once(web, new_id, say):
    row = new_id()
    web.create("contacts", {"contactid": row, "lastname": "A"})
    answer = web.post("contacts", {"contactid": row.upper(), "lastname": "B"})
    assert (answer.status_code, say.code(answer)) == (412, "0x80040237")


@pytest.mark.parametrize(("headers", "status"), [({}, 204), ({"If_Match": "*"}, 204), ({"If_Match": STALE}, 412)])
def test_delete(web, headers, status):
    row = web.create("contacts", {"lastname": "A"})
    assert web.delete(f"contacts({row})", **headers).status_code == status
    assert web.get(f"contacts({row})").status_code == (404 if status == 204 else 200)


def test_what_is_not_there_cannot_be_deleted(web, new_id, say):
    answer = web.delete(f"contacts({new_id()})")
    assert (answer.status_code, say.code(answer)) == (404, "0x80040217")


def test_one_column_can_be_put_and_emptied(web):
    row = web.create("contacts", {"lastname": "A", "jobtitle": "Buyer"})
    assert web.put(f"contacts({row})/jobtitle", {"value": "Seller"}).status_code == 204
    assert web.get(f"contacts({row})/jobtitle").json()["value"] == "Seller"
    assert web.get(f"contacts({row})/jobtitle/$value").text == "Seller"
    assert web.delete(f"contacts({row})/jobtitle").status_code == 204
    assert web.get(f"contacts({row})/jobtitle").status_code == 204
    assert web.row(f"contacts({row})")["jobtitle"] is None


def test_an_update_of_nothing_changes_nothing(web):
    row = web.create("contacts", {"lastname": "A"})
    tag = web.row(f"contacts({row})")["@odata.etag"]
    assert web.patch(f"contacts({row})", {}).status_code == 204
    assert web.row(f"contacts({row})")["@odata.etag"] == tag


def test_an_update_that_returns_data_expands_nothing(web):
    account = web.create("accounts", {"name": "P"})
    row = web.create("contacts", {"lastname": "A", "parentcustomerid_account@odata.bind": f"/accounts({account})"})
    query = f"contacts({row})?$select=fullname&%24expand=parentcustomerid_account,nosuch"
    wanted = 'return=representation,odata.include-annotations="OData.Community.Display.V1.FormattedValue"'
    answer = web.patch(query, {"firstname": "Z"}, Prefer=wanted)
    assert set(answer.json()) == {"@odata.context", "@odata.etag", "contactid", "fullname"}
    assert (answer.status_code, answer.headers["Preference-Applied"]) == (200, wanted)


@pytest.mark.parametrize(
    ("headers", "there", "status", "error"),
    [
        ({}, True, 204, None),
        ({}, False, 204, None),
        ({"If_Match": "*"}, True, 204, None),
        ({"If_Match": "*"}, False, 404, "0x80060891"),
        ({"If_None_Match": "*"}, True, 412, "0x80040237"),
        ({"If_None_Match": "*"}, False, 204, None),
        ({"If_Match": STALE}, True, 412, "0x80060882"),
        ({"If_Match": STALE}, False, 404, "0x80060891"),
        ({"Prefer": "return=representation"}, True, 200, None),
        ({"Prefer": "return=representation"}, False, 201, None),
    ],
)
def test_patch_by_alternate_key(custom, new_id, say, headers, there, status, error):
    digits = str(int(new_id()[-12:], 16))
    path = f"new_channels(new_digits='{digits}')"
    if there:
        custom.create("new_channels", {"new_digits": digits, "new_name": "Before"})
    answer = custom.patch(path, {"new_name": "After"}, **headers)
    assert answer.status_code == status
    found = custom.get(path)
    if error:
        assert say.code(answer) == error
        assert found.status_code == 404 if not there else found.json()["new_name"] == "Before"
    else:
        assert (found.json()["new_name"], found.json()["new_digits"]) == ("After", digits)


BELOW = [
    ("PUT", "jobtitle", {"value": "x"}),
    ("DELETE", "jobtitle", None),
    ("PUT", "ownerid/$ref", "owner"),
    ("DELETE", "parentcustomerid_account/$ref", None),
    ("POST", "contact_customer_contacts/$ref", "self"),
]


@pytest.mark.parametrize(("method", "path", "body"), BELOW)
@pytest.mark.parametrize(("etag", "status"), [(None, 204), ("*", 204), ("current", 204), (STALE, 412)])
def test_conditions_hold_for_what_lies_below_a_row(web, say, method, path, body, etag, status):
    row = web.create("contacts", {"lastname": "A", "jobtitle": "Before"})
    links = {"owner": f"systemusers({say.administrator})", "self": f"contacts({row})"}
    sent = {"@odata.id": web.root + links[body]} if isinstance(body, str) else body
    before = web.row(f"contacts({row})")["@odata.etag"]
    headers = {} if etag is None else {"If_Match": before if etag == "current" else etag}
    assert web(method, f"contacts({row})/{path}", sent, **headers).status_code == status
    if status == 412:
        assert web.row(f"contacts({row})")["@odata.etag"] == before


@pytest.mark.parametrize(("method", "path", "body"), BELOW)
def test_below_a_row_that_is_not_there_is_nothing(web, say, new_id, method, path, body):
    sent = {"@odata.id": f"systemusers({say.administrator})"} if isinstance(body, str) else body
    answer = web(method, f"contacts({new_id()})/{path}", sent)
    assert (answer.status_code, say.code(answer)) == (404, "0x80040217")


def test_key_values_in_the_body_count_for_a_new_row_only(custom, new_id):
    one, two = (str(int(new_id()[-12:], 16)) for _ in range(2))
    made = custom.patch(f"new_channels(new_digits='{one}')", {"new_digits": two}, Prefer="return=representation")
    assert (made.status_code, made.json()["new_digits"]) == (201, two)
    again = custom.patch(f"new_channels(new_digits='{two}')", {"new_digits": one}, Prefer="return=representation")
    assert (again.status_code, again.json()["new_digits"]) == (200, two)
    assert again.json()["new_channelid"] == made.json()["new_channelid"]


def test_who_may_not_read_a_row_learns_nothing_of_its_version(web, say):
    row = web.create("contacts", {"lastname": "A"})
    stranger = web.as_user(web.user("Kim", role=say.salesperson))
    path = f"contacts({row})"
    for tag in (web.row(path)["@odata.etag"], 'W/"1"', "*"):
        assert stranger.patch(path, {"lastname": "B"}, If_Match=tag).status_code == 403
        assert stranger.put(f"{path}/lastname", {"value": "B"}, If_Match=tag).status_code == 403
        assert stranger.delete(f"{path}/lastname", If_Match=tag).status_code == 403
        assert stranger.delete(path, If_Match=tag).status_code == 403
        assert stranger.get(path, If_None_Match=tag).status_code == 403
