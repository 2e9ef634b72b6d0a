"""Rows addressed by the values of an alternate key."""

from __future__ import annotations

import itertools

import pytest

NUMBERS = itertools.count(15550100000)


@pytest.fixture
def digits():
    return str(next(NUMBERS))


def test_a_row_is_found_by_its_key(custom, digits):
    custom.create("new_channels", {"new_name": "Sales", "new_digits": digits})
    assert custom.row(f"new_channels(new_digits='{digits}')")["new_name"] == "Sales"


def test_a_key_of_two_columns_takes_them_in_any_order(custom, digits):
    custom.create("new_channels", {"new_name": "Line 7", "new_digits": digits, "new_line": 7})
    assert custom.row(f"new_channels(new_digits='{digits}',new_line=7)")["new_name"] == "Line 7"
    assert custom.row(f"new_channels(new_line=7,new_digits='{digits}')")["new_name"] == "Line 7"


def test_text_in_a_key_is_found_whatever_its_case(custom):
    custom.create("new_channels", {"new_name": "x", "new_digits": "Abc-1"})
    assert custom.get("new_channels(new_digits='aBC-1')").status_code == 200


def test_an_apostrophe_is_doubled(custom):
    custom.create("new_channels", {"new_name": "x", "new_digits": "O'Hara"})
    assert custom.get("new_channels(new_digits='O''Hara')").status_code == 200
    assert custom.get("new_channels(new_digits=%27O%27%27Hara%27)").status_code == 200


def test_a_key_in_an_answer_is_encoded_again(custom):
    answer = custom.patch("new_channels(new_digits='%E2%82%AC%20x')", {"new_name": "euro"})
    assert answer.status_code == 204
    assert answer.headers["OData-EntityId"].endswith("new_channels(new_digits='%E2%82%AC%20x')")
    assert custom.row(answer.headers["OData-EntityId"])["new_name"] == "euro"


def test_nothing_with_this_key(custom, say):
    answer = custom.get("new_channels(new_digits='0')")
    assert (answer.status_code, say.code(answer)) == (404, "0x80060891")
    assert say.code(custom.patch("new_channels(new_digits='0')", {}, If_Match="*")) == "0x80060891"
    assert say.code(custom.delete("new_channels(new_digits='0')")) == "0x80060891"


@pytest.mark.parametrize("value", ["%2B15550100", "a%2Fb", "a%3Cb", "a*b", "a%25b", "a%26b", "a:b", "a%5Cb", "a%3Fb"])
@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_characters_that_no_key_can_be_addressed_by(custom, method, value):
    answer = custom(method, f"new_channels(new_digits='{value}')", {} if method == "PATCH" else None)
    assert answer.status_code == 400


@pytest.mark.parametrize("key", ["new_name='x'", "new_line=1", "new_digits='1',new_name='x'", "new_nothing='x'"])
def test_a_key_that_is_not_defined(custom, say, key):
    answer = custom.get(f"new_channels({key})")
    assert (answer.status_code, say.code(answer)) == (400, "0x80060890")


def test_an_upsert_by_key_creates_with_the_values_of_the_address(custom, digits):
    answer = custom.patch(f"new_channels(new_digits='{digits}')", {"new_name": "New"})
    assert answer.status_code == 204
    assert answer.headers["OData-EntityId"] == f"{custom.root}new_channels(new_digits='{digits}')"
    assert custom.row(f"new_channels(new_digits='{digits}')")["new_name"] == "New"


def test_the_second_upsert_by_key_updates(custom, digits):
    path = f"new_channels(new_digits='{digits}')"
    assert custom.patch(path, {"new_name": "1"}, Prefer="return=representation").status_code == 201
    assert custom.patch(path, {"new_name": "2"}, Prefer="return=representation").status_code == 200
    assert custom.patch(path, {"new_name": "3"}, If_None_Match="*").status_code == 412
    assert custom.row(path)["new_name"] == "2"


def test_a_key_in_the_body_of_an_update_is_ignored(custom, digits):
    path = f"new_channels(new_digits='{digits}')"
    custom.patch(path, {"new_name": "1"})
    custom.patch(path, {"new_name": "2", "new_digits": "something else"})
    assert custom.row(path)["new_name"] == "2"


def test_a_key_in_the_body_of_a_create_wins(custom, digits):
    custom.patch("new_channels(new_digits='elsewhere')", {"new_name": "1", "new_digits": digits})
    assert custom.get(f"new_channels(new_digits='{digits}')").status_code == 200
    assert custom.get("new_channels(new_digits='elsewhere')").status_code == 404


def test_a_key_that_is_taken(custom, digits, say):
    custom.create("new_channels", {"new_name": "1", "new_digits": digits})
    answer = custom.post("new_channels", {"new_name": "2", "new_digits": digits})
    assert (answer.status_code, say.code(answer)) == (412, "0x80060892")
    other = custom.create("new_channels", {"new_name": "3"})
    answer = custom.patch(f"new_channels({other})", {"new_digits": digits})
    assert (answer.status_code, say.code(answer)) == (412, "0x80060892")


def test_empty_key_values_are_not_compared(custom):
    custom.create("new_channels", {"new_name": "1"})
    custom.create("new_channels", {"new_name": "2"})


def test_delete_by_key(custom, digits):
    custom.create("new_channels", {"new_name": "1", "new_digits": digits})
    assert custom.delete(f"new_channels(new_digits='{digits}')").status_code == 204
    assert custom.get(f"new_channels(new_digits='{digits}')").status_code == 404


def test_a_lookup_can_be_part_of_a_key(fresh, say):
    fresh.post("EntityDefinitions", say.table("new_Line"))
    link = say.one_to_many("new_line_account", "account", "new_line", "new_AccountId")
    fresh.post("RelationshipDefinitions", link)
    key = {"SchemaName": "new_by_account", "KeyAttributes": ["new_accountid"], "DisplayName": say.label("k")}
    assert fresh.post("EntityDefinitions(LogicalName='new_line')/Keys", key).status_code == 204
    account = fresh.create("accounts", {"name": "Demo"})
    fresh.create("new_lines", {"new_name": "L", "new_AccountId@odata.bind": f"/accounts({account})"})
    assert fresh.row(f"new_lines(_new_accountid_value={account})")["new_name"] == "L"


def test_the_id_can_be_named(web, new_id, say):
    row = web.create("contacts", {"lastname": "A"})
    assert web.get(f"contacts(contactid={row})").status_code == 200
    answer = web.get(f"systemusers(systemuserid={say.administrator})")
    assert (answer.status_code, say.code(answer)) == (400, "0x80060890")
    assert web.get(f"systemusers({say.administrator})").status_code == 200


@pytest.mark.parametrize("arguments", ["1", "'x'", "abc", ""])
def test_an_address_that_is_no_address(web, arguments):
    assert web.get(f"contacts({arguments})").status_code == 400


def test_who_reads_nothing_of_a_table_learns_nothing_of_its_keys(custom, say):
    custom.patch("new_channels(new_digits='14255550123')", {"new_name": "A"})
    stranger = custom.as_user(custom.user("Kim", role=say.salesperson))
    for digits in ("14255550123", "14255550124"):
        assert stranger.get(f"new_channels(new_digits='{digits}')").status_code == 403
