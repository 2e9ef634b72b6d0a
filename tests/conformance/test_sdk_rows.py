"""Microsoft's SDK: one row, and many at once."""

from __future__ import annotations

import pytest
from PowerPlatform.Dataverse.core.errors import HttpError
from PowerPlatform.Dataverse.models.upsert import UpsertItem

NOWHERE = "0b000000-0000-4000-8000-0000000000ff"


def test_a_row_is_created_and_read_by_another(sdk, web, word):
    account = sdk.records.create("account", {"name": word, "telephone1": "555-0100"})

    row = web.row(f"accounts({account})?$select=name,telephone1")
    assert (row["name"], row["telephone1"]) == (word, "555-0100")


def test_column_names_may_come_in_any_case(sdk, web, word):
    account = sdk.records.create("Account", {"Name": word, "Telephone1": "555-0100"})

    assert web.row(f"accounts({account})?$select=telephone1")["telephone1"] == "555-0100"


def test_the_label_of_a_choice_is_as_good_as_its_value(sdk, web, word):
    contact = sdk.records.create("contact", {"lastname": word, "preferredcontactmethodcode": "Phone"})

    assert web.row(f"contacts({contact})")["preferredcontactmethodcode"] == 3


def test_a_row_points_to_another(sdk, web, word):
    account = sdk.records.create("account", {"name": word})
    contact = sdk.records.create(
        "contact", {"lastname": word, "parentcustomerid_account@odata.bind": f"/accounts({account})"}
    )

    assert web.row(f"contacts({contact})?$expand=parentcustomerid_account")["parentcustomerid_account"]["name"] == word


def test_a_row_is_updated(sdk, web, word):
    account = web.create("accounts", {"name": word, "fax": "555-0100"})

    sdk.records.update("account", account, {"name": f"{word} 2", "fax": None})

    row = web.row(f"accounts({account})")
    assert (row["name"], row["fax"]) == (f"{word} 2", None)


def test_an_update_creates_nothing(sdk, web):
    with pytest.raises(HttpError) as refused:
        sdk.records.update("account", NOWHERE, {"name": "A"})

    assert refused.value.status_code == 404
    assert refused.value.details["service_error_code"] == "0x80040217"
    assert not web.is_there(f"accounts({NOWHERE})")


def test_a_row_is_retrieved_with_what_it_points_to(sdk, web, word):
    account = web.create("accounts", {"name": word})
    contact = web.create("contacts", {"lastname": word, "parentcustomerid_account@odata.bind": f"/accounts({account})"})

    record = sdk.records.retrieve(
        "contact", contact, select=["lastname"], expand=["parentcustomerid_account($select=name)"]
    )

    assert (record["lastname"], record["contactid"]) == (word, contact)
    assert record["parentcustomerid_account"]["name"] == word
    assert record.etag == web.row(f"contacts({contact})?$select=lastname")["@odata.etag"]


def test_a_row_that_is_not_there_is_none(sdk):
    assert sdk.records.retrieve("account", NOWHERE) is None


def test_a_row_is_deleted(sdk, web, word):
    account = web.create("accounts", {"name": word})

    sdk.records.delete("account", account)

    assert not web.is_there(f"accounts({account})")


def test_many_rows_are_created_in_one_request(sdk, web, word):
    ids = sdk.records.create("account", [{"name": f"{word} {number}"} for number in range(20)])

    assert len(set(ids)) == 20
    assert web.row(f"accounts({ids[7]})")["name"] == f"{word} 7"
    assert len(web.names("accounts", word)) == 20


def test_many_rows_are_created_all_or_none(sdk, web, word):
    with pytest.raises(HttpError) as refused:
        sdk.records.create("account", [{"name": word}, {"name": word * 50}])

    assert (refused.value.status_code, refused.value.details["service_error_code"]) == (400, "0x80044331")
    assert web.names("accounts", word) == []


def test_many_rows_are_updated_alike(sdk, web, word):
    ids = sdk.records.create("account", [{"name": f"{word} {number}"} for number in range(3)])

    sdk.records.update("account", ids, {"fax": "555-0101"})

    assert {row["fax"] for row in web.rows(f"accounts?$filter=startswith(name,'{word}')")} == {"555-0101"}


def test_many_rows_are_updated_each_in_its_way(sdk, web, word):
    ids = sdk.records.create("account", [{"name": word}, {"name": word}])

    sdk.records.update("account", ids, [{"name": f"{word} A"}, {"name": f"{word} B"}])

    assert [web.row(f"accounts({each})")["name"] for each in ids] == [f"{word} A", f"{word} B"]


def test_many_rows_are_updated_all_or_none(sdk, web, word):
    account = web.create("accounts", {"name": word})

    with pytest.raises(HttpError):
        sdk.records.update("account", [account, NOWHERE], {"name": "changed"})

    assert web.row(f"accounts({account})")["name"] == word


def test_many_rows_are_deleted_by_a_job(sdk, web, word):
    ids = sdk.records.create("account", [{"name": word}, {"name": word}, {"name": f"{word} stays"}])

    job = sdk.records.delete("account", ids[:2])

    assert web.is_there(f"asyncoperations({job})")
    assert web.names("accounts", word) == [f"{word} stays"]


def test_many_rows_are_deleted_one_by_one(sdk, web, word):
    ids = sdk.records.create("account", [{"name": word}, {"name": word}])

    assert sdk.records.delete("account", ids, use_bulk_delete=False) is None
    assert web.names("accounts", word) == []


@pytest.fixture(scope="module")
def keyed(web):
    """A table with an alternate key: its entity set."""
    label = {"LocalizedLabels": [{"Label": "Part", "LanguageCode": 1033}]}
    string = "Microsoft.Dynamics.CRM.StringAttributeMetadata"
    columns = [
        {"@odata.type": string, "SchemaName": name, "MaxLength": 100, "DisplayName": label, "IsPrimaryName": primary}
        for name, primary in (("new_Name", True), ("new_Code", False))
    ]
    table = {"SchemaName": "new_Part", "OwnershipType": "UserOwned", "DisplayName": label, "Attributes": columns}
    key = {"SchemaName": "new_code_key", "KeyAttributes": ["new_code"], "DisplayName": label}
    assert web("POST", "EntityDefinitions", table).status_code == 204
    assert web("POST", "EntityDefinitions(LogicalName='new_part')/Keys", key).status_code == 204
    return "new_parts"


def test_a_row_is_created_and_then_updated_under_its_key(sdk, web, keyed, word):
    for name in ("first", "second"):
        sdk.records.upsert("new_Part", [UpsertItem(alternate_key={"new_code": word}, record={"new_name": name})])

    assert web.row(f"{keyed}(new_code='{word}')")["new_name"] == "second"
    assert web.names(keyed, word, "new_code") == [word]


def test_many_rows_are_created_or_updated_under_their_keys(sdk, web, keyed, word):
    web.create(keyed, {"new_code": word, "new_name": "old"})

    sdk.records.upsert(
        "new_Part",
        [
            UpsertItem(alternate_key={"new_code": word}, record={"new_name": "new"}),
            UpsertItem(alternate_key={"new_code": f"{word} 2"}, record={"new_name": "another"}),
        ],
    )

    found = {row["new_code"]: row["new_name"] for row in web.rows(f"{keyed}?$filter=startswith(new_code,'{word}')")}
    assert found == {word: "new", f"{word} 2": "another"}
