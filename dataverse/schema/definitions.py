"""Declarations as the metadata Web API wants them: JSON bodies.

Sources: Microsoft Learn, "Create and update table definitions", "… column definitions", "… choices" and "… table
relationships" using the Web API; "Custom activities" for what an activity table must and must not have.
"""

from __future__ import annotations

from collections.abc import Iterable

from dataverse.schema.model import Choice, Column, Key, Lookup, Option, Publisher, Solution, Table, Type

Json = dict[str, object]

ENGLISH = 1033
_CRM = "Microsoft.Dynamics.CRM."
_NOT_REQUIRED: Json = {
    "Value": "None",
    "CanBeChanged": True,
    "ManagedPropertyLogicalName": "canmodifyrequirementlevelsettings",
}
_ACTIVITY: Json = {
    "IsAvailableOffline": True,
    "IsMailMergeEnabled": {
        "Value": False,
        "CanBeChanged": True,
        "ManagedPropertyLogicalName": "canmodifymailmergesettings",
    },
    "ActivityTypeMask": 1,  # in the menus of activities; can't be changed later
}
_LARGEST_INTEGER = 2_147_483_647


def metadata_type(column_type: Type) -> str:
    """The type of a column's definition, as paths cast to it: `Microsoft.Dynamics.CRM.StringAttributeMetadata`."""
    return f"{_CRM}{column_type}AttributeMetadata"


def label(text: str) -> Json:
    """A label with its English text."""
    localized = {"@odata.type": f"{_CRM}LocalizedLabel", "Label": text, "LanguageCode": ENGLISH}
    return {"@odata.type": f"{_CRM}Label", "LocalizedLabels": [localized]}


def table(declared: Table) -> Json:
    """A table with nothing but its primary column; the others follow one by one."""
    return {
        "@odata.type": f"{_CRM}EntityMetadata",
        "SchemaName": declared.name,
        "EntitySetName": declared.set_name,
        "DisplayName": label(declared.display),
        "DisplayCollectionName": label(declared.plural),
        "Description": label(declared.description),
        "OwnershipType": declared.ownership,
        "IsActivity": declared.is_activity,
        "HasActivities": False,
        "HasNotes": declared.has_notes,
        "Attributes": [_primary(declared)],
    } | (_ACTIVITY if declared.is_activity else {})


def column(declared: Column) -> Json:
    """A column other than a lookup."""
    return _attribute(declared.type, declared.name, declared.display, declared.description) | _details(declared)


def relationship(declared: Lookup, referencing: str) -> Json:
    """A lookup of the table `referencing`, with the relationship that it stands for."""
    cascades = declared.cascades
    return {
        "@odata.type": f"{_CRM}OneToManyRelationshipMetadata",
        "SchemaName": declared.relationship,
        "ReferencedEntity": declared.target,
        "ReferencedAttribute": declared.target_id,
        "ReferencingEntity": referencing,
        "Lookup": _attribute(Type.LOOKUP, declared.name, declared.display, declared.description),
        "CascadeConfiguration": {
            "Assign": cascades.assign,
            "Delete": cascades.delete,
            "Merge": "NoCascade",
            "Reparent": cascades.reparent,
            "Share": cascades.share,
            "Unshare": cascades.unshare,
            "RollupView": "NoCascade",
        },
    }


def key(declared: Key) -> Json:
    """An alternate key."""
    return {
        "SchemaName": declared.name,
        "DisplayName": label(declared.display),
        "KeyAttributes": list(declared.columns),
    }


def choice(declared: Choice) -> Json:
    """A global choice."""
    return _option_set(declared.options) | {
        "Name": declared.name,
        "IsGlobal": True,
        "DisplayName": label(declared.display),
        "Description": label(declared.description),
    }


def publisher(declared: Publisher) -> Json:
    """A row of the table `publisher`."""
    return {
        "publisherid": declared.id,
        "uniquename": declared.name,
        "friendlyname": declared.display,
        "customizationprefix": declared.prefix,
        "customizationoptionvalueprefix": declared.option_prefix,
    }


def solution(declared: Solution, publisher_id: str) -> Json:
    """A row of the table `solution`."""
    return {
        "solutionid": declared.id,
        "uniquename": declared.name,
        "friendlyname": declared.display,
        "version": declared.version,
        "publisherid@odata.bind": f"/publishers({publisher_id})",
    }


def _primary(declared: Table) -> Json:
    # The one name that is not ours to choose: an activity's primary column is `Subject`, capitalised.
    name = "Subject" if declared.is_activity else declared.primary.name
    return column(declared.primary) | {"SchemaName": name, "IsPrimaryName": True}


def _attribute(column_type: Type, name: str, display: str, description: str) -> Json:
    return {
        "@odata.type": metadata_type(column_type),
        "AttributeType": column_type,
        "AttributeTypeName": {"Value": f"{column_type}Type"},
        "SchemaName": name,
        "DisplayName": label(display),
        "Description": label(description),
        "RequiredLevel": _NOT_REQUIRED,
    }


def _details(declared: Column) -> Json:
    match declared.type:
        case Type.STRING:
            return {"MaxLength": declared.length, "FormatName": {"Value": "Text"}}
        case Type.MEMO:
            return {"MaxLength": declared.length, "Format": "TextArea"}
        case Type.INTEGER:
            return {"MinValue": declared.minimum, "MaxValue": _LARGEST_INTEGER, "Format": "None"}
        case Type.DATE_TIME:
            return {"Format": "DateAndTime", "DateTimeBehavior": {"Value": "UserLocal"}}
        case Type.BOOLEAN:
            return {"DefaultValue": False, "OptionSet": _YES_NO}
        case Type.CHOICE if declared.choice:
            return {"GlobalOptionSet@odata.bind": f"/GlobalOptionSetDefinitions(Name='{declared.choice}')"}
        case Type.CHOICE:
            return {"OptionSet": _option_set(declared.options) | {"IsGlobal": False}}
        case Type.LOOKUP:
            raise ValueError("a lookup is created with its relationship")


def _option_set(options: Iterable[Option]) -> Json:
    return {
        "@odata.type": f"{_CRM}OptionSetMetadata",
        "OptionSetType": "Picklist",
        "Options": [{"Value": option.value, "Label": label(option.label)} for option in options],
    }


_YES_NO: Json = {
    "@odata.type": f"{_CRM}BooleanOptionSetMetadata",
    "OptionSetType": "Boolean",
    "TrueOption": {"Value": 1, "Label": label("Yes")},
    "FalseOption": {"Value": 0, "Label": label("No")},
}
