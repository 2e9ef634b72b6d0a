"""What is no FetchXML: refused, quickly, whatever it is."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.errors import DataverseError
from emulator.fetchxml.reading import read_query

TEN = "".join(
    f'<!ENTITY a{n} "{"&a" + str(n - 1) + ";" if n else "ha"}{"&a" + str(n - 1) + ";" if n else "ha"}">'
    for n in range(40)
)


def code(text):
    with pytest.raises(DataverseError) as refusal:
        read_query(text)
    return refusal.value.status, refusal.value.code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "0x80040201"),
        ("invalid", "0x80040201"),
        ("<fetch>", "0x80040201"),
        ("<fetch><entity name='account'></fetch></entity>", "0x80040201"),
        ("<fetch a='1' a='2'/>", "0x80040201"),
        ("<fetch>&undefined;</fetch>", "0x80040201"),
        ("<fetch>\x00</fetch>", "0x80040201"),
        ("<fetch/>\ud800", "0x80040201"),
        (f"<!DOCTYPE fetch [{TEN}]><fetch>&a39;</fetch>", "0x80040201"),
        ("<!DOCTYPE fetch SYSTEM 'file:///etc/hostname'><fetch/>", "0x80040201"),
        ("<fetch/>", "0x80041102"),
        ("<fetch><entity/></fetch>", "0x80041102"),
        ("<fetch><entity name=''/></fetch>", "0x80041102"),
        ("<entity name='account'/>", "0x8004111c"),
        ("<fetch xmlns='urn:x'><entity name='account'/></fetch>", "0x8004111c"),
        ("<fetch><n/></fetch>", "0x8004111c"),
        ("<fetch><entity name='a'/><entity name='b'/></fetch>", "0x8004111c"),
        ("<fetch><entity name='account'><n/></entity></fetch>", "0x8004111c"),
        ("<fetch><entity name='account'><attribute/></entity></fetch>", "0x8004111e"),
        ("<fetch><entity name='a'><filter><condition><b/></condition></filter></entity></fetch>", "0x8004111c"),
    ],
)
def test_text_that_is_no_query_is_refused(text, expected):
    assert code(text) == (400, expected)


def test_the_refusal_of_an_element_shows_it():
    with pytest.raises(DataverseError) as refusal:
        read_query("<fetch><entity name='systemuser'><n /></entity></fetch>")
    assert refusal.value.message == (
        "Invalid Child Node, valid nodes are filter, order, link-entity, attribute, all-attributes, no-attrs. "
        "NodeName = n NodeXml = <n />"
    )


def test_declarations_comments_and_hints_are_taken():
    query = read_query("""<?xml version="1.0" encoding="utf-16"?>
      <fetch version='1.0' output-format='xml-platform' mapping='logical' no-lock='true' latematerialize='true'>
        <!-- of a view -->
        <entity name='account'><filter hint='union'>
          <condition attribute='a' operator='eq' value='1' uiname='One' uitype='account'/></filter></entity>
      </fetch>""")
    assert query.entity.name == "account"
    assert query.entity.filters[0].parts[0].values == ("1",)


@pytest.mark.parametrize(
    "text",
    [
        "<fetch datasource='retained'><entity name='account'/></fetch>",
        "<fetch><entity name='account'><filter isquickfindfields='1'/></entity></fetch>",
        "<fetch><entity name='account'><order attribute='name' collation='x'/></entity></fetch>",
    ],
)
def test_what_would_change_the_meaning_and_is_not_built_is_told(text):
    assert code(text)[0] == 501


@pytest.mark.parametrize("depth", [50, 3000, 200_000])
def test_deep_nesting_is_refused_at_once(depth):
    start = time.monotonic()
    text = f"<fetch><entity name='account'>{'<filter>' * depth}{'</filter>' * depth}</entity></fetch>"
    assert code(text)[0] in {400, 501}
    assert time.monotonic() - start < 30


def test_the_deepest_query_that_is_read_is_answered(people):
    link = "<link-entity name='contact' from='contactid' to='primarycontactid' link-type='any'><filter>"
    back = "<link-entity name='account' from='primarycontactid' to='contactid' link-type='any'><filter>"
    inside = "<filter>" + (link + back) * 3 + "</filter></link-entity>" * 6 + "</filter>"
    assert people.names("accounts", inside) == ["Blue Yonder Airlines", "Contoso Pharmaceuticals", "Fabrikam"]
    filters = "<filter type='or'><condition attribute='name' operator='null'/>" * 25 + "</filter>" * 25
    assert people.names("accounts", filters) == []


NAMES = st.sampled_from(
    ["account", "contact", "name", "fullname", "accountid", "a", "", "createdon", "x'y", "1", "true"]
)
ATTRIBUTES = st.sampled_from(
    [
        *(
            "name",
            "from",
            "to",
            "alias",
            "link-type",
            "attribute",
            "operator",
            "value",
            "valueof",
            "entityname",
            "type",
        ),
        *("aggregate", "groupby", "dategrouping", "aggregatelimit", "top", "count", "page", "paging-cookie"),
        *("distinct", "descending", "returntotalrecordcount"),
    ]
)
VALUES = NAMES | st.sampled_from(
    [
        "inner",
        "outer",
        "any",
        "all",
        "eq",
        "in",
        "like",
        "null",
        "on",
        "last-x-days",
        "and",
        "or",
        "count",
        "sum",
        "5",
        "-1",
    ]
)
TAGS = ["fetch", "entity", "link-entity", "filter", "condition", "value", "attribute", "order", "all-attributes"]


@st.composite
def elements(draw, depth=0):
    tag = ("fetch", "entity")[depth] if depth < 2 else draw(st.sampled_from(TAGS))
    given = {**draw(st.dictionaries(ATTRIBUTES, VALUES, max_size=5))}
    if depth == 1:
        given["name"] = "account"
    shown = "".join(f' {name}="{value}"' for name, value in given.items())
    number = 1 if depth == 0 else draw(st.integers(0, 3 if depth < 4 else 0))
    return f"<{tag}{shown}>{''.join(draw(elements(depth + 1)) for _ in range(number))}</{tag}>"


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=elements())
def test_no_query_is_answered_with_an_accident(people, text):
    answer = people.ask("accounts", text)
    assert answer.status_code in {200, 400, 501}, answer.text
