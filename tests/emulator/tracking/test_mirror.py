"""Whatever is written between and during the rounds: a copy that is kept by delta links becomes the table."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.server import Server

ROWS = [str(UUID(int=0xA000 + number)) for number in range(4)]
WRITES = st.tuples(st.sampled_from(["put", "delete"]), st.sampled_from(ROWS), st.sampled_from("ABC"))
READS = st.sampled_from([("page",), ("round",)])
STEPS = st.lists(st.one_of(WRITES, WRITES, WRITES, WRITES, READS), max_size=40)


@pytest.fixture(scope="module")
def running():
    """One server for all examples; each begins with an empty table and a new copy."""
    with Server() as server:
        yield server


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, size=st.sampled_from([None, 1, 2, 3]))
def test_a_copy_kept_by_delta_links_becomes_the_table(running, say, mirror, steps, size):
    web = say.web(running.url)
    for row in web.row("leads?$select=leadid")["value"]:
        web.delete(f"leads({row['leadid']})")
    copy = mirror("leads", "leadid", web, query="?$select=lastname", page_size=size)
    for kind, *what in steps:
        if kind == "page":
            copy.read_page()
        elif kind == "round":
            copy.read_round()
        elif kind == "put":
            assert web.patch(f"leads({what[0]})", {"lastname": what[1]}).status_code == 204
        else:
            assert web.delete(f"leads({what[0]})").status_code in (204, 404)
    copy.read_round()  # the one under way
    copy.read_round()  # what was written meanwhile
    table = {row["leadid"]: row["lastname"] for row in web.row("leads?$select=lastname")["value"]}
    assert {row: item["lastname"] for row, item in copy.rows.items()} == table
    assert copy.read_round() == []
    web.session.close()
