"""The order of rows: Learn, "Order rows using FetchXml"."""

import pytest


def ordered(people, inside, head="<fetch>", show="name"):
    xml = f"{head}<entity name='account'><attribute name='name'/>{inside}</entity></fetch>"
    return [row.get(show) for row in people.rows("accounts", xml)]


def test_orders_apply_one_after_the_other(people):
    assert ordered(people, "<order attribute='numberofemployees' descending='true'/><order attribute='name'/>") == [
        *("A. Datum", "Blue Yonder Airlines", "City Power & Light", "Fabrikam"),
        *("Contoso Pharmaceuticals", "Example Account"),
    ]


def test_text_sorts_whatever_its_case(people):
    cities = ordered(
        people, "<attribute name='address1_city'/><order attribute='address1_city'/>", show="address1_city"
    )
    assert [str(city).lower() for city in cities] == [
        "none",
        "los angeles",
        "lynnwood",
        "redmond",
        "redmond",
        "redmond",
    ]


def test_a_lookup_sorts_by_the_name_of_its_target(people):
    assert ordered(people, "<order attribute='primarycontactid' descending='1'/><order attribute='name'/>")[:3] == [
        *("Contoso Pharmaceuticals", "Blue Yonder Airlines", "Fabrikam"),
    ]


@pytest.fixture
def sizes(people, ids):
    """Three accounts whose choices sort otherwise by label than by value."""
    chosen = {"contoso": 1, "fabrikam": 2, "blue": 12}
    for key, value in chosen.items():
        people.web.patch(f"accounts({ids[key]})", {"industrycode": value})
    yield
    for key in chosen:
        people.web.patch(f"accounts({ids[key]})", {"industrycode": None})


def test_a_choice_sorts_by_its_label_unless_its_value_is_wanted(people, sizes, everything):
    inside = (
        "<attribute name='industrycode'/><filter><condition attribute='industrycode' operator='not-null'/></filter>"
    )
    label = "industrycode@OData.Community.Display.V1.FormattedValue"
    for head, key in (("<fetch>", label), ("<fetch useraworderby='true'>", "industrycode")):
        xml = f"{head}<entity name='account'>{inside}<order attribute='industrycode'/></entity></fetch>"
        shown = [row[key] for row in people.rows("accounts", xml, everything)]
        assert shown == sorted(shown)
        assert len(shown) == 3


def test_orders_of_links_come_last_unless_the_entity_names_them(people):
    link = """<link-entity name='contact' from='contactid' to='primarycontactid' alias='c'>{}</link-entity>"""
    last = link.format("<order attribute='fullname'/>") + "<order attribute='numberofemployees' descending='true'/>"
    assert ordered(people, last) == ["Blue Yonder Airlines", "Fabrikam", "Contoso Pharmaceuticals"]
    first = link.format("") + "<order entityname='c' attribute='fullname' descending='true'/><order attribute='name'/>"
    assert ordered(people, first) == ["Contoso Pharmaceuticals", "Blue Yonder Airlines", "Fabrikam"]


def test_top_takes_the_first_rows(people):
    assert ordered(people, "<order attribute='name'/>", "<fetch top='2'>") == ["A. Datum", "Blue Yonder Airlines"]


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("<order/>", "0x80041133"),
        ("<order alias='name'/>", "0x80041132"),
        ("<order attribute='nothing'/>", "0x80041103"),
        ("<order attribute='name' entityname='c'/>", "0x8004110a"),
        ("<order attribute='name' descending='down'/>", "0x80041139"),
    ],
)
def test_orders_that_make_no_sense_are_refused(people, inside, code):
    assert people.refused("accounts", f"<fetch><entity name='account'>{inside}</entity></fetch>") == (400, code)
