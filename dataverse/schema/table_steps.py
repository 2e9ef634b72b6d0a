"""The steps for choices and tables, in an order in which each has what it needs; and which of them need none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dataverse.schema import definitions
from dataverse.schema.actual import FAILED, Actual, ActualChoice, ActualColumn, ActualTable, definition_path
from dataverse.schema.model import Choice, Column, Option, Schema, Table
from dataverse.schema.steps import Mark, Step, add_to_solution, create, post, replacement
from dataverse.webapi.literals import quote_literal
from dataverse.webapi.request import Json

_TABLE, _CHOICE = 1, 9
"""Types of components."""


def solution_steps(desired: Schema, actual: Actual) -> Iterator[Step]:
    """Publisher and solution, which everything else belongs to."""
    publisher, solution = desired.publisher, desired.solution
    if actual.publisher is None:
        yield create(f"publisher {publisher.name}", "publishers", definitions.publisher(publisher))
    if not actual.has_solution:
        publisher_id = actual.publisher.id if actual.publisher else publisher.id
        yield create(f"solution {solution.name}", "solutions", definitions.solution(solution, publisher_id))


def choice_steps(desired: Schema, actual: Actual) -> Iterator[Step]:
    """Global choices and their options."""
    solution = desired.solution.name
    for choice in desired.choices:
        what, there = f"choice {choice.name}", actual.choices.get(choice.name)
        if there is None:
            yield create(what, "GlobalOptionSetDefinitions", definitions.choice(choice), solution)
            continue
        where = {"OptionSetName": choice.name, "SolutionUniqueName": solution}
        yield from _options(choice.name, choice.options, there.values, where)
        if there.id not in actual.components.members:
            yield add_to_solution(what, _CHOICE, there.id, solution)


def table_steps(desired: Schema, actual: Actual) -> Iterator[Step]:
    """Tables, and then kind by kind over all of them: a lookup needs its target, a key its columns."""
    solution = desired.solution.name
    present = {table.name: actual.tables.get(table.name) or _just_created(table) for table in desired.tables}
    for table in desired.tables:
        what, there = f"table {table.name}", actual.tables.get(table.name)
        if there is None:
            yield create(what, "EntityDefinitions", definitions.table(table), solution)
            continue
        if there.set_name != table.set_name:
            yield _rename_set(table, solution)
        if table.has_notes and not there.has_notes:
            yield _turn_on_notes(table, solution)
        if there.id not in actual.components.members:
            yield add_to_solution(what, _TABLE, there.id, solution)
    for kind in (_columns, _lookups, _keys):
        for table in desired.tables:
            yield from kind(table, present[table.name], solution)


def same_choice(choice: Choice, there: ActualChoice) -> str:
    """A choice that is there, in words; empty where it lacks an option."""
    complete = there.values >= {option.value for option in choice.options}
    return f"choice {choice.name} ({len(choice.options)} options)" if complete else ""


def same_table(table: Table, there: ActualTable) -> str:
    """A table that is there, in words, with as much of it as needs no step."""
    lacking = [kind(table, there, "") for kind in (_columns, _lookups, _keys)]
    columns, lookups, keys = (len({step.what for step in steps}) for steps in lacking)
    declared = 1 + len(table.columns) + len(table.lookups)
    parts = [_of(declared - columns - lookups, declared, "column")]
    if table.keys:
        parts.append(_of(len(table.keys) - keys, len(table.keys), "key"))
    return f"table {table.name} ({', '.join(parts)})"


def _of(there: int, declared: int, noun: str) -> str:
    number = str(declared) if there == declared else f"{there} of {declared}"
    return f"{number} {noun}{'' if declared == 1 else 's'}"


def _just_created(table: Table) -> ActualTable:
    primary = ActualColumn(type=table.primary.type, length=table.primary.length)
    return ActualTable(
        set_name=table.set_name,
        ownership=table.ownership,
        is_activity=table.is_activity,
        columns={table.primary.name: primary},
    )


def _columns(table: Table, present: ActualTable, solution: str) -> Iterator[Step]:
    for column in (table.primary, *table.columns):
        what = f"{table.name}.{column.name}"
        there = present.columns.get(column.name)
        if there is None:
            path = f"{definition_path(table.name)}/Attributes"
            yield create(f"column {what}", path, definitions.column(column), solution)
        else:
            if column.length is not None and there.length is not None and there.length < column.length:
                yield _lengthen(table, column, there.length, solution)
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
            yield create(f"lookup {table.name}.{lookup.name}", "RelationshipDefinitions", body, solution)


def _keys(table: Table, present: ActualTable, solution: str) -> Iterator[Step]:
    for key in table.keys:
        there = present.keys.get(key.name)
        if there is None:
            yield create(f"key {key.name}", f"{definition_path(table.name)}/Keys", definitions.key(key), solution)
        elif there.status == FAILED:
            body = {"EntityLogicalName": table.name, "EntityKeyLogicalName": key.name}
            what = f"key {key.name}, whose index could not be built"
            yield Step(mark=Mark.CHANGE, what=what, request=post("ReactivateEntityKey", body))


def _options(what: str, options: Iterable[Option], present: frozenset[int], where: Json) -> Iterator[Step]:
    for option in options:
        if option.value not in present:
            body = {"Value": option.value, "Label": definitions.label(option.label), **where}
            yield create(f"option {option.label} of {what}", "InsertOptionValue", body)


def _lengthen(table: Table, column: Column, length: int, solution: str) -> Step:
    path = f"{definition_path(table.name)}/Attributes(LogicalName={quote_literal(column.name)})"
    kind = definitions.metadata_type(column.type)
    return Step(
        mark=Mark.CHANGE,
        what=f"column {table.name}.{column.name}: {column.length} characters instead of {length}",
        request=replacement(path, {"@odata.type": kind, "MaxLength": column.length}, solution),
        definition=f"{path}/{kind}",
    )


def _turn_on_notes(table: Table, solution: str) -> Step:
    path = definition_path(table.name)
    return Step(
        mark=Mark.CHANGE,
        what=f"table {table.name}: its rows can have notes",
        request=replacement(path, {"HasNotes": True}, solution),
        definition=path,
    )


def _rename_set(table: Table, solution: str) -> Step:
    path = definition_path(table.name)
    return Step(
        mark=Mark.CHANGE,
        what=f"table {table.name}: its rows are {table.set_name} in paths",
        request=replacement(path, {"EntitySetName": table.set_name}, solution),
        definition=path,
    )
