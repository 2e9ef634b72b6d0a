"""An alternate key is in force when its index is built, which takes time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from emulator.server import Server

KEYS = "EntityDefinitions(LogicalName='new_thing')/Keys"


class Clock:
    """The emulator's clock, moved by hand."""

    def __init__(self):
        self.now = datetime(2026, 3, 1, 9, tzinfo=UTC)

    def __call__(self):
        return self.now

    def pass_by(self, seconds):
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock():
    return Clock()


def slow(service, clock):
    service.behaviour.keys_pending_seconds = 60
    service.clock = clock


@pytest.fixture
def things(fresh, say, clock):
    """A table, in an environment where the index of a key takes a minute."""
    slow(fresh.service, clock)
    assert fresh.post("EntityDefinitions", say.table("new_Thing")).status_code == 204
    return fresh


@pytest.fixture
def key(say):
    return {"SchemaName": "new_by_name", "KeyAttributes": ["new_name"], "DisplayName": say.label("Name")}


def status(web):
    [found] = web.row(f"{KEYS}?$select=EntityKeyIndexStatus")["value"]
    return found["EntityKeyIndexStatus"]


def test_a_key_is_pending_then_in_progress_then_active(things, key, clock):
    things.post(KEYS, key)
    seen = []
    for _ in range(5):
        seen.append(status(things))
        clock.pass_by(20)
    assert seen == ["Pending", "Pending", "InProgress", "Active", "Active"]


def test_until_then_no_row_is_found_by_it_and_none_is_refused(things, say, key, clock):
    things.post(KEYS, key)
    things.create("new_things", {"new_name": "a"})
    answer = things.get("new_things(new_name='a')")
    assert (answer.status_code, say.code(answer)) == (400, "0x80060890")
    assert say.code(things.patch("new_things(new_name='a')", {})) == "0x80060890"
    clock.pass_by(60)
    assert things.get("new_things(new_name='a')").status_code == 200
    again = things.post("new_things", {"new_name": "a"})
    assert (again.status_code, say.code(again)) == (412, "0x80060892")


def test_a_change_set_sees_a_key_that_was_built_meanwhile(things, key, clock):
    things.post(KEYS, key)
    clock.pass_by(60)
    answer, parts = things.batch([("PATCH", "new_things(new_name='b')", {})])
    assert (answer.status_code, parts[0][0]) == (200, 204)


def test_rows_with_the_same_values_make_it_fail_and_a_second_try_is_possible(things, say, key, clock):
    things.post(KEYS, key)
    rows = [things.create("new_things", {"new_name": "a"}) for _ in range(2)]
    clock.pass_by(60)
    assert status(things) == "Failed"
    assert things.create("new_things", {"new_name": "a"})
    for row in things.row("new_things?$select=new_thingid")["value"]:
        if row["new_thingid"] != rows[0]:
            things.delete(f"new_things({row['new_thingid']})")
    wanted = {"EntityLogicalName": "new_thing", "EntityKeyLogicalName": "new_by_name"}
    assert things.post("ReactivateEntityKey", wanted).status_code == 204
    assert status(things) == "Pending"
    early = things.post("ReactivateEntityKey", wanted)
    assert (early.status_code, say.code(early)) == (400, "0x80060897")
    clock.pass_by(60)
    assert things.row("new_things(new_name='A')")["new_thingid"] == rows[0]


def test_a_key_that_is_deleted_while_it_is_built_leaves_nothing(things, key, clock):
    things.post(KEYS, key)
    assert things.delete(f"{KEYS}(LogicalName='new_by_name')").status_code == 204
    clock.pass_by(60)
    assert things.row(KEYS)["value"] == []
    assert [things.create("new_things", {"new_name": "a"}) for _ in range(2)]


def test_a_key_that_is_deleted_no_longer_refuses(things, key, clock):
    things.post(KEYS, key)
    clock.pass_by(60)
    things.create("new_things", {"new_name": "a"})
    [found] = things.row(KEYS)["value"]
    assert things.delete(f"{KEYS}({found['MetadataId']})").status_code == 204
    assert things.create("new_things", {"new_name": "a"})
    assert things.get("new_things(new_name='a')").status_code == 400
    assert things.delete(f"{KEYS}(LogicalName='new_by_name')").status_code == 404


def test_a_key_goes_on_being_built_after_a_restart(tmp_path, say, key, clock):
    file = tmp_path / "environment.sqlite"
    with Server(data=file) as running:
        slow(running.service, clock)
        web = say.web(running.url)
        web.post("EntityDefinitions", say.table("new_Thing"))
        web.post(KEYS, key)
    clock.pass_by(40)
    with Server(data=file) as running:
        slow(running.service, clock)
        web = say.web(running.url)
        assert status(web) == "InProgress"
        clock.pass_by(20)
        assert status(web) == "Active"
        web.create("new_things", {"new_name": "a"})
    with Server(data=file) as running:
        web = say.web(running.url)
        assert web.get("new_things(new_name='a')").status_code == 200
        assert web.post("new_things", {"new_name": "a"}).status_code == 412


def test_a_key_named_like_a_lookup_is_unique_all_the_same(fresh, say):
    fresh.post("EntityDefinitions", say.table("new_Thing"))
    fresh.post("RelationshipDefinitions", say.one_to_many("new_c", "contact", "new_thing", "new_ContactId"))
    key = {"SchemaName": "new_contactid", "KeyAttributes": ["new_contactid"], "DisplayName": say.label("Contact")}
    assert fresh.post(KEYS, key).status_code == 204
    contact = fresh.create("contacts", {"lastname": "A"})
    body = {"new_ContactId@odata.bind": f"/contacts({contact})"}
    assert fresh.create("new_things", body)
    assert fresh.post("new_things", body).status_code == 412


def test_only_a_key_that_is_there_can_be_built_again(web, say):
    answer = web.post("ReactivateEntityKey", {"EntityLogicalName": "contact", "EntityKeyLogicalName": "new_x"})
    assert answer.status_code == 404
