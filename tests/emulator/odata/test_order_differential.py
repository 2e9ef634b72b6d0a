"""Order, pages and aggregation of random rows, held against Python's own sorting and arithmetic."""

import unicodedata
from collections import defaultdict
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

COLUMNS = {
    "fullname": [None, "a", "A", "á", "b", "a ", "B", "Zoë", "zoe", "10", "9"],
    "age": [None, 1, 2, -5, 40],
    "annualincome": [None, 0.5, 100.25, -3.0],
    "donotphone": [None, 0, 1],
    "gendercode": [None, 1, 2],
    "createdon": [None, "2026-01-01T00:00:00Z", "2025-06-30T12:00:00Z"],
    "birthdate": [None, "1999-12-31", "2001-01-01"],
}
LOOKUP, PARENT = "_parentcustomerid_value", "parentcustomerid_contact"
ROWS = st.lists(
    st.fixed_dictionaries(
        {name: st.sampled_from(each) for name, each in COLUMNS.items()} | {"parent": st.integers(0, 9)}
    ),
    max_size=9,
)
SORTED_BY = [*COLUMNS, LOOKUP, f"{PARENT}/age", f"{PARENT}/fullname", f"{PARENT}/{PARENT}/createdon", "contactid"]
ORDERS = st.lists(st.tuples(st.sampled_from(SORTED_BY), st.booleans()), max_size=3)
GROUPS = st.lists(
    st.sampled_from(["fullname", "age", "donotphone", "gendercode", LOOKUP, f"{PARENT}/fullname"]),
    max_size=2,
    unique=True,
)
MEASURES = st.lists(
    st.sampled_from(
        [
            *((method, name) for method in ("sum", "average", "min", "max") for name in ("age", "annualincome")),
            *((method, "createdon") for method in ("min", "max")),
            *(("countdistinct", name) for name in COLUMNS),
            ("max", f"{PARENT}/age"),
            ("$count", ""),
        ]
    ),
    max_size=4,
    unique=True,
)
checked = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def key(number):
    return f"00000000-0000-4000-8000-{number:012x}"


class World:
    """The rows by name; each knows its parent."""

    def __init__(self, db, rows):
        db.execute('delete from "contact"')
        self.rows = [{**row, "contactid": key(number * 7 % 10)} for number, row in enumerate(rows)]
        for row in self.rows:
            row[PARENT] = self.rows[row["parent"]] if row["parent"] < len(rows) else None
            row[LOOKUP] = row[PARENT] and row[PARENT]["contactid"]
            names = ["contactid", *COLUMNS, "parentcustomerid", "parentcustomerid__table", "versionnumber"]
            values = [row[name] for name in ["contactid", *COLUMNS]] + [row[LOOKUP], row[LOOKUP] and "contact", 1]
            db.execute(f"insert into contact ({', '.join(names)}) values ({', '.join('?' * len(names))})", values)

    def sorted(self, orders):
        rows = sorted(self.rows, key=lambda row: row["contactid"])
        for name, descending in reversed(orders):
            rows.sort(key=partial(self.rank, name), reverse=descending)
        return rows

    def rank(self, path, row):
        """What a row is sorted by: a lookup by the name of what it points to."""
        return rank(value(row, f"{PARENT}/fullname" if path == LOOKUP else path))


def value(row, path):
    for step in path.split("/"):
        row = row and row[step]
    return row


def comparable(one):
    if not isinstance(one, str):
        return one
    plain = unicodedata.normalize("NFKD", one).casefold()
    return "".join(each for each in plain if not unicodedata.combining(each)).rstrip(" ")


def rank(one):
    return (one is not None, 0 if one is None else comparable(one))


def written(orders):
    items = [f"{name}{' desc' if descending else ''}" for name, descending in orders]
    return f"$orderby={','.join(items)}" if items else ""


@checked
@given(rows=ROWS, orders=ORDERS, top=st.integers(0, 5))
def test_rows_come_in_the_order_that_python_sorts_them_in(db, query, rows, orders, top):
    world = World(db, rows)
    orderby = f"&{written(orders)}"
    expected = [row["contactid"] for row in world.sorted(orders)]
    options = f"$select=contactid{orderby}"
    assert [row["contactid"] for row in query("contacts", options)["value"]] == expected
    assert [row["contactid"] for row in query("contacts", f"{options}&$top={top}")["value"]] == expected[:top]


@checked
@given(rows=ROWS, orders=ORDERS, size=st.integers(1, 4))
def test_pages_one_after_the_other_are_the_whole(db, query, rows, orders, size):
    world = World(db, rows)
    options, pages = written(orders), []
    while True:
        body = query("contacts", options, prefer={"odata.maxpagesize": str(size)})
        pages.append([row["contactid"] for row in body["value"]])
        if "@odata.nextLink" not in body:
            break
        options = body["@odata.nextLink"].partition("?")[2]
    assert [each for page in pages for each in page] == [row["contactid"] for row in world.sorted(orders)]
    assert {len(page) for page in pages[:-1]} <= {size}


def measured(method, values, rows):
    """An aggregate of SQL Server: nulls do not count, and whole numbers are averaged to whole ones."""
    values = [each for each in values if each is not None]
    if method == "$count":
        return len(rows)
    if method == "countdistinct":
        return len({comparable(each) for each in values})
    whole = not any(isinstance(each, float) for each in values)
    if method == "sum":
        return sum(values) if values else None
    if not values:
        return None
    if method == "average":
        return int(sum(values) / len(values)) if whole else pytest.approx(sum(values) / len(values))
    return {"min": min, "max": max}[method](values)


@checked
@given(rows=ROWS, groups=GROUPS, measures=MEASURES)
def test_groups_are_what_python_counts_and_sums(db, query, rows, groups, measures):
    world = World(db, rows)
    asked = [f"{name} with {method} as m" if name else "$count as m" for method, name in measures]
    asked = [f"{each}{at}" for at, each in enumerate(asked)]
    aggregate = f"aggregate({','.join(asked)})"
    if not groups and not measures:
        return
    inside = f"({','.join(groups)})" + (f",{aggregate}" if asked else "")
    found = query("contacts", f"$apply={f'groupby({inside})' if groups else aggregate}")["value"]
    by_key = defaultdict(list)
    for row in world.rows:
        by_key[tuple(rank(value(row, path)) for path in groups)].append(row)
    if not groups and not rows:
        by_key[()] = []
    assert len(found) == len(by_key)
    for answer, members in zip(found, (by_key[each] for each in sorted(by_key)), strict=True):
        for path in groups:
            shown = answer.get("contact_fullname" if "/" in path else path)
            assert comparable(shown) == comparable(value(members[0], path))
        for at, (method, name) in enumerate(measures):
            expected = measured(method, [value(row, name) for row in members] if name else [], members)
            if expected is None and method == "sum" and "age" in name:
                expected = 0
            assert answer.get(f"m{at}") == expected
