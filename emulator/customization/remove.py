"""DELETE of definitions: what is custom can go, unless something else still needs it.

What counts as needing it is part of what Dataverse counts. A table: lookups of other tables, site maps and steps that
name it. A column: alternate keys, and the views and forms of its table. A global choice: columns. The views, forms,
keys and N:N relationships of a table go with it (Learn: "Dependency tracking for solution components").
"""

from __future__ import annotations

from emulator.customization import traces
from emulator.customization.dependents import dependents_of_column, dependents_of_table
from emulator.customization.gate import change_schema
from emulator.definition_paths import find_column, find_key, find_option_set, find_relationship, find_table
from emulator.errors import DataverseError, not_supported
from emulator.exchange import Answer
from emulator.metadata.model import Column, ManyToMany, OptionSet, Table
from emulator.paths import Segment
from emulator.seams import Work


def remove_definition(work: Work, segments: list[Segment]) -> Answer:
    """Deletes what the path names. Raises 0x8004f01f where something depends on it, another code for what is not
    custom."""
    root, below = segments[0], segments[1:]
    schema, arguments = work.context.schema, root.arguments or ""
    if root.name == "RelationshipDefinitions":
        _relationship(work, arguments)
    elif root.name == "GlobalOptionSetDefinitions":
        _option_set(work, find_option_set(schema, arguments))
    elif not below:
        _table(work, find_table(schema, arguments))
    elif below[0].name == "Attributes":
        table = find_table(schema, arguments)
        _column(work, table, find_column(table, below[0].arguments or ""))
    elif below[0].name == "Keys":
        _key(work, find_table(schema, arguments), below[0].arguments or "")
    else:
        raise not_supported(f"DELETE {work.call.path}")
    return Answer()


def _table(work: Work, table: Table) -> None:
    if not table.custom:
        message = "The metadata record being deleted cannot be deleted by the end user"
        raise DataverseError(400, "0x80044250", message)
    _refuse_in_use("Entity", table.metadata_id, dependents_of_table(work, table))
    traces.remove_rows(work, table)
    change_schema(work, "deleted table", table.logical_name, {}, ("Entity", "Delete"))
    traces.remove_components(work, traces.ids_of(table))


def _column(work: Work, table: Table, column: Column) -> None:
    if not column.custom:
        message = "The specified attribute is not a custom attribute"
        raise DataverseError(400, "0x80047009", message)
    if column.logical_name == table.primary_name:
        raise DataverseError(400, "0x80047002", "The Primary UI Attribute is not valid for deletion")
    _refuse_in_use("Attribute", column.metadata_id, dependents_of_column(work, table, column))
    body: dict[str, object] = {"LogicalName": column.logical_name}
    change_schema(work, "deleted column", table.logical_name, body, ("Attribute", "Delete"))
    traces.remove_components(work, [column.metadata_id])


def _key(work: Work, table: Table, arguments: str) -> None:
    key = find_key(table, arguments)
    change_schema(work, "deleted key", table.logical_name, {"LogicalName": key.logical_name}, ("Entity", "Write"))
    traces.remove_components(work, [key.metadata_id])


def _relationship(work: Work, arguments: str) -> None:
    link = find_relationship(work.context.schema, arguments)
    if isinstance(link, ManyToMany):
        custom = work.context.schema.tables[link.intersect_table].custom
    else:
        custom = link.custom
        table = work.context.schema.tables[link.referencing_table]
        column = table.columns[link.referencing_column]
        _refuse_in_use("Relationship", link.metadata_id, dependents_of_column(work, table, column))
    if not custom:
        raise DataverseError(400, "0x8004700a", "The specified relationship is not a custom relationship")
    change_schema(work, "deleted relationship", "", {"SchemaName": link.schema_name}, ("Relationship", "Delete"))
    traces.remove_components(work, [link.metadata_id])


def _option_set(work: Work, choice: OptionSet) -> None:
    tables = work.context.schema.tables.values()
    users = [
        table.logical_name for table in tables for each in table.columns.values() if each.option_set == choice.name
    ]
    if users:
        message = (
            "This option set cannot be deleted. The current set of entities that reference this option set are: "
            f"{', '.join(sorted(set(users)))}. These references must be removed before this option set can be deleted"
        )
        raise DataverseError(400, "0x80048417", message)
    change_schema(work, "deleted option set", "", {"Name": choice.name}, ("OptionSet", "Delete"))
    traces.remove_components(work, [choice.metadata_id])


def _refuse_in_use(kind: str, identity: str, dependents: list[str]) -> None:
    if dependents:
        message = (
            f"The {kind}({identity}) component cannot be deleted because it is referenced by {len(dependents)} other "
            f"components: {', '.join(dependents)}. For a list of referenced components, use the "
            "RetrieveDependenciesForDeleteRequest."
        )
        raise DataverseError(400, "0x8004f01f", message)
