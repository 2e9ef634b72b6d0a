"""With a file everything is kept; without one nothing is."""

from __future__ import annotations

import sqlite3

import pytest

from emulator.server import Server
from emulator.store import ForeignFile


def test_rows_and_tables_survive_a_restart(tmp_path, say):
    file = tmp_path / "environment.sqlite"
    key = {"SchemaName": "new_by_name", "KeyAttributes": ["new_name"], "DisplayName": say.label("Name")}
    choice = {"Name": "new_kind", "Options": [{"Value": 1, "Label": say.label("One")}]}
    with Server(data=file) as running:
        web = say.web(running.url)
        assert web.post("EntityDefinitions", say.table("new_Thing", HasActivities=True)).status_code == 204
        web.post("GlobalOptionSetDefinitions", choice)
        bound = {"GlobalOptionSet@odata.bind": "/GlobalOptionSetDefinitions(Name='new_kind')"}
        columns = "EntityDefinitions(LogicalName='new_thing')/Attributes"
        assert web.post(columns, say.column("Picklist", "new_Kind", **bound)).status_code == 204
        assert (
            web.put(columns + "(LogicalName='new_name')", say.column("String", "new_Name", MaxLength=7)).status_code
            == 204
        )
        assert web.post("EntityDefinitions(LogicalName='new_thing')/Keys", key).status_code == 204
        link = say.one_to_many("new_c", "contact", "new_thing", "new_ContactId")
        assert web.post("RelationshipDefinitions", link).status_code == 204
        assert web.post("EntityDefinitions", say.table("new_Talk", "Subject", IsActivity=True)).status_code == 204
        contact = web.create("contacts", {"lastname": "A"})
        thing = {"new_name": "x", "new_kind": 1, "new_ContactId@odata.bind": f"/contacts({contact})"}
        row = web.create("new_things", thing)
        before = web.row(f"new_things({row})")
        definition = web.row(
            "EntityDefinitions(LogicalName='new_thing')?$expand=Attributes,Keys,ManyToOneRelationships"
        )
    with Server(data=file) as running:
        again = say.web(running.url)
        after = again.row("new_things(new_name='X')")
        assert {**after, "@odata.context": ""} == {**before, "@odata.context": ""}
        query = "EntityDefinitions(LogicalName='new_thing')?$expand=Attributes,Keys,ManyToOneRelationships"
        assert {**again.row(query), "@odata.context": ""} == {**definition, "@odata.context": ""}
        assert say.code(again.post("new_things", {"new_name": "too long"})) == "0x80044331"
        assert again.post("new_things", {"new_kind": 2}).status_code == 400
        about = {"subject": "T", "regardingobjectid_new_thing_new_talk@odata.bind": f"/new_things({row})"}
        assert again.create("new_talks", about)
        assert again.post("EntityDefinitions", say.table("new_Thing")).status_code == 400


def test_versions_go_on_rising(tmp_path, say):
    def version():
        with Server(data=tmp_path / "data") as running:
            web = say.web(running.url)
            row = web.create("contacts", {"lastname": "A"})
            return int(web.row(f"contacts({row})")["@odata.etag"].split('"')[1])

    assert version() < version()


def test_a_definition_that_fails_leaves_nothing_behind(tmp_path, say):
    with Server(data=tmp_path / "data") as running:
        web = say.web(running.url)
        bad = say.one_to_many("new_bad", "contact", "nothing", "new_ContactId")
        assert web.post("RelationshipDefinitions", bad).status_code == 400
        entities = [say.table("new_Good"), say.table("new_Good")]
        assert web.post("CreateEntities", {"Entities": entities}).status_code == 400
        assert web.get("new_goods").status_code == 404
    with Server(data=tmp_path / "data") as running:
        assert say.web(running.url).get("new_goods").status_code == 404


def test_without_a_file_nothing_is_kept(say):
    with Server() as running:
        row = say.web(running.url).create("contacts", {"lastname": "A"})
        folder = running.service.store.path.parent
        assert folder.exists()
    assert not folder.exists()
    with Server() as running:
        assert say.web(running.url).get(f"contacts({row})").status_code == 404


def test_a_file_serves_one_emulator_at_a_time(tmp_path, say):
    with Server(data=tmp_path / "data") as running:
        with pytest.raises(ForeignFile, match="data is in use by another emulator. Stop that one, or choose another"):
            Server(data=tmp_path / "data")
        assert say.web(running.url).create("contacts", {"lastname": "A"})
    with Server(data=tmp_path / "data"):
        pass


@pytest.fixture
def other_database(tmp_path):
    file = tmp_path / "other.sqlite"
    db = sqlite3.connect(file)
    db.execute("CREATE TABLE precious (x)")
    db.commit()
    db.close()
    return file


@pytest.fixture
def text_file(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("precious " * 100)
    return file


@pytest.mark.parametrize("name", ["other_database", "text_file"])
def test_files_of_others_are_left_alone(request, name):
    file = request.getfixturevalue(name)
    before = file.read_bytes()
    with pytest.raises(ForeignFile, match=file.name):
        Server(data=file)
    assert file.read_bytes() == before


def test_a_file_of_another_format_is_refused(tmp_path):
    with Server(data=tmp_path / "data"):
        pass
    db = sqlite3.connect(tmp_path / "data")
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(ForeignFile, match="format 99"):
        Server(data=tmp_path / "data")
