"""Rows as JSON: `$select`, annotations, single rows and counts."""

from dataclasses import replace

import pytest

from emulator.errors import DataverseError
from emulator.odata.read import count, retrieve

URL = "http://127.0.0.1:7072/api/data/v9.2/"
ALL = {"odata.include-annotations": '"*"'}
FORMATTED = "OData.Community.Display.V1.FormattedValue"


@pytest.fixture(autouse=True)
def _filled(people):
    """Everything here asks the same organization."""


@pytest.fixture
def fabrikam(query):
    def ask(options, **more):
        return query("accounts", f"{options}&$filter=name eq 'Fabrikam'", **more)["value"][0]

    return ask


def test_a_row_has_what_was_selected_its_etag_and_its_id(query, make_guid):
    body = query("contacts", "$select=fullname,_parentcustomerid_value,donotphone,age&$filter=age eq null")
    assert body == {
        "@odata.context": f"{URL}$metadata#contacts(fullname,_parentcustomerid_value,donotphone,age)",
        "value": [
            {
                "@odata.etag": f'W/"{1000 + 0x21}"',
                "fullname": "Jim Glynn",
                "_parentcustomerid_value": make_guid(0x10),
                "donotphone": True,
                "age": None,
                "contactid": make_guid(0x21),
            }
        ],
    }


def test_without_select_a_row_has_every_property(query, schema):
    (row, *_) = query("accounts")["value"]
    lookups = {name for name, column in schema.tables["account"].columns.items() if column.is_lookup}
    plain = set(schema.tables["account"].columns) - lookups
    assert set(row) == {"@odata.etag", *plain, *(f"_{name}_value" for name in lookups)}
    assert query("accounts")["@odata.context"] == f"{URL}$metadata#accounts"


def test_money_brings_its_currency(fabrikam, make_guid):
    row = fabrikam("$select=revenue")
    assert row["revenue"] == 20000
    assert row["_transactioncurrencyid_value"] == make_guid(2)


def test_a_user_is_also_called_an_owner(query, make_guid):
    (row, _) = query("systemusers", "$select=fullname")["value"]
    assert (row["systemuserid"], row["ownerid"]) == (make_guid(0xA1), make_guid(0xA1))


def test_annotations_come_only_when_they_are_preferred(fabrikam):
    assert not [key for key in fabrikam("$select=name,industrycode,_ownerid_value") if "@" in key[1:]]


def test_formatted_values_read_as_a_person_would_write_them(fabrikam):
    row = fabrikam("", prefer=ALL)
    shown = {key.partition("@")[0]: value for key, value in row.items() if key.endswith(FORMATTED)}
    assert shown == {
        "_ownerid_value": "Anna Seller",
        "_owninguser_value": "Anna Seller",
        "_owningbusinessunit_value": "Contoso",
        "_primarycontactid_value": "Renée O'Hara",
        "_transactioncurrencyid_value": "US Dollar",
        "versionnumber": "1,016",
        "createdon": "3/10/2026 9:00 AM",
        "statecode": "Active",
        "revenue": "$20,000.00",
        "numberofemployees": "25",
        "score": "1.5",
        "creditonhold": "No",
        "industrycode": "Accounting",
        "foundedon": "5/1/1999",
    }


def test_a_booleans_own_labels_win_over_yes_and_no(query):
    (row,) = query("contacts", "$select=donotphone&$filter=donotphone eq true", prefer=ALL)["value"]
    assert row[f"donotphone@{FORMATTED}"] == "Do Not Allow"


@pytest.mark.parametrize(
    ("set_name", "name", "table", "navigation"),
    [
        ("accounts", "_ownerid_value", "team", "ownerid"),
        ("contacts", "_parentcustomerid_value", "contact", "parentcustomerid_contact"),
        ("txv_phonenumbers", "_txv_teamid_value", "team", "txv_TeamId"),
    ],
)
def test_a_lookup_says_where_it_points_to(query, set_name, name, table, navigation):
    rows = query(set_name, f"$select={name}&$filter={name} ne null&$orderby=createdon", prefer=ALL)["value"]
    assert rows[0][f"{name}@Microsoft.Dynamics.CRM.lookuplogicalname"] == table
    assert rows[0][f"{name}@Microsoft.Dynamics.CRM.associatednavigationproperty"] == navigation


@pytest.mark.parametrize(
    ("asked", "annotations"),
    [
        ("OData.Community.Display.V1.FormattedValue", {FORMATTED}),
        ('"Microsoft.Dynamics.CRM.lookuplogicalname"', {"Microsoft.Dynamics.CRM.lookuplogicalname"}),
        (
            "Microsoft.Dynamics.CRM.*,-Microsoft.Dynamics.CRM.lookuplogicalname",
            {"Microsoft.Dynamics.CRM.associatednavigationproperty"},
        ),
        ("OData.*, Nothing.Else", {FORMATTED}),
        ("-*", set()),
        ("", set()),
    ],
)
def test_annotations_are_chosen_by_name_and_wildcard(fabrikam, asked, annotations):
    row = fabrikam("$select=_ownerid_value", prefer={"odata.include-annotations": asked})
    assert {key.partition("@")[2] for key in row if key.startswith("_ownerid_value@")} == annotations


def test_the_total_is_known_only_when_it_was_counted(query):
    totals = {"odata.include-annotations": '"Microsoft.Dynamics.CRM.totalrecordcount,Microsoft.Dynamics.CRM.t*"'}
    counted = query("contacts", "$count=true&$top=1", prefer=totals)
    assert counted["@odata.count"] == counted["@Microsoft.Dynamics.CRM.totalrecordcount"] == 3
    assert counted["@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"] is False
    uncounted = query("contacts", "$count=false", prefer=totals)
    assert "@odata.count" not in uncounted
    assert uncounted["@Microsoft.Dynamics.CRM.totalrecordcount"] == -1


@pytest.mark.parametrize(
    "options",
    [
        "$select=ownerid",
        "$select=FullName",
        "$select=primarycontactid/fullname",
        "$select=fullname,",
        "$select=",
        "$select=*",
        "$skip=1",
        "$search=x",
        "$format=json",
        "$Filter=age eq 1",
        "unknown=1",
        "$top=-1",
        "$top=x",
        "$top=1&$top=2",
        "$count=1",
        "$filter",
        "$filter=%ff",
        "$orderby=age down",
        "$orderby=nosuch",
        "$orderby=ownerid",
        "$orderby=age,,fullname",
        "$orderby='x'",
    ],
)
def test_options_that_dataverse_refuses_are_refused(query, options):
    with pytest.raises(DataverseError) as caught:
        query("contacts", options)
    assert (caught.value.status, caught.value.code) == (400, "0x80060888")


@pytest.mark.parametrize("options", ["fetchXml=<fetch/>", "savedQuery=x", "sql=select", "$deltatoken=1"])
def test_options_that_the_emulator_lacks_are_answered_with_501(query, options):
    with pytest.raises(DataverseError) as caught:
        query("contacts", options)
    assert caught.value.status == 501


def test_a_tag_is_for_plugins_and_changes_nothing(query):
    assert query("contacts", "tag=import&$top=1")["value"]


def test_a_row_is_read_by_its_id(context, schema, make_guid):
    body = retrieve(context, schema.tables["contact"], make_guid(0x21).upper(), "$select=fullname")
    assert body == {
        "@odata.context": f"{URL}$metadata#contacts(fullname)/$entity",
        "@odata.etag": 'W/"1033"',
        "fullname": "Jim Glynn",
        "contactid": make_guid(0x21),
    }


def test_a_row_that_is_not_there_is_none(context, schema, make_guid):
    assert retrieve(context, schema.tables["contact"], make_guid(0x99), "") is None


@pytest.mark.parametrize("options", ["$filter=age eq 1", "$top=1", "$orderby=age", "$count=true"])
def test_a_single_row_takes_no_collection_options(context, schema, make_guid, options):
    with pytest.raises(DataverseError):
        retrieve(context, schema.tables["contact"], make_guid(0x21), options)


def test_a_count_counts_what_the_filter_finds(context, schema):
    assert count(context, schema.tables["contact"], "") == 3
    assert count(context, schema.tables["contact"], "$filter=parentcustomerid_account/name eq 'Fabrikam'") == 2


def test_a_count_ends_at_5000(context, schema, db, query):
    rows = [(f"00000000-0000-4000-9000-{number:012x}", number) for number in range(5001)]
    db.executemany('insert into "contact" ("contactid", "versionnumber") values (?, ?)', rows)
    assert count(context, schema.tables["contact"], "") == 5000
    body = query("contacts", "$select=contactid&$count=true&$top=1", prefer=ALL)
    assert body["@odata.count"] == 5000
    assert body["@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"] is True


def test_only_visible_rows_are_read(context, schema, make_guid):
    class OnlyJim:
        def visible(self, table, alias):
            return f"{alias}.{table.primary_id} = ?", (make_guid(0x21),)

    narrow = replace(context, access=OnlyJim())
    assert count(narrow, schema.tables["contact"], "") == 1
    assert retrieve(narrow, schema.tables["contact"], make_guid(0x20), "") is None
    assert retrieve(narrow, schema.tables["contact"], make_guid(0x21), "") is not None
