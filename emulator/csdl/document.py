"""The document behind `$metadata`: entity types, the types of definitions, operations, and the entity sets of all.

Source: OData CSDL XML 4.0, and what Dataverse's own document is known to look like (Learn: "Web API types and
operations").
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from emulator.csdl.definitions import definition_sets, definition_types
from emulator.csdl.elements import EDM, EDMX, NAMESPACE, Element, element
from emulator.csdl.entities import OWNER, base_types, entity_type
from emulator.csdl.operations import operation_imports, operation_types
from emulator.metadata.kinds import POINTER
from emulator.metadata.model import Schema, Table
from emulator.operations import Operation

_VOCABULARIES = {
    "OData.Community.Keys.V1": "http://vocabularies.odata.org/OData.Community.Keys.V1.xml",
    "OData.Community.Display.V1": "http://vocabularies.odata.org/OData.Community.Display.V1.xml",
}


def csdl_document(schema: Schema, operations: Iterable[Operation]) -> bytes:
    """The whole document. `operations` are those that can be called."""
    callable_ones = list(operations)
    root = element("edmx:Edmx", Version="4.0")
    root.set("xmlns:edmx", EDMX)
    for namespace, uri in _VOCABULARIES.items():
        reference = element("edmx:Reference", Uri=uri)
        reference.append(element("edmx:Include", Namespace=namespace))
        root.append(reference)
    services = element("edmx:DataServices")
    root.append(services)
    declared = element("Schema", Namespace=NAMESPACE, Alias="mscrm")
    declared.set("xmlns", EDM)
    services.append(declared)
    declared.extend(base_types(schema))
    declared.extend(entity_type(schema, table) for table in schema.tables.values())
    declared.extend(definition_types(schema))
    declared.extend(operation_types(schema, callable_ones))
    container = element("EntityContainer", Name="System")
    container.extend(_entity_set(schema, table) for table in schema.tables.values())
    container.extend(definition_sets())
    container.extend(operation_imports(callable_ones))
    declared.append(container)
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _entity_set(schema: Schema, table: Table) -> Element:
    """A table's rows, and where its navigation properties lead."""
    found = element("EntitySet", Name=table.set_name, EntityType=f"{NAMESPACE}.{table.logical_name}")
    bound = dict(_targets(schema, table.logical_name))
    if table.is_activity:
        bound = {**dict(_targets(schema, POINTER)), **bound}
    for name, target in sorted(bound.items()):
        found.append(element("NavigationPropertyBinding", Path=name, Target=schema.tables[target].set_name))
    return found


def _targets(schema: Schema, table: str) -> Iterable[tuple[str, str]]:
    return ((nav.name, nav.target) for nav in schema.navigations(table) if table != OWNER)
