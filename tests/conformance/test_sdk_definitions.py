"""Microsoft's SDK: tables, columns, keys and relationships, made, read back, changed and deleted."""

from __future__ import annotations

from enum import IntEnum

import pytest
from PowerPlatform.Dataverse.core.errors import HttpError, MetadataError
from PowerPlatform.Dataverse.models.labels import Label, LocalizedLabel
from PowerPlatform.Dataverse.models.relationship import (
    CascadeConfiguration,
    LookupAttributeMetadata,
    ManyToManyRelationshipMetadata,
    OneToManyRelationshipMetadata,
)


class Color(IntEnum):
    """Becomes a choice."""

    Red = 1
    Green = 2


COLUMNS = {
    "new_Code": "string",
    "new_Text": "memo",
    "new_Count": "int",
    "new_Price": "decimal",
    "new_Weight": "float",
    "new_On": "datetime",
    "new_Done": "bool",
    "new_Color": Color,
}
KINDS = {
    "new_code": "String",
    "new_text": "Memo",
    "new_count": "Integer",
    "new_price": "Decimal",
    "new_weight": "Double",
    "new_on": "DateTime",
    "new_done": "Boolean",
    "new_color": "Picklist",
}


def label(text):
    return Label(localized_labels=[LocalizedLabel(label=text, language_code=1033)])


@pytest.fixture
def table(sdk, table_name):
    """A table with a column of each type, made by the SDK: its schema name."""
    sdk.tables.create(table_name, COLUMNS, primary_column="new_Title", display_name="Thing")
    return table_name


def test_a_table_is_made_with_columns_of_every_type(sdk, web, table_name):
    made = sdk.tables.create(table_name, COLUMNS, primary_column="new_Title", display_name="Thing")

    path = f"EntityDefinitions(LogicalName='{table_name.lower()}')"
    definition = web.row(f"{path}?$expand=Attributes($select=LogicalName,AttributeType)")
    kinds = {each["LogicalName"]: each["AttributeType"] for each in definition["Attributes"]}
    assert (made.logical_name, made.metadata_id) == (table_name.lower(), definition["MetadataId"])
    assert (definition["EntitySetName"], definition["PrimaryNameAttribute"]) == (made.entity_set_name, "new_title")
    assert definition["DisplayName"]["UserLocalizedLabel"]["Label"] == "Thing"
    assert {name: kinds[name] for name in KINDS} == KINDS
    assert set(made.columns_created) == set(COLUMNS)


def test_a_table_is_found_and_one_that_is_not_there_is_none(sdk, table):
    assert sdk.tables.get(table).primary_id_attribute == f"{table.lower()}id"
    assert [each["SchemaName"] for each in sdk.tables.list(filter=f"SchemaName eq '{table}'")] == [table]
    assert sdk.tables.get("new_NoSuchTable") is None


def test_the_rows_of_a_new_table_hold_values_of_every_type(sdk, web, table):
    values = {"new_Title": "T", "new_Code": "C", "new_Text": "Two\nlines", "new_Count": 3, "new_Price": 1.25}
    values |= {"new_Weight": 2.5, "new_On": "2024-02-29T12:30:00Z", "new_Done": True, "new_Color": "Green"}
    made = sdk.records.create(table, values)

    row = web.row(f"{sdk.tables.get(table).entity_set_name}({made})")
    assert {name.lower(): row[name.lower()] for name in values} == {
        **{name.lower(): value for name, value in values.items()},
        "new_color": 2,
    }


def test_columns_come_and_go(sdk, web, table):
    assert sdk.tables.add_columns(table, {"new_Size": Color, "new_Extra": "string"}) == ["new_Size", "new_Extra"]
    assert sdk.tables.remove_columns(table, ["new_Extra", "new_Count"]) == ["new_Extra", "new_Count"]

    columns = {each["LogicalName"] for each in sdk.tables.list_columns(table, select=["LogicalName"])}
    assert "new_size" in columns
    assert columns.isdisjoint({"new_extra", "new_count"})
    refused = web("GET", f"{sdk.tables.get(table).entity_set_name}?$select=new_count")
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "0x80060888")


def test_columns_are_listed_by_their_type(sdk, table):
    columns = sdk.tables.list_columns(table, select=["LogicalName"], filter="AttributeType eq 'String'")

    assert {"new_title", "new_code"} <= {each["LogicalName"] for each in columns}
    assert "new_text" not in {each["LogicalName"] for each in columns}


def test_a_column_is_read_with_what_only_its_type_has(sdk, table):
    column = sdk.tables.get_column(table, "new_Code", typed=True)
    columns = {each["LogicalName"]: each for each in sdk.tables.list_columns(table, typed=True)}

    assert (column["LogicalName"], column["MaxLength"]) == ("new_code", 200)
    assert columns["new_code"]["MaxLength"] == 200
    assert "MaxLength" not in columns["new_count"]
    assert columns["new_count"]["MinValue"] == -2_147_483_648
    assert sdk.tables.get_column(table, "new_NoSuchColumn") is None


def test_a_column_is_changed(sdk, web, table):
    entity_set = sdk.tables.get(table).entity_set_name
    with pytest.raises(HttpError):
        sdk.records.create(table, {"new_code": "x" * 201})

    sdk.tables.update_columns(table, {"new_Code": {"max_length": 300}, "new_Count": {"max_value": 5}})

    web.create(entity_set, {"new_code": "x" * 300})
    assert web("POST", entity_set, {"new_count": 6}).status_code == 400
    definition = f"EntityDefinitions(LogicalName='{table.lower()}')/Attributes(LogicalName='new_code')"
    assert web.row(f"{definition}/Microsoft.Dynamics.CRM.StringAttributeMetadata")["MaxLength"] == 300


def test_a_key_is_made_kept_and_deleted(sdk, web, table):
    entity_set = sdk.tables.get(table).entity_set_name
    sdk.tables.create_alternate_key(table, f"{table}_key", ["new_code"], display_name="By code")

    (key,) = sdk.tables.get_alternate_keys(table)
    assert (key.schema_name, key.key_attributes, key.status) == (f"{table}_key", ["new_code"], "Active")
    web.create(entity_set, {"new_code": "A"})
    with pytest.raises(HttpError) as refused:
        sdk.records.create(table, {"new_code": "A"})
    assert (refused.value.status_code, refused.value.details["service_error_code"]) == (412, "0x80060892")

    sdk.tables.delete_alternate_key(table, key.metadata_id)
    assert sdk.tables.get_alternate_keys(table) == []
    web.create(entity_set, {"new_code": "A"})


def test_a_relationship_is_made_used_read_and_deleted(sdk, web, table, word):
    made = sdk.tables.create_one_to_many_relationship(
        LookupAttributeMetadata(schema_name="new_AccountId", display_name=label("Account")),
        OneToManyRelationshipMetadata(
            schema_name=f"{table}_account",
            referenced_entity="account",
            referencing_entity=table.lower(),
            referenced_attribute="accountid",
            cascade_configuration=CascadeConfiguration(delete="Cascade"),
        ),
    )
    account = web.create("accounts", {"name": word})
    row = sdk.records.create(table, {"new_AccountId@odata.bind": f"/accounts({account})"})
    read = sdk.tables.get_relationship(f"{table}_account")

    assert (read.relationship_id, read.relationship_type) == (made.relationship_id, "one_to_many")
    assert (read.referenced_entity, read.referencing_entity) == ("account", table.lower())
    assert f"{table}_account" in {each["SchemaName"] for each in sdk.tables.list_table_relationships(table)}
    web("DELETE", f"accounts({account})")
    assert sdk.records.retrieve(table, row) is None

    sdk.tables.delete_relationship(made.relationship_id)
    assert sdk.tables.get_relationship(f"{table}_account") is None
    assert sdk.tables.get_column(table, "new_AccountId") is None


def test_rows_of_two_tables_are_related_many_to_many(sdk, web, table, word):
    made = sdk.tables.create_many_to_many_relationship(
        ManyToManyRelationshipMetadata(f"{table}_contact", table.lower(), "contact", f"{table}_contact".lower())
    )
    contact = web.create("contacts", {"lastname": word})
    entity_set = sdk.tables.get(table).entity_set_name
    row = web.create(entity_set, {"new_title": word})
    link = {"@odata.id": f"{web.root}contacts({contact})"}
    assert web("POST", f"{entity_set}({row})/{table}_contact/$ref", link).status_code == 204

    read = sdk.tables.get_relationship(f"{table}_contact")
    found = sdk.records.retrieve("contact", contact, select=["lastname"], expand=[f"{table}_contact"])
    assert (read.relationship_type, read.relationship_id) == ("many_to_many", made.relationship_id)
    assert [each["new_title"] for each in found[f"{table}_contact"]] == [word]

    sdk.tables.delete_relationship(made.relationship_id)
    assert sdk.tables.get_relationship(f"{table}_contact") is None


def test_a_lookup_is_made_in_one_step(sdk, web, table, word):
    sdk.tables.create_lookup_field(table, "new_LeadId", "lead", display_name="Lead")
    lead = web.create("leads", {"lastname": word})

    row = sdk.records.create(table, {"new_LeadId@odata.bind": f"/leads({lead})"})

    entity_set = sdk.tables.get(table).entity_set_name
    assert web.row(f"{entity_set}({row})/new_LeadId")["lastname"] == word


def test_a_table_is_deleted_with_its_rows(sdk, web, table):
    entity_set = sdk.tables.get(table).entity_set_name
    web.create(entity_set, {"new_title": "A"})

    sdk.tables.delete(table)

    assert sdk.tables.get(table) is None
    assert web("GET", entity_set).status_code == 404
    sdk.tables.create(table, {"new_Other": "string"})
    assert web.rows(entity_set) == []


def test_a_table_is_not_made_twice(sdk, web, table):
    with pytest.raises(MetadataError, match="already exists"):
        sdk.tables.create(table, {})

    label = {"LocalizedLabels": [{"Label": "Part", "LanguageCode": 1033}]}
    string = "Microsoft.Dynamics.CRM.StringAttributeMetadata"
    primary = {"@odata.type": string, "SchemaName": "new_Name", "IsPrimaryName": True, "DisplayName": label}
    body = {"SchemaName": table, "OwnershipType": "UserOwned", "DisplayName": label, "Attributes": [primary]}
    refused = web("POST", "EntityDefinitions", body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "0x80044363")


def test_columns_that_hold_files_are_refused_in_plain_words(sdk, table):
    with pytest.raises(HttpError, match="columns of type File") as refused:
        sdk.tables.add_columns(table, {"new_File": "file"})

    assert refused.value.status_code == 501
