"""`EntityDefinitions`, `RelationshipDefinitions` and `GlobalOptionSetDefinitions`: what is asked of the schema."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from emulator.customization.routes import customize
from emulator.definition_paths import find_table, not_found, wanted_name
from emulator.errors import bad_query, not_supported
from emulator.exchange import Answer
from emulator.metadata.conditions import properties
from emulator.metadata.describe import (
    OPTION_SET_PROPERTIES,
    RELATIONSHIP_PROPERTIES,
    describe_option_set,
    describe_table,
    related,
    relationships,
)
from emulator.metadata.describe_columns import BASE_PROPERTIES, EXPANDABLE, TYPE_PREFIX
from emulator.metadata.labels import Json, in_languages
from emulator.metadata.model import Schema
from emulator.metadata.selection import Selection, read_selection, select, shape
from emulator.operations import NAMESPACE
from emulator.paths import Segment
from emulator.seams import Work

ROOTS = frozenset({"EntityDefinitions", "RelationshipDefinitions", "GlobalOptionSetDefinitions"})


def serve_definitions(work: Work, segments: list[Segment]) -> Answer:
    """Answers a request whose path starts with one of `ROOTS`."""
    if work.call.method != "GET":
        return customize(work, segments)
    root, rest = segments[0], segments[1:]
    if root.name == "EntityDefinitions":
        return _tables(work, root, rest)
    schema = work.context.schema
    if root.name == "RelationshipDefinitions":
        items: Iterable[Json] = relationships(schema)
    else:
        items = [describe_option_set(each) for each in schema.option_sets.values()]
    return _answer(work, root, rest, items)


def _tables(work: Work, root: Segment, rest: list[Segment]) -> Answer:
    schema = work.context.schema
    if root.arguments is None:
        wanted = read_selection(work.call.query)
        items = [describe_table(table) for table in schema.tables.values()]
        return _listed(work, root.name, select(items, wanted, _expander(schema), EXPANDABLE))
    table = find_table(schema, root.arguments)
    if not rest:
        shown = shape(describe_table(table), read_selection(work.call.query), _expander(schema), EXPANDABLE)
        return _shown(work, root.name, shown)
    below = related(schema, table, rest[0].name)
    if below is None:
        raise not_supported(f"the path {work.call.path}")
    return _answer(work, rest[0], rest[1:], below)


def _expander(schema: Schema) -> Callable[[Json, str], object]:
    """What `$expand` finds below a table's definition, or below one of its columns."""

    def expand(item: Json, name: str) -> object:
        table = schema.tables.get(str(item.get("LogicalName"))) if "EntitySetName" in item else None
        found = related(schema, table, name) if table is not None else None
        return _below(item, name) if found is None else found

    return expand


def _below(item: Json, name: str) -> object:
    if name not in item:
        raise bad_query(f"Could not find a property named '{name}' on this type of definition.")
    return item[name]


def _answer(work: Work, step: Segment, rest: list[Segment], items: Iterable[Json]) -> Answer:
    """A collection, or one of it by name or id; either may be cast to a type, and one may be followed to its choice."""
    cast = rest[0].name if rest and rest[0].name.startswith(NAMESPACE) else None
    below = rest[1:] if cast else rest
    if len(below) > 1 or (below and (step.arguments is None or below[0].name not in EXPANDABLE)):
        raise not_supported(f"the path {work.call.path}")
    kind = TYPE_PREFIX + (cast or "").removeprefix(NAMESPACE)
    found = [item for item in items if cast is None or item.get("@odata.type") == kind]
    wanted = read_selection(work.call.query)
    if cast is None and step.name in _BASES:
        _check_base(wanted, *_BASES[step.name])
    if step.arguments is None:
        return _listed(work, step.name, select(found, wanted, _below, EXPANDABLE))
    item = _named(step, found)
    if below:
        return _followed(work, item, below[0].name, wanted)
    return _shown(work, step.name, shape(item, wanted, _below, EXPANDABLE))


def _named(step: Segment, items: Iterable[Json]) -> Json:
    name = wanted_name(step.arguments or "")
    for item in items:
        names = [str(item.get(key)) for key in ("LogicalName", "SchemaName", "Name", "MetadataId")]
        if name.lower() in (each.lower() for each in names):
            return item
    raise not_found(step.name, name)


def _followed(work: Work, item: Json, name: str, wanted: Selection) -> Answer:
    """The choice of a column, without the column."""
    choice = _below(item, name)
    if not isinstance(choice, dict):
        return Answer(status=204)
    return _shown(work, name, shape(choice, wanted, _below))


# What can be selected and filtered by without a cast, and the type that has no more than that.
_BASES = {
    "Attributes": ("AttributeMetadata", BASE_PROPERTIES),
    "RelationshipDefinitions": ("RelationshipMetadataBase", RELATIONSHIP_PROPERTIES),
    "GlobalOptionSetDefinitions": ("OptionSetMetadataBase", OPTION_SET_PROPERTIES),
}


def _check_base(wanted: Selection, kind: str, base: frozenset[str]) -> None:
    """Without a cast, only what all the types have can be asked for."""
    for name in (*wanted.select, *(name for name, _ in wanted.expand), *sorted(properties(wanted.filter))):
        if name not in base:
            raise bad_query(f"Could not find a property named '{name}' on type '{NAMESPACE}{kind}'.")


def _listed(work: Work, name: str, items: list[Json]) -> Answer:
    return _told(work, {"@odata.context": f"{work.context.url}$metadata#{name}", "value": items})


def _shown(work: Work, name: str, item: Json) -> Answer:
    return _told(work, {"@odata.context": f"{work.context.url}$metadata#{name}/$entity", **item})


def _told(work: Work, payload: Json) -> Answer:
    """The answer, its labels in the `LabelLanguages` that the query names."""
    languages = work.call.parameters().get("LabelLanguages")
    if languages:
        payload = in_languages(payload, [int(each) for each in re.findall(r"\b\d{1,9}\b", languages, re.ASCII)])
    return Answer(status=200, payload=payload)
