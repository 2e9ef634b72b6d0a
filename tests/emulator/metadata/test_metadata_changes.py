"""`RetrieveMetadataChanges`: the query of the documentation's example, conditions, stamps, what was deleted."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from emulator.server import Server

ATTRIBUTES = "EntityDefinitions(LogicalName='new_thing')/Attributes"


def equals(name, value, operator="Equals", kind="System.String"):
    return {"ConditionOperator": operator, "PropertyName": name, "Value": {"Type": kind, "Value": value}}


def named(*names):
    return {"AllProperties": False, "PropertyNames": list(names)}


def tables(*names):
    return {"FilterOperator": "Or", "Conditions": [equals("LogicalName", name) for name in names]}


def ask(web, query=None, **more):
    """What `RetrieveMetadataChanges` answers; further parameters are passed by alias too."""
    given = {"Query": json.dumps(query) if query is not None else None, **more}
    given = {name: value for name, value in given.items() if value is not None}
    inline = ",".join(f"{name}=@p{number}" for number, name in enumerate(given))
    values = [f"@p{number}={quote(value)}" for number, value in enumerate(given.values())]
    return web.get(f"RetrieveMetadataChanges({inline})?{'&'.join(values)}")


def changes(web, query=None, **more):
    answer = ask(web, query, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_example_of_the_documentation(web):
    query = {
        "Properties": named("SchemaName", "Attributes"),
        "Criteria": tables("account", "contact"),
        "AttributeQuery": {
            "Properties": named("LogicalName"),
            "Criteria": {
                "Conditions": [equals("IsValidForCreate", "True", kind="System.Boolean")],
                "FilterOperator": "And",
            },
        },
        "LabelQuery": {"FilterLanguages": [1033], "MissingLabelBehavior": 0},
    }
    found = changes(web, query)
    assert [table["SchemaName"] for table in found["EntityMetadata"]] == ["Account", "Contact"]
    assert set(found["EntityMetadata"][0]) == {"LogicalName", "SchemaName", "MetadataId", "HasChanged", "Attributes"}
    names = {each["LogicalName"]: each for each in found["EntityMetadata"][1]["Attributes"]}
    assert "mobilephone" in names
    assert "createdon" not in names
    assert names["mobilephone"]["@odata.type"] == "#Microsoft.Dynamics.CRM.ComplexStringAttributeMetadata"
    assert found["DeletedMetadata"] == {"Count": 0, "IsReadOnly": False, "Keys": [], "Values": []}


def test_what_the_types_add_comes_without_a_cast(web):
    query = {
        "Properties": named("Attributes"),
        "Criteria": tables("contact"),
        "AttributeQuery": {"Properties": named("MaxLength", "MinValue", "OptionSet")},
    }
    [table] = changes(web, query)["EntityMetadata"]
    found = {each["LogicalName"]: each for each in table["Attributes"]}
    assert found["mobilephone"]["MaxLength"] == 50
    assert found["gendercode"]["OptionSet"]["Options"][0]["Value"] == 1
    assert "MaxLength" not in found["createdon"]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (equals("LogicalName", "['task','email']", "In", "System.String[]"), {"task", "email"}),
        (equals("ObjectTypeCode", "3", "LessThan", "System.Int32"), {"account", "contact"}),
        (equals("IsActivity", True, kind="System.Boolean"), {"activitypointer", "email", "phonecall", "task"}),
        (equals("OwnershipType", "UserOwned", kind="Microsoft.Xrm.Sdk.Metadata.OwnershipTypes"), {"contact", "task"}),
    ],
)
def test_conditions(web, condition, expected):
    query = {"Properties": named("LogicalName"), "Criteria": {"Conditions": [condition]}}
    found = {table["LogicalName"] for table in changes(web, query)["EntityMetadata"]}
    assert found >= expected
    assert "systemuser" not in found
    other = {"ConditionOperator": {"In": "NotIn", "Equals": "NotEquals"}.get(condition["ConditionOperator"])}
    if other["ConditionOperator"]:
        opposite = {**query, "Criteria": {"Conditions": [{**condition, **other}]}}
        assert not found & {table["LogicalName"] for table in changes(web, opposite)["EntityMetadata"]}


def test_filters_below_filters(web):
    either = {"FilterOperator": "Or", "Conditions": [equals("SchemaName", "Task"), equals("SchemaName", "Contact")]}
    query = {"Criteria": {"Filters": [either], "Conditions": [equals("IsActivity", "true")]}}
    assert [table["LogicalName"] for table in changes(web, query)["EntityMetadata"]] == ["task"]


def test_keys_and_relationships(custom):
    query = {
        "Properties": named("Keys", "ManyToOneRelationships"),
        "Criteria": tables("new_message", "new_channel"),
        "KeyQuery": {"Properties": named("KeyAttributes")},
        "RelationshipQuery": {
            "Properties": named("ReferencedEntity"),
            "Criteria": {"Conditions": [equals("IsCustomRelationship", "true")]},
        },
    }
    found = {table["LogicalName"]: table for table in changes(custom, query)["EntityMetadata"]}
    assert [key["KeyAttributes"] for key in found["new_channel"]["Keys"]] == [
        ["new_digits"],
        ["new_digits", "new_line"],
    ]
    links = {each["ReferencedEntity"] for each in found["new_message"]["ManyToOneRelationships"]}
    assert links == {"new_conversation", "new_channel"}


def test_labels_in_a_language_that_nobody_wrote(web):
    query = {
        "Properties": named("DisplayName"),
        "Criteria": tables("contact"),
        "LabelQuery": {"FilterLanguages": [1031]},
    }
    [table] = changes(web, query)["EntityMetadata"]
    assert table["DisplayName"] == {"LocalizedLabels": [], "UserLocalizedLabel": None}
    shown = web.row("EntityDefinitions(LogicalName='contact')?$select=DisplayName&LabelLanguages=1031,1033")
    assert [each["LanguageCode"] for each in shown["DisplayName"]["LocalizedLabels"]] == [1033]


def test_only_what_changed_since_the_stamp(fresh, say):
    stamp = changes(fresh)["ServerVersionStamp"]
    assert changes(fresh, ClientVersionStamp=f"'{stamp}'")["EntityMetadata"] == []
    fresh.post("EntityDefinitions", say.table("new_Thing"))
    between = changes(fresh, ClientVersionStamp=f"'{stamp}'")
    assert "new_thing" in [table["LogicalName"] for table in between["EntityMetadata"]]
    assert "contact" not in [table["LogicalName"] for table in between["EntityMetadata"]]
    fresh.post("RelationshipDefinitions", say.one_to_many("new_c", "contact", "new_thing", "new_ContactId"))
    later = changes(fresh, ClientVersionStamp=f"'{between['ServerVersionStamp']}'")
    assert {(table["LogicalName"], table["HasChanged"]) for table in later["EntityMetadata"]} == {
        ("contact", True),
        ("new_thing", True),
    }


def test_what_was_deleted_is_told_by_its_id(fresh, say):
    fresh.post("EntityDefinitions", say.table("new_Thing"))
    fresh.post(ATTRIBUTES, say.column("String", "new_Text"))
    column = fresh.row(f"{ATTRIBUTES}(LogicalName='new_text')")["MetadataId"]
    table = fresh.row("EntityDefinitions(LogicalName='new_thing')")["MetadataId"]
    stamp = f"'{changes(fresh)['ServerVersionStamp']}'"
    fresh.delete(f"{ATTRIBUTES}(LogicalName='new_text')")
    fresh.delete("EntityDefinitions(LogicalName='new_thing')")
    kind = "Microsoft.Dynamics.CRM.DeletedMetadataFilters'All'"
    deleted = changes(fresh, ClientVersionStamp=stamp, DeletedMetadataFilters=kind)["DeletedMetadata"]
    found = dict(zip(deleted["Keys"], [each["Items"] for each in deleted["Values"]], strict=True))
    assert found == {"Attribute": [column], "Entity": [table]}
    by_default = changes(fresh, ClientVersionStamp=stamp)["DeletedMetadata"]
    assert by_default["Keys"] == ["Entity"]


def test_stamps_outlive_a_restart(tmp_path, say):
    file = tmp_path / "environment.sqlite"
    with Server(data=file) as running:
        web = say.web(running.url)
        web.post("EntityDefinitions", say.table("new_Thing"))
        stamp = changes(web)["ServerVersionStamp"]
        web.post("EntityDefinitions", say.table("new_Part"))
    with Server(data=file) as running:
        found = changes(say.web(running.url), ClientVersionStamp=f"'{stamp}'")["EntityMetadata"]
    names = {table["LogicalName"] for table in found}
    assert "new_part" in names
    assert "new_thing" not in names


@pytest.mark.parametrize("stamp", ["'yesterday'", "'999999!01/01/2026 00:00:00'"])
def test_a_stamp_that_is_none_asks_for_everything_anew(web, say, stamp):
    answer = ask(web, ClientVersionStamp=stamp)
    assert (answer.status_code, say.code(answer)) == (400, "0x80044352")


@pytest.mark.parametrize(
    "query",
    [
        {"Criteria": {"Conditions": [equals("Nothing", "x")]}},
        {"Criteria": {"Conditions": [equals("LogicalName", "x", "Like")]}},
        "LogicalName",
    ],
)
def test_queries_that_cannot_be_read(web, query):
    assert ask(web, query).status_code == 400


def test_one_table_whole(web):
    call = "RetrieveEntity(EntityFilters=Microsoft.Dynamics.CRM.EntityFilters'Attributes',LogicalName='contact')"
    found = web.row(call)["EntityMetadata"]
    assert found["EntitySetName"] == "contacts"
    assert {each["LogicalName"] for each in found["Attributes"]} >= {"mobilephone"}
    assert "Keys" not in found
    assert web.get("RetrieveEntity(LogicalName='nothing')").status_code == 404
    everything = web.row("RetrieveAllEntities(EntityFilters=Microsoft.Dynamics.CRM.EntityFilters'Entity')")
    assert len(everything["EntityMetadata"]) > 30
