"""Relationships from their definitions: one to many with the lookup they bring, many to many, polymorphic lookups.

Source: Learn, "Create and update table relationships using the Web API", "Use multi-table lookup columns".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from emulator.errors import DataverseError
from emulator.metadata.attributes import Body
from emulator.metadata.define import column_exists, lookup_column
from emulator.metadata.draft import Draft
from emulator.metadata.identity import metadata_id
from emulator.metadata.kinds import POINTER, column
from emulator.metadata.model import Cascades, ColumnType, OneToMany, Schema, Table
from emulator.metadata.naming import bad_definition, identifier, not_unique, prefix_of

_CASCADES = frozenset({"NoCascade", "Cascade", "Active", "UserOwned", "RemoveLink", "Restrict"})


def define_relationship(draft: Draft, owner: str, body: Body) -> None:
    """`OneToManyRelationshipMetadata` or `ManyToManyRelationshipMetadata`."""
    kind = str(body.get("@odata.type", "")).removeprefix("#").removeprefix("Microsoft.Dynamics.CRM.")
    kind = kind.removeprefix("Complex")
    _check_name(draft.schema, body)
    if kind == "OneToManyRelationshipMetadata":
        _one_to_many(draft, body)
    elif kind == "ManyToManyRelationshipMetadata":
        _many_to_many(draft, body)
    else:
        raise bad_definition("a relationship needs its @odata.type.")


def _one_to_many(draft: Draft, body: Body) -> None:
    one, many = _table(draft.schema, body, "ReferencedEntity"), _table(draft.schema, body, "ReferencingEntity")
    lookup = lookup_column(many.logical_name, body.get("Lookup"))
    if lookup.logical_name in many.columns:
        raise column_exists(lookup.schema_name)
    cascades = _cascades(body)
    _check_parental(draft.schema, many, cascades)
    draft.put_column(many.logical_name, lookup)
    draft.link(
        str(body["SchemaName"]),
        f"{many.logical_name}.{lookup.logical_name}",
        one.logical_name,
        _navigation(draft.schema, many, body, "ReferencingEntityNavigationPropertyName", lookup.schema_name),
        cascades,
        collection=_navigation(draft.schema, one, body, "ReferencedEntityNavigationPropertyName", None),
        custom=True,
        hierarchical=one is many and body.get("IsHierarchical") is True,
    )


def change_relationship(draft: Draft, owner: str, body: Body) -> None:
    """Other cascades for a relationship, from its definition; the rest of it is for good."""
    link = draft.schema.one_to_many.get(str(body["SchemaName"]))
    if link is None:
        return
    if not link.custom and not _is_about(draft.schema, link):
        raise DataverseError(400, "0x8004700a", "The specified relationship is not a custom relationship")
    cascades = _cascades(body) if isinstance(body.get("CascadeConfiguration"), Mapping) else link.cascades
    parental = cascades.assign == "Cascade" and link.cascades.assign != "Cascade"
    if parental:
        _check_parental(draft.schema, draft.schema.tables[link.referencing_table], cascades)
    draft.schema.one_to_many[link.schema_name] = replace(link, cascades=cascades)


def _is_about(schema: Schema, link: OneToMany) -> bool:
    """Whether a relationship tells what an activity is about: those can be customized, but for that of activitypointer
    (Learn, table reference of account: `Account_Phonecalls` and `Account_ActivityPointers`, IsCustomizable)."""
    table = schema.tables[link.referencing_table]
    return table.is_activity and table.logical_name != POINTER and link.referencing_column == "regardingobjectid"


def _check_parental(schema: Schema, many: Table, cascades: Cascades) -> None:
    """A table has one parent at most (activities have one for each table that they can be about)."""
    parental = cascades.assign == "Cascade" or cascades.share == "Cascade" or cascades.reparent == "Cascade"
    if not parental:
        return
    if many.ownership != "UserOwned":
        message = "Cascade User-Owned is not a valid cascade link type for org-owned entity relationships."
        raise DataverseError(400, "0x80044156", message)
    for link in schema.one_to_many.values():
        if link.referencing_table == many.logical_name and link.custom and link.cascades.assign == "Cascade":
            raise DataverseError(400, "0x80048205", "A parental relationship already exists.")


def _cascades(body: Body) -> Cascades:
    given = body.get("CascadeConfiguration")
    if not isinstance(given, Mapping):
        return Cascades()
    names = ("Assign", "Delete", "Merge", "Reparent", "Share", "Unshare")
    rules = {name.lower(): str(given[name]) for name in names if given.get(name) is not None}
    for name, rule in rules.items():
        if rule not in _CASCADES or (name == "delete" and rule in ("Active", "UserOwned")):
            raise DataverseError(400, "0x80048204", f"The cascade link type {rule} is not valid for {name}.")
    return Cascades(**rules)


def _table(schema: Schema, body: Body, name: str) -> Table:
    table = schema.tables.get(str(body.get(name)))
    if table is None:
        raise bad_definition(f"{name} '{body.get(name)}' is no table.")
    return table


def _check_name(schema: Schema, body: Body) -> None:
    name = identifier(str(body.get("SchemaName") or ""), "name of a relationship")
    if name.lower() in (each.lower() for each in (*schema.one_to_many, *schema.many_to_many)):
        raise not_unique(name, "EntityRelationship")


def _navigation(schema: Schema, table: Table, body: Body, side: str, otherwise: str | None) -> str | None:
    """The name of a navigation property, which no other property of its table has."""
    if not body.get(side):
        return otherwise
    name = identifier(str(body[side]), "name of a navigation property")
    if name in table.columns or any(each.name == name for each in schema.navigations(table.logical_name)):
        raise bad_definition(f"{table.logical_name} has a property named '{name}' already.")
    return name


def _many_to_many(draft: Draft, body: Body) -> None:
    one = _table(draft.schema, body, "Entity1LogicalName")
    two = _table(draft.schema, body, "Entity2LogicalName")
    intersect = str(body.get("IntersectEntityName") or body["SchemaName"])
    prefix_of(intersect, "Entity")
    if intersect.lower() in draft.schema.tables:
        raise not_unique(intersect, "Entity")
    same = one is two
    side1 = f"{one.primary_id}one" if same else one.primary_id
    side2 = f"{two.primary_id}two" if same else two.primary_id
    draft.put_table(_intersect(intersect, side1, side2))
    sides = (one.logical_name, side1), (two.logical_name, side2)
    navs = (
        _navigation(draft.schema, one, body, "Entity1NavigationPropertyName", None),
        _navigation(draft.schema, two, body, "Entity2NavigationPropertyName", None),
    )
    draft.link_many(str(body["SchemaName"]), intersect.lower(), *sides, navs=navs)


def _intersect(schema_name: str, side1: str, side2: str) -> Table:
    name = schema_name.lower()
    columns = [
        column(name, f"{name}id", ColumnType.ID),
        column(name, side1, ColumnType.ID),
        column(name, side2, ColumnType.ID),
        column(name, "VersionNumber", ColumnType.BIGINT, read_only=True),
    ]
    return Table(
        logical_name=name,
        schema_name=schema_name,
        set_name=f"{name}set",
        primary_id=f"{name}id",
        primary_name="",
        object_type_code=0,
        metadata_id=metadata_id("entity", name),
        ownership="None",
        is_intersect=True,
        custom=True,
        columns={each.logical_name: each for each in columns},
    )


def define_polymorphic_lookup(draft: Draft, owner: str, body: Body) -> None:
    """`CreatePolymorphicLookupAttribute`: one lookup with a relationship for each table it can point to."""
    given = body.get("OneToManyRelationships")
    links = [each for each in given if isinstance(each, Mapping)] if isinstance(given, list) else []
    if not links:
        raise bad_definition("OneToManyRelationships must hold a relationship for each target.")
    many = _table(draft.schema, links[0], "ReferencingEntity")
    lookup = lookup_column(many.logical_name, body.get("Lookup"))
    if lookup.logical_name in many.columns:
        raise column_exists(lookup.schema_name)
    draft.put_column(many.logical_name, lookup)
    for each in links:
        _check_name(draft.schema, each)
        one, name = _table(draft.schema, each, "ReferencedEntity"), str(each["SchemaName"])
        column_name = f"{many.logical_name}.{lookup.logical_name}"
        nav = f"{lookup.schema_name}_{one.logical_name}"
        draft.link(name, column_name, one.logical_name, nav, _cascades(each), custom=True)
