"""Which names of an operation nobody knows: tables, columns, navigations, keys, operations, parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tests.dataverse.facts.known import Known
from tests.dataverse.facts.wire import Operation, conditions, expansions, options, split

_VALUE = re.compile(r"_(\w+)_value")
_BOUND = "Microsoft.Dynamics.CRM."
_ANNOTATION = "@odata."


def unknown(known: Known, operation: Operation) -> Iterator[str]:
    """A sentence for each name that is in no fact."""
    path, _, query = operation.path.partition("?")
    head, *rest = split(path, "/")
    name, _, key = head.partition("(")
    if name in known.operations["definitions"]:
        yield from _definitions(known, [name, *rest], options(query), operation.body)
    elif name in known.operations["unbound"]:
        given = dict.fromkeys(re.findall(r"(\w+)=", key)) | dict(operation.body)
        yield from _parameters(name, known.operations["unbound"][name], given)
    elif (table := known.by_set(name)) is None:
        yield f"{name} is no table and no operation"
    else:
        yield from _key(known, table, key.removesuffix(")"))
        yield from _row(known, table, rest, options(query), operation.body)


def _row(
    known: Known, table: str, rest: list[str], query: Mapping[str, str], body: Mapping[str, object]
) -> Iterator[str]:
    if not rest:
        yield from _options(known, table, query)
        yield from _body(known, table, body)
    elif rest[0].startswith(_BOUND):
        name, _, arguments = rest[0].removeprefix(_BOUND).partition("(")
        given = dict.fromkeys(re.findall(r"(\w+)=", arguments)) | dict(body)
        allowed = known.operations["bound"].get(f"{table}/{name}")
        yield from [f"{table} has no operation {name}"] if allowed is None else _parameters(name, allowed, given)
    elif rest[0].partition("(")[0] not in known.tables[table].navigations:
        yield f"{table} has no navigation {rest[0]}"


def _options(known: Known, table: str, query: Mapping[str, str]) -> Iterator[str]:
    for column in filter(None, query.get("$select", "").split(",")):
        yield from _column(known, table, column)
    for option in ("$filter", "$orderby"):
        for path in conditions(query.get(option, "")):
            yield from _path(known, table, path)
    for navigation, inner in expansions(query["$expand"]) if "$expand" in query else ():
        targets = known.tables[table].navigations.get(navigation, ())
        if not targets:
            yield f"{table} has no navigation {navigation}"
        for target in targets:
            yield from _options(known, target, inner)


def _path(known: Known, table: str, path: str) -> Iterator[str]:
    navigation, slash, rest = path.partition("/")
    if not slash:
        yield from _column(known, table, path)
        return
    targets = known.tables[table].navigations.get(navigation, ())
    if not targets:
        yield f"{table} has no navigation {navigation}"
    for target in targets:
        yield from _path(known, target, rest)


def _column(known: Known, table: str, name: str) -> Iterator[str]:
    lookup = _VALUE.fullmatch(name)
    fact = known.tables[table].columns.get(lookup[1] if lookup else name)
    if fact is None:
        yield f"{table} has no column {name}"
    elif lookup and fact.type.lower() not in {"lookup", "any"}:
        yield f"{table}.{lookup[1]} is no lookup"


def _body(known: Known, table: str, body: Mapping[str, object]) -> Iterator[str]:
    for name, value in body.items():
        navigation, mark, what = name.partition(_ANNOTATION)
        if not mark:
            yield from _column(known, table, name)
        elif what == "bind":
            target = known.by_set(str(value).removeprefix("/").partition("(")[0])
            if target not in known.tables[table].navigations.get(navigation, ()):
                yield f"{table} has no navigation {navigation} to {target}"


def _key(known: Known, table: str, key: str) -> Iterator[str]:
    if "=" in key:
        columns = frozenset(part.partition("=")[0] for part in split(key, ","))
        if columns not in known.tables[table].keys:
            yield f"{table} has no key of {', '.join(sorted(columns))}"


def _parameters(operation: str, allowed: list[str], given: Mapping[str, object]) -> Iterator[str]:
    yield from (f"{operation} takes no {name}" for name in given if name not in allowed)


def _definitions(known: Known, path: list[str], query: Mapping[str, str], body: Mapping[str, object]) -> Iterator[str]:
    segments = [segment.partition("(")[0] for segment in path if not segment.startswith(_BOUND)]
    kind = next((each for each in reversed(segments) if each in known.operations["definitions"]), "")
    allowed = known.operations["definitions"].get(kind, [])
    given = [*query.get("$select", "").split(","), *(name for name, _ in expansions(query.get("$expand", "")))]
    names = [*given, *(name for name in body if _ANNOTATION not in name)]
    yield from (f"{kind} has no property {name}" for name in names if name and name not in allowed)
