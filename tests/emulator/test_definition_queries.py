"""What the Web API tells of tables, columns, keys and relationships."""

from __future__ import annotations

import pytest

CONTACT = "EntityDefinitions(LogicalName='contact')"
CHANNEL = "EntityDefinitions(LogicalName='new_channel')"


def test_a_table_by_name_and_by_id(web):
    by_name = web.row(f"{CONTACT}?$select=EntitySetName,PrimaryIdAttribute")
    assert set(by_name) == {"@odata.context", "MetadataId", "EntitySetName", "PrimaryIdAttribute"}
    by_id = web.row(f"EntityDefinitions({by_name['MetadataId']})")
    assert (by_id["LogicalName"], by_id["ObjectTypeCode"], by_id["IsCustomEntity"]) == ("contact", 2, False)
    assert by_id["DisplayName"]["UserLocalizedLabel"]["Label"] == "Contact"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("LogicalName eq 'contact'", {"contact"}),
        ("IsActivity eq true and IsIntersect eq false", {"activitypointer", "phonecall", "task", "email"}),
        ("IsPrivate eq false and (LogicalName eq 'lead')", {"lead"}),
        ("startswith(LogicalName,'team') and IsIntersect eq true", {"teammembership", "teamroles"}),
        ("ObjectTypeCode eq 8", {"systemuser"}),
        ("LogicalName eq 'O''Hara'", set()),
    ],
)
def test_tables_by_filter(web, query, expected):
    found = web.get(f"EntityDefinitions?$select=LogicalName&$filter={query}").json()["value"]
    assert {each["LogicalName"] for each in found} == expected


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("$filter=LogicalName gt 'a'", 501),
        ("$filter=Nothing eq 'a'", 400),
        ("$select=Nothing", 400),
        ("$expand=Nothing", 400),
        ("$expand=Attributes($select=LogicalName", 400),
        ("$orderby=LogicalName", 501),
        ("$top=1", 501),
    ],
)
def test_queries_of_definitions_that_are_refused(web, query, status):
    assert web.get(f"EntityDefinitions?{query}").status_code == status


def test_everything_below_a_table_at_once(custom):
    expand = (
        "Attributes($select=LogicalName,AttributeType;$filter=IsCustomAttribute eq true),Keys,ManyToOneRelationships"
    )
    found = custom.row(f"{CHANNEL}?$select=LogicalName&$expand={expand},OneToManyRelationships($select=SchemaName)")
    assert {each["LogicalName"]: each["AttributeType"] for each in found["Attributes"]} == {
        "new_name": "String",
        "new_digits": "String",
        "new_line": "Integer",
    }
    assert [key["KeyAttributes"] for key in found["Keys"]] == [["new_digits"], ["new_digits", "new_line"]]
    owner = next(each for each in found["ManyToOneRelationships"] if each["ReferencingAttribute"] == "owningteam")
    assert owner["SchemaName"] == owner["ReferencedEntityNavigationPropertyName"] == "team_new_channel"
    below = [each["SchemaName"] for each in found["OneToManyRelationships"]]
    assert below == ["new_Channel_AsyncOperations", "new_sent_through"]


def test_columns_without_a_cast_show_what_all_have(web):
    path = f"{CONTACT}/Attributes?$select=LogicalName,AttributeType&$filter=LogicalName eq 'mobilephone'"
    (found,) = web.get(path).json()["value"]
    assert found["AttributeType"] == "String"
    assert "MaxLength" not in found
    assert web.get(f"{CONTACT}/Attributes?$select=MaxLength").status_code == 400


def test_columns_cast_to_their_type_show_what_it_adds(web):
    cast = f"{CONTACT}/Attributes/Microsoft.Dynamics.CRM.StringAttributeMetadata"
    lengths = {each["LogicalName"]: each["MaxLength"] for each in web.get(cast).json()["value"]}
    assert (lengths["mobilephone"], lengths["fullname"]) == (50, 160)
    one = f"{CONTACT}/Attributes(LogicalName='mobilephone')/Microsoft.Dynamics.CRM.StringAttributeMetadata"
    found = web.row(f"{one}?$select=MaxLength,FormatName")
    assert (found["MaxLength"], found["FormatName"]) == (50, {"Value": "Phone"})
    wrong = f"{CONTACT}/Attributes(LogicalName='mobilephone')/Microsoft.Dynamics.CRM.MemoAttributeMetadata"
    assert web.get(wrong).status_code == 404


def test_options_are_expanded(web):
    cast = "EntityDefinitions(LogicalName='lead')/Attributes/Microsoft.Dynamics.CRM.{}AttributeMetadata"
    expand = "?$select=LogicalName&$expand=OptionSet($select=Options)"
    (state,) = web.get(cast.format("State") + expand).json()["value"]
    assert {option["Value"]: option["DefaultStatus"] for option in state["OptionSet"]["Options"]} == {0: 1, 1: 3, 2: 7}
    (status,) = web.get(cast.format("Status") + expand).json()["value"]
    states = {option["Value"]: option["State"] for option in status["OptionSet"]["Options"]}
    assert states == {1: 0, 2: 0, 3: 1, 4: 2, 5: 2, 6: 2, 7: 2}
    without = web.get(cast.format("Status")).json()["value"][0]
    assert "OptionSet" not in without


def test_keys_tell_whether_they_can_be_used(custom):
    found = custom.get(f"{CHANNEL}/Keys?$select=SchemaName,EntityKeyIndexStatus").json()["value"]
    assert {each["SchemaName"]: each["EntityKeyIndexStatus"] for each in found} == {
        "new_digits": "Active",
        "new_line": "Active",
    }


def test_the_navigation_names_of_an_activity(custom):
    path = "EntityDefinitions(LogicalName='new_conversation')/ManyToOneRelationships"
    query = "?$select=ReferencingEntityNavigationPropertyName&$filter=ReferencingAttribute eq 'regardingobjectid'"
    found = {each["ReferencingEntityNavigationPropertyName"] for each in custom.get(path + query).json()["value"]}
    targets = ("account", "contact", "lead", "opportunity")
    assert found == {f"regardingobjectid_{target}_new_conversation" for target in targets}


def test_relationships_by_name(custom):
    found = custom.row("RelationshipDefinitions(SchemaName='new_talk')")
    assert (found["ReferencedEntity"], found["ReferencingEntity"]) == ("new_conversation", "new_message")
    assert found["CascadeConfiguration"]["Assign"] == "Cascade"
    many = "RelationshipDefinitions/Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata?$select=IntersectEntityName"
    pairs = {each["IntersectEntityName"] for each in custom.get(many).json()["value"]}
    assert {"teammembership", "systemuserroles", "teamroles"} < pairs
    by_filter = custom.get("RelationshipDefinitions?$filter=SchemaName eq 'new_talk'").json()["value"]
    assert [each["MetadataId"] for each in by_filter] == [found["MetadataId"]]


@pytest.mark.parametrize(
    "path",
    [
        "EntityDefinitions(LogicalName='nothing')",
        "EntityDefinitions(0b000000-0000-4000-8000-0000000000ff)",
        f"{CONTACT}/Attributes(LogicalName='nothing')",
        f"{CONTACT}/Keys(LogicalName='nothing')",
        "RelationshipDefinitions(SchemaName='nothing')",
        "GlobalOptionSetDefinitions(Name='nothing')",
    ],
)
def test_what_is_not_defined_is_not_found(web, path):
    assert web.get(path).status_code == 404


def test_a_choice_is_read_without_its_column(web):
    cast = "Microsoft.Dynamics.CRM.PicklistAttributeMetadata"
    path = f"{CONTACT}/Attributes(LogicalName='gendercode')/{cast}/OptionSet?$select=Options"
    found = web.row(path)
    assert [option["Value"] for option in found["Options"]] == [1, 2]
    assert set(found) == {"@odata.context", "MetadataId", "Options"}
    assert web.get(f"{CONTACT}/Attributes/{cast}/OptionSet").status_code == 501


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("RelationshipDefinitions", "ReferencedEntity"),
        ("GlobalOptionSetDefinitions", "Options"),
        (f"{CONTACT}/Attributes", "MaxLength"),
    ],
)
def test_what_only_one_type_has_takes_a_cast(web, path, own):
    assert web.get(f"{path}?$select={own}").status_code == 400
    assert web.get(f"{path}?$filter={own} eq 'x'").status_code == 400


def test_numbers_are_compared(web):
    found = web.row("EntityDefinitions?$select=LogicalName&$filter=ObjectTypeCode ge 3 and ObjectTypeCode lt 5")
    assert {each["LogicalName"] for each in found["value"]} == {"opportunity", "lead"}
