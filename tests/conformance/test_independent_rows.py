"""The package dataverse-api, a client by other people: rows one by one, together, in batches, from several threads."""

from __future__ import annotations

import pandas as pd
import pytest
from dataverse_api.utils.batching import BatchCommand, RequestMethod

NOWHERE = "0b000000-0000-4000-8000-0000000000fe"


@pytest.fixture
def accounts(independent):
    """The client's view of the table account."""
    return independent.entity("account")


def test_a_table_introduces_itself(accounts, web):
    definition = web.row("EntityDefinitions(LogicalName='account')?$expand=OneToManyRelationships")

    assert (accounts.entity_set_name, accounts.primary_id_attr) == ("accounts", definition["PrimaryIdAttribute"])
    assert (accounts.supports_create_multiple, accounts.supports_update_multiple) == (True, True)
    assert "contact_customer_accounts" in accounts.relationships.collection_valued
    assert "primarycontactid" in accounts.relationships.single_valued


@pytest.mark.parametrize(
    ("how", "requests"),
    [
        ({"mode": "individual"}, 7),
        ({"mode": "individual", "threading": True}, 7),
        ({"mode": "multiple", "batch_size": 3}, 3),
        ({"mode": "multiple", "batch_size": 3, "threading": True}, 3),
        ({"mode": "batch", "batch_size": 4}, 2),
        ({"mode": "batch", "batch_size": 2, "threading": True}, 4),
    ],
)
def test_rows_are_created_in_every_way(accounts, sdk, word, how, requests):
    answers = accounts.create([{"name": f"{word} {number}", "creditlimit": number} for number in range(7)], **how)

    assert len(answers) == requests
    assert all(answer.ok for answer in answers)
    found = sdk.records.list("account", filter=f"startswith(name,'{word}')", select=["name"], orderby=["creditlimit"])
    assert [record["name"] for record in found] == [f"{word} {number}" for number in range(7)]


def test_a_created_row_comes_back_whole(accounts, web, word):
    (answer,) = accounts.create([{"name": word}], return_created=True)

    row = answer.json()
    assert (answer.status_code, answer.headers["Preference-Applied"]) == (201, "return=representation")
    assert web.row(f"accounts({row['accountid']})")["@odata.etag"] == row["@odata.etag"]


def test_rows_are_created_from_a_data_frame(accounts, web, word):
    accounts.create(pd.DataFrame([{"name": f"{word} 1"}, {"name": f"{word} 2", "fax": "555-0100"}]), mode="batch")

    rows = web.rows(f"accounts?$select=name,fax&$filter=startswith(name,'{word}')&$orderby=name")
    assert [(row["name"], row["fax"]) for row in rows] == [(f"{word} 1", None), (f"{word} 2", "555-0100")]


def test_a_row_that_is_refused_says_why(accounts, web, word):
    answers = accounts.create([{"nosuch": word}, {"name": word}])

    assert [answer.status_code for answer in answers] == [400, 204]
    assert answers[0].json()["error"]["code"] == "0x80048d19"
    assert web.names("accounts", word) == [word]


def test_a_batch_ends_at_the_row_that_is_refused(accounts, web, word):
    # The client takes every refusal for JSON, and this one is multipart, as Dataverse documents it.
    with pytest.raises(ValueError, match="Expecting value"):
        accounts.create([{"name": f"{word} 1"}, {"nosuch": word}, {"name": f"{word} 2"}], mode="batch")

    assert web.names("accounts", word) == [f"{word} 1"]


def test_pages_are_read_to_the_end(accounts, web, word):
    ids = [web.create("accounts", {"name": f"{word} {number}"}) for number in range(7)]
    question = {"select": ["name"], "filter": f"startswith(name,'{word}')", "order_by": "name desc", "page_size": 3}

    rows = accounts.read(**question)
    pages = accounts.read(**question, return_responses=True)

    assert [row["accountid"] for row in rows] == ids[::-1]
    assert [len(page.json()["value"]) for page in pages] == [3, 3, 1]
    assert pages[0].headers["Preference-Applied"] == "odata.maxpagesize=3"


def test_rows_are_read_with_what_hangs_on_them_and_formatted(accounts, web, word):
    account = web.create("accounts", {"name": word})
    web.create("contacts", {"lastname": word, "parentcustomerid_account@odata.bind": f"/accounts({account})"})

    (row,) = accounts.read(
        select=["name", "statecode"],
        filter=f"accountid eq {account}",
        expand="contact_customer_accounts($select=lastname)",
        top=1,
        return_formatted_values=True,
    )

    assert row["statecode@OData.Community.Display.V1.FormattedValue"] == "Active"
    assert [contact["lastname"] for contact in row["contact_customer_accounts"]] == [word]


@pytest.mark.parametrize("mode", ["individual", "batch"])
def test_values_are_emptied(accounts, web, word, mode):
    ids = [web.create("accounts", {"name": word, "fax": "555-0100", "telephone1": "555-0101"}) for _ in range(3)]

    accounts.delete_columns(["fax", "telephone1"], filter=f"name eq '{word}'", mode=mode)

    rows = [web.row(f"accounts({each})?$select=name,fax,telephone1") for each in ids]
    assert [(row["name"], row["fax"], row["telephone1"]) for row in rows] == [(word, None, None)] * 3


@pytest.mark.parametrize("how", [{"mode": "individual", "threading": True}, {"mode": "batch", "batch_size": 2}])
def test_rows_are_deleted(accounts, web, word, how):
    for number in range(5):
        web.create("accounts", {"name": f"{word} {number}"})

    answers = accounts.delete(filter=f"startswith(name,'{word}') and not endswith(name,'3')", **how)

    assert all(answer.ok for answer in answers)
    assert web.names("accounts", word) == [f"{word} 3"]


def test_a_row_that_is_not_there_cannot_be_deleted(accounts):
    (answer,) = accounts.delete(ids=[NOWHERE])

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "0x80040217")


@pytest.mark.parametrize("mode", ["individual", "batch"])
def test_rows_are_created_or_updated_under_their_id(accounts, web, word, mode):
    account = web.create("accounts", {"name": f"{word} old"})
    contact = web.create("contacts", {"lastname": word})  # any new id will do
    rows = [{"accountid": account, "name": f"{word} new"}, {"accountid": contact, "name": f"{word} another"}]

    accounts.upsert(rows, mode=mode)

    assert [web.row(f"accounts({each})")["name"] for each in (account, contact)] == [f"{word} new", f"{word} another"]


def test_a_batch_of_ones_own_making(independent, web, word):
    account = web.create("accounts", {"name": word})
    parts = [
        BatchCommand(f"accounts?$select=name&$filter=name eq '{word}'", RequestMethod.GET),
        BatchCommand(f"accounts({account})", RequestMethod.PUT, data={"fax": "555-0100"}),
        BatchCommand(f"accounts({account})", RequestMethod.PATCH, headers={"If-Match": "*"}, data={"telephone1": "5"}),
        BatchCommand(f"accounts({account})/name", RequestMethod.GET),
    ]

    (answer,) = independent.submit_batch(parts, batch_id_generator=lambda: "mine")

    assert answer.headers["Content-Type"].startswith("multipart/mixed; boundary=batchresponse_")
    assert answer.text.count("HTTP/1.1 200 OK") == 2
    assert answer.text.count("HTTP/1.1 204 No Content") == 2
    assert answer.text.count(f'"{word}"') == 2
    row = web.row(f"accounts({account})")
    assert (row["name"], row["fax"], row["telephone1"]) == (word, "555-0100", "5")
