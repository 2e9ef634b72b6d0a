"""Order and pages."""

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.errors import DataverseError


@pytest.fixture
def pages(query):
    """All pages of a query, by following the links."""

    def ask(set_name, options, size):
        found = []
        while True:
            body = query(set_name, options, prefer={"odata.maxpagesize": str(size)})
            found.append(body["value"])
            if "@odata.nextLink" not in body:
                return found
            options = body["@odata.nextLink"].partition("?")[2]

    return ask


def test_a_page_has_as_many_rows_as_preferred(pages, people):
    assert [len(page) for page in pages("contacts", "$select=fullname", 2)] == [2, 1]
    assert [len(page) for page in pages("contacts", "$select=fullname", 3)] == [3]
    assert [len(page) for page in pages("contacts", "$select=fullname", 9999)] == [3]


def test_a_next_link_is_the_query_with_a_token(query, people):
    body = query("contacts", "$select=fullname&$orderby=age%20desc", prefer={"odata.maxpagesize": "1"})
    link, _, token = body["@odata.nextLink"].partition("&$skiptoken=")
    assert link == "http://127.0.0.1:7072/api/data/v9.2/contacts?$select=fullname&$orderby=age%20desc"
    assert token.startswith("%3Ccookie%20pagenumber%3D%222%22%20pagingcookie%3D%22")
    second = query("contacts", body["@odata.nextLink"].partition("?")[2], prefer={"odata.maxpagesize": "1"})
    assert "pagenumber%3D%223%22" in second["@odata.nextLink"]
    assert second["@odata.nextLink"].count("$skiptoken") == 1


def test_a_next_link_of_a_collection_names_its_path(query, people, make_guid):
    path = f"accounts({make_guid(0x10)})/contact_customer_accounts"
    within = ('t0."parentcustomerid" = ?', (make_guid(0x10),))
    body = query("contacts", "", prefer={"odata.maxpagesize": "1"}, within=within, path=path)
    assert f"/v9.2/{path}?$skiptoken=" in body["@odata.nextLink"]


def test_top_gives_the_first_rows_and_no_link(query, people):
    body = query("contacts", "$top=2&$orderby=fullname")
    assert [row["fullname"] for row in body["value"]] == ["50% off_[now]", "Jim Glynn"]
    assert "@odata.nextLink" not in body
    assert query("contacts", "$top=0")["value"] == []


def test_top_is_ignored_where_a_page_size_is_preferred(query, people):
    body = query("contacts", "$top=1", prefer={"odata.maxpagesize": "2"})
    assert len(body["value"]) == 2
    assert "@odata.nextLink" in body


@pytest.mark.parametrize("size", ["0", "-1", "x", "", "²"])
def test_a_page_size_that_makes_no_sense_is_ignored(query, people, size):
    assert len(query("contacts", "", prefer={"odata.maxpagesize": size})["value"]) == 3


def test_without_a_preference_a_page_has_5000_rows(db, query):
    rows = [(f"00000000-0000-4000-9000-{number:012x}", number) for number in range(5001)]
    db.executemany('insert into "contact" ("contactid", "versionnumber") values (?, ?)', rows)
    body = query("contacts", "$select=contactid")
    assert len(body["value"]) == 5000
    (last,) = query("contacts", body["@odata.nextLink"].partition("?")[2])["value"]
    assert last["contactid"].endswith("1388")
    assert len(query("contacts", "$select=contactid&$top=6000")["value"]) == 5000


@pytest.mark.parametrize(
    ("options", "ages"),
    [
        ("$orderby=age", [None, 7, 40]),
        ("$orderby=age desc", [40, 7, None]),
        ("$orderby=statecode desc,age asc", [7, None, 40]),
        ("$orderby=fullname", [7, None, 40]),
        ("$orderby=@p1 desc&@p1=age", [40, 7, None]),
        ("$orderby=owninguser/fullname desc", [None, 40, 7]),
        ("$orderby=_owninguser_value desc", [None, 40, 7]),
        ("$orderby=_parentcustomerid_value", [40, None, 7]),
    ],
)
def test_rows_come_in_the_order_asked_for(query, people, options, ages):
    assert [row["age"] for row in query("contacts", options)["value"]] == ages


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(
        st.tuples(st.sampled_from([None, "a", "A", "á", "b", "a "]), st.sampled_from([None, 1, 2])), max_size=12
    ),
    orderby=st.sampled_from(["", "fullname", "fullname desc", "age desc,fullname", "fullname desc,age", "age"]),
    size=st.integers(1, 5),
)
def test_pages_put_together_are_the_whole_in_order(db, query, pages, values, orderby, size):
    db.execute('delete from "contact"')
    for number, (name, age) in enumerate(values):
        db.execute(
            'insert into "contact" ("contactid", "fullname", "age", "versionnumber") values (?, ?, ?, ?)',
            (f"00000000-0000-4000-8000-{(number * 7) % 13:012x}", name, age, number),
        )
    options = f"$orderby={orderby}" if orderby else ""
    whole = [row["contactid"] for row in query("contacts", options)["value"]]
    found = [row["contactid"] for page in pages("contacts", options, size) for row in page]
    assert found == whole
    assert len(set(found)) == len(values)


def test_rows_written_between_two_pages_neither_repeat_nor_hide_others(db, query, people, insert):
    first = query("contacts", "$orderby=fullname", prefer={"odata.maxpagesize": "2"})
    insert("contact", 0x60, fullname="AAA", statecode=0)
    db.execute("delete from contact where fullname = '50% off_[now]'")
    rest = query("contacts", first["@odata.nextLink"].partition("?")[2], prefer={"odata.maxpagesize": "2"})
    assert [row["fullname"] for row in first["value"] + rest["value"]] == [
        "50% off_[now]",
        "Jim Glynn",
        "Renée O'Hara",
    ]


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        '<cookie pagenumber="2" pagingcookie="" istracking="False" />',
        '<cookie pagenumber="2" pagingcookie="!!!" istracking="False" />',
        '<cookie pagenumber="2" pagingcookie="WzEsMl0=" istracking="False" />',
        '<cookie pagenumber="2" pagingcookie="W3t9XQ==" istracking="False" />',
        '<cookie pagenumber="2" pagingcookie="WyJcdWQ4MDAiXQ==" istracking="False" />',
        '<cookie pagenumber="2" pagingcookie="Wzk5OTk5OTk5OTk5OTk5OTk5OTk5XQ==" istracking="False" />',
    ],
)
def test_a_token_of_ones_own_making_is_refused(query, people, token):
    with pytest.raises(DataverseError, match="paging cookie"):
        query("contacts", f"$skiptoken={quote(token)}")


@pytest.mark.parametrize(
    ("options", "other"),
    [
        ("$orderby=fullname", "$orderby=firstname"),
        ("$orderby=fullname", "$orderby=fullname desc"),
        ("$select=fullname", "$apply=groupby((fullname))"),
        ("$apply=groupby((fullname))", "$apply=groupby((age))"),
    ],
)
def test_a_token_fits_only_the_order_that_it_came_from(query, people, options, other):
    one = {"odata.maxpagesize": "1"}
    token = query("contacts", options, prefer=one)["@odata.nextLink"].partition("$skiptoken=")[2]
    assert query("contacts", f"{options}&$skiptoken={token}", prefer=one)["value"]
    with pytest.raises(DataverseError, match="paging cookie"):
        query("contacts", f"{other}&$skiptoken={token}", prefer=one)
