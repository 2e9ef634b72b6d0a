"""Definitions as Microsoft's documentation shows them, one of each kind."""

from __future__ import annotations

from typing import Any

import pytest

from dataverse.schema import definitions
from dataverse.schema.choices import DIRECTION
from dataverse.schema.desired import TEXTVERSE
from dataverse.schema.model import Column, Lookup, Type

COLUMNS = {(table.name, column.name): column for table in TEXTVERSE.tables for column in table.columns}


def english(text: str) -> dict[str, Any]:
    return {
        "@odata.type": "Microsoft.Dynamics.CRM.Label",
        "LocalizedLabels": [
            {"@odata.type": "Microsoft.Dynamics.CRM.LocalizedLabel", "Label": text, "LanguageCode": 1033}
        ],
    }


@pytest.mark.parametrize(
    ("table", "column", "kind", "details"),
    [
        ("txv_textmessage", "txv_statusdetail", "String", {"MaxLength": 1000, "FormatName": {"Value": "Text"}}),
        ("txv_textmessage", "txv_raw", "Memo", {"MaxLength": 100000, "Format": "TextArea"}),
        (
            "txv_textconversation",
            "txv_unreadcount",
            "Integer",
            {"MinValue": 0, "MaxValue": 2147483647, "Format": "None"},
        ),
        (
            "txv_textmessage",
            "txv_arrivedon",
            "DateTime",
            {"Format": "DateAndTime", "DateTimeBehavior": {"Value": "UserLocal"}},
        ),
        (
            "txv_texttemplate",
            "txv_shared",
            "Boolean",
            {
                "DefaultValue": False,
                "OptionSet": {
                    "@odata.type": "Microsoft.Dynamics.CRM.BooleanOptionSetMetadata",
                    "OptionSetType": "Boolean",
                    "TrueOption": {"Value": 1, "Label": english("Yes")},
                    "FalseOption": {"Value": 0, "Label": english("No")},
                },
            },
        ),
        (
            "txv_textmessage",
            "txv_status",
            "Picklist",
            {"GlobalOptionSet@odata.bind": "/GlobalOptionSetDefinitions(Name='txv_status')"},
        ),
        (
            "txv_consent",
            "txv_choice",
            "Picklist",
            {
                "OptionSet": {
                    "@odata.type": "Microsoft.Dynamics.CRM.OptionSetMetadata",
                    "IsGlobal": False,
                    "OptionSetType": "Picklist",
                    "Options": [
                        {"Value": 471100000, "Label": english("Opted out")},
                        {"Value": 471100001, "Label": english("Opted in")},
                    ],
                }
            },
        ),
    ],
)
def test_a_column(table: str, column: str, kind: str, details: dict[str, Any]) -> None:
    declared = COLUMNS[table, column]
    assert definitions.column(declared) == {
        "@odata.type": f"Microsoft.Dynamics.CRM.{kind}AttributeMetadata",
        "AttributeType": kind,
        "AttributeTypeName": {"Value": f"{kind}Type"},
        "SchemaName": column,
        "DisplayName": english(declared.display),
        "Description": english(declared.description),
        "RequiredLevel": {
            "Value": "None",
            "CanBeChanged": True,
            "ManagedPropertyLogicalName": "canmodifyrequirementlevelsettings",
        },
        **details,
    }


def lookups() -> dict[str, tuple[str, Lookup]]:
    return {lookup.relationship: (table.name, lookup) for table in TEXTVERSE.tables for lookup in table.lookups}


@pytest.mark.parametrize(
    ("relationship", "ends", "cascades"),
    [
        (
            "txv_textconversation_textmessages",
            ("txv_textmessage", "txv_textconversation", "activityid", "txv_conversationid"),
            dict.fromkeys(("Assign", "Delete", "Reparent", "Share", "Unshare"), "Cascade"),
        ),
        ("txv_lead_phonekeys", ("txv_phonekey", "lead", "leadid", "txv_leadid"), {"Delete": "Cascade"}),
        ("txv_textmessage_consents", ("txv_consent", "txv_textmessage", "txv_textmessageid", "txv_evidenceid"), {}),
    ],
)
def test_a_lookup(relationship: str, ends: tuple[str, ...], cascades: dict[str, str]) -> None:
    table, lookup = lookups()[relationship]
    body: Any = definitions.relationship(lookup, table)
    assert body["@odata.type"] == "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata"
    assert body["SchemaName"] == relationship
    assert ends == (
        body["ReferencingEntity"],
        body["ReferencedEntity"],
        body["ReferencedAttribute"],
        body["Lookup"]["SchemaName"],
    )
    assert body["Lookup"]["@odata.type"] == "Microsoft.Dynamics.CRM.LookupAttributeMetadata"
    assert body["CascadeConfiguration"] == {
        "Assign": "NoCascade",
        "Delete": "RemoveLink",
        "Merge": "NoCascade",
        "Reparent": "NoCascade",
        "Share": "NoCascade",
        "Unshare": "NoCascade",
        "RollupView": "NoCascade",
        **cascades,
    }


def test_a_table() -> None:
    phone_key = next(table for table in TEXTVERSE.tables if table.name == "txv_phonekey")
    body: Any = definitions.table(phone_key)
    [primary] = body.pop("Attributes")
    assert primary == definitions.column(phone_key.primary) | {"IsPrimaryName": True}
    assert body == {
        "@odata.type": "Microsoft.Dynamics.CRM.EntityMetadata",
        "SchemaName": "txv_phonekey",
        "EntitySetName": "txv_phonekeys",
        "DisplayName": english("Phone index entry"),
        "DisplayCollectionName": english("Phone index entries"),
        "Description": english(phone_key.description),
        "OwnershipType": "OrganizationOwned",
        "IsActivity": False,
        "HasActivities": False,
        "HasNotes": False,
    }


def test_a_global_choice() -> None:
    assert definitions.choice(DIRECTION) == {
        "@odata.type": "Microsoft.Dynamics.CRM.OptionSetMetadata",
        "Name": "txv_direction",
        "IsGlobal": True,
        "OptionSetType": "Picklist",
        "DisplayName": english("Direction"),
        "Description": english("Whether a text came in or went out."),
        "Options": [
            {"Value": 471100000, "Label": english("Incoming")},
            {"Value": 471100001, "Label": english("Outgoing")},
        ],
    }


def test_a_lookup_is_no_column_without_its_relationship() -> None:
    lookup = Column(name="txv_x", type=Type.LOOKUP, display="X", description="Y.")
    with pytest.raises(ValueError, match="with its relationship"):
        definitions.column(lookup)
