"""What there is of the schema in an environment, read in two round trips."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from dataverse.schema.asking import Reading, Row, ask, list_of, read_both, rows_of
from dataverse.schema.definitions import metadata_type
from dataverse.schema.model import Schema, Type
from dataverse.schema.rows.found import Found, read_components
from dataverse.webapi.client import Client
from dataverse.webapi.literals import quote_literal

ACTIVE = "Active"
FAILED = "Failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActualColumn:
    """A column; `options` are the values of a choice of its own."""

    type: str
    length: int | None = None
    options: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActualKey:
    """An alternate key; `status` is `Pending`, `InProgress`, `Active` or `Failed`."""

    columns: frozenset[str]
    status: str = ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class ActualTable:
    """A table; `id` is that of its definition, and `lookups` says where a lookup column points to (of several, one)."""

    id: str = ""
    set_name: str
    ownership: str
    is_activity: bool
    has_notes: bool = False
    columns: Mapping[str, ActualColumn] = field(default_factory=dict)
    lookups: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, ActualKey] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActualPublisher:
    """The publisher with our name."""

    id: str
    prefix: str
    option_prefix: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActualChoice:
    """A global choice: the id of its definition and its values."""

    id: str = ""
    values: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Actual:
    """What an environment has of a schema; `others` are the tables of others that exist."""

    publisher: ActualPublisher | None = None
    has_solution: bool = False
    choices: Mapping[str, ActualChoice] = field(default_factory=dict)
    tables: Mapping[str, ActualTable] = field(default_factory=dict)
    others: frozenset[str] = frozenset()
    components: Found = field(default_factory=Found)


def read(client: Client, schema: Schema) -> Actual:
    """What `client`'s environment has of `schema`. Raises the errors of `Client.batch`, and of its parts."""
    actual, components = read_both(client, _read(schema), read_components(schema))
    return replace(actual, components=components)


def _read(schema: Schema) -> Reading[Actual]:
    own = [table.name for table in schema.tables]
    names = [*own, *schema.others()]
    publishers, solutions, choices, *tables = yield [*_house_paths(schema), *map(_table_path, names)]
    found = {name: row for name, row in zip(names, tables, strict=True) if row}
    existing = {str(row["Name"]) for row in rows_of(choices)}
    shared = [choice.name for choice in schema.choices if choice.name in existing]
    ours = {name: found[name] for name in own if name in found}
    answers = iter((yield [*map(_choice_path, shared), *(path for name in ours for path in _table_paths(name))]))
    return Actual(
        publisher=_publisher(rows_of(publishers)),
        has_solution=any(rows_of(solutions)),
        choices={name: _choice(next(answers)) for name in shared},
        tables={name: _table(row, answers) for name, row in ours.items()},
        others=frozenset(found) & frozenset(schema.others()),
    )


def read_keys(client: Client, tables: Iterable[str]) -> dict[str, dict[str, ActualKey]]:
    """The alternate keys of tables, by table and name."""
    names = list(tables)
    return {name: _keys(rows_of(page)) for name, page in zip(names, ask(client, map(_keys_path, names)), strict=True)}


def definition_path(table: str) -> str:
    """The path of a table's definition."""
    return f"EntityDefinitions(LogicalName={quote_literal(table)})"


def _house_paths(schema: Schema) -> Iterator[str]:
    publisher, solution = quote_literal(schema.publisher.name), quote_literal(schema.solution.name)
    columns = "publisherid,customizationprefix,customizationoptionvalueprefix"
    yield f"publishers?$select={columns}&$filter=uniquename%20eq%20{publisher}"
    yield f"solutions?$select=solutionid&$filter=uniquename%20eq%20{solution}"
    yield "GlobalOptionSetDefinitions?$select=Name"


def _table_path(table: str) -> str:
    return f"{definition_path(table)}?$select=LogicalName,MetadataId,EntitySetName,OwnershipType,IsActivity,HasNotes"


def _choice_path(name: str) -> str:
    return f"GlobalOptionSetDefinitions(Name={quote_literal(name)})"


def _choice(row: Row) -> ActualChoice:
    return ActualChoice(id=str(row["MetadataId"]), values=_values(row))


def _table_paths(table: str) -> Iterator[str]:
    attributes = f"{definition_path(table)}/Attributes"
    yield f"{attributes}?$select=LogicalName,AttributeType"
    yield f"{attributes}/{metadata_type(Type.STRING)}?$select=LogicalName,MaxLength"
    yield f"{attributes}/{metadata_type(Type.MEMO)}?$select=LogicalName,MaxLength"
    yield f"{attributes}/{metadata_type(Type.CHOICE)}?$select=LogicalName&$expand=OptionSet($select=Options)"
    yield f"{definition_path(table)}/ManyToOneRelationships?$select=ReferencingAttribute,ReferencedEntity"
    yield _keys_path(table)


def _keys_path(table: str) -> str:
    return f"{definition_path(table)}/Keys?$select=SchemaName,KeyAttributes,EntityKeyIndexStatus"


def _table(row: Row, answers: Iterator[Row]) -> ActualTable:
    types, strings, memos, choices, links, keys = (rows_of(next(answers)) for _ in range(6))
    lengths = {str(each["LogicalName"]): _length(each) for each in (*strings, *memos)}
    options = {str(each["LogicalName"]): _values(each.get("OptionSet")) for each in choices}
    columns = {
        name: ActualColumn(type=str(kind), length=lengths.get(name), options=options.get(name, frozenset()))
        for name, kind in ((str(each["LogicalName"]), each["AttributeType"]) for each in types)
    }
    return ActualTable(
        id=str(row["MetadataId"]),
        set_name=str(row["EntitySetName"]),
        ownership=str(row["OwnershipType"]),
        is_activity=row["IsActivity"] is True,
        has_notes=row["HasNotes"] is True,
        columns=columns,
        lookups={str(link["ReferencingAttribute"]): str(link["ReferencedEntity"]) for link in links},
        keys=_keys(keys),
    )


def _keys(rows: Iterable[Row]) -> dict[str, ActualKey]:
    return {
        str(row["SchemaName"]): ActualKey(
            columns=frozenset(map(str, list_of(row["KeyAttributes"]))), status=str(row["EntityKeyIndexStatus"])
        )
        for row in rows
    }


def _publisher(rows: list[Row]) -> ActualPublisher | None:
    return next(
        (
            ActualPublisher(
                id=str(row["publisherid"]),
                prefix=str(row["customizationprefix"]),
                option_prefix=_integer(row["customizationoptionvalueprefix"]),
            )
            for row in rows
        ),
        None,
    )


def _values(option_set: object) -> frozenset[int]:
    options = option_set.get("Options") if isinstance(option_set, Mapping) else None
    return frozenset(_integer(option["Value"]) for option in list_of(options) if isinstance(option, Mapping))


def _length(attribute: Row) -> int | None:
    length = attribute.get("MaxLength")
    return None if length is None else _integer(length)


def _integer(value: object) -> int:
    return int(str(value))
