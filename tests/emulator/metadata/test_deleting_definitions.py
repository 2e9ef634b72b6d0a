"""Definitions are deleted, unless something needs them."""

from __future__ import annotations

import pytest

from emulator.server import Server

THING = "EntityDefinitions(LogicalName='new_thing')"
PART = "EntityDefinitions(LogicalName='new_part')"


@pytest.fixture
def things(fresh, say):
    """Things with parts, texts and a shade."""
    build(fresh, say)
    return fresh


def build(web, say):
    shade = {"Name": "new_shade", "Options": [{"Value": 1, "Label": say.label("Light")}]}
    shared = {"GlobalOptionSet@odata.bind": "/GlobalOptionSetDefinitions(Name='new_shade')"}
    key = {"SchemaName": "new_by_code", "KeyAttributes": ["new_code"], "DisplayName": say.label("Code")}
    for path, body in (
        ("GlobalOptionSetDefinitions", shade),
        ("EntityDefinitions", say.table("new_Thing", HasNotes=True)),
        ("EntityDefinitions", say.table("new_Part")),
        (f"{THING}/Attributes", say.column("String", "new_Code", MaxLength=20)),
        (f"{THING}/Attributes", say.column("Picklist", "new_Shade", **shared)),
        (f"{THING}/Keys", key),
        ("RelationshipDefinitions", say.one_to_many("new_thing_parts", "new_thing", "new_part", "new_ThingId")),
        ("RelationshipDefinitions", say.one_to_many("new_contact", "contact", "new_thing", "new_ContactId")),
    ):
        assert web.post(path, body).status_code == 204


def refused(say, answer, code):
    assert (answer.status_code, say.code(answer)) == (400, code)


def test_a_column_goes_with_what_is_in_it(things):
    row = things.create("new_things", {"new_name": "a", "new_shade": 1})
    assert things.delete(f"{THING}/Attributes(LogicalName='new_shade')").status_code == 204
    assert "new_shade" not in things.row(f"new_things({row})")
    assert things.post("new_things", {"new_shade": 1}).status_code == 400
    assert things.get(f"{THING}/Attributes(LogicalName='new_shade')").status_code == 404


def test_a_column_can_come_back_as_another(things, say):
    things.create("new_things", {"new_shade": 1})
    things.delete(f"{THING}/Attributes(LogicalName='new_shade')")
    assert things.post(f"{THING}/Attributes", say.column("String", "new_Shade")).status_code == 204
    assert things.row("new_things?$select=new_shade")["value"][0]["new_shade"] is None
    assert things.create("new_things", {"new_shade": "light"})


def test_a_column_of_a_key_stays_until_the_key_is_gone(things, say):
    path = f"{THING}/Attributes(LogicalName='new_code')"
    refused(say, things.delete(path), "0x8004f01f")
    assert things.delete(f"{THING}/Keys(LogicalName='new_by_code')").status_code == 204
    assert things.delete(path).status_code == 204


@pytest.mark.parametrize(
    ("entity_set", "body"),
    [
        ("savedqueries", {
            "name": "All", "returnedtypecode": "new_thing", "querytype": 0,
            "fetchxml": '<fetch><entity name="new_thing"><attribute name="new_shade"/></entity></fetch>',
            "layoutxml": '<grid name="resultset" object="1"><row name="result" id="new_thingid"/></grid>',
        }),
        ("systemforms", {
            "name": "Main", "objecttypecode": "new_thing", "type": 2,
            "formxml": '<form><tabs><tab><control datafieldname="new_shade"/></tab></tabs></form>',
        }),
    ],
)  # fmt: skip
def test_a_column_that_a_view_or_a_form_shows_stays(things, say, entity_set, body):
    row = things.create(entity_set, body)
    path = f"{THING}/Attributes(LogicalName='new_shade')"
    refused(say, things.delete(path), "0x8004f01f")
    assert things.delete(f"{entity_set}({row})").status_code == 204
    assert things.delete(path).status_code == 204


def test_a_lookup_goes_with_its_relationship(things):
    assert things.delete("RelationshipDefinitions(SchemaName='new_contact')").status_code == 204
    assert things.get(f"{THING}/Attributes(LogicalName='new_contactid')").status_code == 404
    assert things.get("contacts?$expand=new_contact").status_code == 400
    assert things.delete("RelationshipDefinitions(SchemaName='new_contact')").status_code == 404


def test_a_relationship_goes_with_its_lookup(things):
    assert things.delete(f"{THING}/Attributes(LogicalName='new_contactid')").status_code == 204
    found = things.row("RelationshipDefinitions?$select=SchemaName&$filter=SchemaName eq 'new_contact'")
    assert found["value"] == []


def test_a_table_that_another_points_to_stays(things, say):
    refused(say, things.delete(THING), "0x8004f01f")
    assert things.delete("RelationshipDefinitions(SchemaName='new_thing_parts')").status_code == 204
    assert things.delete(THING).status_code == 204
    assert things.get("new_things").status_code == 404


def test_a_table_goes_with_rows_notes_privileges_and_messages(things):
    row = things.create("new_things", {"new_name": "a"})
    things.create("annotations", {"subject": "n", "objectid_new_thing@odata.bind": f"/new_things({row})"})
    things.delete(PART)
    assert things.delete(THING).status_code == 204
    assert things.row("annotations")["value"] == []
    assert things.row("privileges?$filter=contains(name,'new_Thing')")["value"] == []
    assert things.row("sdkmessagefilters?$filter=primaryobjecttypecode eq 'new_thing'")["value"] == []
    assert things.get(THING).status_code == 404


def test_an_activity_leaves_the_list_of_activities(fresh, say):
    fresh.post("EntityDefinitions", say.table("new_Talk", "Subject", IsActivity=True))
    fresh.create("new_talks", {"subject": "T"})
    assert len(fresh.row("activitypointers")["value"]) == 1
    assert fresh.delete("EntityDefinitions(LogicalName='new_talk')").status_code == 204
    assert fresh.row("activitypointers")["value"] == []
    assert fresh.create("tasks", {"subject": "still possible"})


def test_a_table_can_be_made_again(things, say):
    things.create("new_parts", {"new_name": "a"})
    things.delete(PART)
    assert things.post("EntityDefinitions", say.table("new_Part")).status_code == 204
    assert things.row("new_parts")["value"] == []


def test_a_many_to_many_relationship_goes_with_its_table(things, say):
    kind = "Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata"
    pair = {"@odata.type": kind, "SchemaName": "new_many", "IntersectEntityName": "new_many"}
    pair |= {"Entity1LogicalName": "new_part", "Entity2LogicalName": "contact"}
    assert things.post("RelationshipDefinitions", pair).status_code == 204
    assert things.delete(PART).status_code == 204
    assert things.get("EntityDefinitions(LogicalName='new_many')").status_code == 404


def test_a_global_choice_stays_while_a_column_uses_it(things, say):
    path = "GlobalOptionSetDefinitions(Name='new_shade')"
    refused(say, things.delete(path), "0x80048417")
    things.delete(f"{THING}/Attributes(LogicalName='new_shade')")
    assert things.delete(path).status_code == 204
    assert things.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("EntityDefinitions(LogicalName='contact')", "0x80044250"),
        ("EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='mobilephone')", "0x80047009"),
        ("RelationshipDefinitions(SchemaName='contact_customer_accounts')", "0x8004700a"),
        (f"{THING}/Attributes(LogicalName='new_name')", "0x80047002"),
        (f"{THING}/Attributes(LogicalName='ownerid')", "0x80047009"),
    ],
)
def test_what_the_platform_needs_stays(things, say, path, code):
    refused(say, things.delete(path), code)


def test_what_was_deleted_is_gone_after_a_restart(tmp_path, say):
    file = tmp_path / "environment.sqlite"
    with Server(data=file) as running:
        web = say.web(running.url)
        build(web, say)
        assert web.delete(f"{THING}/Attributes(LogicalName='new_contactid')").status_code == 204
        assert web.delete(PART).status_code == 204
    with Server(data=file) as running:
        web = say.web(running.url)
        assert web.get("new_parts").status_code == 404
        names = [each["LogicalName"] for each in web.row(f"{THING}/Attributes?$select=LogicalName")["value"]]
        assert "new_code" in names
        assert "new_contactid" not in names
        assert web.create("new_things", {"new_name": "a"})


def test_what_is_deleted_leaves_its_solution(fresh, say):
    link = {"publisherid@odata.bind": "/publishers(0a000000-0000-4000-8000-0000000000b1)"}
    fresh.create("solutions", {"uniquename": "Demo", "friendlyname": "Demo", "version": "1.0", **link})
    fresh.post("EntityDefinitions", say.table("new_Thing"), **{"MSCRM.SolutionUniqueName": "Demo"})
    assert len(fresh.row("solutioncomponents")["value"]) == 1
    assert fresh.delete(THING).status_code == 204
    assert fresh.row("solutioncomponents")["value"] == []


def test_sellers_delete_no_definitions(things, say):
    seller = things.as_user(things.user("Kim", role=say.salesperson))
    assert seller.delete(PART).status_code == 403
    assert things.get("new_parts").status_code == 200
