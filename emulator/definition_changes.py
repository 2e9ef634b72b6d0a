"""`RetrieveMetadataChanges`: definitions by a query in JSON, and what has changed since an earlier one.

Source: Learn, "Query Schema Definitions" and the functions' reference. What is tracked is tables: with a
`ClientVersionStamp` the answer holds the tables of which any part has changed since, each as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from math import nan

from emulator.definition_paths import not_found
from emulator.errors import DataverseError, bad_query
from emulator.metadata.describe import describe_table, related
from emulator.metadata.describe_columns import TYPE_PREFIX
from emulator.metadata.labels import Json, in_languages
from emulator.metadata.model import Table
from emulator.operations import Target, function
from emulator.paths import literal
from emulator.seams import Work

Query = Mapping[str, object]
# Which query shapes which collection below a table.
_BELOW = {
    "Attributes": "AttributeQuery",
    "Keys": "KeyQuery",
    "OneToManyRelationships": "RelationshipQuery",
    "ManyToOneRelationships": "RelationshipQuery",
    "ManyToManyRelationships": "RelationshipQuery",
}
_ALWAYS = ("@odata.type", "LogicalName", "SchemaName", "MetadataId", "HasChanged")
# Bits of DeletedMetadataFilters.
_DELETED = {"Entity": 1, "Attribute": 2, "Relationship": 4, "OptionSet": 16}
_FILTERS = {**_DELETED, "Default": 1, "Label": 8, "All": 31}


@function("RetrieveMetadataChanges")
def retrieve_metadata_changes(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json:
    """Tables that fit the query; with a stamp only those that changed since, and the ids of what was deleted."""
    query = _query(arguments.get("Query"))
    position = _position(work, arguments.get("ClientVersionStamp"))
    tables = [
        table
        for name, table in work.catalog.schema.tables.items()
        if position is None or work.catalog.changed.get(name, 0) > position
    ]
    shown = [_table(work, table, query, changed=position is not None) for table in tables]
    stamp = f"{work.catalog.position}!{work.context.now():%m/%d/%Y %H:%M:%S}"
    return {
        "EntityMetadata": [each for each in shown if each is not None],
        "ServerVersionStamp": stamp,
        "DeletedMetadata": _deleted(work, position, arguments.get("DeletedMetadataFilters")),
    }


@function("RetrieveEntity")
def retrieve_entity(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json:
    """One table's whole definition; `EntityFilters` names what is shown below it."""
    wanted = str(arguments.get("LogicalName") or arguments.get("MetadataId") or "").lower()
    for table in work.context.schema.tables.values():
        if wanted in (table.logical_name, table.metadata_id):
            return {"EntityMetadata": _whole(work, table, arguments)}
    raise not_found("Entity", wanted)


@function("RetrieveAllEntities")
def retrieve_all_entities(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json:
    """Every table's whole definition."""
    tables = work.context.schema.tables.values()
    stamp = f"{work.catalog.position}!{work.context.now():%m/%d/%Y %H:%M:%S}"
    return {"EntityMetadata": [_whole(work, table, arguments) for table in tables], "Timestamp": stamp}


def _whole(work: Work, table: Table, arguments: Mapping[str, object]) -> Json:
    filters = {part.strip() for part in str(arguments.get("EntityFilters") or "Entity").split(",")}
    below = [name for name in _BELOW if filters & {"All", name, "Relationships" if "Relationship" in name else name}]
    return {**describe_table(table), **{name: related(work.context.schema, table, name) for name in below}}


def _query(given: object) -> Query:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise bad_query("The parameter Query must be an EntityQueryExpression in JSON.")
    return given


def _position(work: Work, stamp: object) -> int | None:
    """The place in the history of definitions that a stamp stands for; raises 0x80044352 for one that is none."""
    if not stamp:
        return None
    match = re.match(r"(\d{1,18})(?:!|$)", str(stamp), re.ASCII)
    if match is None or int(match[1]) > work.catalog.position:
        message = "Version stamp associated with the client has expired. Please perform a full sync."
        raise DataverseError(400, "0x80044352", message)
    return int(match[1])


def _table(work: Work, table: Table, query: Query, *, changed: bool) -> Json | None:
    """A table as the query wants it, None where its criteria leave it out."""
    described = {**describe_table(table), "HasChanged": True if changed else None}
    if not _fits(described, query.get("Criteria")):
        return None
    names = _names(query, [*described, *_BELOW])
    shown = {name: value for name, value in described.items() if name in names or name in _ALWAYS}
    for name, shaped_by in _BELOW.items():
        if name in names:
            shown[name] = _below(related(work.context.schema, table, name) or [], _query(query.get(shaped_by)))
    languages = _query(query.get("LabelQuery")).get("FilterLanguages")
    return in_languages(shown, languages) if isinstance(languages, list) and languages else shown


def _below(items: list[Json], query: Query) -> list[Json]:
    shown = []
    for item in items:
        if _fits(item, query.get("Criteria")):
            names = _names(query, list(item))
            kept = {name: value for name, value in item.items() if name in names or name in _ALWAYS}
            kind = str(item.get("@odata.type", "")).removeprefix(TYPE_PREFIX)
            shown.append(
                {**kept, **({"@odata.type": f"{TYPE_PREFIX}Complex{kind}"} if kind else {}), "HasChanged": None}
            )
    return shown


def _names(query: Query, everything: list[str]) -> set[str]:
    """The properties that are wanted. Without any, the ones that come in any case."""
    properties = _query(query.get("Properties"))
    if str(properties.get("AllProperties")).lower() == "true":
        return set(everything)
    names = properties.get("PropertyNames")
    return {str(name) for name in names} if isinstance(names, list) else set()


def _fits(item: Json, criteria: object) -> bool:
    """A `MetadataFilterExpression`: conditions and further filters, all of them or any."""
    if not isinstance(criteria, Mapping):
        return True
    conditions, filters = criteria.get("Conditions"), criteria.get("Filters")
    results = [_holds(item, each) for each in conditions] if isinstance(conditions, list) else []
    results += [_fits(item, each) for each in filters] if isinstance(filters, list) else []
    joined = any if str(criteria.get("FilterOperator") or "And").lower() == "or" else all
    return not results or joined(results)


_OPERATORS: dict[str, Callable[[str, list[str]], bool]] = {
    "equals": lambda value, wanted: wanted[:1] == [value],
    "notequals": lambda value, wanted: wanted[:1] != [value],
    "in": lambda value, wanted: value in wanted,
    "notin": lambda value, wanted: value not in wanted,
    "greaterthan": lambda value, wanted: _number(value) > _number(*wanted[:1]),
    "lessthan": lambda value, wanted: _number(value) < _number(*wanted[:1]),
}


def _number(text: str = "") -> float:
    """What is no number is neither greater nor less than any."""
    try:
        return float(text)
    except ValueError:
        return nan


def _holds(item: Json, condition: object) -> bool:
    """A `MetadataConditionExpression`. Values come as text with their .NET type, so texts are compared."""
    if not isinstance(condition, Mapping) or condition.get("PropertyName") not in [*item, *_BELOW]:
        raise bad_query(f"The condition {condition} names no property.")
    value = item.get(str(condition["PropertyName"]))
    value = value.get("Value") if isinstance(value, Mapping) else value
    test = _OPERATORS.get(str(condition.get("ConditionOperator")).lower())
    if test is None:
        raise bad_query(f"{condition.get('ConditionOperator')} is no MetadataConditionOperator.")
    return test(_text(value), _wanted(condition.get("Value")))


def _wanted(given: object) -> list[str]:
    value = given.get("Value") if isinstance(given, Mapping) else given
    if isinstance(value, str) and value.startswith("["):
        value = literal(value)
    return [_text(each) for each in value] if isinstance(value, list) else [_text(value)]


def _text(value: object) -> str:
    return "" if value is None else str(value).lower()


def _deleted(work: Work, position: int | None, filters: object) -> Json:
    """The ids of what was deleted since, by kind."""
    wanted = _bits(filters)
    found: dict[str, list[str]] = {}
    for kind, identity in work.catalog.deleted(work.context.db, position):
        if _DELETED[kind] & wanted:
            found.setdefault(kind, []).append(identity)
    values = [{"Count": len(ids), "IsReadOnly": False, "Items": ids} for ids in found.values()]
    return {"Count": len(found), "IsReadOnly": False, "Keys": list(found), "Values": values}


def _bits(filters: object) -> int:
    if filters is None:
        return _FILTERS["Default"]
    if isinstance(filters, int):
        return filters
    names = [part.strip() for part in str(filters).split(",")]
    if any(name not in _FILTERS for name in names):
        raise bad_query(f"{filters} is no DeletedMetadataFilters.")
    bits = 0
    for name in names:
        bits |= _FILTERS[name]
    return bits
