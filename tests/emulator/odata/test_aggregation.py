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
        ("accounts", "aggregate(numberofemployees with average as a)", [{"a": 1012.5}]),
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
        ("aggregate(revenue as x)", 400),
        ("filter(statecode eq 1)", 400),
        ("filter(statecode eq", 400),
        ("x", 400),
        ("", 400),
        ("compute(revenue as x)", 501),
        ("aggregate($count as n)/filter(n gt 1)", 501),
        ("aggregate($count as n)&$top=1", 501),
        ("aggregate($count as n)&$filter=statecode eq 1", 501),
    ],
)
def test_aggregations_that_are_not_understood_are_refused(query, apply, status):
    with pytest.raises(DataverseError) as caught:
        query("accounts", f"$apply={apply}")
    assert caught.value.status == status
