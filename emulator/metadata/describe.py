"""Tables and relationships as the Web API shows their definitions."""

from __future__ import annotations

from collections.abc import Iterable

from emulator.metadata.describe_columns import TYPE_PREFIX, describe_column, option_list
from emulator.metadata.identity import metadata_id
from emulator.metadata.labels import Json, label
from emulator.metadata.model import Cascades, Key, ManyToMany, OneToMany, OptionSet, Schema, Table
from emulator.metadata.naming import plural

_MANAGED = {"Value": True, "CanBeChanged": True}


def describe_table(table: Table) -> Json:
    """`EntityMetadata`, without what has to be expanded."""
    return {
        "MetadataId": table.metadata_id,
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
        "ChangeTrackingEnabled": not table.is_intersect,
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
        return [describe_many_to_many(pair) for pair in pairs if table.logical_name in (pair.table1, pair.table2)]
    return None


def describe_key(table: Table, key: Key) -> Json:
    """`EntityKeyMetadata`."""
    return {
        "MetadataId": key.metadata_id,
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
        "MetadataId": link.metadata_id,
        "SchemaName": link.schema_name,
        "RelationshipType": "OneToManyRelationship",
        "IsCustomRelationship": link.custom,
        "IsManaged": not link.custom,
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


def describe_many_to_many(pair: ManyToMany) -> Json:
    """`ManyToManyRelationshipMetadata`."""
    return {
        "@odata.type": f"{TYPE_PREFIX}ManyToManyRelationshipMetadata",
        "MetadataId": pair.metadata_id,
        "SchemaName": pair.schema_name,
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
    yield from (describe_many_to_many(pair) for pair in schema.many_to_many.values())


def describe_option_set(option_set: OptionSet) -> Json:
    """`OptionSetMetadata` of a global choice."""
    return {
        "@odata.type": f"{TYPE_PREFIX}OptionSetMetadata",
        "MetadataId": option_set.metadata_id or metadata_id("optionset", option_set.name.lower()),
        "Name": option_set.name,
        "IsGlobal": True,
        "IsCustomOptionSet": True,
        "IsManaged": False,
        "OptionSetType": "Picklist",
        "DisplayName": label(option_set.display_name),
        "Options": option_list(option_set.options),
    }
