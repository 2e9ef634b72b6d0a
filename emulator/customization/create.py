"""Tables, columns, relationships and global choices that are created.

Each is checked against the publishers of the environment, recorded by the catalog, and becomes a component of the
solution that the header `MSCRM.SolutionUniqueName` names.
"""

from __future__ import annotations

from collections.abc import Mapping

from emulator.customization.gate import (
    ATTRIBUTE,
    ENTITY,
    OPTION_SET,
    RELATIONSHIP,
    Body,
    Made,
    change_schema,
    note,
)
from emulator.customization.names import check_lookup, checked_name, option_prefix, relationship_name
from emulator.metadata.attributes import shared_choice, with_option_values
from emulator.metadata.identity import metadata_id
from emulator.metadata.messages import create_entity, create_messages
from emulator.metadata.model import Table
from emulator.metadata.naming import bad_definition
from emulator.metadata.privileges import create_privileges
from emulator.operations import Json, Target, action
from emulator.seams import Work


def make_table(work: Work, body: Body) -> Made:
    """A table with its primary name column and whatever other columns come with it; its privileges as well."""
    name = checked_name(work, body, "Entity")
    attributes = body.get("Attributes")
    if isinstance(attributes, list):
        primary = body.get("IsActivity") is True
        columns = [dict(each) for each in attributes if isinstance(each, Mapping)]
        for column in columns:
            if not (primary and column.get("SchemaName") == "Subject"):
                _prepare_column(work, column)
        body["Attributes"] = columns
    schema = change_schema(work, "table", "", body, ("Entity", "Create"))
    table = schema.tables[name.lower()]
    create_privileges(work.context.db, table)
    create_entity(work.context.db, table)
    create_messages(work.context.db, table)
    return Made(table.metadata_id, f"EntityDefinitions({table.metadata_id})", ENTITY)


def make_column(work: Work, table: Table, body: Body) -> Made:
    """A column of any type but a lookup."""
    _prepare_column(work, body)
    change_schema(work, "column", table.logical_name, body, ("Attribute", "Create"))
    identity = metadata_id("attribute", table.logical_name, str(body["SchemaName"]).lower())
    return Made(identity, f"EntityDefinitions({table.metadata_id})/Attributes({identity})", ATTRIBUTE)


def make_relationship(work: Work, body: Body) -> Made:
    """One to many with its lookup, or many to many."""
    name = relationship_name(work, body)
    check_lookup(work, body)
    change_schema(work, "relationship", "", body, ("Relationship", "Create"))
    identity = metadata_id("relationship", name)
    return Made(identity, f"RelationshipDefinitions({identity})", RELATIONSHIP)


def make_option_set(work: Work, body: Body) -> Made:
    """A global choice."""
    prefix = option_prefix(work, str(body.get("Name") or ""), "OptionSet")
    options = body.get("Options")
    body["Options"] = with_option_values(options if isinstance(options, list) else [], prefix)
    change_schema(work, "option set", "", body, ("OptionSet", "Create"))
    identity = metadata_id("optionset", str(body["Name"]).lower())
    return Made(identity, f"GlobalOptionSetDefinitions({identity})", OPTION_SET)


def _prepare_column(work: Work, body: Body) -> None:
    """Checks a column's name and numbers the options that come without a value."""
    prefix = option_prefix(work, str(body.get("SchemaName") or ""), "Attribute")
    option_set = body.get("OptionSet")
    if isinstance(option_set, Mapping) and isinstance(option_set.get("Options"), list):
        shared = shared_choice(work.context.schema, body)
        if shared is None:
            body["OptionSet"] = {**option_set, "Options": with_option_values(option_set["Options"], prefix)}


@action("CreateEntities")
def create_entities(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None:
    """Tables with all their columns at once."""
    entities = arguments.get("Entities")
    tables = [dict(each) for each in entities if isinstance(each, Mapping)] if isinstance(entities, list) else []
    if not tables:
        raise bad_definition("Entities must hold a table.")
    for table in tables:
        note(work, make_table(work, table))
    return None


@action("CreatePolymorphicLookupAttribute")
def create_polymorphic_lookup(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None:
    """A lookup that can point to several tables."""
    body = dict(arguments)
    check_lookup(work, body)
    given = body.get("OneToManyRelationships")
    links = [each for each in given if isinstance(each, Mapping)] if isinstance(given, list) else []
    for link in links:
        relationship_name(work, link)
    schema = change_schema(work, "polymorphic lookup", "", body, ("Relationship", "Create"))
    made = [schema.one_to_many[str(link["SchemaName"])] for link in links]
    column = schema.tables[made[0].referencing_table].columns[made[0].referencing_column]
    return {"RelationshipIds": [link.metadata_id for link in made], "AttributeId": column.metadata_id}
