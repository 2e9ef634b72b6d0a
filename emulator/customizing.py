"""Changes to the schema over HTTP: definitions posted or put, and the actions that make them.

Each is checked against the publishers and solutions of the environment, recorded by the catalog, and becomes a
component of the solution that the header `MSCRM.SolutionUniqueName` names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from emulator.definition_paths import find_table
from emulator.errors import DataverseError, not_supported
from emulator.exchange import Answer, wrong_method
from emulator.metadata.attributes import shared_choice, with_option_values
from emulator.metadata.identity import metadata_id
from emulator.metadata.messages import create_messages
from emulator.metadata.model import Schema, Table
from emulator.metadata.naming import bad_definition, invalid_prefix, prefix_of
from emulator.metadata.privileges import DEFINITIONS, create_privileges
from emulator.operations import Json, Target, action
from emulator.paths import Segment
from emulator.seams import Work
from emulator.solutions import add_component, requested_solution

ENTITY, ATTRIBUTE, OPTION_SET, RELATIONSHIP, KEY = 1, 2, 9, 10, 14
Body = dict[str, object]
# What a change takes: Create or Write on which kind of definition.
_PRIVILEGES = {
    "table": ("Entity", "Create"),
    "column": ("Attribute", "Create"),
    "key": ("Entity", "Write"),
    "relationship": ("Relationship", "Create"),
    "polymorphic lookup": ("Relationship", "Create"),
    "option set": ("OptionSet", "Create"),
    "change of table": ("Entity", "Write"),
    "change of column": ("Attribute", "Write"),
}


@dataclass(frozen=True, slots=True)
class Made:
    """A piece of metadata that was made: its id, its path, and what kind of component it is."""

    metadata_id: str
    path: str
    component: int


def customize(work: Work, segments: list[Segment]) -> Answer:
    """POST or PUT of a definition. Answers 204 with its address."""
    body = dict(work.call.json(may_be_empty=work.call.method == "DELETE"))
    names = [segment.name for segment in segments]
    if work.call.method == "POST" and names[0] == "EntityDefinitions" and len(segments) == 1:
        made = make_table(work, body)
    elif work.call.method == "POST" and len(segments) == 2 and segments[0].arguments is not None:
        made = _make_below(work, find_table(work.context.schema, segments[0].arguments), names[1], body)
    elif work.call.method == "POST" and len(segments) == 1:
        made = make_relationship(work, body) if names[0] == "RelationshipDefinitions" else make_option_set(work, body)
    elif work.call.method == "PUT":
        made = _change(work, segments, body)
    elif work.call.method == "DELETE":
        raise not_supported("deleting definitions")
    else:
        raise wrong_method(work.call)
    add_component(work, requested_solution(work), made.component, made.metadata_id)
    url = work.context.url + made.path
    return Answer(headers={"OData-EntityId": url, "Location": url})


def _define(work: Work, kind: str, owner: str, body: Body) -> Schema:
    if work.call.in_change_set:
        raise not_supported("definitions in a change set")
    needed, verb = _PRIVILEGES[kind]
    work.parts.security.check_privilege(work.context, DEFINITIONS[needed], verb)
    return work.catalog.change(work.context.db, kind, owner, body)


def make_table(work: Work, body: Body) -> Made:
    """A table with its primary name column and whatever other columns come with it; its privileges as well."""
    name = _checked_name(work, body, "Entity")
    attributes = body.get("Attributes")
    if isinstance(attributes, list):
        primary = body.get("IsActivity") is True
        columns = [dict(each) for each in attributes if isinstance(each, Mapping)]
        for column in columns:
            if not (primary and column.get("SchemaName") == "Subject"):
                _prepare_column(work, column)
        body["Attributes"] = columns
    schema = _define(work, "table", "", body)
    table = schema.tables[name.lower()]
    create_privileges(work.context.db, table)
    create_messages(work.context.db, table)
    return Made(table.metadata_id, f"EntityDefinitions({table.metadata_id})", ENTITY)


def _make_below(work: Work, table: Table, kind: str, body: Body) -> Made:
    if kind == "Attributes":
        _prepare_column(work, body)
        _define(work, "column", table.logical_name, body)
        identity = metadata_id("attribute", table.logical_name, str(body["SchemaName"]).lower())
        return Made(identity, f"EntityDefinitions({table.metadata_id})/Attributes({identity})", ATTRIBUTE)
    if kind == "Keys":
        name = _checked_name(work, body, "EntityKey")
        body["status"] = "Failed" if _has_duplicates(work, table, body) else "Active"
        _define(work, "key", table.logical_name, body)
        identity = metadata_id("key", table.logical_name, name.lower())
        return Made(identity, f"EntityDefinitions({table.metadata_id})/Keys({identity})", KEY)
    raise not_supported(f"creating {kind}")


def _has_duplicates(work: Work, table: Table, body: Body) -> bool:
    """Whether rows there already stand in the way of the key's index: then the key is there, but failed."""
    names = body.get("KeyAttributes")
    known = [name for name in names if str(name) in table.columns] if isinstance(names, list) else []
    if not known:
        return False
    columns = ", ".join(f'"{name}"' for name in known)
    filled = " AND ".join(f'"{name}" IS NOT NULL' for name in known)
    statement = f'SELECT 1 FROM "{table.logical_name}" WHERE {filled} GROUP BY {columns} HAVING count(*) > 1'
    return work.context.db.execute(statement).fetchone() is not None


def make_relationship(work: Work, body: Body) -> Made:
    """One to many with its lookup, or many to many."""
    name = _relationship_name(work, body)
    _check_lookup(work, body)
    _define(work, "relationship", "", body)
    identity = metadata_id("relationship", name)
    return Made(identity, f"RelationshipDefinitions({identity})", RELATIONSHIP)


def make_option_set(work: Work, body: Body) -> Made:
    """A global choice."""
    prefix = _prefix(work, str(body.get("Name") or ""), "OptionSet")
    options = body.get("Options")
    body["Options"] = with_option_values(options if isinstance(options, list) else [], prefix)
    _define(work, "option set", "", body)
    identity = metadata_id("optionset", str(body["Name"]).lower())
    return Made(identity, f"GlobalOptionSetDefinitions({identity})", OPTION_SET)


def _change(work: Work, segments: list[Segment], body: Body) -> Made:
    """PUT of a whole definition, of a table or of a column."""
    if segments[0].name != "EntityDefinitions" or segments[0].arguments is None:
        raise not_supported(f"PUT {work.call.path}")
    table = find_table(work.context.schema, segments[0].arguments)
    path = f"EntityDefinitions({table.metadata_id})"
    if len(segments) == 1:
        _define(work, "change of table", table.logical_name, body)
        return Made(table.metadata_id, path, ENTITY)
    name = str(body.get("SchemaName") or body.get("LogicalName") or "").lower()
    if segments[1].name != "Attributes" or name not in table.columns:
        raise bad_definition("the definition must name a column of the table in SchemaName.")
    body.setdefault("SchemaName", table.columns[name].schema_name)
    _define(work, "change of column", table.logical_name, body)
    identity = table.columns[name].metadata_id
    return Made(identity, f"{path}/Attributes({identity})", ATTRIBUTE)


def _prepare_column(work: Work, body: Body) -> None:
    """Checks a column's name and numbers the options that come without a value."""
    prefix = _prefix(work, str(body.get("SchemaName") or ""), "Attribute")
    option_set = body.get("OptionSet")
    if isinstance(option_set, Mapping) and isinstance(option_set.get("Options"), list):
        shared = shared_choice(work.context.schema, body)
        if shared is None:
            body["OptionSet"] = {**option_set, "Options": with_option_values(option_set["Options"], prefix)}


def _check_lookup(work: Work, body: Body) -> None:
    lookup = body.get("Lookup")
    if isinstance(lookup, Mapping):
        _prefix(work, str(lookup.get("SchemaName") or ""), "Attribute")


def _checked_name(work: Work, body: Body, kind: str) -> str:
    name = str(body.get("SchemaName") or "")
    _prefix(work, name, kind)
    return name


def _relationship_name(work: Work, body: Mapping[str, object]) -> str:
    """Checks the name of a relationship: `account_new_thing` will do, the prefix need not stand in front."""
    name = str(body.get("SchemaName") or "")
    parts = name.lower().split("_")
    if len(parts) < 2 or not any(_publisher(work, part) for part in parts[:-1]):
        raise invalid_prefix(name, "EntityRelationship")
    return name


def _prefix(work: Work, name: str, kind: str) -> int:
    """The number prefix for options of the publisher that the name's prefix belongs to; raises 0x80044366."""
    found = _publisher(work, prefix_of(name, kind))
    if found is None:
        raise invalid_prefix(name, kind)
    return found


def _publisher(work: Work, prefix: str) -> int | None:
    """The number prefix of the publisher with this customization prefix, None without one."""
    statement = "SELECT customizationoptionvalueprefix FROM publisher WHERE lower(customizationprefix) = ?"
    found = work.context.db.execute(statement, (prefix,)).fetchone()
    return int(found[0] or 10_000) if found else None


@action("CreateEntities")
def create_entities(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None:
    """Tables with all their columns at once."""
    entities = arguments.get("Entities")
    tables = [dict(each) for each in entities if isinstance(each, Mapping)] if isinstance(entities, list) else []
    if not tables:
        raise bad_definition("Entities must hold a table.")
    for table in tables:
        add_component(work, requested_solution(work), ENTITY, make_table(work, table).metadata_id)
    return None


@action("CreatePolymorphicLookupAttribute")
def create_polymorphic_lookup(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None:
    """A lookup that can point to several tables."""
    body = dict(arguments)
    _check_lookup(work, body)
    given = body.get("OneToManyRelationships")
    links = [each for each in given if isinstance(each, Mapping)] if isinstance(given, list) else []
    for link in links:
        _relationship_name(work, link)
    schema: Schema = _define(work, "polymorphic lookup", "", body)
    made = [schema.one_to_many[str(link["SchemaName"])] for link in links]
    column = schema.tables[made[0].referencing_table].columns[made[0].referencing_column]
    return {"RelationshipIds": [link.metadata_id for link in made], "AttributeId": column.metadata_id}


@action("PublishXml")
def publish(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None:
    """Accepted; what is defined is in force at once. The request log shows that it was asked for."""
    if not isinstance(arguments.get("ParameterXml"), str):
        raise DataverseError(400, "0x80040203", "The parameter ParameterXml of PublishXml is required.")
    return None


@action("PublishAllXml")
def publish_all(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None:
    """Accepted, like `PublishXml`."""
    return None
