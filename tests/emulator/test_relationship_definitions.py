"""Relationships made over the Web API: one to many, many to many, lookups with several targets."""

from __future__ import annotations

import pytest

TYPE = "Microsoft.Dynamics.CRM."


@pytest.fixture
def thing(fresh, say):
    fresh.post("EntityDefinitions", say.table("new_Thing"))
    return fresh


def many_to_many(schema_name, one, two, **more):
    return {
        "@odata.type": TYPE + "ManyToManyRelationshipMetadata",
        "SchemaName": schema_name,
        "IntersectEntityName": schema_name,
        "Entity1LogicalName": one,
        "Entity2LogicalName": two,
        **more,
    }


def polymorphic(say, *targets):
    links = [{"SchemaName": f"new_thing_about_{target}", "ReferencedEntity": target, "ReferencingEntity": "new_thing"}
             for target in targets]  # fmt: skip
    lookup = {"@odata.type": TYPE + "ComplexLookupAttributeMetadata", "SchemaName": "new_About"}
    return {"OneToManyRelationships": links, "Lookup": {**lookup, "DisplayName": say.label("About")}}


def test_a_relationship_brings_its_lookup(thing, say):
    definition = say.one_to_many("new_contact_things", "contact", "new_thing", "new_ContactId")
    answer = thing.post("RelationshipDefinitions", definition)
    assert answer.status_code == 204
    found = thing.row(answer.headers["OData-EntityId"])
    assert found["ReferencingAttribute"] == "new_contactid"
    assert found["ReferencingEntityNavigationPropertyName"] == "new_ContactId"
    assert found["ReferencedEntityNavigationPropertyName"] == "new_contact_things"
    contact = thing.create("contacts", {"lastname": "A"})
    row = thing.create("new_things", {"new_name": "x", "new_ContactId@odata.bind": f"/contacts({contact})"})
    assert thing.get(f"new_things({row})/new_ContactId").json()["contactid"] == contact
    assert thing.get(f"contacts({contact})/new_contact_things").json()["value"][0]["new_thingid"] == row
    assert thing.get(f"contacts({contact})/new_contact_things/$count").text == "1"


def test_the_case_of_a_navigation_property_counts(thing, say):
    thing.post("RelationshipDefinitions", say.one_to_many("new_c", "contact", "new_thing", "new_ContactId"))
    contact = thing.create("contacts", {"lastname": "A"})
    answer = thing.post("new_things", {"new_contactid@odata.bind": f"/contacts({contact})"})
    assert (answer.status_code, say.code(answer)) == (400, "0x80048d19")


def test_navigation_properties_can_be_named(thing, say):
    names = {
        "ReferencingEntityNavigationPropertyName": "new_owner",
        "ReferencedEntityNavigationPropertyName": "new_all",
    }
    definition = {**say.one_to_many("new_c", "contact", "new_thing", "new_ContactId"), **names}
    thing.post("RelationshipDefinitions", definition)
    contact = thing.create("contacts", {"lastname": "A"})
    assert thing.create("new_things", {"new_owner@odata.bind": f"/contacts({contact})"})
    assert len(thing.get(f"contacts({contact})/new_all").json()["value"]) == 1


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"SchemaName": "new_first"}, "0x80044363"),
        ({"SchemaName": "second"}, "0x80044366"),
        ({"Lookup": {"SchemaName": "new_FirstId"}}, "0x80047013"),
        ({"Lookup": {"SchemaName": "SecondId"}}, "0x80044366"),
        ({"Lookup": None}, "0x80048d19"),
        ({"ReferencedEntity": "nothing"}, "0x80048d19"),
        ({"ReferencingEntity": "nothing"}, "0x80048d19"),
        ({"@odata.type": "x"}, "0x80048d19"),
        ({"CascadeConfiguration": {"Delete": "Sometimes"}}, "0x80048204"),
        ({"CascadeConfiguration": {"Delete": "Active"}}, "0x80048204"),
        ({"CascadeConfiguration": {"Assign": "Cascade"}}, "0x80048205"),
    ],
)
def test_a_relationship_that_is_refused(thing, say, change, error):
    first = say.one_to_many("new_first", "contact", "new_thing", "new_FirstId", Assign="Cascade", Delete="Cascade")
    assert thing.post("RelationshipDefinitions", first).status_code == 204
    second = say.one_to_many("new_second", "account", "new_thing", "new_SecondId")
    answer = thing.post("RelationshipDefinitions", {**second, **change})
    assert (answer.status_code, say.code(answer)) == (400, error)
    assert thing.get("RelationshipDefinitions(SchemaName='new_second')").status_code == 404


def test_rows_of_the_organization_have_no_parent(fresh, say):
    fresh.post("EntityDefinitions", say.table("new_Ours", OwnershipType="OrganizationOwned"))
    definition = say.one_to_many("new_c", "contact", "new_ours", "new_ContactId", Assign="Cascade")
    assert say.code(fresh.post("RelationshipDefinitions", definition)) == "0x80044156"


def test_many_to_many(thing, say):
    answer = thing.post("RelationshipDefinitions", many_to_many("new_thing_contact", "new_thing", "contact"))
    assert answer.status_code == 204
    contact = thing.create("contacts", {"lastname": "A"})
    row = thing.create("new_things", {"new_name": "x"})
    link = {"@odata.id": f"contacts({contact})"}
    assert thing.post(f"new_things({row})/new_thing_contact/$ref", link).status_code == 204
    answer = thing.post(f"contacts({contact})/new_thing_contact/$ref", {"@odata.id": f"new_things({row})"})
    assert (answer.status_code, say.code(answer)) == (412, "0x80040237")
    assert thing.get(f"contacts({contact})/new_thing_contact").json()["value"][0]["new_thingid"] == row
    assert thing.get(f"new_things({row})/new_thing_contact").json()["value"][0]["contactid"] == contact
    assert thing.delete(f"new_things({row})/new_thing_contact({contact})/$ref").status_code == 204
    assert thing.get(f"new_things({row})/new_thing_contact").json()["value"] == []


def test_many_to_many_with_the_same_table(thing):
    names = {"Entity1NavigationPropertyName": "new_friends", "Entity2NavigationPropertyName": "new_befriended"}
    thing.post("RelationshipDefinitions", many_to_many("new_friendship", "new_thing", "new_thing", **names))
    one, two = (thing.create("new_things", {"new_name": name}) for name in "ab")
    link = {"@odata.id": f"new_things({two})"}
    assert thing.post(f"new_things({one})/new_friends/$ref", link).status_code == 204
    friends = thing.get(f"new_things({one})/new_friends").json()["value"]
    befriended = thing.get(f"new_things({two})/new_befriended").json()["value"]
    assert ([row["new_name"] for row in friends], [row["new_name"] for row in befriended]) == (["b"], ["a"])
    assert thing.get(f"new_things({two})/new_friends").json()["value"] == []


def test_a_lookup_with_several_targets(thing, say):
    answer = thing.post("CreatePolymorphicLookupAttribute", polymorphic(say, "contact", "account", "lead"))
    assert answer.status_code == 200
    assert len(answer.json()["RelationshipIds"]) == 3
    attribute = thing.row("EntityDefinitions(LogicalName='new_thing')/Attributes(LogicalName='new_about')")
    assert attribute["MetadataId"] == answer.json()["AttributeId"]
    assert attribute["Targets"] == ["contact", "account", "lead"]
    lead = thing.create("leads", {"lastname": "A"})
    row = thing.create("new_things", {"new_name": "x", "new_About_lead@odata.bind": f"/leads({lead})"})
    found = thing.get(f"new_things({row})", Prefer='odata.include-annotations="*"').json()
    assert found["_new_about_value"] == lead
    assert found["_new_about_value@Microsoft.Dynamics.CRM.lookuplogicalname"] == "lead"
    assert thing.get(f"leads({lead})/new_thing_about_lead").json()["value"][0]["new_thingid"] == row
    wrong = {"new_name": "x", "new_About_contact@odata.bind": f"/leads({lead})"}
    assert thing.post("new_things", wrong).status_code == 400


@pytest.mark.parametrize("targets", [(), ("nothing",)])
def test_a_lookup_without_targets_is_refused(thing, say, targets):
    assert thing.post("CreatePolymorphicLookupAttribute", polymorphic(say, *targets)).status_code == 400


def test_tables_at_once(fresh, say):
    definition = say.table("new_Thing")
    more = say.column("Integer", "new_Count")
    more["@odata.type"] = TYPE + "ComplexIntegerAttributeMetadata"
    entity = {
        **definition,
        "@odata.type": TYPE + "ComplexEntityMetadata",
        "Attributes": [*definition["Attributes"], more],
    }
    assert fresh.post("CreateEntities", {"Entities": [entity]}).status_code == 204
    assert fresh.create("new_things", {"new_name": "x", "new_count": 3})
    assert fresh.post("CreateEntities", {"Entities": []}).status_code == 400


WRONG = ['new_x"; DROP TABLE contact; --', "new_x y", "new_é", "_version", "sqlite_master", "new_x/y"]


@pytest.mark.parametrize("name", WRONG)
def test_the_table_between_has_a_name_with_a_prefix(thing, say, name):
    answer = thing.post(
        "RelationshipDefinitions", many_to_many("new_a", "contact", "account", IntersectEntityName=name)
    )
    assert (answer.status_code, say.code(answer)) == (400, "0x80044366")


@pytest.mark.parametrize("name", [*WRONG[:3], WRONG[5], "new_contact", "lastname", "contact_customer_contacts"])
def test_a_navigation_property_has_a_name_of_its_own(thing, say, name):
    assert thing.post("RelationshipDefinitions", many_to_many("new_contact", "contact", "account")).status_code == 204
    sides = {"Entity1NavigationPropertyName": name, "Entity2NavigationPropertyName": "new_other"}
    assert thing.post("RelationshipDefinitions", many_to_many("new_a", "contact", "lead", **sides)).status_code == 400
    link = say.one_to_many("new_b", "contact", "new_thing", "new_ContactId")
    assert (
        thing.post("RelationshipDefinitions", {**link, "ReferencedEntityNavigationPropertyName": name}).status_code
        == 400
    )
    assert thing.post("RelationshipDefinitions", link).status_code == 204


@pytest.mark.parametrize("name", ["new_x y_z", 'new_x"_y', "NEW_contact"])
def test_a_relationship_has_a_name_of_its_own(thing, name):
    assert thing.post("RelationshipDefinitions", many_to_many("new_contact", "contact", "account")).status_code == 204
    body = many_to_many(name, "contact", "lead", IntersectEntityName="new_a")
    assert thing.post("RelationshipDefinitions", body).status_code == 400


def test_what_an_activity_is_about_can_be_told_not_to_take_it_along(fresh):
    path = "RelationshipDefinitions(SchemaName='Contact_Phonecalls')"
    link = fresh.row(path)
    assert (link["IsCustomizable"]["Value"], link["CascadeConfiguration"]["Delete"]) == (True, "Cascade")
    contact = fresh.create("contacts", {"lastname": "A"})
    about = {"subject": "x", "regardingobjectid_contact_phonecall@odata.bind": f"/contacts({contact})"}
    call = fresh.create("phonecalls", about)

    kept = {**link, "CascadeConfiguration": {**link["CascadeConfiguration"], "Delete": "RemoveLink"}}
    assert fresh.put(path, kept).status_code == 204
    fresh.delete(f"contacts({contact})")

    assert fresh.row(f"phonecalls({call})")["_regardingobjectid_value"] is None
    assert fresh.row(f"activitypointers({call})")["_regardingobjectid_value"] is None


def test_what_activities_of_all_kinds_are_about_is_for_good(fresh, say):
    path = "RelationshipDefinitions(SchemaName='Contact_ActivityPointers')"

    assert say.code(fresh.put(path, fresh.row(path))) == "0x8004700a"
