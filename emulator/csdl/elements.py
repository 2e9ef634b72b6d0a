"""XML elements of the document, and the types that its properties have."""

from __future__ import annotations

from xml.etree import ElementTree as ET

EDMX = "http://docs.oasis-open.org/odata/ns/edmx"
EDM = "http://docs.oasis-open.org/odata/ns/edm"
NAMESPACE = "Microsoft.Dynamics.CRM"
ALIAS = "mscrm."
Element = ET.Element
# What Dataverse says beside a type.
_FACETS = {"Edm.String": {"Unicode": "false"}, "Edm.Decimal": {"Scale": "Variable"}}


def element(tag: str, **attributes: str) -> Element:
    """An element with its attributes."""
    return Element(tag, attributes)


def prop(name: str, kind: str, *, nullable: bool = True) -> Element:
    """A structural property."""
    found = element("Property", Name=name, Type=kind, **_FACETS.get(kind, {}))
    if not nullable:
        found.set("Nullable", "false")
    return found


def parameter(name: str, kind: str, *, nullable: bool = True) -> Element:
    """A parameter of an operation."""
    found = prop(name, kind, nullable=nullable)
    found.tag = "Parameter"
    return found


def key(*names: str) -> Element:
    """The key of an entity type."""
    found = element("Key")
    found.extend(element("PropertyRef", Name=name) for name in names)
    return found
