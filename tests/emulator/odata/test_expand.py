"""`$expand`: related rows inside of rows."""

from dataclasses import replace

import pytest

from emulator.errors import DataverseError
from emulator.odata.read import retrieve, retrieve_multiple

URL = "http://127.0.0.1:7072/api/data/v9.2/"


@pytest.fixture(autouse=True)
def _filled(people):
    """Everything here asks the same organization."""


@pytest.fixture
def first(query):
    def ask(set_name, options, **more):
        return query(set_name, options, **more)["value"][0]

    return ask


def test_a_lookup_expands_to_its_row_or_to_null(query, make_guid):
    body = query("accounts", "$select=name&$expand=primarycontactid($select=fullname)")
    assert body["@odata.context"] == f"{URL}$metadata#accounts(name,primarycontactid(fullname))"
    assert [row["primarycontactid"] for row in body["value"]] == [
        {"fullname": "Renée O'Hara", "contactid": make_guid(0x20)},
        None,
        None,
    ]


def test_a_lookup_to_several_tables_expands_by_table(query):
    rows = query(
        "contacts",
        "$select=fullname&$expand=parentcustomerid_account($select=name),parentcustomerid_contact($select=fullname)",
    )["value"]
    assert [(row["parentcustomerid_account"] or {}).get("name") for row in rows] == ["Fabrikam", "Fabrikam", None]
    assert [(row["parentcustomerid_contact"] or {}).get("fullname") for row in rows] == [None, None, "Renée O'Hara"]


def test_expansions_of_lookups_nest(first, make_guid):
    row = first(
        "opportunities",
        "$select=name&$expand=parentcontactid($select=fullname;$expand=parentcustomerid_account($select=name;"
        "$expand=owninguser($select=fullname)))",
    )
    assert row["parentcontactid"]["parentcustomerid_account"]["owninguser"] == {
        "fullname": "Anna Seller",
        "systemuserid": make_guid(0xA1),
        "ownerid": make_guid(0xA1),
    }


def test_an_owner_expands_to_a_principal(query, make_guid):
    rows = query("accounts", "$select=name&$expand=ownerid($select=ownerid)")["value"]
    assert [row["ownerid"] for row in rows] == [
        {"@odata.type": "#Microsoft.Dynamics.CRM.systemuser", "ownerid": make_guid(0xA1)},
        {"@odata.type": "#Microsoft.Dynamics.CRM.team", "ownerid": make_guid(0xB1)},
        None,
    ]


def test_a_reference_is_only_the_url(first, make_guid):
    row = first("accounts", "$select=name&$expand=primarycontactid/$ref")
    assert row["primarycontactid"] == {"@odata.id": f"{URL}contacts({make_guid(0x20)})"}
    assert row["_primarycontactid_value"] == make_guid(0x20)


def test_a_collection_expands_with_options_of_its_own(first, make_guid):
    row = first(
        "accounts",
        "$select=name&$expand=contact_customer_accounts($select=fullname;$filter=contains(fullname,'l');$top=1;"
        "$orderby=age desc)",
    )
    assert row["contact_customer_accounts"] == [
        {
            "@odata.etag": 'W/"1033"',
            "fullname": "Jim Glynn",
            "contactid": make_guid(0x21),
            "_parentcustomerid_value": make_guid(0x10),
        }
    ]


def test_top_counts_for_each_row(query):
    rows = query("accounts", "$expand=contact_customer_accounts($top=1;$orderby=fullname)")["value"]
    assert [[each["fullname"] for each in row["contact_customer_accounts"]] for row in rows] == [["Jim Glynn"], [], []]


def test_a_collections_next_link_asks_for_the_same_rows(first, context, schema, make_guid):
    row = first("accounts", "$expand=contact_customer_accounts($select=fullname;$filter=fullname eq 'Jim%20Glynn')")
    link = row["contact_customer_accounts@odata.nextLink"]
    path, _, query = link.partition("?")
    assert path == f"{URL}accounts({make_guid(0x10)})/contact_customer_accounts"
    within = ('t0."parentcustomerid" = ?', (make_guid(0x10),))
    body = retrieve_multiple(context, schema.tables["contact"], query, within=within)
    assert [each["fullname"] for each in body["value"]] == ["Jim Glynn"]


def test_an_nn_collection_expands_from_both_sides(query):
    accounts = query("accounts", "$expand=account_tags($select=fullname;$orderby=fullname)")["value"]
    assert [[each["fullname"] for each in row["account_tags"]] for row in accounts] == [
        ["50% off_[now]", "Jim Glynn"],
        ["Jim Glynn"],
        [],
    ]
    contacts = query("contacts", "$expand=contact_tags($select=name)")["value"]
    assert [[each["name"] for each in row["contact_tags"]] for row in contacts] == [
        [],
        ["Fabrikam", "Adventure Works"],
        ["Fabrikam"],
    ]


def test_what_an_owner_owns_expands_for_users_and_teams(query):
    rows = query("owners", "$expand=owner_accounts($select=name)")["value"]
    assert [[each["name"] for each in row["owner_accounts"]] for row in rows] == [["Fabrikam"], ["Adventure Works"]]


def test_members_of_a_team_expand(first):
    row = first("teams", "$expand=teammembership_association($select=fullname)")
    assert [each["fullname"] for each in row["teammembership_association"]] == ["Anna Seller"]


def test_a_collection_inside_of_a_lookup_expands(first):
    row = first(
        "opportunities", "$expand=customerid_account($select=name;$expand=contact_customer_accounts($select=fullname))"
    )
    inner = row["customerid_account"]["contact_customer_accounts"]
    assert [each["fullname"] for each in inner] == ["Renée O'Hara", "Jim Glynn"]


def test_a_nested_expansion_pages_the_collections_too(query, context, schema, make_guid):
    inner = "$select=fullname;$expand=owninguser($select=fullname)"
    options = f"$select=name&$filter=name eq 'Fabrikam'&$expand=contact_customer_accounts({inner})"
    prefer = {"odata.maxpagesize": "1"}
    (row,) = query("accounts", options, prefer=prefer)["value"]
    assert [each["fullname"] for each in row["contact_customer_accounts"]] == ["Renée O'Hara"]
    _, _, rest = row["contact_customer_accounts@odata.nextLink"].partition("?")
    within = ('t0."parentcustomerid" = ?', (make_guid(0x10),))
    more = retrieve_multiple(
        replace(context, preferences=prefer), schema.tables["contact"], rest, within=within, path="accounts(x)/y"
    )
    assert [each["fullname"] for each in more["value"]] == ["Jim Glynn"]
    assert more["value"][0]["owninguser"]["fullname"] == "Ben Seller"
    assert "@odata.nextLink" not in more


def test_a_single_row_expands(context, schema, make_guid):
    body = retrieve(
        context, schema.tables["account"], make_guid(0x10), "$select=name&$expand=primarycontactid($select=age)"
    )
    assert body["primarycontactid"]["age"] == 40


def test_an_expansion_costs_one_statement_however_many_rows(query, db):
    rows = [(f"00000000-0000-4000-9000-{number:012x}", number) for number in range(50)]
    db.executemany('insert into "account" ("accountid", "versionnumber") values (?, ?)', rows)
    statements = []
    db.set_trace_callback(statements.append)
    query("accounts", "$expand=primarycontactid($select=fullname),contact_customer_accounts($select=fullname)")
    assert len([each for each in statements if each.startswith("select")]) == 3


def test_rows_that_the_caller_may_not_read_do_not_show_up_in_expansions(context, schema, make_guid):
    class NotRenee:
        def visible(self, table, alias):
            return f"{alias}.{table.primary_id} <> ?", (make_guid(0x20),)

    expand = "primarycontactid($select=fullname),contact_customer_accounts($select=fullname)"
    options = f"$filter=name eq 'Fabrikam'&$expand={expand}"
    body = retrieve_multiple(replace(context, access=NotRenee()), schema.tables["account"], options)
    (row,) = body["value"]
    assert row["primarycontactid"] is None
    assert row["_primarycontactid_value"] == make_guid(0x20)
    assert [each["fullname"] for each in row["contact_customer_accounts"]] == ["Jim Glynn"]
    hidden = "$filter=primarycontactid/fullname eq 'Renée O''Hara'"
    assert retrieve_multiple(replace(context, access=NotRenee()), schema.tables["account"], hidden)["value"] == []


MANY_TO_ONE = "Only $select and $filter clause can be provided while doing $expand on many-to-one relationship"


@pytest.mark.parametrize(
    ("expand", "message"),
    [
        ("nosuch", "Could not find a property named 'nosuch'"),
        ("PrimaryContactId", "Could not find a property named 'PrimaryContactId'"),
        ("name", "Could not find a property named 'name'"),
        ("primarycontactid($select=nosuch)", "Could not find a property named 'nosuch'"),
        ("primarycontactid($expand=nosuch)", "on type 'Microsoft.Dynamics.CRM.contact'"),
        ("ownerid($select=fullname)", "on type 'Microsoft.Dynamics.CRM.principal'"),
        ("primarycontactid($top=1)", MANY_TO_ONE),
        ("primarycontactid($orderby=fullname)", MANY_TO_ONE),
        ("contact_customer_accounts($top=1;$expand=owninguser)", MANY_TO_ONE),
        ("contact_customer_accounts/$ref", "Expand with $ref is only supported on lookup type navigation property."),
        ("account_tags($expand=owninguser)", "many-to-many"),
        ("account_tags,primarycontactid", "many-to-many"),
        ("primarycontactid($expand=contact_tags)", "many-to-many"),
        ("contact_customer_accounts($skip=1)", "$skip is not supported"),
        ("contact_customer_accounts($count=true)", "$count is not supported"),
        ("contact_customer_accounts($levels=2)", "$levels is not supported"),
        ("contact_customer_accounts($top=1;$top=2)", "repeats"),
        ("contact_customer_accounts($select)", "Syntax error"),
        ("contact_customer_accounts($top=1", "Syntax error"),
        ("contact_customer_accounts)", "Syntax error"),
        ("primarycontactid,", "Syntax error"),
        ("*", "Syntax error"),
        (",".join(["primarycontactid"] * 16), "more than 15"),
        ("primarycontactid($expand=" + ",".join(["owninguser"] * 15) + ")", "more than 15"),
        ("a($expand=" * 40 + "b" + ")" * 40, "Syntax error"),
    ],
)
def test_expansions_that_dataverse_refuses_are_refused(query, expand, message):
    with pytest.raises(DataverseError) as caught:
        query("accounts", f"$expand={expand}")
    assert caught.value.status == 400
    assert message in caught.value.message


@pytest.mark.parametrize("expand", ["ownerid($filter=ownerid ne null)", "primarycontactid/$ref($select=age)"])
def test_expansions_that_the_emulator_lacks_are_answered_with_501(query, expand):
    with pytest.raises(DataverseError) as caught:
        query("accounts", f"$expand={expand}")
    assert caught.value.status == 501


@pytest.mark.parametrize(("age", "shown"), [(40, "Renée O'Hara"), (41, None)])
def test_a_lookup_whose_row_the_filter_excludes_expands_to_null(first, age, shown):
    row = first("accounts", f"$select=name&$expand=primarycontactid($select=fullname;$filter=age eq {age})")
    assert (row["primarycontactid"] or {}).get("fullname") == shown
    assert row["name"] == "Fabrikam"
