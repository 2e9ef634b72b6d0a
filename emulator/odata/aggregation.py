"""`$apply`: `filter(…)/groupby((a,b),aggregate(x with sum as total,$count as n))`.

Source: Microsoft Learn, "Aggregate data using OData" and "Aggregate data using FetchXml": a group leaves out what is
null; nulls count for no aggregate; the average of whole numbers is one, and their sum over nothing is 0. `$filter`
beside `$apply` is answered as Dataverse does, before the aggregation (observed by the makers of FetchXML Builder).
`$orderby` takes what is grouped by; `$top` and page sizes count groups.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from emulator.context import Sql
from emulator.errors import DataverseError, bad_query, not_supported
from emulator.metadata.model import Column, ColumnType
from emulator.odata.collation import as_compared
from emulator.odata.filters import Scope, condition
from emulator.odata.joins import Operand, Source
from emulator.odata.options import Options, Ordering, split
from emulator.odata.parser import parse_filter
from emulator.odata.properties import NUMBERS, edm_type, property_name
from emulator.odata.rows import Json, annotator, json_value
from emulator.odata.sql import Row, concatenated, every, fetch, quoted

_STEP = re.compile(r"\s*(\w+)\s*\((.*)\)\s*", re.DOTALL | re.ASCII)
_MEASURE = re.compile(r"\s*(?:(\$count)|([\w/]+)\s+with\s+(\w+))\s+as\s+([A-Za-z_]\w*)\s*", re.ASCII)
_FUNCTIONS = {
    "sum": "sum({})",
    "average": "avg({})",
    "min": "min({})",
    "max": "max({})",
    "countdistinct": "count(distinct {})",
}
_OF_WHOLE = _FUNCTIONS | {"sum": "coalesce(sum({}), 0)", "average": "cast(avg({}) as integer)"}
_CHOICES = frozenset({ColumnType.CHOICE, ColumnType.STATE, ColumnType.STATUS})
_DATES = frozenset({"Edm.DateTimeOffset", "Edm.Date"})
_WHOLE = frozenset({"Edm.Int32", "Edm.Int64"})
_ALLOWED = {"sum": NUMBERS, "average": NUMBERS, "min": NUMBERS | _DATES, "max": NUMBERS | _DATES}
_COUNTED = Column(logical_name="", schema_name="", type=ColumnType.INTEGER, metadata_id="")
_MOST_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class _Output:
    """One property of the answer: its name, its SQL and the column by which it is shown; a group also has the path to
    its column, the row that has it, and what its rows have in common."""

    name: str
    sql: str
    column: Column
    path: tuple[str, ...] = ()
    row: Source | None = None
    key: str = ""

    @property
    def companion(self) -> str | None:
        """The SQL of the table that a polymorphic lookup points to."""
        if self.row is None or not self.column.is_polymorphic:
            return None
        return self.row.sql(f"{self.column.logical_name}__table")


@dataclass(frozen=True, slots=True)
class Aggregation:
    """What `$apply` asks for: the groups, the measures of each, and the rows to take them from."""

    source: Source
    groups: tuple[_Output, ...]
    measures: tuple[_Output, ...]
    conditions: tuple[Sql, ...]
    order: str


def aggregation(source: Source, options: Options, where: list[Sql]) -> Aggregation:
    """Reads `$apply` over the rows of `where`; raises `DataverseError` 400 or 501."""
    if options.select is not None or options.expand or options.count:
        raise not_supported("$apply together with $select, $expand or $count")
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
    outputs = [*groups, *measures]
    if not outputs:
        raise bad_query("The $apply expression aggregates nothing.")
    if len({output.name for output in outputs}) < len(outputs):
        raise bad_query("The $apply expression names two properties alike.")
    return Aggregation(source, tuple(groups), tuple(measures), tuple(conditions), _order(options.orderby, outputs))


def aggregate(asked: Aggregation, limit: int, offset: int) -> list[Json]:
    """`limit` groups as JSON objects, behind the first `offset`; raises 0x8004E023 for more than 50,000 rows."""
    source, where = asked.source, every(asked.conditions)
    counted = concatenated("select 1 from", source.from_clause(), "where", where, f"limit {_MOST_ROWS + 1}")
    statement = concatenated("select count(*) as n from (", counted, ")")
    if fetch(source.context.db, statement)[0]["n"] == _MOST_ROWS + 1:
        raise DataverseError(400, "0x8004e023", "AggregateQueryRecordLimit exceeded. Cannot perform this operation.")
    outputs = [*asked.groups, *asked.measures]
    shown = [f"{output.sql} as {quoted(f'${index}')}" for index, output in enumerate(outputs)]
    companions = [(index, output.companion) for index, output in enumerate(outputs) if output.companion]
    shown += [f"{companion} as {quoted(f'${index}__table')}" for index, companion in companions]
    keys = ", ".join(group.key for group in asked.groups)
    tail = f"group by {keys} order by {asked.order}" if keys else ""
    statement = concatenated(
        f"select {', '.join(shown)} from",
        source.from_clause(),
        "where",
        where,
        tail,
        ("limit ? offset ?", (limit, offset)),
    )
    return _shown(source, outputs, fetch(source.context.db, statement))


def _steps(text: str) -> list[tuple[str, str]]:
    matches = [_STEP.fullmatch(step) for step in split(text, "/")]
    if not all(matches):
        raise _malformed(text)
    return [(match[1], match[2]) for match in matches if match is not None]


def _groupby(source: Source, inside: str) -> tuple[list[_Output], list[_Output]]:
    parts = [part.strip() for part in split(inside, ",")]
    if len(parts) > 2 or not (parts[0].startswith("(") and parts[0].endswith(")")):
        raise _malformed(inside)
    groups = [_group(source, _path(name)) for name in split(parts[0][1:-1], ",")]
    if len(parts) == 1:
        return groups, []
    step = _STEP.fullmatch(parts[1])
    if step is None or step[1] != "aggregate":
        raise _malformed(inside)
    return groups, [_measure(source, item) for item in split(step[2], ",")]


def _path(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split("/"))


def _group(source: Source, segments: tuple[str, ...]) -> _Output:
    operand = source.operand(segments)
    if edm_type(operand.column) in _DATES:
        raise bad_query("groupby with datetime values is not supported.")
    name = property_name(operand.column)
    if len(segments) > 1:
        name = f"{operand.source.table.logical_name}_{operand.column.logical_name}"
    # SQLite shows the text of any row of a group; the least is always the same one.
    sql = f"min({operand.sql})" if edm_type(operand.column) == "Edm.String" else operand.sql
    return _Output(name, sql, operand.column, segments, operand.source, _compared(operand))


def _measure(source: Source, text: str) -> _Output:
    match = _MEASURE.fullmatch(text)
    if match is None:
        raise _malformed(text)
    count, name, function, alias = match.groups()
    if count:
        return _Output(alias, "count(*)", _COUNTED)
    if function not in _FUNCTIONS:
        raise bad_query(f"The aggregation method '{function}' is not supported.")
    operand = source.operand(_path(name))
    kind = edm_type(operand.column)
    if function in _ALLOWED and (kind not in _ALLOWED[function] or operand.column.type in _CHOICES):
        raise bad_query(f"The aggregation method '{function}' cannot be applied to '{name}' ({kind}).")
    column = _COUNTED if function == "countdistinct" else operand.column
    functions = _OF_WHOLE if kind in _WHOLE else _FUNCTIONS
    return _Output(alias, functions[function].format(_compared(operand)), column)


def _compared(operand: Operand) -> str:
    return as_compared(operand.sql) if edm_type(operand.column) == "Edm.String" else operand.sql


def _order(orderings: tuple[Ordering, ...], outputs: list[_Output]) -> str:
    """ORDER BY: what is asked for, then all groups, so that pages fit together."""
    keys = {output.path: output.key for output in outputs if output.path}
    clauses = []
    for each in orderings:
        if each.segments in {(output.name,) for output in outputs if not output.path}:
            raise bad_query("The query node SingleValueOpenPropertyAccess is not supported.")
        if each.segments not in keys:
            raise bad_query(f"The $orderby property '{'/'.join(each.segments)}' is not grouped by.")
        clauses.append(f"{keys[each.segments]}{' desc' if each.descending else ''}")
    return ", ".join(dict.fromkeys([*clauses, *keys.values()]))


def _shown(source: Source, outputs: list[_Output], rows: list[Row]) -> list[Json]:
    answer: list[Json] = [{} for _ in rows]
    for index, output in enumerate(outputs):
        name = output.column.logical_name
        cells = [{name: row[f"${index}"], f"{name}__table": row.get(f"${index}__table")} for row in rows]
        annotations = annotator(source.context, (output.row or source).table, [output.column], cells)
        for cell, value in zip(cells, answer, strict=True):
            if cell[name] is not None:
                found = annotations.annotate(output.column, cell)
                value |= {f"{output.name}@{key.partition('@')[2]}": text for key, text in found.items()}
                value[output.name] = json_value(output.column, cell[name])
    return answer


def _malformed(text: str) -> DataverseError:
    return bad_query(f"Syntax error in the $apply expression '{text[:60]}'.")
