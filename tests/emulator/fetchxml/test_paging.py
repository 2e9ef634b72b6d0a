"""Pages and their cookies, followed as Learn, "Page results using FetchXml", tells clients to."""

from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

BOTH = 'odata.include-annotations="Microsoft.Dynamics.CRM.fetchxmlpagingcookie,Microsoft.Dynamics.CRM.morerecords"'
MORE, COOKIE = "@Microsoft.Dynamics.CRM.morerecords", "@Microsoft.Dynamics.CRM.fetchxmlpagingcookie"
BY_NAME = """<fetch count='3'><entity name='contact'><attribute name='fullname'/>
  <order descending='true' attribute='fullname'/></entity></fetch>"""


def walk(people, entity_set, xml, size, between=lambda page: None):
    """All pages, by the documented way: decode the cookie twice, escape it, and count the pages up."""
    root, page, pages = ET.fromstring(xml), 1, []
    root.set("count", str(size))
    while True:
        root.set("page", str(page))
        body = people.body(entity_set, ET.tostring(root, encoding="unicode"), BOTH)
        pages.append(body["value"])
        if not body.get(MORE):
            assert COOKIE not in body
            return pages
        if COOKIE in body:
            outer = ET.fromstring(body[COOKIE])
            assert outer.get("pagenumber") == str(page + 1)
            # Setting an attribute of an element escapes it.
            root.set("paging-cookie", unquote(unquote(outer.get("pagingcookie"))))
        between(page)
        page += 1


def test_a_cookie_has_the_documented_shape(people, ids):
    body = people.body("contacts", BY_NAME, BOTH)
    assert body[MORE] is True
    cookie = body[COOKIE]
    assert cookie.startswith(
        '<cookie pagenumber="2" pagingcookie="%253ccookie%2520page%253d%25221%2522%253e%253cfullname'
    )
    assert cookie.endswith('%253c%252fcookie%253e" istracking="False" />')
    inside = unquote(unquote(ET.fromstring(cookie).get("pagingcookie")))
    first, last = body["value"][0], body["value"][2]
    assert inside == (
        f'<cookie page="1"><fullname last="{last["fullname"]}" first="{first["fullname"]}" />'
        f'<contactid last="{{{last["contactid"].upper()}}}" first="{{{first["contactid"].upper()}}}" /></cookie>'
    )


def test_annotations_of_pages_come_only_when_preferred_and_only_before_the_last(people):
    assert not {MORE, COOKIE} & people.body("contacts", BY_NAME).keys()
    one = people.body("contacts", BY_NAME, 'odata.include-annotations="Microsoft.Dynamics.CRM.morerecords"')
    assert MORE in one
    assert COOKIE not in one
    last = people.body("contacts", BY_NAME.replace("'3'", "'3' page='2'"), BOTH)
    assert len(last["value"]) == 3
    assert not {MORE, COOKIE} & last.keys()


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 7])
@pytest.mark.parametrize(
    "order",
    [
        "",
        "<order attribute='jobtitle'/><order attribute='fullname' descending='true'/>",
        "<order attribute='annualincome' descending='true'/>",
        "<order attribute='parentcustomerid'/><order attribute='statecode' descending='true'/>",
        "<order attribute='birthdate'/><order attribute='donotphone'/><order attribute='createdon'/>",
        "<order attribute='contactid' descending='true'/><order attribute='fullname'/>",
    ],
)
def test_following_the_cookie_shows_every_row_once_and_in_order(people, size, order):
    inside = f"<entity name='contact'><attribute name='fullname'/>{order}</entity>"
    whole = people.rows("contacts", f"<fetch>{inside}</fetch>")
    pages = walk(people, "contacts", f"<fetch>{inside}</fetch>", size)
    assert [row for page in pages for row in page] == whole
    assert {len(page) for page in pages[:-1]} <= {size}


@pytest.mark.parametrize(
    "inside",
    [
        (
            "<entity name='contact'><attribute name='fullname'/><order attribute='fullname'/>"
            "<link-entity name='account' from='primarycontactid' to='contactid' link-type='outer' alias='a'>"
            "<attribute name='name'/></link-entity></entity>"
        ),
        (
            "<entity name='contact'><attribute name='fullname'/>"
            "<link-entity name='account' from='accountid' to='parentcustomerid' link-type='outer' alias='a'>"
            "<attribute name='name'/><order attribute='name'/></link-entity></entity>"
        ),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 5])
def test_joined_rows_are_paged_by_numbers_where_a_cookie_would_miss_some(people, inside, size):
    whole = people.rows("contacts", f"<fetch>{inside}</fetch>")
    assert COOKIE not in people.body("contacts", f"<fetch count='{size}'>{inside}</fetch>", BOTH)
    pages = walk(people, "contacts", f"<fetch>{inside}</fetch>", size)
    assert [row for page in pages for row in page] == whole


def test_a_link_to_one_row_keeps_the_cookie(people):
    inside = """<entity name='contact'><attribute name='fullname'/><order attribute='fullname'/>
      <link-entity name='account' from='accountid' to='parentcustomerid' link-type='outer' alias='a'/></entity>"""
    assert COOKIE in people.body("contacts", f"<fetch count='2'>{inside}</fetch>", BOTH)
    assert len(walk(people, "contacts", f"<fetch>{inside}</fetch>", 2)) == 3


def test_rows_written_meanwhile_do_not_shift_the_pages(people):
    made = []

    def arrive(page):
        made.append(people.web.create("contacts", {"lastname": "Aaron"}))

    xml = "<fetch><entity name='contact'><attribute name='fullname'/><order attribute='fullname'/></entity></fetch>"
    before = [row["fullname"] for row in people.rows("contacts", xml)]
    pages = walk(people, "contacts", xml, 2, arrive)
    assert [row["fullname"] for page in pages for row in page if row["fullname"] != "Aaron"] == before
    for each in made:
        people.web.delete(f"contacts({each})")


_STORABLE = st.characters(codec="utf-8", exclude_categories=["Cc", "Cn", "Cs"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(st.text(_STORABLE, min_size=1, max_size=6), min_size=1, max_size=4, unique=True),
    size=st.integers(1, 3),
)
def test_a_cookie_carries_any_text(people, names, size):
    made = [people.web.create("accounts", {"name": f"z{name}", "description": "paged"}) for name in names]
    inside = """<entity name='account'><order attribute='name'/>
      <filter><condition attribute='description' operator='eq' value='paged'/></filter></entity>"""
    try:
        pages = walk(people, "accounts", f"<fetch>{inside}</fetch>", size)
        found = [row["accountid"] for page in pages for row in page]
        assert sorted(found) == sorted(made)
    finally:
        for each in made:
            people.web.delete(f"accounts({each})")


def cookie(inside, page="1"):
    return f"<cookie page='{page}'>{inside}</cookie>"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("nonsense", "0x80040201"),
        ("%3ccookie%20page%3d%221%22%3e", "0x80040201"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><cookie page='1'/>", "0x80040201"),
        ("<other page='1'/>", "0x80040201"),
        (cookie("", page="first"), "0x8004112a"),
        (cookie("", page="0"), "0x8004112a"),
        (cookie("<name last='A' first='B'/>"), "0x80041129"),
        (cookie("<contactid last='A' first='B'/>"), "0x80041129"),
        (cookie("<fullname first='B'/><contactid last='A' first='B'/>"), "0x80040201"),
    ],
)
def test_a_cookie_that_is_none_is_refused(people, given, code):
    root = ET.fromstring(BY_NAME)
    root.set("page", "2")
    root.set("paging-cookie", given)
    assert people.refused("contacts", ET.tostring(root, encoding="unicode")) == (400, code)


@pytest.mark.parametrize("number", ["1e999", "x", "9" * 25, "1" * 19, "-", "NaN"])
def test_a_cookie_with_a_strange_number_is_refused_or_has_an_answer(people, number):
    xml = """<fetch page='2'><entity name='contact'><order attribute='annualincome'/></entity></fetch>"""
    root = ET.fromstring(xml)
    root.set("paging-cookie", cookie(f"<annualincome last='{number}'/><contactid last='a'/>"))
    assert people.ask("contacts", ET.tostring(root, encoding="unicode")).status_code in {200, 400}


def test_a_page_further_on_and_one_before_the_cookie_are_found(people):
    xml = "<fetch count='1'><entity name='contact'><order attribute='fullname'/></entity></fetch>"
    whole = people.rows("contacts", xml.replace(" count='1'", ""))
    root = ET.fromstring(xml)
    root.set("page", "3")
    body = people.body("contacts", ET.tostring(root, encoding="unicode"), BOTH)
    root.set("paging-cookie", unquote(unquote(ET.fromstring(body[COOKIE]).get("pagingcookie"))))
    for page in (1, 2, 3, 4, 6):
        root.set("page", str(page))
        assert people.rows("contacts", ET.tostring(root, encoding="unicode")) == [whole[page - 1]]


def test_counting_pages_alone_ends_at_row_fifty_thousand(people):
    head = "<fetch count='5000' page='{}'>"
    xml = "<entity name='contact'/></fetch>"
    assert people.rows("contacts", head.format(10) + xml) == []
    assert people.refused("contacts", head.format(11) + xml) == (400, "0x8004430a")


def test_rows_are_counted_when_the_query_or_the_url_asks(people, everything):
    xml = "<fetch{} count='2'><entity name='contact'><no-attrs/></entity></fetch>"
    total = "@Microsoft.Dynamics.CRM.totalrecordcount"
    plain = people.body("contacts", xml.format(""), everything)
    assert "@odata.count" not in plain
    assert plain[total] == -1
    for body in (
        people.body("contacts", xml.format(" returntotalrecordcount='true'"), everything),
        people.body("contacts", xml.format(""), everything, more="&$count=true"),
    ):
        assert (body["@odata.count"], body[total], len(body["value"])) == (6, 6, 2)
        assert body[total + "limitexceeded"] is False


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("top='5' count='5'", "0x80040203"),
        ("top='5' page='1'", "0x80040203"),
        ("top='5' returntotalrecordcount='true'", "0x80040203"),
        ("top='5001'", "0x80040203"),
        ("top='0'", "0x8004110c"),
        ("count='-1'", "0x8004110c"),
        ("page='0'", "0x8004110c"),
        ("page='two'", "0x80041139"),
        ("distinct='perhaps'", "0x80041139"),
    ],
)
def test_sizes_that_make_no_sense_are_refused(people, head, code):
    assert people.refused("contacts", f"<fetch {head}><entity name='contact'/></fetch>") == (400, code)
