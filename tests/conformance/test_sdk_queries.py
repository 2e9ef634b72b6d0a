"""Microsoft's SDK: lists, filters, pages, FetchXML, and SQL, which the emulator does not speak."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PowerPlatform.Dataverse.core.errors import HttpError
from PowerPlatform.Dataverse.models.filters import col, raw
from PowerPlatform.Dataverse.models.query_builder import ExpandOption

FORMATTED = "@OData.Community.Display.V1.FormattedValue"


@pytest.fixture
def ten(web, word):
    """Ten accounts, numbered; each has a contact. Returns their ids."""
    ids = [web.create("accounts", {"name": f"{word} {number}", "creditlimit": number}) for number in range(10)]
    for each in ids:
        body = {"lastname": word, "parentcustomerid_account@odata.bind": f"/accounts({each})"}
        web.create("contacts", body)
    return ids


def test_rows_are_listed_filtered_sorted_and_cut_off(sdk, ten, word):
    found = sdk.records.list(
        "account", filter=f"startswith(name,'{word}')", select=["name"], orderby=["name desc"], top=2
    )

    assert [record["name"] for record in found] == [f"{word} 9", f"{word} 8"]


def test_pages_hold_what_was_asked_for_and_together_everything(sdk, ten, word):
    pages = sdk.records.list_pages(
        "account", filter=f"startswith(name,'{word}')", select=["name"], orderby=["name"], page_size=4, count=True
    )

    found = [[record["accountid"] for record in page] for page in pages]
    assert [len(page) for page in found] == [4, 4, 2]
    assert [each for page in found for each in page] == ten


def test_pages_are_followed_to_the_end_without_being_seen(sdk, ten, word):
    found = sdk.records.list("account", filter=col("name").startswith(word), select=["name"], page_size=3)

    assert {record["accountid"] for record in found} == set(ten)


@pytest.mark.parametrize(
    ("condition", "numbers"),
    [
        (col("creditlimit") == 3, [3]),
        (col("creditlimit") != 3, [0, 1, 2, 4, 5, 6, 7, 8, 9]),
        ((col("creditlimit") > 7) | (col("creditlimit") <= 0), [0, 8, 9]),
        (~(col("creditlimit") < 8), [8, 9]),
        (col("creditlimit").in_([2, 5]), [2, 5]),
        (col("creditlimit").not_in([0, 1, 2, 3, 4, 5, 6, 7]), [8, 9]),
        (col("creditlimit").between(4, 6), [4, 5, 6]),
        (col("creditlimit").not_between(1, 9), [0]),
        (col("name").endswith("7"), [7]),
        (col("name").contains(" 6"), [6]),
        (col("name").like("% 5"), [5]),
        (col("fax").is_not_null(), []),
        (col("createdon") > datetime(2024, 1, 1, tzinfo=UTC), list(range(10))),
        (raw("(creditlimit eq 1 or creditlimit eq 2)"), [1, 2]),
    ],
)
def test_every_condition_of_the_builder_means_what_it_says(sdk, ten, word, condition, numbers):
    query = sdk.query.builder("account").select("name", "creditlimit").order_by("creditlimit")

    found = query.where(col("name").startswith(word) & condition).execute()

    assert [record["creditlimit"] for record in found] == numbers


def test_the_builder_pages_and_sorts(sdk, ten, word):
    query = sdk.query.builder("account").select("name").where(col("name").startswith(word))

    pages = query.order_by("name", descending=True).page_size(6).execute_pages()

    assert [[record["accountid"] for record in page] for page in pages] == [ten[:3:-1], ten[3::-1]]


def test_the_rows_below_a_row_come_with_it(sdk, ten, word):
    below = ExpandOption("contact_customer_accounts").select("lastname").order_by("lastname").top(1)

    found = sdk.query.builder("account").select("name").where(col("accountid") == ten[0]).expand(below).execute()

    assert [each["lastname"] for each in found.first()["contact_customer_accounts"]] == [word]


def test_values_come_formatted_when_the_client_wants_them_so(sdk, ten):
    formatted = sdk.query.builder("account").select("statecode").where(col("accountid") == ten[0])

    assert formatted.include_formatted_values().execute().first()[f"statecode{FORMATTED}"] == "Active"
    assert f"statecode{FORMATTED}" not in sdk.records.retrieve("account", ten[0], select=["statecode"])


def test_fetchxml_finds_the_same_rows(sdk, ten, word):
    fetch = f"""<fetch><entity name="account"><attribute name="name"/><order attribute="name"/>
      <filter><condition attribute="name" operator="begins-with" value="{word}"/>
      <condition attribute="creditlimit" operator="ge" value="7"/></filter></entity></fetch>"""

    found = sdk.query.fetchxml(fetch).execute()

    assert [(record["accountid"], record["name"]) for record in found] == [
        (ten[number], f"{word} {number}") for number in (7, 8, 9)
    ]


def test_fetchxml_joins_tables(sdk, ten, word):
    fetch = f"""<fetch><entity name="contact"><attribute name="lastname"/>
      <filter><condition attribute="lastname" operator="eq" value="{word}"/></filter>
      <link-entity name="account" from="accountid" to="parentcustomerid" alias="firm"><attribute name="name"/>
      <filter><condition attribute="creditlimit" operator="eq" value="4"/></filter></link-entity></entity></fetch>"""

    assert [record["firm.name"] for record in sdk.query.fetchxml(fetch).execute()] == [f"{word} 4"]


def test_fetchxml_pages_by_its_cookie(sdk, ten, word):
    fetch = f"""<fetch count="4"><entity name="account"><attribute name="name"/><order attribute="name"/>
      <filter><condition attribute="name" operator="begins-with" value="{word}"/></filter></entity></fetch>"""

    pages = [[record["accountid"] for record in page] for page in sdk.query.fetchxml(fetch).execute_pages()]

    assert pages == [ten[:4], ten[4:8], ten[8:]]


def test_sql_is_refused_in_plain_words(sdk):
    with pytest.raises(HttpError, match="'sql'") as refused:
        sdk.query.sql("SELECT TOP 2 name FROM account")

    assert refused.value.status_code == 501


@pytest.mark.filterwarnings("ignore:'odata_:DeprecationWarning", "ignore:'sql_columns:DeprecationWarning")
def test_the_names_for_a_query_can_be_asked_for(sdk, web, ten):
    account = next(each for each in sdk.query.sql_columns("account") if each["is_pk"])
    bind = sdk.query.odata_bind("contact", "account", ten[0])
    contact = web.create("contacts", {"lastname": "A", **bind})

    assert account["name"] == "accountid"
    assert {"accountid", "name"} <= set(sdk.query.odata_select("account"))
    assert sdk.query.odata_expand("contact", "account") == "parentcustomerid_account"
    assert "primarycontactid" in {each["nav_property"] for each in sdk.query.odata_expands("account")}
    assert web.row(f"contacts({contact})")["_parentcustomerid_value"] == ten[0]


@pytest.mark.parametrize(
    ("filter", "code"),
    [("nosuch eq 1", "0x80060888"), ("name in ('A','B')", "0x80060888"), ("name eq", "0x80060888")],
)
def test_what_dataverse_refuses_is_refused_with_its_code(sdk, filter, code):
    with pytest.raises(HttpError) as refused:
        sdk.records.list("account", filter=filter)

    assert (refused.value.status_code, refused.value.details["service_error_code"]) == (400, code)
    assert refused.value.details["service_request_id"]


def test_rows_fill_a_data_frame_and_are_filled_from_one(sdk, web, word):
    import pandas as pd  # noqa: PLC0415 - it takes half a second

    ids = sdk.dataframe.create("account", pd.DataFrame([{"name": f"{word} 1", "fax": None}, {"name": f"{word} 2"}]))
    changes = pd.DataFrame([{"accountid": ids[0], "name": f"{word} 3"}])
    sdk.dataframe.update("account", changes, id_column="accountid")
    frame = sdk.query.builder("account").select("name").where(col("name").startswith(word)).execute().to_dataframe()

    assert web.names("accounts", word) == [f"{word} 2", f"{word} 3"]
    assert dict(zip(frame["accountid"], frame["name"], strict=True)) == {ids[0]: f"{word} 3", ids[1]: f"{word} 2"}
    sdk.dataframe.delete("account", ids, use_bulk_delete=False)
    assert web.names("accounts", word) == []
