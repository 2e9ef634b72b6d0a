"""`$apply`: `filter(…)/groupby((a,b),aggregate(x with sum as total,$count as n))`.

Source: Microsoft Learn, "Aggregate data using OData". Groups leave out what is null, as Dataverse does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from emulator.context import Sql
from emulator.errors import DataverseError, bad_query, not_supported
from emulator.metadata.model import Column, ColumnType
from emulator.odata import annotation
from emulator.odata.collation import COLLATION
from emulator.odata.filters import Scope, condition
from emulator.odata.joins import Operand, Source
from emulator.odata.options import Options, split
from emulator.odata.parser import parse_filter
from emulator.odata.properties import NUMBERS, edm_type, property_name
from emulator.odata.rows import Json, json_value
from emulator.odata.sql import concatenated, every, fetch, quoted

_STEP = re.compile(r"\s*(\w+)\s*\((.*)\)\s*", re.DOTALL | re.ASCII)
_MEASURE = re.compile(r"\s*(?:(\$count)|(\w+)\s+with\s+(\w+))\s+as\s+([A-Za-z_]\w*)\s*", re.ASCII)
_FUNCTIONS = {
    "sum": "sum({})",
    "average": "avg({})",
    "min": "min({})",
    "max": "max({})",
    "countdistinct": "count(distinct {})",
}
_ORDERED = NUMBERS | {"Edm.DateTimeOffset", "Edm.Date"}
_COUNTED = Column(logical_name="", schema_name="", type=ColumnType.INTEGER, metadata_id="")


@dataclass(frozen=True, slots=True)
class _Output:
    """One property of the answer: its name, its SQL and the column by which it is shown."""

    name: str
    sql: str
    column: Column


def aggregate(source: Source, options: Options, where: list[Sql]) -> list[Json]:
    """The groups that `$apply` asks for over the rows of `where`; raises `DataverseError` 400 or 501."""
    if options != Options(apply=options.apply, aliases=options.aliases):
        raise not_supported("$apply together with other query options")
    groups: list[_Output] = []
    measures: list[_Output] = []
    conditions = list(where)
    for name, inside in _steps(options.apply or ""):
        if groups or measures:
            raise not_supported(f"'{name}' after an aggregation in $apply")
        if name == "filter":
            conditions.append(condition(parse_filter(inside, options.aliases), Scope(source)))
        elif name == "aggregate":
            measures = [_measure(source, item) for item in split(inside, ",")]
        elif name == "groupby":
            groups, measures = _groupby(source, inside)
        else:
            raise not_supported(f"the transformation '{name}' in $apply")
    if not groups and not measures:
        raise bad_query("The $apply expression aggregates nothing.")
    return _run(source, groups, measures, conditions)


def _steps(text: str) -> list[tuple[str, str]]:
    matches = [_STEP.fullmatch(step) for step in split(text, "/")]
    if not all(matches):
        raise _malformed(text)
    return [(match[1], match[2]) for match in matches if match is not None]


def _groupby(source: Source, inside: str) -> tuple[list[_Output], list[_Output]]:
    parts = [part.strip() for part in split(inside, ",")]
    if len(parts) > 2 or not (parts[0].startswith("(") and parts[0].endswith(")")):
        raise _malformed(inside)
    groups = [_group(source, tuple(name.strip().split("/"))) for name in split(parts[0][1:-1], ",")]
    if len(parts) == 1:
        return groups, []
    step = _STEP.fullmatch(parts[1])
    if step is None or step[1] != "aggregate":
        raise _malformed(inside)
    return groups, [_measure(source, item) for item in split(step[2], ",")]


def _group(source: Source, segments: tuple[str, ...]) -> _Output:
    operand = source.operand(segments)
    if edm_type(operand.column) == "Edm.DateTimeOffset":
        raise bad_query("groupby with datetime values is not supported.")
    name = property_name(operand.column)
    if len(segments) > 1:
        name = f"{operand.source.table.logical_name}_{operand.column.logical_name}"
    return _Output(name, _compared(operand), operand.column)


def _measure(source: Source, text: str) -> _Output:
    match = _MEASURE.fullmatch(text)
    if match is None:
        raise _malformed(text)
    count, name, function, alias = match.groups()
    if count:
        return _Output(alias, "count(*)", _COUNTED)
    if function not in _FUNCTIONS:
        raise bad_query(f"The aggregation method '{function}' is not supported.")
    operand = source.operand((name,))
    kind = edm_type(operand.column)
    allowed = {"sum": NUMBERS, "average": NUMBERS, "min": _ORDERED, "max": _ORDERED}.get(function)
    if allowed is not None and kind not in allowed:
        raise bad_query(f"The aggregation method '{function}' cannot be applied to '{name}' ({kind}).")
    column = operand.column
    if function == "countdistinct":
        column = _COUNTED
    elif function == "average" and column.type is ColumnType.INTEGER:
        column = replace(column, type=ColumnType.DOUBLE)
    return _Output(alias, _FUNCTIONS[function].format(_compared(operand)), column)


def _compared(operand: Operand) -> str:
    return operand.sql + (f" collate {COLLATION}" if edm_type(operand.column) == "Edm.String" else "")


def _run(source: Source, groups: list[_Output], measures: list[_Output], conditions: list[Sql]) -> list[Json]:
    outputs = [*groups, *measures]
    if len({output.name for output in outputs}) < len(outputs):
        raise bad_query("The $apply expression names two properties alike.")
    shown = ", ".join(f"{output.sql} as {quoted(output.name)}" for output in outputs)
    keys = ", ".join(group.sql for group in groups)
    tail = f"group by {keys} order by {keys}" if groups else ""
    statement = concatenated(f"select {shown} from", source.from_clause(), "where", every(conditions), tail)
    labelled = annotation.wants(source.context.preferences, annotation.FORMATTED)
    answer = []
    for row in fetch(source.context.db, statement):
        value: Json = {}
        for output in outputs:
            if row[output.name] is None:
                continue
            text = annotation.formatted(output.column, row[output.name]) if labelled else None
            value |= {f"{output.name}@{annotation.FORMATTED}": text} if text is not None else {}
            value[output.name] = json_value(output.column, row[output.name])
        answer.append(value)
    return answer


def _malformed(text: str) -> DataverseError:
    return bad_query(f"Syntax error in the $apply expression '{text[:60]}'.")
