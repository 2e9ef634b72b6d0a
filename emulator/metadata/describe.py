"""Tables and relationships as the Web API shows their definitions."""

from __future__ import annotations

from collections.abc import Iterable

from emulator.metadata.describe_columns import TYPE_PREFIX, describe_column, option_list
from emulator.metadata.identity import metadata_id
from emulator.metadata.labels import Json, label
from emulator.metadata.model import Cascades, Key, ManyToMany, OneToMany, OptionSet, Schema, Table
from emulator.metadata.naming import plural

# What `$select` and `$filter` take without a cast to one type.
RELATIONSHIP_PROPERTIES = frozenset(
    {"MetadataId", "HasChanged", "SchemaName", "RelationshipType", "IsCustomRelationship", "IsManaged", "SecurityTypes",
     "IsValidForAdvancedFind", "IsCustomizable", "IntroducedVersion"}
)  # fmt: skip
OPTION_SET_PROPERTIES = frozenset(
    {"MetadataId", "HasChanged", "Name", "IsGlobal", "IsCustomOptionSet", "IsManaged", "OptionSetType", "DisplayName",
     "Description", "IsCustomizable", "IntroducedVersion"}
)  # fmt: skip
_MANAGED = {"Value": True, "CanBeChanged": True}


def describe_table(table: Table) -> Json:
    """`EntityMetadata`, without what has to be expanded."""
    return {
        "MetadataId": table.metadata_id,
        "HasChanged": None,
        "LogicalName": table.logical_name,
        "SchemaName": table.schema_name,
        "EntitySetName": table.set_name,
        "LogicalCollectionName": plural(table.logical_name) if table.custom else table.set_name,
        "CollectionSchemaName": plural(table.schema_name),
        "PrimaryIdAttribute": table.primary_id,
        "PrimaryNameAttribute": table.primary_name or None,
        "PrimaryImageAttribute": None,
        "ObjectTypeCode": table.object_type_code,
        "OwnershipType": table.ownership,
        "TableType": "Standard",
        "IsActivity": table.is_activity,
        "ActivityTypeMask": 1 if table.is_activity else 0,
        "HasActivities": table.has_activities,
        "HasNotes": table.has_notes,
        "IsActivityParty": table.logical_name in ("account", "contact", "lead", "systemuser", "queue"),
        "IsCustomEntity": table.custom,
        "IsIntersect": table.is_intersect,
        "IsPrivate": False,
        "IsManaged": not table.custom,
        "IsLogicalEntity": False,
        "IsBPFEntity": False,
        "IsAvailableOffline": table.is_activity,
        "IsMailMergeEnabled": False,
        "IsQuickCreateEnabled": False,
        "IsValidForAdvancedFind": not table.is_intersect,
        "IsCustomizable": {**_MANAGED, "ManagedPropertyLogicalName": "iscustomizable"},
        "IsAuditEnabled": {
            "Value": False,
            "CanBeChanged": True,
            "ManagedPropertyLogicalName": "canmodifyauditsettings",
        },
        "IsOptimisticConcurrencyEnabled": True,
        "ChangeTrackingEnabled": table.change_tracking,
        "CanChangeTrackingBeEnabled": {
            "Value": not table.is_intersect and table.ownership != "None",
            "CanBeChanged": True,
            "ManagedPropertyLogicalName": "canchangetrackingbeenabled",
        },
        "IsConnectionsEnabled": {**_MANAGED, "ManagedPropertyLogicalName": "canmodifyconnectionsettings"},
        "DisplayName": label(table.display_name),
        "DisplayCollectionName": label(table.display_collection_name),
        "Description": label(table.description),
    }


def related(schema: Schema, table: Table, name: str) -> list[Json] | None:
    """A collection below a table's definition: its columns, keys or relationships. None for a name that is none."""
    if name == "Attributes":
        return [describe_column(table, column) for column in table.columns.values()]
    if name == "Keys":
        return [describe_key(table, key) for key in table.keys.values()]
    links = schema.one_to_many.values()
    if name == "ManyToOneRelationships":
        return [describe_one_to_many(schema, link) for link in links if link.referencing_table == table.logical_name]
    if name == "OneToManyRelationships":
        return [describe_one_to_many(schema, link) for link in links if link.referenced_table == table.logical_name]
    if name == "ManyToManyRelationships":
        pairs = schema.many_to_many.values()
        return [_pair(schema, pair) for pair in pairs if table.logical_name in (pair.table1, pair.table2)]
    return None


def describe_key(table: Table, key: Key) -> Json:
    """`EntityKeyMetadata`."""
    return {
        "MetadataId": key.metadata_id,
        "HasChanged": None,
        "SchemaName": key.schema_name,
        "LogicalName": key.logical_name,
        "EntityLogicalName": table.logical_name,
        "KeyAttributes": list(key.columns),
        "EntityKeyIndexStatus": key.status,
        "IsManaged": False,
        "IsCustomizable": {**_MANAGED, "ManagedPropertyLogicalName": "iscustomizable"},
        "DisplayName": label(key.display_name),
    }


def describe_one_to_many(schema: Schema, link: OneToMany) -> Json:
    """`OneToManyRelationshipMetadata`."""
    referenced = schema.tables[link.referenced_table]
    return {
        "@odata.type": f"{TYPE_PREFIX}OneToManyRelationshipMetadata",
        **_relationship(link.schema_name, link.metadata_id, custom=link.custom),
        "RelationshipType": "OneToManyRelationship",
        "IsHierarchical": link.hierarchical,
        "SecurityTypes": "Append" if link.cascades.assign == "NoCascade" else "ParentChild",
        "ReferencedEntity": link.referenced_table,
        "ReferencedAttribute": referenced.primary_id,
        "ReferencedEntityNavigationPropertyName": link.referenced_nav,
        "ReferencingEntity": link.referencing_table,
        "ReferencingAttribute": link.referencing_column,
        "ReferencingEntityNavigationPropertyName": link.referencing_nav,
        "RelationshipBehavior": 1,
        "CascadeConfiguration": _cascades(link.cascades),
    }


def _relationship(schema_name: str, identity: str, *, custom: bool) -> Json:
    """What all relationships have."""
    return {
        "MetadataId": identity,
        "HasChanged": None,
        "SchemaName": schema_name,
        "IsCustomRelationship": custom,
        "IsManaged": not custom,
        "IsValidForAdvancedFind": True,
        "IsCustomizable": {**_MANAGED, "ManagedPropertyLogicalName": "iscustomizable"},
        "IntroducedVersion": None,
    }


def _cascades(cascades: Cascades) -> Json:
    return {
        "Assign": cascades.assign,
        "Delete": cascades.delete,
        "Merge": cascades.merge,
        "Reparent": cascades.reparent,
        "Share": cascades.share,
        "Unshare": cascades.unshare,
        "RollupView": "NoCascade",
        "Archive": "NoCascade",
    }


def describe_many_to_many(pair: ManyToMany, *, custom: bool) -> Json:
    """`ManyToManyRelationshipMetadata`."""
    return {
        "@odata.type": f"{TYPE_PREFIX}ManyToManyRelationshipMetadata",
        **_relationship(pair.schema_name, pair.metadata_id, custom=custom),
        "SecurityTypes": "None",
        "RelationshipType": "ManyToManyRelationship",
        "IntersectEntityName": pair.intersect_table,
        "Entity1LogicalName": pair.table1,
        "Entity1IntersectAttribute": pair.column1,
        "Entity1NavigationPropertyName": pair.nav1,
        "Entity2LogicalName": pair.table2,
        "Entity2IntersectAttribute": pair.column2,
        "Entity2NavigationPropertyName": pair.nav2,
    }


def relationships(schema: Schema) -> Iterable[Json]:
    """Every relationship's definition."""
    yield from (describe_one_to_many(schema, link) for link in schema.one_to_many.values())
    yield from (_pair(schema, pair) for pair in schema.many_to_many.values())


def _pair(schema: Schema, pair: ManyToMany) -> Json:
    return describe_many_to_many(pair, custom=schema.tables[pair.intersect_table].custom)


def describe_option_set(option_set: OptionSet) -> Json:
    """`OptionSetMetadata` of a global choice."""
    return {
        "@odata.type": f"{TYPE_PREFIX}OptionSetMetadata",
        "MetadataId": option_set.metadata_id or metadata_id("optionset", option_set.name.lower()),
        "HasChanged": None,
        "Name": option_set.name,
        "IsGlobal": True,
        "IsCustomOptionSet": True,
        "IsManaged": False,
        "OptionSetType": "Picklist",
        "DisplayName": label(option_set.display_name),
        "Description": label(option_set.description),
        "IsCustomizable": {**_MANAGED, "ManagedPropertyLogicalName": "iscustomizable"},
        "IntroducedVersion": None,
        "Options": option_list(option_set.options),
    }
