"""`$apply`."""

import pytest

from emulator.errors import DataverseError

FORMATTED = {"odata.include-annotations": "OData.Community.Display.V1.FormattedValue"}


@pytest.fixture(autouse=True)
def _filled(people):
    """Everything here asks the same organization."""


@pytest.mark.parametrize(
    ("set_name", "apply", "rows"),
    [
        ("accounts", "groupby((statecode))", [{"statecode": 0}, {"statecode": 1}]),
        (
            "accounts",
            "groupby((statecode),aggregate($count as n))",
            [{"statecode": 0, "n": 2}, {"statecode": 1, "n": 1}],
        ),
        ("accounts", "aggregate(numberofemployees with sum as total)", [{"total": 2025}]),
        ("accounts", "aggregate(numberofemployees with average as a)", [{"a": 1012}]),
        ("accounts", "aggregate(score with average as a)", [{"a": 1.5}]),
        (
            "accounts",
            "aggregate(numberofemployees with min as least,numberofemployees with max as most)",
            [{"least": 25, "most": 2000}],
        ),
        ("accounts", "aggregate(createdon with max as last)", [{"last": "2026-03-10T09:00:00Z"}]),
        ("contacts", "aggregate(statecode with countdistinct as n)", [{"n": 2}]),
        (
            "accounts",
            "filter(creditonhold eq true)/groupby((primarycontactid/fullname),aggregate(revenue with sum as total))",
            [{}],
        ),
        (
            "accounts",
            "groupby((primarycontactid/owninguser/fullname),aggregate(primarycontactid/age with max as oldest))",
            [{}, {"systemuser_fullname": "Anna Seller", "oldest": 40}],
        ),
        (
            "contacts",
            "groupby((_parentcustomerid_value),aggregate($count as n))",
            [
                {"_parentcustomerid_value": "00000000-0000-4000-8000-000000000010", "n": 2},
                {"_parentcustomerid_value": "00000000-0000-4000-8000-000000000020", "n": 1},
            ],
        ),
        (
            "accounts",
            "filter(name eq 'a/b,(c)' or name eq 'fabrikam')/groupby((primarycontactid/fullname,creditonhold))",
            [{"contact_fullname": "Renée O'Hara", "creditonhold": False}],
        ),
    ],
)
def test_rows_are_grouped_and_aggregated(query, set_name, apply, rows):
    assert query(set_name, f"$apply={apply}")["value"] == rows


def test_aggregates_have_formatted_values(query):
    apply = "groupby((industrycode),aggregate(revenue with sum as total,$count as n))"
    rows = query("accounts", f"$apply=filter(name eq 'Fabrikam')/{apply}", prefer=FORMATTED)["value"]
    label = "OData.Community.Display.V1.FormattedValue"
    assert rows == [
        {
            f"industrycode@{label}": "Accounting",
            "industrycode": 1,
            f"total@{label}": "$20,000.00",
            "total": 20000,
            f"n@{label}": "1",
            "n": 1,
        }
    ]


@pytest.mark.parametrize(
    ("apply", "status"),
    [
        ("groupby((createdon))", 400),
        ("groupby((nosuch))", 400),
        ("groupby(statecode)", 400),
        ("groupby((statecode),filter(statecode eq 1))", 400),
        ("groupby((statecode),aggregate($count as n),x)", 400),
        ("groupby((statecode),aggregate($count as statecode))", 400),
        ("aggregate(name with sum as x)", 400),
        ("aggregate(name with max as x)", 400),
        ("aggregate(revenue with median as x)", 400),
        ("aggregate(statecode with sum as x)", 400),
        ("aggregate(revenue as x)", 400),
        ("filter(statecode eq 1)", 400),
        ("filter(statecode eq", 400),
        ("x", 400),
        ("", 400),
        ("compute(revenue as x)", 501),
        ("aggregate($count as n)/filter(n gt 1)", 501),
        ("aggregate($count as n)&$select=name", 501),
        ("aggregate($count as n)&$expand=primarycontactid", 501),
        ("aggregate($count as n)&$count=true", 501),
        ("groupby((foundedon))", 400),
        ("groupby((statecode),aggregate($count as n))&$orderby=n", 400),
        ("groupby((statecode),aggregate($count as n))&$orderby=name", 400),
        ("groupby((statecode),aggregate($count as n))&$skiptoken=x", 400),
        ("aggregate(contact_customer_accounts/age with sum as x)", 400),
    ],
)
def test_aggregations_that_are_not_understood_are_refused(query, apply, status):
    with pytest.raises(DataverseError) as caught:
        query("accounts", f"$apply={apply}")
    assert caught.value.status == status


@pytest.mark.parametrize(
    ("options", "rows"),
    [
        ("$apply=aggregate($count as n)&$filter=name ne null", [{"n": 2}]),
        ("$apply=filter(statecode eq 0)/aggregate($count as n)&$filter=name ne null", [{"n": 1}]),
        ("$apply=groupby((statecode))&$orderby=statecode desc", [{"statecode": 1}, {"statecode": 0}]),
        ("$apply=groupby((statecode))&$orderby=statecode desc&$top=1", [{"statecode": 1}]),
        (
            "$apply=groupby((primarycontactid/fullname))&$orderby=primarycontactid/fullname desc&$top=1",
            [{"contact_fullname": "Renée O'Hara"}],
        ),
    ],
)
def test_rows_are_filtered_before_and_groups_are_ordered_and_cut_after(query, options, rows):
    assert query("accounts", options)["value"] == rows


def test_ordering_by_an_aggregate_is_refused_as_documented(query):
    with pytest.raises(DataverseError, match="The query node SingleValueOpenPropertyAccess is not supported."):
        query("accounts", "$apply=groupby((statecode),aggregate($count as n))&$orderby=n desc")


def test_groups_come_in_pages(query):
    options, found = "$apply=groupby((name,statecode))&$orderby=statecode", []
    while options:
        body = query("accounts", options, prefer={"odata.maxpagesize": "2"})
        found.append([row.get("name") for row in body["value"]])
        options = body.get("@odata.nextLink", "").partition("?")[2]
    assert found == [[None, "Fabrikam"], ["Adventure Works"]]


def test_a_group_of_a_lookup_is_annotated_like_a_lookup(query):
    prefer = {"odata.include-annotations": "*"}
    rows = query("contacts", "$apply=groupby((_parentcustomerid_value))", prefer=prefer)["value"]
    name = "_parentcustomerid_value"
    assert rows[0] == {
        f"{name}@OData.Community.Display.V1.FormattedValue": "Fabrikam",
        f"{name}@Microsoft.Dynamics.CRM.associatednavigationproperty": "parentcustomerid_account",
        f"{name}@Microsoft.Dynamics.CRM.lookuplogicalname": "account",
        name: "00000000-0000-4000-8000-000000000010",
    }


def test_texts_that_compare_equal_are_one_group(query, insert):
    for number, name in enumerate(["Zürich", "ZURICH", "zurich "], 0x60):
        insert("contact", number, firstname=name)
    measures = "aggregate($count as n,firstname with countdistinct as d)"
    apply = f"filter(startswith(firstname,'z'))/groupby((firstname),{measures})"
    (row,) = query("contacts", f"$apply={apply}")["value"]
    assert (row["n"], row["d"]) == (3, 1)


def test_more_than_50000_rows_are_not_aggregated(query, db):
    rows = [(f"00000000-0000-4000-9000-{number:012x}", number % 2) for number in range(49_997)]
    db.executemany('insert into "contact" ("contactid", "statecode") values (?, ?)', rows)
    assert query("contacts", "$apply=aggregate($count as n)")["value"] == [{"n": 50_000}]
    db.execute("insert into contact (contactid) values ('x')")
    with pytest.raises(DataverseError, match="AggregateQueryRecordLimit exceeded") as caught:
        query("contacts", "$apply=aggregate($count as n)")
    assert (caught.value.status, caught.value.code) == (400, "0x8004e023")
    assert len(query("contacts", "$apply=filter(statecode eq 0)/groupby((statecode))")["value"]) == 1
