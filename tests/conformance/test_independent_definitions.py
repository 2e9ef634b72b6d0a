"""The package dataverse-api: publishers, tables, columns, keys and relationships."""

from __future__ import annotations

import pytest
from dataverse_api.errors import DataverseAPIError
from dataverse_api.metadata.attributes import (
    BooleanAttributeMetadata,
    DateTimeAttributeMetadata,
    DecimalAttributeMetadata,
    IntegerAttributeMetadata,
    LookupAttributeMetadata,
    MemoAttributeMetadata,
    StringAttributeMetadata,
)
from dataverse_api.metadata.complex_properties import CascadeConfiguration
from dataverse_api.metadata.entity import define_entity
from dataverse_api.metadata.enums import CascadeType, OwnershipType, StringFormat
from dataverse_api.metadata.helpers import Publisher, Solution
from dataverse_api.metadata.relationships import OneToManyRelationshipMetadata
from dataverse_api.utils.labels import define_label

COLUMNS = (
    (StringAttributeMetadata(schema_name="new_Mail", max_length=50, format_name=StringFormat.EMAIL), "String"),
    (DecimalAttributeMetadata(schema_name="new_Price", min_value=0, max_value=10), "Decimal"),
    (IntegerAttributeMetadata(schema_name="new_Count", min_value=0, max_value=9), "Integer"),
    (DateTimeAttributeMetadata(schema_name="new_On"), "DateTime"),
    (MemoAttributeMetadata(schema_name="new_Text"), "Memo"),
    (BooleanAttributeMetadata(schema_name="new_Done"), "Boolean"),
)


@pytest.fixture
def table(independent, table_name):
    """A table that the client made; its logical name."""
    name = StringAttributeMetadata(schema_name="new_Name", is_primary_name=True, display_name=define_label("Name"))
    code = StringAttributeMetadata(schema_name="new_Code", max_length=20, display_name=define_label("Code"))
    definition = define_entity(
        table_name, [name], display_name="Item", description="", ownership_type=OwnershipType.USER_OWNED
    )
    assert independent.create_entity(definition).status_code == 204
    independent.entity(table_name.lower()).add_attribute(code)
    return table_name.lower()


def test_the_languages_of_the_environment_are_known(independent):
    assert independent.get_language_codes() == [1033]


def test_a_publisher_brings_a_prefix_of_its_own(independent, web, word):
    prefix = word[:8]
    publisher = Publisher(word, word, "of a test", prefix, 31_000)
    name = StringAttributeMetadata(schema_name=f"{prefix}_Name", is_primary_name=True, display_name=define_label("N"))
    definition = define_entity(f"{prefix}_Item", [name], ownership_type=OwnershipType.USER_OWNED)

    with pytest.raises(DataverseAPIError, match="customization prefix"):
        independent.create_entity(definition)
    independent.create_publisher(publisher)
    independent.create_entity(definition)

    assert [row["friendlyname"] for row in web.rows(f"publishers?$filter=uniquename eq '{word}'")] == [word]
    assert web.row(f"EntityDefinitions(LogicalName='{prefix}_item')")["SchemaName"] == f"{prefix}_Item"


def test_a_solution_is_refused_where_the_client_misspells_the_publisher(independent, web, word):
    publisher = web.rows("publishers")[0]["publisherid"]

    with pytest.raises(DataverseAPIError) as refused:  # it says publisher@odata.bind for publisherid@odata.bind
        independent.create_solution(Solution(word, word, "of a test", publisher))

    assert refused.value.response.json()["error"]["code"] == "0x80048d19"


def test_a_table_belongs_to_the_solution_that_is_named(independent, web, word, table_name):
    publisher = f"/publishers({web.rows('publishers')[0]['publisherid']})"
    body = {"uniquename": word, "friendlyname": word, "version": "1.0", "publisherid@odata.bind": publisher}
    solution = web.create("solutions", body)
    name = StringAttributeMetadata(schema_name="new_Name", is_primary_name=True, display_name=define_label("Name"))
    definition = define_entity(table_name, [name], ownership_type=OwnershipType.USER_OWNED)

    independent.create_entity(definition, solution_name=word)

    made = web.row(f"EntityDefinitions(LogicalName='{table_name.lower()}')")["MetadataId"]
    components = web.rows(f"solutioncomponents?$filter=_solutionid_value eq {solution}")
    assert made in {row["objectid"] for row in components}


def test_columns_of_every_type_are_added(independent, web, table):
    entity = independent.entity(table)

    answers = [entity.add_attribute(column) for column, _ in COLUMNS]

    path = f"EntityDefinitions(LogicalName='{table}')/Attributes?$select=LogicalName,AttributeType,MetadataId"
    found = {row["LogicalName"]: row for row in web.rows(path)}
    kinds = {column.schema_name.lower(): kind for column, kind in COLUMNS}
    assert {name: found[name]["AttributeType"] for name in kinds} == kinds
    assert [
        found[name]["MetadataId"] in answer.headers["OData-EntityId"]
        for name, answer in zip(kinds, answers, strict=True)
    ] == [True] * len(COLUMNS)


def test_a_column_that_numbers_itself_is_refused_in_plain_words(independent, table):
    column = StringAttributeMetadata(schema_name="new_Number", auto_number_format="A-{SEQNUM:4}")

    with pytest.raises(DataverseAPIError, match="autonumber columns"):
        independent.entity(table).add_attribute(column)


def test_a_column_is_removed(independent, web, table):
    independent.entity(table).remove_attribute(logical_name="new_code")

    assert not web.is_there(f"EntityDefinitions(LogicalName='{table}')/Attributes(LogicalName='new_code')")


def test_a_definition_is_read_changed_and_put_back(independent, web, table):
    definition = independent.get_entity_definition(table)
    definition.display_name = define_label("Renamed")

    independent.update_entity(definition, preserve_localized_labels=True)

    shown = web.row(f"EntityDefinitions(LogicalName='{table}')?$expand=Attributes($select=LogicalName)")
    assert shown["DisplayName"]["UserLocalizedLabel"]["Label"] == "Renamed"
    assert {"new_name", "new_code"} <= {each["LogicalName"] for each in shown["Attributes"]}


def test_a_table_is_deleted(independent, web, table):
    independent.delete_entity(table)

    assert not web.is_there(f"EntityDefinitions(LogicalName='{table}')")


@pytest.mark.parametrize("mode", ["individual", "batch"])
def test_rows_are_created_or_updated_under_a_key(independent, sdk, table, word, mode):
    sdk.tables.create_alternate_key(table, f"{table}_code", ["new_code"])
    sdk.records.create(table, {"new_code": "a b", "new_name": "old"})
    entity = independent.entity(table)

    rows = [{"new_code": "a b", "new_name": "new"}, {"new_code": "c", "new_name": "another"}]
    answers = entity.upsert(rows, altkey_name=f"{table}_code", mode=mode)

    assert all(answer.ok for answer in answers)
    found = sdk.records.list(table, select=["new_code", "new_name"], orderby=["new_code"])
    assert [(record["new_code"], record["new_name"]) for record in found] == [("a b", "new"), ("c", "another")]


def test_a_relationship_is_made_read_and_changed(independent, sdk, table):
    cascade = CascadeConfiguration(
        assign=CascadeType.NO_CASCADE,
        delete=CascadeType.REMOVE_LINK,
        merge=CascadeType.NO_CASCADE,
        reparent=CascadeType.NO_CASCADE,
        share=CascadeType.NO_CASCADE,
        unshare=CascadeType.NO_CASCADE,
    )
    independent.create_relationship(
        OneToManyRelationshipMetadata(
            schema_name=f"{table}_account",
            referenced_entity="account",
            referencing_entity=table,
            lookup=LookupAttributeMetadata(schema_name="new_AccountId", display_name=define_label("Account")),
            cascade_configuration=cascade,
        )
    )
    definition = independent.get_relationship_definition(f"{table}_account")
    assert sdk.tables.get_relationship(f"{table}_account").referenced_entity == "account"

    definition.cascade_configuration["delete"] = "Restrict"
    independent.update_relationship(definition, preserve_localized_labels=True)

    again = independent.get_relationship_definition(f"{table}_account")
    assert again.cascade_configuration["delete"] == "Restrict"
