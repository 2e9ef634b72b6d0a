"""Snapshot, restore and reset: rows and definitions together, while others go on asking."""

from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path

import pytest
import requests

from emulator.server import Server

NAMES = "contacts?$select=lastname&$orderby=lastname"


def names(web):
    return [row["lastname"] for row in web.get(NAMES).json()["value"]]


def snapshot(control):
    answer = control("POST", "snapshot")
    assert answer.status_code == 200
    return answer.json()["id"]


def restore(control, name):
    assert control("POST", "restore", {"id": name}).status_code == 204


def test_rows_come_back_as_they_were(fresh, fresh_control):
    first = fresh.create("contacts", {"lastname": "A"})
    before = fresh.row(f"contacts({first})")
    copy = snapshot(fresh_control)
    fresh.patch(f"contacts({first})", {"lastname": "B"})
    fresh.create("contacts", {"lastname": "C"})
    restore(fresh_control, copy)
    assert names(fresh) == ["A"]
    assert fresh.row(f"contacts({first})") == before
    fresh.create("contacts", {"lastname": "D"})
    restore(fresh_control, copy)
    assert names(fresh) == ["A"]


def test_definitions_come_back_and_go(fresh, fresh_control, say):
    bare = snapshot(fresh_control)
    assert fresh.post("EntityDefinitions", say.table("new_Thing")).status_code == 204
    row = fresh.create("new_things", {"new_name": "A"})
    full = snapshot(fresh_control)
    restore(fresh_control, bare)
    assert fresh.get("new_things").status_code == 404
    assert fresh.get("EntityDefinitions(LogicalName='new_thing')").status_code == 404
    restore(fresh_control, full)
    assert fresh.row(f"new_things({row})")["new_name"] == "A"
    restore(fresh_control, bare)
    assert fresh.post("EntityDefinitions", say.table("new_Thing")).status_code == 204
    assert fresh.get("new_things").json()["value"] == []


def test_a_reset_is_a_fresh_start(fresh, fresh_control, say):
    fresh.post("EntityDefinitions", say.table("new_Thing"))
    fresh.create("contacts", {"lastname": "A"})
    fresh_control.behave(parallelism=9)
    fresh_control.fault(fault="503", path="nothing")
    for _ in range(2):
        assert fresh_control("POST", "reset").status_code == 204
        assert names(fresh) == []
    assert fresh.get("new_things").status_code == 404
    assert fresh.get("WhoAmI").json()["UserId"] == say.application_user
    assert fresh_control("GET", "behaviour").json()["parallelism"] == 4
    assert fresh_control.faults() == []
    assert [entry["path"].rpartition("/")[2] for entry in fresh_control.log()] == [NAMES, "new_things", "WhoAmI"]


def test_versions_are_those_of_the_copy(fresh, fresh_control):
    copy = snapshot(fresh_control)
    first = fresh.row(f"contacts({fresh.create('contacts', {'lastname': 'A'})})")["@odata.etag"]
    restore(fresh_control, copy)
    assert fresh.row(f"contacts({fresh.create('contacts', {'lastname': 'A'})})")["@odata.etag"] == first


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"id": "nothing"}, "There is no snapshot 'nothing'. POST /_emulator/snapshot makes one"),
        ({"id": ["x"]}, "There is no snapshot"),
        ({}, "What to restore is a JSON object"),
        (None, "What to restore is a JSON object"),
    ],
)
def test_a_copy_that_there_is_not(fresh, fresh_control, body, words):
    fresh.create("contacts", {"lastname": "A"})
    assert words in fresh_control.message("POST", "restore", body)
    assert names(fresh) == ["A"]


def test_a_copy_goes_into_the_file(tmp_path, say, control):
    with Server(data=tmp_path / "data") as running:
        web, there = say.web(running.url), type(control)(running.url)
        copy = snapshot(there)
        web.create("contacts", {"lastname": "A"})
        restore(there, copy)
        web.create("contacts", {"lastname": "B"})
    with Server(data=tmp_path / "data") as running:
        assert names(say.web(running.url)) == ["B"]


def test_copies_go_with_the_emulator(control, say):
    with Server() as running:
        there = type(control)(running.url)
        snapshot(there)
        there("POST", "reset")
        folder = Path(running.panel.copies._folder)
        assert len(list(folder.glob("*.sqlite"))) == 2
    assert not folder.exists()


def test_while_others_read_write_and_define_nothing_breaks(fresh, fresh_control, say):
    fresh.post("EntityDefinitions", say.table("new_Kept"))
    copy = snapshot(fresh_control)
    seen, stop = Counter(), threading.Event()

    def work(number):
        web = say.web(fresh.origin)
        while not stop.is_set():
            seen[web.post("new_kepts", {"new_name": "A"}).status_code] += 1
            seen[web.get("new_kepts?$top=5").status_code] += 1
            answer, _ = web.batch([("POST", "contacts", {"lastname": "x"}), ("POST", "leads", {"lastname": "x"})])
            seen[answer.status_code] += 1
            if number == 0:
                seen[web.post("EntityDefinitions", say.table("new_Passing")).status_code] += 1
        web.session.close()

    workers = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for worker in workers:
        worker.start()
    for _ in range(8):
        restore(fresh_control, copy)
    stop.set()
    for worker in workers:
        worker.join()
    assert set(seen) <= {200, 204, 400}
    assert seen[204] >= 8
    restore(fresh_control, copy)
    assert names(fresh) == []
    assert fresh.get("new_passings").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "reset", 405), ("POST", "health", 405), ("GET", "nothing", 404)]
)
def test_what_the_control_endpoint_does_not_do(control, method, path, status):
    assert control(method, path).status_code == status


def test_a_body_that_is_not_json(server, control):
    answer = requests.post(f"{server.url}/_emulator/faults", data="{", timeout=5)
    assert (answer.status_code, "The body is not JSON" in answer.text) == (400, True)
