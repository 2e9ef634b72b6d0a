"""Conditions and their operators: Learn, "Filter rows using FetchXml" and "condition operator values"."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from emulator.fetchxml.operators import COMPARISONS, FUNCTIONS, LIKES, NOT_LIKES, NULLS


def condition(attribute, operator, *values):
    if len(values) == 1:
        return f"<condition attribute='{attribute}' operator='{operator}' value='{values[0]}'/>"
    inside = "".join(f"<value>{value}</value>" for value in values)
    return f"<condition attribute='{attribute}' operator='{operator}'>{inside}</condition>"


@pytest.mark.parametrize(
    ("attribute", "operator", "values", "found"),
    [
        ("address1_city", "eq", ["REDMOND"], {"Contoso Pharmaceuticals", "City Power & Light", "A. Datum"}),
        ("address1_city", "ne", ["Redmond"], {"Fabrikam", "Blue Yonder Airlines", "Example Account"}),
        ("address1_city", "neq", ["Redmond"], {"Fabrikam", "Blue Yonder Airlines", "Example Account"}),
        ("address1_city", "in", ["redmond", "LYNNWOOD"], {
            "Contoso Pharmaceuticals", "City Power & Light", "A. Datum", "Fabrikam"}),
        ("address1_city", "not-in", ["redmond", "lynnwood"], {"Blue Yonder Airlines", "Example Account"}),
        ("address1_city", "null", [], {"Example Account"}),
        ("address1_city", "like", ["%N%G%"], {"Blue Yonder Airlines"}),
        ("address1_city", "like", ["_y%"], {"Fabrikam"}),
        ("address1_city", "not-like", ["%mond"], {"Fabrikam", "Blue Yonder Airlines", "Example Account"}),
        ("name", "begins-with", ["a."], {"A. Datum"}),
        ("name", "begins-with", ["[ab]"], {"A. Datum", "Blue Yonder Airlines"}),
        ("name", "ends-with", ["LIGHT"], {"City Power & Light"}),
        ("name", "not-begin-with", ["[abcf]"], {"Example Account"}),
        ("name", "not-end-with", ["s"], {"Fabrikam", "City Power & Light", "A. Datum", "Example Account"}),
        ("name", "ge", ["Example"], {"Fabrikam", "Example Account"}),
        ("numberofemployees", "gt", ["2900"], {"A. Datum"}),
        ("numberofemployees", "le", ["1500"], {"Contoso Pharmaceuticals"}),
        ("numberofemployees", "between", ["2000", "2800"], {"Fabrikam"}),
        ("numberofemployees", "not-between", ["1500", "2900"], {"A. Datum", "Example Account"}),
        ("revenue", "lt", ["20000.50"], {"A. Datum"}),
        ("revenue", "not-null", [], {"A. Datum", "City Power & Light"}),
        ("createdon", "yesterday", [], set()),
        ("createdon", "last-x-hours", ["1"], "all"),
        ("createdon", "olderthan-x-days", ["1"], set()),
        ("createdon", "tomorrow", [], set()),
        ("ownerid", "eq-userid", [], "all"),
        ("ownerid", "ne-userid", [], set()),
        ("ownerid", "eq-useroruserteams", [], "all"),
        ("ownerid", "eq-userteams", [], set()),
        ("owningbusinessunit", "eq-businessid", [], "all"),
        ("owningbusinessunit", "ne-businessid", [], set()),
        ("statecode", "eq", ["0"], "all"),
        ("primarycontactid", "eq", ["{00000000-0000-0000-0000-000000000001}"], set()),
    ],
)  # fmt: skip
def test_an_operator_finds_what_the_documentation_says(people, attribute, operator, values, found):
    everyone = people.names("accounts", "")
    expected = everyone if found == "all" else sorted(found)
    assert people.names("accounts", f"<filter>{condition(attribute, operator, *values)}</filter>") == expected


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M"])
def test_dates_are_taken_with_and_without_time_and_zone(people, form):
    day = datetime.now(UTC)
    later, everyone = (day + timedelta(days=1)).strftime(form), people.names("contacts", "")
    for operator, value, found in (
        ("on", day.strftime(form), everyone),
        ("on-or-before", later, everyone),
        ("on-or-after", later, []),
        ("lt", later, everyone),
        ("ge", later, []),
    ):
        assert people.names("contacts", f"<filter>{condition('createdon', operator, value)}</filter>") == found
    birthday = condition("birthdate", "eq", "1990-05-01T00:00:00Z")
    assert people.names("contacts", f"<filter>{birthday}</filter>") == ["Alex alex"]


def test_columns_of_the_same_row_are_compared(people):
    same = "<filter><condition attribute='firstname' operator='eq' valueof='lastname'/></filter>"
    assert people.names("contacts", same) == ["Alex alex"]
    after = "<filter><condition attribute='firstname' operator='gt' valueof='lastname'/></filter>"
    assert people.names("contacts", after) == [
        *("María Campbell", "Nancy Anderson", "Sidney Higa", "Susanna Stubberod", "Yvonne McKay"),
    ]


def test_filters_nest(people):
    inside = f"""<filter type='or'>
      {condition("firstname", "eq", "maria")}
      <filter>{condition("donotphone", "eq", "true")}{condition("numberofchildren", "gt", "1")}</filter>
      <filter type='or'/>
    </filter>"""
    assert people.names("contacts", inside) == ["María Campbell", "Nancy Anderson"]


def test_filters_beside_each_other_hold_together(people):
    inside = f"<filter>{condition('jobtitle', 'not-null')}</filter><filter>{condition('firstname', 'eq', 'Yvonne')}"
    assert people.names("contacts", f"{inside}</filter>") == ["Yvonne McKay"]


def test_every_operator_of_the_documentation_is_known(people):
    for operator in (*COMPARISONS, *LIKES, *NOT_LIKES, *NULLS, *FUNCTIONS):
        inside = f"<filter>{condition('createdon', operator, '1')}</filter>"
        answer = people.ask("accounts", f"<fetch><entity name='account'>{inside}</entity></fetch>")
        assert answer.status_code in {200, 400, 501}
        assert answer.status_code == 200 or answer.json()["error"]["code"] != "0x80041120"


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        (condition("name", "equals", "x"), "0x80041120"),
        (condition("Name", "eq", "x"), "0x80041103"),
        (condition("nothing", "eq", "x"), "0x80041103"),
        ("<condition attribute='name'/>", "0x8004111e"),
        ("<condition operator='null'/>", "0x8004111e"),
        (condition("name", "eq"), "0x80040203"),
        (condition("name", "eq", "a", "b"), "0x80040203"),
        (condition("numberofemployees", "eq", "many"), "0x80060888"),
        (condition("accountid", "eq", "x"), "0x80060888"),
        (condition("name", "last-x-hours", "4"), "0x80060888"),
        (condition("createdon", "last-x-hours", "-4"), "0x80060888"),
        (condition("numberofemployees", "between", "4"), "0x80060888"),
        (condition("name", "in"), "0x80060888"),
        ("<filter type='xor'/>", "0x80041122"),
    ],
)
def test_conditions_that_make_no_sense_are_refused(people, inside, code):
    xml = f"<fetch><entity name='account'><filter>{inside}</filter></entity></fetch>"
    assert people.refused("accounts", xml) == (400, code)


def test_a_query_takes_five_hundred_conditions(people):
    for number, status, code in ((500, 200, None), (501, 400, "0x8004430c")):
        inside = "<condition attribute='name' operator='null'/>" * number
        xml = f"<fetch><entity name='account'><filter type='or'>{inside}</filter></entity></fetch>"
        # Too long for a URL of its own.
        request = ("GET", "accounts?fetchXml=" + quote(xml, safe="/'="))
        _, ((answered, _, body),) = people.web.batch(request)
        assert answered == status
        assert body.get("error", {}).get("code") == code


@pytest.mark.parametrize(
    "inside",
    [
        condition("primarycontactidname", "eq", "x"),
        condition("primarycontactid", "like", "x"),
    ],
)
def test_what_is_not_built_is_told(people, inside):
    status, _ = people.refused("accounts", f"<fetch><entity name='account'><filter>{inside}</filter></entity></fetch>")
    assert status == 501


def test_ids_have_no_order(people):
    inside = condition("accountid", "gt", "00000000-0000-0000-0000-000000000001")
    status, _ = people.refused("accounts", f"<fetch><entity name='account'><filter>{inside}</filter></entity></fetch>")
    assert status == 400
