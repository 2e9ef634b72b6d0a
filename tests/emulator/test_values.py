"""What a column takes, and what it refuses."""

from __future__ import annotations

import pytest

BAD_PAYLOAD, TOO_LONG = "0x80048d19", "0x80044331"


@pytest.mark.parametrize(
    ("name", "sent", "kept"),
    [
        ("firstname", "Ann", "Ann"),
        ("firstname", "", None),
        ("firstname", None, None),
        ("description", "line 1\nline 2", "line 1\nline 2"),
        ("numberofchildren", 3, 3),
        ("creditlimit", 10.005, 10.01),
        ("creditlimit", 5, 5),
        ("donotphone", True, True),
        ("gendercode", 2, 2),
        ("birthdate", "1990-02-28", "1990-02-28"),
        ("lastusedincampaign", "2024-01-31T10:00:00Z", "2024-01-31T10:00:00Z"),
        ("lastusedincampaign", "2024-01-31T10:00:00.987+02:00", "2024-01-31T08:00:00Z"),
        ("address1_latitude", 52.5, 52.5),
    ],
)
def test_a_value_that_fits_is_kept(web, name, sent, kept):
    row = web.create("contacts", {"lastname": "A", name: sent})
    assert web.row(f"contacts({row})?$select={name}")[name] == kept


@pytest.mark.parametrize(
    ("name", "sent", "error"),
    [
        ("firstname", 1, BAD_PAYLOAD),
        ("firstname", ["x"], BAD_PAYLOAD),
        ("firstname", "x" * 51, TOO_LONG),
        ("numberofchildren", "3", BAD_PAYLOAD),
        ("numberofchildren", 1.5, BAD_PAYLOAD),
        ("numberofchildren", True, BAD_PAYLOAD),
        ("numberofchildren", -1, "0x8004432f"),
        ("numberofchildren", 2**31, BAD_PAYLOAD),
        ("creditlimit", "10", BAD_PAYLOAD),
        ("address1_latitude", "north", BAD_PAYLOAD),
        ("donotphone", 1, BAD_PAYLOAD),
        ("donotphone", "true", BAD_PAYLOAD),
        ("gendercode", 9, "0x8004431a"),
        ("gendercode", "1", BAD_PAYLOAD),
        ("birthdate", "1990-02-30", BAD_PAYLOAD),
        ("birthdate", "1990-02-28T00:00:00Z", BAD_PAYLOAD),
        ("lastusedincampaign", "yesterday", BAD_PAYLOAD),
        ("lastusedincampaign", "2024-01-31T10:00:00", BAD_PAYLOAD),
        ("lastusedincampaign", "20240131T100000Z", BAD_PAYLOAD),
        ("lastusedincampaign", "2024-02-30T10:00:00Z", BAD_PAYLOAD),
        ("lastusedincampaign", "0001-01-01T00:00:00Z", "0x80040239"),
        ("birthdate", "19900228", BAD_PAYLOAD),
        ("firstname", "\ud83d", BAD_PAYLOAD),
        ("contactid", "no id", BAD_PAYLOAD),
        ("nosuchcolumn", "x", BAD_PAYLOAD),
        ("FirstName", "x", BAD_PAYLOAD),
        ("_ownerid_value", "0a000000-0000-4000-8000-00000000000a", BAD_PAYLOAD),
        ("parentcustomerid", "0a000000-0000-4000-8000-00000000000a", BAD_PAYLOAD),
        ("@logicalName", "contact", BAD_PAYLOAD),
    ],
)
def test_a_value_that_does_not_fit_is_refused(web, say, name, sent, error):
    answer = web.post("contacts", {"lastname": "A", name: sent})
    assert (answer.status_code, say.code(answer)) == (400, error)
    row = web.create("contacts", {"lastname": "A"})
    if name != "contactid":
        answer = web.patch(f"contacts({row})", {name: sent})
        assert (answer.status_code, say.code(answer)) == (400, error)


def test_the_length_of_a_mobile_number_differs_between_tables(web, say):
    long_number = "+31 (0)6 1234 5678 ext"
    web.create("contacts", {"lastname": "A", "mobilephone": long_number})
    answer = web.post("leads", {"lastname": "A", "mobilephone": long_number})
    assert say.code(answer) == TOO_LONG
    assert "'mobilephone' attribute of the 'lead' entity exceeded the maximum allowed length of '20'" in answer.text


def test_an_emoji_counts_twice(web, say):
    web.create("contacts", {"lastname": "A", "firstname": "😀" * 25})
    assert say.code(web.post("contacts", {"lastname": "A", "firstname": "😀" * 26})) == TOO_LONG


def test_columns_that_the_platform_fills_are_passed_over(web):
    row = web.create("contacts", {"lastname": "A", "fullname": "Nobody", "createdon": "2001-01-01T00:00:00Z"})
    found = web.row(f"contacts({row})")
    assert found["fullname"] == "A"
    assert found["createdon"] > "2001-01-01T00:00:00Z"


def test_annotations_are_passed_over(web):
    row = web.create("contacts", {"lastname": "A", "@odata.type": "x.y", "lastname@odata.type": "#String"})
    assert web.row(f"contacts({row})")["lastname"] == "A"


def test_an_import_keeps_the_date_of_the_original(web):
    row = web.create("contacts", {"lastname": "A", "overriddencreatedon": "2001-01-01T00:00:00Z"})
    assert web.row(f"contacts({row})")["createdon"] == "2001-01-01T00:00:00Z"


def test_defaults_are_filled_in(web):
    found = web.row(f"contacts({web.create('contacts', {'lastname': 'A'})})")
    assert (found["donotphone"], found["followemail"], found["preferredcontactmethodcode"]) == (False, True, 1)
    assert (found["statecode"], found["statuscode"]) == (0, 1)


def test_money_brings_the_currency(web):
    plain = web.row(f"contacts({web.create('contacts', {'lastname': 'A'})})")
    rich = web.row(f"contacts({web.create('contacts', {'lastname': 'A', 'creditlimit': 1})})")
    assert plain["_transactioncurrencyid_value"] is None
    assert rich["_transactioncurrencyid_value"]


@pytest.mark.parametrize("part", [{"firstname": "Eve"}, {"lastname": "Adam"}])
def test_the_full_name_follows_its_parts(web, part):
    row = web.create("leads", {"firstname": "Ann", "lastname": "Ames"})
    web.patch(f"leads({row})", part)
    found = web.row(f"leads({row})")
    assert found["fullname"] == f"{found['firstname']} {found['lastname']}"


def test_what_the_platform_requires(web, say):
    answer = web.post("teams", {"description": "no name"})
    assert (answer.status_code, say.code(answer)) == (400, "0x80040200")
    unit = f"/businessunits({say.business_unit})"
    team = web.create("teams", {"name": "T", "businessunitid@odata.bind": unit})
    answer = web.patch(f"teams({team})", {"name": None})
    assert (answer.status_code, say.code(answer)) == (400, "0x80040200")


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff", b'{"creditlimit": NaN}', b'{"creditlimit": 1e999}'])
def test_a_body_that_is_no_json_object(web, say, body):
    answer = web.session.post(web.root + "contacts", data=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, say.code(answer)) == (400, BAD_PAYLOAD)


@pytest.mark.parametrize(
    ("entity_set", "body"),
    [
        ("contacts", {"lastname": "A", "contact_activity_parties": [{"participationtypemask": 1}]}),
        ("activitypointers", {"subject": "x"}),
        ("principalobjectaccessset", {}),
        ("owners", {}),
        ("teammemberships", {}),
    ],
)
def test_what_the_emulator_does_not_do_it_says(web, entity_set, body):
    assert web.post(entity_set, body).status_code == 501
