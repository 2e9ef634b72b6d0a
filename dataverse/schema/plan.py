"""From what there is to what there should be: the steps, in an order in which each has what it needs.

Pure. Steps only ever add, lengthen and mend: nothing is dropped or shortened, and what administrators may word as they
like (labels, descriptions) is left alone. What could only be settled by dropping something is a conflict (`conflicts`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dataverse.schema import definitions
from dataverse.schema.actual import FAILED, Actual, ActualColumn, ActualTable, definition_path
from dataverse.schema.conflicts import conflicts
from dataverse.schema.model import Column, Option, Schema, Table
from dataverse.webapi.literals import quote_literal
from dataverse.webapi.request import Json, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change: `what` in words, and the request that makes it. Carrying it out twice does no harm: a name is taken
    only once.

    A definition can only be replaced as a whole. Where `definition` is a path, the request is a PUT whose body holds
    no more than what changes; it goes into the definition that is read from there.
    """

    what: str
    request: Request
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps to carry out in this order, and conflicts, in words, that stand in their way."""

    steps: tuple[Step, ...]
    conflicts: tuple[str, ...]


def plan(desired: Schema, actual: Actual) -> Plan:
    """The way from `actual` to `desired`; without steps where nothing is missing."""
    return Plan(tuple(_steps(desired, actual)), tuple(conflicts(desired, actual)))


def publish(desired: Schema) -> Step:
    """The step after all others: it shows apps what was changed in our tables and choices."""
    tables = "".join(f"<entity>{table.name}</entity>" for table in desired.tables)
    choices = "".join(f"<optionset>{choice.name}</optionset>" for choice in desired.choices)
    xml = f"<importexportxml><entities>{tables}</entities><optionsets>{choices}</optionsets></importexportxml>"
    return Step(what="publish", request=_post("PublishXml", {"ParameterXml": xml}))


def _steps(desired: Schema, actual: Actual) -> Iterator[Step]:
    solution = desired.solution.name
    present = {table.name: actual.tables.get(table.name) or _just_created(table) for table in desired.tables}
    yield from _solution(desired, actual)
    yield from _choices(desired, actual)
    for table in desired.tables:
        if table.name not in actual.tables:
            yield _create(f"table {table.name}", "EntityDefinitions", definitions.table(table), solution)
        elif present[table.name].set_name != table.set_name:
            yield _rename_set(table, solution)
    # Kind by kind over all tables: a lookup needs its target, a key its columns.
    for kind in (_columns, _lookups, _keys):
        for table in desired.tables:
            yield from kind(table, present[table.name], solution)


def _just_created(table: Table) -> ActualTable:
    primary = ActualColumn(type=table.primary.type, length=table.primary.length)
    return ActualTable(
        set_name=table.set_name,
        ownership=table.ownership,
        is_activity=table.is_activity,
        columns={table.primary.name: primary},
    )


def _solution(desired: Schema, actual: Actual) -> Iterator[Step]:
    publisher, solution = desired.publisher, desired.solution
    if actual.publisher is None:
        request = _post("publishers", definitions.publisher(publisher))
        yield Step(what=f"create publisher {publisher.name}", request=request)
    if not actual.has_solution:
        publisher_id = actual.publisher.id if actual.publisher else publisher.id
        request = _post("solutions", definitions.solution(solution, publisher_id))
        yield Step(what=f"create solution {solution.name}", request=request)


def _choices(desired: Schema, actual: Actual) -> Iterator[Step]:
    for choice in desired.choices:
        values = actual.choices.get(choice.name)
        if values is None:
            body = definitions.choice(choice)
            yield _create(f"choice {choice.name}", "GlobalOptionSetDefinitions", body, desired.solution.name)
        else:
            where = {"OptionSetName": choice.name, "SolutionUniqueName": desired.solution.name}
            yield from _options(choice.name, choice.options, values, where)


def _columns(table: Table, present: ActualTable, solution: str) -> Iterator[Step]:
    for column in (table.primary, *table.columns):
        what = f"{table.name}.{column.name}"
        there = present.columns.get(column.name)
        if there is None:
            path = f"{definition_path(table.name)}/Attributes"
            yield _create(f"column {what}", path, definitions.column(column), solution)
        else:
            if column.length is not None and there.length is not None and there.length < column.length:
                yield _lengthen(table, column, solution)
            where = {
                "EntityLogicalName": table.name,
                "AttributeLogicalName": column.name,
                "SolutionUniqueName": solution,
            }
            yield from _options(what, column.options, there.options, where)


def _lookups(table: Table, present: ActualTable, solution: str) -> Iterator[Step]:
    for lookup in table.lookups:
        if lookup.name not in present.lookups:
            body = definitions.relationship(lookup, table.name)
            yield _create(f"lookup {table.name}.{lookup.name}", "RelationshipDefinitions", body, solution)


def _keys(table: Table, present: ActualTable, solution: str) -> Iterator[Step]:
    for key in table.keys:
        there = present.keys.get(key.name)
        if there is None:
            yield _create(f"key {key.name}", f"{definition_path(table.name)}/Keys", definitions.key(key), solution)
        elif there.status == FAILED:
            body = {"EntityLogicalName": table.name, "EntityKeyLogicalName": key.name}
            yield Step(what=f"build key {key.name} again", request=_post("ReactivateEntityKey", body))


def _options(what: str, options: Iterable[Option], present: frozenset[int], where: Json) -> Iterator[Step]:
    for option in options:
        if option.value not in present:
            body = {"Value": option.value, "Label": definitions.label(option.label), **where}
            yield Step(what=f"add option {option.label} to {what}", request=_post("InsertOptionValue", body))


def _lengthen(table: Table, column: Column, solution: str) -> Step:
    path = f"{definition_path(table.name)}/Attributes(LogicalName={quote_literal(column.name)})"
    kind = definitions.metadata_type(column.type)
    return Step(
        what=f"lengthen column {table.name}.{column.name} to {column.length}",
        request=_put(path, {"@odata.type": kind, "MaxLength": column.length}, solution),
        definition=f"{path}/{kind}",
    )


def _rename_set(table: Table, solution: str) -> Step:
    path = definition_path(table.name)
    return Step(
        what=f"name the rows of {table.name} {table.set_name} in paths",
        request=_put(path, {"EntitySetName": table.set_name}, solution),
        definition=path,
    )


def _create(what: str, path: str, body: Json, solution: str) -> Step:
    headers = {"MSCRM.SolutionUniqueName": solution}
    return Step(what=f"create {what}", request=_post(path, body, headers))


def _post(path: str, body: Json, headers: dict[str, str] | None = None) -> Request:
    return Request(method="POST", path=path, headers=headers or {}, body=body, repeatable=True)


def _put(path: str, changes: Json, solution: str) -> Request:
    headers = {"MSCRM.SolutionUniqueName": solution, "MSCRM.MergeLabels": "true"}
    return Request(method="PUT", path=path, headers=headers, body=changes, repeatable=True)
