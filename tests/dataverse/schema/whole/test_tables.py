"""The tables in an environment are those that are declared; Microsoft's SDK reads them too."""

from __future__ import annotations

from typing import Any

import pytest
from PowerPlatform.Dataverse.client import DataverseClient

from dataverse.schema.desired import TEXTVERSE
from dataverse.schema.model import Choice, Column, Lookup, Table, Type

Land = Any  # of conftest.py

TABLES = TEXTVERSE.tables
COLUMNS = [(table, column) for table in TABLES for column in (table.primary, *table.columns)]
LOOKUPS = [(table, lookup) for table in TABLES for lookup in table.lookups]
KEYS = [(table, key) for table in TABLES for key in table.keys]


def path(table: str, part: str = "") -> str:
    return f"EntityDefinitions(LogicalName='{table}')" + (f"/{part}" if part else "")


def label(given: Any) -> str:
    return str(given["UserLocalizedLabel"]["Label"])


def options(definition: Any) -> list[tuple[int, str]]:
    return [(option["Value"], label(option["Label"])) for option in definition["Options"]]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table(land: Land, table: Table) -> None:
    found = land(path(table.name))
    assert (found["LogicalName"], found["EntitySetName"]) == (table.name, table.set_name)
    assert (found["OwnershipType"], found["IsActivity"]) == (table.ownership, table.is_activity)
    assert (found["PrimaryNameAttribute"], found["PrimaryIdAttribute"]) == (table.primary.name, table.key)
    assert (label(found["DisplayName"]), label(found["DisplayCollectionName"])) == (table.display, table.plural)
    assert label(found["Description"]) == table.description


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=lambda each: each.name)
def test_a_column(land: Land, table: Table, column: Column) -> None:
    kind = f"Microsoft.Dynamics.CRM.{column.type}AttributeMetadata"
    expand = "?$expand=OptionSet,GlobalOptionSet" if column.type is Type.CHOICE else ""
    found = land(path(table.name, f"Attributes(LogicalName='{column.name}')/{kind}{expand}"))
    assert (found["AttributeType"], found["SchemaName"].lower()) == (column.type, column.name)
    assert (label(found["DisplayName"]), label(found["Description"])) == (column.display, column.description)
    if column.type in (Type.STRING, Type.MEMO):
        assert found["MaxLength"] == column.length
    if column.type is Type.INTEGER:
        assert (found["MinValue"], found["MaxValue"]) == (column.minimum, 2_147_483_647)
    if column.type is Type.DATE_TIME:
        assert (found["Format"], found["DateTimeBehavior"]["Value"]) == ("DateAndTime", "UserLocal")
    if column.choice:
        assert found["GlobalOptionSet"]["Name"] == column.choice
    elif column.type is Type.CHOICE:
        assert options(found["OptionSet"]) == [(option.value, option.label) for option in column.options]


@pytest.mark.parametrize("choice", TEXTVERSE.choices, ids=lambda choice: choice.name)
def test_a_choice(land: Land, choice: Choice) -> None:
    found = land(f"GlobalOptionSetDefinitions(Name='{choice.name}')")
    assert options(found) == [(option.value, option.label) for option in choice.options]


@pytest.mark.parametrize(("table", "lookup"), LOOKUPS, ids=lambda each: each.name)
def test_a_lookup(land: Land, table: Table, lookup: Lookup) -> None:
    links = land.rows(path(table.name, "ManyToOneRelationships"))
    [link] = [each for each in links if each["ReferencingAttribute"] == lookup.name]
    assert (link["SchemaName"], link["ReferencedEntity"]) == (lookup.relationship, lookup.target)
    assert link["ReferencingEntityNavigationPropertyName"] == lookup.name
    cascades = lookup.cascades
    expected = {
        "Assign": cascades.assign,
        "Delete": cascades.delete,
        "Merge": "NoCascade",
        "Reparent": cascades.reparent,
        "Share": cascades.share,
        "Unshare": cascades.unshare,
    }
    assert {verb: link["CascadeConfiguration"][verb] for verb in expected} == expected


@pytest.mark.parametrize(("table", "key"), KEYS, ids=lambda each: each.name)
def test_a_key(land: Land, table: Table, key: Any) -> None:
    [found] = [each for each in land.rows(path(table.name, "Keys")) if each["SchemaName"] == key.name]
    assert (found["EntityKeyIndexStatus"], found["KeyAttributes"]) == ("Active", list(key.columns))


def test_no_table_has_more_of_ours_than_is_declared(land: Land) -> None:
    for table in TABLES:
        names = {each["LogicalName"] for each in land.rows(path(table.name, "Attributes?$select=LogicalName"))}
        own = {column.name for column in table.columns} | {lookup.name for lookup in table.lookups}
        primary = {table.primary.name, table.key}
        virtual = {f"{name}name" for name in own} | {f"{name}yominame" for name in own}
        assert {name for name in names if name.startswith("txv_")} - virtual - primary == own - primary


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_official_sdk_reads_it_back(sdk: DataverseClient, table: Table) -> None:
    found = sdk.tables.get(table.name)
    assert found is not None
    assert (found.logical_name, found.entity_set_name) == (table.name, table.set_name)
    assert (found.primary_id_attribute, found.primary_name_attribute) == (table.key, table.primary.name)
    columns = {each["LogicalName"]: each for each in sdk.tables.list_columns(table.name, typed=True)}
    for column in (table.primary, *table.columns):
        assert columns[column.name]["AttributeType"] == column.type
        assert column.length is None or columns[column.name]["MaxLength"] == column.length
    for lookup in table.lookups:
        assert columns[lookup.name]["AttributeType"] == "Lookup"
    assert {key.schema_name: key.status for key in sdk.tables.get_alternate_keys(table.name)} == {
        key.name: "Active" for key in table.keys
    }
