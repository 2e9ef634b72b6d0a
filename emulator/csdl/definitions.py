"""The types of definitions: `EntityMetadata`, `StringAttributeMetadata` and their like.

Their properties are read off definitions as they are shown, so that the document and the answers cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from emulator.csdl.elements import ALIAS, NAMESPACE, Element, element, key, prop
from emulator.metadata.describe import (
    describe_key,
    describe_many_to_many,
    describe_one_to_many,
    describe_option_set,
    describe_table,
)
from emulator.metadata.describe_columns import BASE_PROPERTIES, EXPANDABLE, class_of, describe_column
from emulator.metadata.labels import Json
from emulator.metadata.model import Key, OptionSet, Schema

_CASCADES = "NoCascade Cascade Active UserOwned RemoveLink Restrict"
# Enumerations: their members in order, with values where they do not count up from 0.
_ENUMS = {
    "OwnershipTypes": "None=0 UserOwned=1 TeamOwned=2 BusinessOwned=4 OrganizationOwned=8 BusinessParented=16",
    "AttributeTypeCode": "Boolean Customer DateTime Decimal Double Integer Lookup Memo Money Owner PartyList Picklist "
    "State Status String Uniqueidentifier CalendarRules Virtual BigInt ManagedProperty EntityName",
    "AttributeRequiredLevel": "None SystemRequired ApplicationRequired Recommended",
    "CascadeType": _CASCADES,
    "EntityKeyIndexStatus": "Pending InProgress Active Failed",
    "RelationshipType": "OneToManyRelationship ManyToManyRelationship",
    "SecurityTypes": "None=0 Append=1 ParentChild=2 Pointer=4 Inheritance=8",
    "OptionSetType": "Picklist State Status Boolean",
    "EntityFilters": "Default=1 Entity=1 Attributes=2 Privileges=4 Relationships=8 All=15",
    "PrivilegeDepth": "Basic Local Deep Global",
    "DeletedMetadataFilters": "Default=1 Entity=1 Attribute=2 Relationship=4 Label=8 OptionSet=16 All=31",
    "AccessRights": "None=0 ReadAccess=1 WriteAccess=2 AppendAccess=4 AppendToAccess=16 CreateAccess=32 "
    "DeleteAccess=65536 ShareAccess=262144 AssignAccess=524288",
}
_FLAGS = frozenset({"OwnershipTypes", "SecurityTypes", "AccessRights", "DeletedMetadataFilters", "EntityFilters"})
# Properties whose type does not show in their value.
_TYPES = {
    "MetadataId": "Edm.Guid",
    "OwnershipType": "OwnershipTypes",
    "AttributeType": "AttributeTypeCode",
    "RequiredLevel": "AttributeRequiredLevelManagedProperty",
    "EntityKeyIndexStatus": "EntityKeyIndexStatus",
    "RelationshipType": "RelationshipType",
    "SecurityTypes": "SecurityTypes",
    "OptionSetType": "OptionSetType",
    "CascadeConfiguration": "CascadeConfiguration",
    "AttributeTypeName": "AttributeTypeDisplayName",
    "FormatName": "StringFormatName",
    "DateTimeBehavior": "DateTimeBehavior",
    "Options": "Collection(mscrm.OptionMetadata)",
    "TrueOption": "OptionMetadata",
    "FalseOption": "OptionMetadata",
    "MinValue": "Edm.Double",
    "MaxValue": "Edm.Double",
    "MaxLength": "Edm.Int32",
    "Precision": "Edm.Int32",
    "HasChanged": "Edm.Boolean",
}
_COMPLEX = {
    "LocalizedLabel": "Label Edm.String; LanguageCode Edm.Int32; IsManaged Edm.Boolean; MetadataId Edm.Guid; "
    "HasChanged Edm.Boolean",
    "Label": "LocalizedLabels Collection(mscrm.LocalizedLabel); UserLocalizedLabel LocalizedLabel",
    "BooleanManagedProperty": "Value Edm.Boolean; CanBeChanged Edm.Boolean; ManagedPropertyLogicalName Edm.String",
    "AttributeRequiredLevelManagedProperty": "Value AttributeRequiredLevel; CanBeChanged Edm.Boolean; "
    "ManagedPropertyLogicalName Edm.String",
    "AttributeTypeDisplayName": "Value Edm.String",
    "StringFormatName": "Value Edm.String",
    "DateTimeBehavior": "Value Edm.String",
    "CascadeConfiguration": "Assign CascadeType; Delete CascadeType; Merge CascadeType; Reparent CascadeType; "
    "Share CascadeType; Unshare CascadeType; RollupView CascadeType; Archive CascadeType",
    "OptionMetadata": "Value Edm.Int32; Label Label; Description Label; Color Edm.String; IsManaged Edm.Boolean; "
    "State Edm.Int32; TransitionData Edm.String; DefaultStatus Edm.Int32; InvariantName Edm.String; "
    "MetadataId Edm.Guid; HasChanged Edm.Boolean",
    "RolePrivilege": "Depth PrivilegeDepth; PrivilegeId Edm.Guid; BusinessUnitId Edm.Guid; PrivilegeName Edm.String",
    "PrincipalAccess": "AccessMask AccessRights",
    "EntityQueryExpression": "",
    "SettingDetail": "Name Edm.String; Value Edm.String; DataType Edm.Int32",
    "AppValidationResponse": "ValidationSuccess Edm.Boolean; ValidationIssueList Collection(mscrm.ValidationIssue)",
    "ValidationIssue": "ErrorType Edm.String; Message Edm.String; DisplayName Edm.String; ComponentId Edm.Guid; "
    "ComponentType Edm.Int32; ComponentSubType Edm.Int32; ParentEntityId Edm.Guid; ParentEntityName Edm.String; "
    "CRMErrorCode Edm.Int32; RequiredComponents Collection(Edm.String)",
    "DeletedMetadataCollection": "Count Edm.Int32; IsReadOnly Edm.Boolean; "
    "Keys Collection(mscrm.DeletedMetadataFilters)",
}
_BELOW = {
    "Attributes": "AttributeMetadata",
    "Keys": "EntityKeyMetadata",
    "OneToManyRelationships": "OneToManyRelationshipMetadata",
    "ManyToOneRelationships": "OneToManyRelationshipMetadata",
    "ManyToManyRelationships": "ManyToManyRelationshipMetadata",
}
_SETS = {
    "EntityDefinitions": "EntityMetadata",
    "RelationshipDefinitions": "RelationshipMetadataBase",
    "GlobalOptionSetDefinitions": "OptionSetMetadataBase",
}


def definition_types(schema: Schema) -> Iterator[Element]:
    """Enumerations, complex types, and the entity types of all definitions."""
    for name, members in _ENUMS.items():
        yield _enum(name, members.split())
    for name, properties in _COMPLEX.items():
        found = (
            element("ComplexType", Name=name, OpenType="true") if not properties else element("ComplexType", Name=name)
        )
        pairs = (part.split() for part in properties.split(";") if part.strip())
        found.extend(prop(each, _qualified(kind)) for each, kind in pairs)
        if name == "PrincipalAccess":
            found.append(element("NavigationProperty", Name="Principal", Type=f"{ALIAS}principal"))
        yield found
    root = element("EntityType", Name="MetadataBase", BaseType=f"{ALIAS}crmbaseentity", Abstract="true")
    root.append(key("MetadataId"))
    root.append(prop("MetadataId", "Edm.Guid", nullable=False))
    root.append(prop("HasChanged", "Edm.Boolean"))
    yield root
    yield _table_type(schema)
    yield from _attribute_types(schema)
    yield from _other_types(schema)


def definition_sets() -> Iterator[Element]:
    """The entity sets of definitions."""
    for name, kind in _SETS.items():
        yield element("EntitySet", Name=name, EntityType=f"{NAMESPACE}.{kind}")


def _enum(name: str, members: list[str]) -> Element:
    found = element("EnumType", Name=name)
    if name in _FLAGS:
        found.set("IsFlags", "true")
    for position, member in enumerate(members):
        label, _, value = member.partition("=")
        found.append(element("Member", Name=label, Value=value or str(position)))
    return found


def _table_type(schema: Schema) -> Element:
    found = _type("EntityMetadata", "MetadataBase", describe_table(schema.tables["account"]))
    for name, kind in _BELOW.items():
        found.append(element("NavigationProperty", Name=name, Type=f"Collection({ALIAS}{kind})"))
    return found


def _attribute_types(schema: Schema) -> Iterator[Element]:
    shown: dict[str, Json] = {}
    for table in schema.tables.values():
        for column in table.columns.values():
            shown.setdefault(class_of(column), {}).update(describe_column(table, column))
    common = {name: value for name, value in next(iter(shown.values())).items() if name in BASE_PROPERTIES}
    yield _type("AttributeMetadata", "MetadataBase", common)
    for name, described in sorted(shown.items()):
        own = {each: value for each, value in described.items() if each not in BASE_PROPERTIES | EXPANDABLE}
        found = _type(name, "AttributeMetadata", own)
        if "OptionSet" in described:
            kind = "BooleanOptionSetMetadata" if name.startswith("Boolean") else "OptionSetMetadata"
            for each in sorted(EXPANDABLE):
                found.append(element("NavigationProperty", Name=each, Type=ALIAS + kind))
        yield found


def _other_types(schema: Schema) -> Iterator[Element]:
    link = describe_one_to_many(schema, next(iter(schema.one_to_many.values())))
    pair = describe_many_to_many(next(iter(schema.many_to_many.values())), custom=False)
    shared = {name: value for name, value in link.items() if name in pair}
    yield _type("RelationshipMetadataBase", "MetadataBase", shared)
    for name, described in (("OneToMany", link), ("ManyToMany", pair)):
        own = {each: value for each, value in described.items() if each not in shared}
        yield _type(f"{name}RelationshipMetadata", "RelationshipMetadataBase", own)
    choice = describe_option_set(OptionSet(name="", metadata_id=""))
    options = {name: choice.pop(name) for name in ("Options",)}
    yield _type("OptionSetMetadataBase", "MetadataBase", choice)
    yield _type("OptionSetMetadata", "OptionSetMetadataBase", options)
    yield _type("BooleanOptionSetMetadata", "OptionSetMetadataBase", {"TrueOption": {}, "FalseOption": {}})
    table = schema.tables["account"]
    described = describe_key(table, Key(schema_name="", columns=(), metadata_id=""))
    yield _type("EntityKeyMetadata", "MetadataBase", described)


def _type(name: str, base: str, described: Json) -> Element:
    found = element("EntityType", Name=name, BaseType=ALIAS + base)
    for each, value in described.items():
        if each not in ("MetadataId", "HasChanged") and not each.startswith("@"):
            found.append(prop(each, _kind(each, value)))
    return found


def _kind(name: str, value: object) -> str:
    if name in _TYPES:
        return _qualified(_TYPES[name])
    if isinstance(value, bool):
        return "Edm.Boolean"
    if isinstance(value, int):
        return "Edm.Int32"
    if isinstance(value, list):
        return "Collection(Edm.String)"
    if isinstance(value, Mapping):
        return ALIAS + ("Label" if "LocalizedLabels" in value else "BooleanManagedProperty")
    return "Edm.String"


def _qualified(kind: str) -> str:
    return kind if kind.startswith(("Edm.", "Collection(")) else ALIAS + kind
