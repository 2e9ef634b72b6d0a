"""PUT of a whole definition: Dataverse has no PATCH for metadata."""

from __future__ import annotations

from emulator.customization.gate import (
    ATTRIBUTE,
    ENTITY,
    OPTION_SET,
    RELATIONSHIP,
    Body,
    Made,
    change_schema,
)
from emulator.definition_paths import find_column, find_option_set, find_relationship, find_table
from emulator.errors import not_supported
from emulator.metadata.model import Table
from emulator.paths import Segment
from emulator.seams import Work


def replace_definition(work: Work, segments: list[Segment], body: Body) -> Made:
    """Puts a definition in the place of the one that the path names."""
    root, below = segments[0], segments[1:]
    schema, arguments = work.context.schema, root.arguments or ""
    if root.name == "EntityDefinitions" and below:
        return _column(work, find_table(schema, arguments), below, body)
    if root.name == "EntityDefinitions":
        table = find_table(schema, arguments)
        change_schema(work, "change of table", table.logical_name, body, ("Entity", "Write"))
        return Made(table.metadata_id, f"EntityDefinitions({table.metadata_id})", ENTITY)
    if root.name == "GlobalOptionSetDefinitions":
        choice = find_option_set(schema, arguments)
        change_schema(work, "change of option set", "", {**body, "Name": choice.name}, ("OptionSet", "Write"))
        return Made(choice.metadata_id, f"GlobalOptionSetDefinitions({choice.metadata_id})", OPTION_SET)
    link = find_relationship(schema, arguments)
    change = {**body, "SchemaName": link.schema_name}
    change_schema(work, "change of relationship", "", change, ("Relationship", "Write"))
    return Made(link.metadata_id, f"RelationshipDefinitions({link.metadata_id})", RELATIONSHIP)


def _column(work: Work, table: Table, below: list[Segment], body: Body) -> Made:
    if below[0].name != "Attributes" or below[0].arguments is None:
        raise not_supported(f"PUT {work.call.path}")
    column = find_column(table, below[0].arguments)
    change = {**body, "SchemaName": column.schema_name}
    change_schema(work, "change of column", table.logical_name, change, ("Attribute", "Write"))
    path = f"EntityDefinitions({table.metadata_id})/Attributes({column.metadata_id})"
    return Made(column.metadata_id, path, ATTRIBUTE)
