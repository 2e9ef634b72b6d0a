"""The operators of FetchXML's conditions. Names and meanings: Learn, "condition operator values"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from emulator.context import Sql
from emulator.errors import DataverseError, not_supported
from emulator.fetchxml.refusals import INVALID_ARGUMENT, INVALID_OPERATOR, refused
from emulator.metadata.model import Column, ColumnType
from emulator.odata.filters import compared
from emulator.odata.functions import named_condition
from emulator.odata.joins import Operand
from emulator.odata.properties import NUMBERS, edm_type
from emulator.odata.sql import negated
from emulator.odata.values import from_text

# Each with the operator of OData, and the name by which refusals call it.
COMPARISONS: Mapping[str, tuple[str, str]] = {
    "eq": ("eq", "Equal"),
    "ne": ("ne", "NotEqual"),
    "neq": ("ne", "NotEqual"),
    "gt": ("gt", "GreaterThan"),
    "ge": ("ge", "GreaterEqual"),
    "lt": ("lt", "LessThan"),
    "le": ("le", "LessEqual"),
}
# Patterns of SQL Server's LIKE; wildcards in the value count with each of them.
LIKES: Mapping[str, str] = {"like": "{}", "begins-with": "{}%", "ends-with": "%{}"}
NOT_LIKES: Mapping[str, str] = {"not-like": "like", "not-begin-with": "begins-with", "not-end-with": "ends-with"}
NULLS: Mapping[str, str] = {"null": "is null", "not-null": "is not null"}
# Those that are query functions of the Web API too, with their names there.
FUNCTIONS: Mapping[str, str] = {
    "above": "Above",
    "between": "Between",
    "contain-values": "ContainValues",
    "eq-businessid": "EqualBusinessId",
    "eq-or-above": "AboveOrEqual",
    "eq-or-under": "UnderOrEqual",
    "eq-userid": "EqualUserId",
    "eq-userlanguage": "EqualUserLanguage",
    "eq-useroruserhierarchy": "EqualUserOrUserHierarchy",
    "eq-useroruserhierarchyandteams": "EqualUserOrUserHierarchyAndTeams",
    "eq-useroruserteams": "EqualUserOrUserTeams",
    "eq-userteams": "EqualUserTeams",
    "in": "In",
    "in-fiscal-period": "InFiscalPeriod",
    "in-fiscal-period-and-year": "InFiscalPeriodAndYear",
    "in-fiscal-year": "InFiscalYear",
    "in-or-after-fiscal-period-and-year": "InOrAfterFiscalPeriodAndYear",
    "in-or-before-fiscal-period-and-year": "InOrBeforeFiscalPeriodAndYear",
    "last-fiscal-period": "LastFiscalPeriod",
    "last-fiscal-year": "LastFiscalYear",
    "last-month": "LastMonth",
    "last-seven-days": "Last7Days",
    "last-week": "LastWeek",
    "last-x-days": "LastXDays",
    "last-x-fiscal-periods": "LastXFiscalPeriods",
    "last-x-fiscal-years": "LastXFiscalYears",
    "last-x-hours": "LastXHours",
    "last-x-months": "LastXMonths",
    "last-x-weeks": "LastXWeeks",
    "last-x-years": "LastXYears",
    "last-year": "LastYear",
    "ne-businessid": "NotEqualBusinessId",
    "ne-userid": "NotEqualUserId",
    "next-fiscal-period": "NextFiscalPeriod",
    "next-fiscal-year": "NextFiscalYear",
    "next-month": "NextMonth",
    "next-seven-days": "Next7Days",
    "next-week": "NextWeek",
    "next-x-days": "NextXDays",
    "next-x-fiscal-periods": "NextXFiscalPeriods",
    "next-x-fiscal-years": "NextXFiscalYears",
    "next-x-hours": "NextXHours",
    "next-x-months": "NextXMonths",
    "next-x-weeks": "NextXWeeks",
    "next-x-years": "NextXYears",
    "next-year": "NextYear",
    "not-between": "NotBetween",
    "not-contain-values": "DoesNotContainValues",
    "not-in": "NotIn",
    "not-on": "NotOn",
    "not-under": "NotUnder",
    "olderthan-x-days": "OlderThanXDays",
    "olderthan-x-hours": "OlderThanXHours",
    "olderthan-x-minutes": "OlderThanXMinutes",
    "olderthan-x-months": "OlderThanXMonths",
    "olderthan-x-weeks": "OlderThanXWeeks",
    "olderthan-x-years": "OlderThanXYears",
    "on": "On",
    "on-or-after": "OnOrAfter",
    "on-or-before": "OnOrBefore",
    "this-fiscal-period": "ThisFiscalPeriod",
    "this-fiscal-year": "ThisFiscalYear",
    "this-month": "ThisMonth",
    "this-week": "ThisWeek",
    "this-year": "ThisYear",
    "today": "Today",
    "tomorrow": "Tomorrow",
    "under": "Under",
    "yesterday": "Yesterday",
}
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,12})?)?))?(Z|[+-]\d{2}:\d{2})?", re.ASCII
)
_MIDNIGHT = re.compile(r"00:00(:00(\.0*)?)?")


def condition(operator: str, operand: Operand, values: Sequence[str]) -> Sql:
    """`operand operator values`, true or false for every row: what is not so, or not alike, may also be null.

    Raises `DataverseError` 400 for an operator that Dataverse does not have and for values that do not fit, and 501 for
    an operator that is not built.
    """
    column = operand.column
    if operator in NULLS:
        return f"{operand.sql} {NULLS[operator]}", ()
    if operator in COMPARISONS:
        name, kind = COMPARISONS[operator]
        text = _only(values, kind, column)
        return compared(name, operand, ("?", (from_text(column, _as_stored(column, text)),)))
    if operator in LIKES:
        return _like(operator, operand, values)
    if operator in NOT_LIKES:
        return negated(_like(NOT_LIKES[operator], operand, values))
    if operator in FUNCTIONS:
        return named_condition(FUNCTIONS[operator], operand, [_as_stored(column, value) for value in values])
    raise refused(INVALID_OPERATOR, f"Unsupported condition operator: '{operator[:60]}'.")


def comparison(operator: str, left: Operand, right: Operand) -> Sql:
    """A comparison of two columns, which may belong to different tables; raises `DataverseError` 400."""
    if operator not in COMPARISONS:
        raise refused(INVALID_OPERATOR, f"The operator '{operator[:60]}' does not compare two columns.")
    if not comparable(left.column, right.column):
        raise refused(
            INVALID_ARGUMENT,
            f"The columns '{left.column.logical_name}' and '{right.column.logical_name}' are of different types.",
        )
    return compared(COMPARISONS[operator][0], left, (right.sql, ()))


def comparable(left: Column, right: Column) -> bool:
    """Whether two columns are of the same type."""
    kinds = {edm_type(left), edm_type(right)}
    return len(kinds) == 1 or kinds <= NUMBERS


def _like(operator: str, operand: Operand, values: Sequence[str]) -> Sql:
    if edm_type(operand.column) != "Edm.String" or operand.column.type is ColumnType.CHOICES:
        raise not_supported(f"the operator '{operator}' for columns of type {operand.column.type}")
    pattern = LIKES[operator].format(_only(values, "Like", operand.column))
    return f"dataverse_like(?, {operand.sql})", (pattern,)


def _only(values: Sequence[str], kind: str, column: Column) -> str:
    if len(values) != 1:
        raise _wrong_number(kind, len(values), column)
    return values[0]


def _wrong_number(kind: str, given: int, column: Column) -> DataverseError:
    return refused(
        INVALID_ARGUMENT,
        f"The ConditionOperator.{kind} requires 1 value/s, not {given}. Parameter Name: {column.logical_name}",
    )


def _as_stored(column: Column, text: str) -> str:
    """A date without a zone is one of the user's, who is in UTC; for a day midnight means nothing."""
    kind = edm_type(column)
    match = _MOMENT.fullmatch(text.strip()) if kind in {"Edm.DateTimeOffset", "Edm.Date"} else None
    if match is None or match[2] is None:
        return text
    if kind == "Edm.Date":
        return match[1] if _MIDNIGHT.fullmatch(match[2]) and match[3] in {None, "Z"} else text
    return f"{match[1]}T{match[2]}{match[3] or 'Z'}"
