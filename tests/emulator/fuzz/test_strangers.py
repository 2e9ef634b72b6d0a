"""Whoever may do nothing with a row does nothing with it: whatever a seller sends, only rows of her own change."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SELLER = "0b000000-0000-4000-8000-00000000000c"
HEADERS = ((b"authorization", b"Bearer user:" + SELLER.encode()),)
ROWS = ["0b000000-0000-4000-8000-00000000000" + digit for digit in "abd"]
# Of what nobody owns, parties come with the activities of their owner.
WITHOUT_OWNER = {"activityparty", "principalobjectaccess"}


def foreign(arena):
    """Every row that is not hers, by table and id, and everything else that is kept."""
    schema, found = arena.service.catalog.schema, {}
    with arena.service.store.reading() as db:
        for name, table in schema.tables.items():
            rows = db.execute(f'SELECT * FROM "{name}"')
            names = [each[0] for each in rows.description]
            for values in rows:
                row = dict(zip(names, values, strict=True))
                if row.get("ownerid") != SELLER or name in ("owner", "systemuser"):
                    found[name, row[table.primary_id]] = row
        found["_definition"] = db.execute("SELECT * FROM _definition").fetchall()
        found["_unpublished"] = db.execute("SELECT * FROM _unpublished").fetchall()
    return found


@pytest.fixture
def harmless(arena, sent):
    """Sends a request of hers and looks for what it has changed."""
    arena.restore()
    before = foreign(arena)

    def send(method, path, body):
        version = arena._version()
        raw = json.dumps(body).encode() if body is not None else b""
        got = arena.ask(sent(method, path.encode(), headers=HEADERS, body=raw))
        if arena._version() == version:
            return got
        after = foreign(arena)
        arena.restore()
        assert {key: after.get(key) for key in before} == before
        hers = {key for key in after.keys() - before.keys() if not is_owned(arena, key[0])}
        assert {name for name, _ in hers} <= WITHOUT_OWNER
        return got

    return send


def is_owned(arena, name):
    return arena.service.catalog.schema.tables[name].ownership == "UserOwned"


def unlinking(schema):
    """Every way to take a row out of a navigation property of one of the corpus' rows."""
    for table in ("contact", "account", "phonecall", "new_message", "systemuser", "team", "queue"):
        entity_set = schema.tables[table].set_name
        for navigation in schema.navigations(table):
            for row in ROWS:
                ends = [f"({other})/$ref" for other in ROWS] if navigation.is_collection else ["/$ref"]
                yield from (f"{entity_set}({row})/{navigation.name}{end}" for end in ends)


def test_nothing_of_the_corpus_changes_what_is_not_hers(harmless, spoil):
    statuses = {path: harmless(method, path, body).status for method, path, body in spoil.writes()}
    assert list(statuses.values()).count(403) > 60, statuses


def test_no_link_is_taken_away(arena, harmless):
    for path in unlinking(arena.service.catalog.schema):
        harmless("DELETE", path, None)


def test_no_row_is_changed_by_its_columns(arena, harmless):
    for table in list(arena.service.catalog.schema.tables.values()):
        for row in ROWS:
            path = f"{table.set_name}({row})"
            harmless("DELETE", path, None)
            for column in (table.primary_name, "statecode", "ownerid"):
                harmless("PATCH", path, {column: "x"} if column in table.columns else {})
                harmless("DELETE", f"{path}/{column}", None)


@settings(max_examples=500, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_nothing_spoilt_changes_what_is_not_hers(harmless, spoil, data):
    noise = st.sampled_from([*ROWS, SELLER, f"contacts({ROWS[0]})", f"systemusers({SELLER})", None, True, 1, "x", {}])
    names = [
        "ownerid@odata.bind",
        "contactid",
        "@odata.id",
        "parentcustomerid_account@odata.bind",
        "statecode",
        "lastname",
    ]
    method, path, body = data.draw(st.sampled_from([each for each in spoil.writes() if each[2]]))
    harmless(method, path, data.draw(spoil.values([body], noise, names)))
