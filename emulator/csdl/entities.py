"""Tables as entity types: properties, navigation properties with their partners, alternate keys.

All derive from `crmbaseentity`; activities from `activitypointer`, users and teams from `principal`, whose key
`ownerid` is theirs. What is inherited is not declared again.
"""

from __future__ import annotations

from collections.abc import Iterator

from emulator.csdl.elements import ALIAS, Element, element, key, prop
from emulator.metadata.kinds import POINTER
from emulator.metadata.model import Key, Navigation, Schema, Table
from emulator.odata.properties import PRINCIPALS, edm_type, property_name

BASE, PRINCIPAL, OWNER = "crmbaseentity", "principal", "owner"
_KEYS = "OData.Community.Keys.V1"


def base_types(schema: Schema) -> Iterator[Element]:
    """What the tables derive from."""
    yield element("EntityType", Name=BASE, Abstract="true")
    yield element("EntityType", Name="expando", BaseType=ALIAS + BASE, OpenType="true")
    principal = element("EntityType", Name=PRINCIPAL, BaseType=ALIAS + BASE)
    principal.append(key("ownerid"))
    principal.append(prop("ownerid", "Edm.Guid", nullable=False))
    principal.extend(_navigations(schema, OWNER))
    yield principal


def entity_type(schema: Schema, table: Table) -> Element:
    """A table's type."""
    name = table.logical_name
    base = PRINCIPAL if name in PRINCIPALS else POINTER if table.is_activity and name != POINTER else BASE
    found = element("EntityType", Name=name, BaseType=ALIAS + base)
    if base == BASE:
        found.append(key(table.primary_id))
    inherited = schema.tables[POINTER].columns if base == POINTER else {}
    for column in table.columns.values():
        if column.logical_name not in inherited:
            nullable = column.logical_name != table.primary_id
            found.append(prop(property_name(column), edm_type(column), nullable=nullable))
    if name != OWNER:
        found.extend(_navigations(schema, name, POINTER if base == POINTER else None))
    found.extend(_alternate_keys([each for each in table.keys.values() if each.status == "Active"], table))
    return found


def _navigations(schema: Schema, table: str, base: str | None = None) -> Iterator[Element]:
    inherited = {nav.name for nav in schema.navigations(base)} if base else set()
    for name, nav in {nav.name: nav for nav in schema.navigations(table)}.items():
        if name not in inherited:
            yield _navigation(schema, nav)


def _navigation(schema: Schema, nav: Navigation) -> Element:
    target = PRINCIPAL if nav.target == OWNER else nav.target
    kind = f"Collection({ALIAS}{target})" if nav.is_collection else ALIAS + target
    found = element("NavigationProperty", Name=nav.name, Type=kind)
    partner = _partner(schema, nav)
    if partner:
        found.set("Partner", partner)
    link = nav.one_to_many
    if link is not None and not nav.is_collection:
        referenced = "ownerid" if target == PRINCIPAL else schema.tables[target].primary_id
        column = schema.tables[link.referencing_table].columns[link.referencing_column]
        constraint = {"Property": property_name(column), "ReferencedProperty": referenced}
        found.append(Element("ReferentialConstraint", constraint))
    return found


def _partner(schema: Schema, nav: Navigation) -> str | None:
    """The same relationship from the other side; none where the other side only inherits its property."""
    if nav.many_to_many is not None:
        pair = nav.many_to_many
        return pair.nav2 if pair.nav1 == nav.name and nav.target == pair.table2 else pair.nav1
    if nav.one_to_many is None:
        return None
    if not nav.is_collection:
        return nav.one_to_many.referenced_nav
    name, holder = nav.one_to_many.referencing_nav, schema.tables[nav.target]
    inherits = holder.is_activity and holder.logical_name != POINTER
    return None if inherits and schema.navigation(POINTER, name) is not None else name


def _alternate_keys(keys: list[Key], table: Table) -> Iterator[Element]:
    if not keys:
        return
    annotation = element("Annotation", Term=f"{_KEYS}.AlternateKeys")
    collection = element("Collection")
    annotation.append(collection)
    for each in keys:
        record, value, parts = (
            element("Record", Type=f"{_KEYS}.AlternateKey"),
            element("PropertyValue", Property="Key"),
            element("Collection"),
        )
        for name in each.columns:
            part = element("Record", Type=f"{_KEYS}.PropertyRef")
            path = property_name(table.columns[name])
            part.append(element("PropertyValue", Property="Alias", String=path))
            part.append(element("PropertyValue", Property="Name", PropertyPath=path))
            parts.append(part)
        value.append(parts)
        record.append(value)
        collection.append(record)
    yield annotation
