"""Aggregation: the examples of Learn, "Aggregate data using FetchXml"."""

import sqlite3
from datetime import UTC, date, datetime, timedelta

import pytest

from emulator.fetchxml.aggregates import _DATE_PARTS

FORMATTED = "OData.Community.Display.V1.FormattedValue"


def measures(*functions):
    return "".join(
        f"<attribute name='numberofemployees' alias='{name}' aggregate='{name}'{more}/>" for name, more in functions
    )


def aggregate(people, inside, prefer=None, table="account", head=""):
    xml = f"<fetch aggregate='true'{head}><entity name='{table}'>{inside}</entity></fetch>"
    return people.rows(f"{table}s", xml, prefer)


def test_numbers_are_added_up_over_all_rows(people):
    functions = [(name, "") for name in ("avg", "count", "countcolumn", "max", "min", "sum")]
    (row,) = aggregate(people, measures(*functions))
    assert row == {"avg": 3240, "count": 6, "countcolumn": 5, "max": 6200, "min": 1500, "sum": 16200}


def test_values_that_differ_are_counted_once(people):
    assert aggregate(people, measures(("countcolumn", " distinct='true'"))) == [{"countcolumn": 4}]
    cities = "<attribute name='address1_city' alias='n' aggregate='countcolumn' distinct='true'/>"
    assert aggregate(people, cities) == [{"n": 3}]


def test_groups_put_equal_values_together_and_nulls_too(people):
    inside = """<attribute name='numberofemployees' alias='Total' aggregate='sum'/>
      <attribute name='address1_city' alias='Count' aggregate='count'/>
      <attribute name='address1_city' alias='City' groupby='true'/>
      <order alias='City'/>"""
    rows = aggregate(people, inside)
    assert [(row.pop("City", "").lower(), row) for row in rows] == [
        ("", {"Total": 0, "Count": 1}),
        ("los angeles", {"Total": 2900, "Count": 1}),
        ("lynnwood", {"Total": 2700, "Count": 1}),
        ("redmond", {"Total": 10600, "Count": 3}),
    ]


def test_a_measure_over_nothing_is_left_out_but_counts_and_whole_sums_are_zero(people):
    nothing = "<filter><condition attribute='name' operator='eq' value='no such'/></filter>"
    money = "<attribute name='revenue' alias='money' aggregate='sum'/>"
    inside = measures(("sum", ""), ("avg", ""), ("max", ""), ("count", "")) + money + nothing
    assert aggregate(people, inside) == [{"sum": 0, "count": 0}]


def test_groups_by_lookup_carry_its_annotations(people, everything, ids):
    inside = """<attribute name='primarycontactid' alias='who' groupby='true'/>
      <attribute name='accountid' alias='n' aggregate='count'/>
      <order alias='n' descending='true'/><order alias='who'/>"""
    rows = aggregate(people, inside, everything)
    assert [row["n"] for row in rows] == [3, 2, 1]
    assert "who" not in rows[0]
    assert rows[1]["who"] == ids["susanna"]
    assert rows[1][f"who@{FORMATTED}"] == "Susanna Stubberod"
    assert rows[1]["who@Microsoft.Dynamics.CRM.lookuplogicalname"] == "contact"
    assert rows[1]["n@OData.Community.Display.V1.AttributeName"] == "accountid"
    assert rows[1][f"n@{FORMATTED}"] == "2"


def test_linked_tables_take_part(people):
    inside = """<attribute name='fullname' alias='person' groupby='true'/>
      <link-entity name='account' from='primarycontactid' to='contactid' alias='a'>
        <attribute name='numberofemployees' alias='size' aggregate='sum'/>
        <order alias='size'/>
      </link-entity>"""
    assert aggregate(people, inside, table="contact") == [
        {"person": "Yvonne McKay", "size": 1500},
        {"person": "Susanna Stubberod", "size": 5600},
    ]


def test_dates_are_grouped_by_their_parts(people):
    now = datetime.now(UTC)
    parts = {"day": now.day, "month": now.month, "quarter": (now.month + 2) // 3, "year": now.year}
    shown = "".join(f"<attribute name='createdon' alias='{p}' groupby='true' dategrouping='{p}'/>" for p in parts)
    (row,) = aggregate(people, shown + "<attribute name='name' alias='n' aggregate='count'/>")
    assert row == {**parts, "n": 6}


def test_weeks_begin_on_sunday_and_the_first_with_the_year():
    db = sqlite3.connect(":memory:")

    def week(day):
        return db.execute("select " + _DATE_PARTS["week"].format("?1"), (f"{day}T12:00:00Z",)).fetchone()[0]

    assert (week(date(2023, 3, 25)), week(date(2023, 8, 27))) == (12, 35)
    day, expected = date(2019, 1, 1), 1
    while day < date(2026, 1, 1):
        assert week(day) == expected
        day += timedelta(days=1)
        expected = 1 if (day.month, day.day) == (1, 1) else expected + (day.weekday() == 6)
    db.close()


def test_more_rows_than_the_limit_are_refused(people):
    xml = "<fetch aggregate='true' aggregatelimit='{}'><entity name='account'>{}</entity></fetch>"
    count = "<attribute name='name' alias='n' aggregate='count'/>"
    assert people.rows("accounts", xml.format(6, count)) == [{"n": 6}]
    assert people.refused("accounts", xml.format(5, count)) == (400, "0x8004e023")


def test_no_limit_goes_beyond_fifty_thousand(people, filled, monkeypatch):
    monkeypatch.setattr("emulator.fetchxml.reading.MOST_AGGREGATED", 5)
    xml = "<fetch aggregate='true' aggregatelimit='100'><entity name='account'>{}</entity></fetch>"
    count = "<attribute name='name' alias='n' aggregate='count'/>"
    assert people.refused("accounts", xml.format(count)) == (400, "0x8004e023")


def test_groups_come_in_pages_without_a_cookie(people, everything):
    inside = "<attribute name='address1_city' alias='c' groupby='true'/><order alias='c'/>"
    first = people.body(
        "accounts", f"<fetch aggregate='1' count='2'><entity name='account'>{inside}</entity></fetch>", everything
    )
    assert first["@Microsoft.Dynamics.CRM.morerecords"] is True
    assert "@Microsoft.Dynamics.CRM.fetchxmlpagingcookie" not in first
    counted = people.body(
        "accounts",
        f"<fetch aggregate='1' count='2' returntotalrecordcount='1'><entity name='account'>{inside}</entity></fetch>",
    )
    assert (counted["@odata.count"], len(counted["value"])) == (4, 2)
    second = aggregate(people, inside, head=" count='2' page='2'")
    assert [row["c"].lower() for row in second] == ["lynnwood", "redmond"]


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("", "0x80041107"),
        ("<no-attrs/>", "0x8004111a"),
        ("<all-attributes/>", "0x80041107"),
        ("<attribute name='name' alias='n'/>", "0x80041107"),
        ("<attribute name='name' aggregate='count'/>", "0x80041109"),
        ("<attribute name='name' alias='n' aggregate='median'/>", "0x8004111a"),
        ("<attribute name='name' alias='n' aggregate='sum'/>", "0x8004112f"),
        ("<attribute name='industrycode' alias='n' aggregate='avg'/>", "0x8004112f"),
        ("<attribute name='name' alias='n' aggregate='count' groupby='true'/>", "0x80041137"),
        ("<attribute name='name' alias='n' groupby='true' dategrouping='day'/>", "0x80041135"),
        ("<attribute name='createdon' alias='n' groupby='true' dategrouping='hour'/>", "0x80041135"),
        ("<attribute name='name' alias='n' aggregate='count'/>" * 2, "0x80041130"),
        ("<attribute name='name' alias='n' aggregate='count'/><order attribute='name'/>", "0x80041131"),
        ("<attribute name='name' alias='n' aggregate='count'/><order/>", "0x80041134"),
        ("<attribute name='name' alias='n' aggregate='count'/><order alias='m'/>", "0x8004110a"),
        ("<attribute name='nothing' alias='n' aggregate='count'/>", "0x80041103"),
    ],
)
def test_aggregations_that_make_no_sense_are_refused(people, inside, code):
    xml = f"<fetch aggregate='true'><entity name='account'>{inside}</entity></fetch>"
    assert people.refused("accounts", xml) == (400, code)


@pytest.mark.parametrize(
    "inside",
    [
        "<attribute name='createdon' alias='n' groupby='true' dategrouping='fiscal-year'/>",
        "<attribute name='accountid' alias='n' rowaggregate='CountChildren'/>",
    ],
)
def test_what_is_not_built_is_told(people, inside):
    xml = f"<fetch aggregate='true'><entity name='account'>{inside}</entity></fetch>"
    status, _ = people.refused("accounts", xml)
    assert status == 501


def test_an_aggregate_needs_a_query_that_aggregates(people):
    xml = "<fetch><entity name='account'><attribute name='name' alias='n' aggregate='count'/></entity></fetch>"
    assert people.refused("accounts", xml) == (400, "0x8004111a")
