"""Dataverse's own query functions, `Microsoft.Dynamics.CRM.LastXHours(PropertyName='createdon',PropertyValue=4)`.

Source of names and parameters: Microsoft Learn, "Web API Query Function Reference".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from emulator.context import Sql
from emulator.errors import DataverseError, bad_query, not_supported
from emulator.odata import periods
from emulator.odata.collation import as_compared, comparable, has_text
from emulator.odata.joins import Operand, Source
from emulator.odata.literals import written
from emulator.odata.nodes import Array, Literal, Node, QueryFunction, Scalar
from emulator.odata.properties import edm_type, find_attribute
from emulator.odata.sql import among, every, negated
from emulator.odata.values import from_text, parameter

NAMESPACE = "Microsoft.Dynamics.CRM."
_MOST_VALUES = 2000  # SQL Server takes 2,100 parameters
_NOT_BUILT = re.compile(
    r"(Above|Under)(OrEqual)?|NotUnder|NotOn|Contain(s|Values)|DoesNotContainValues|EqualRoleBusinessId"
    r"|EqualUserLanguage|EqualUserOrUserHierarchy(AndTeams)?|\w+Fiscal\w+"
    r"|(Last|Next|This)(Week|Month|Year)|(Last|Next|OlderThan)X(Week|Month|Year)s"
)


def query_function(node: QueryFunction, source: Source) -> Sql:
    """The condition that a query function stands for.

    Raises `DataverseError` 400 for unknown functions, parameters and properties and for values that don't fit, 501 for
    the functions that the emulator lacks.
    """
    name = node.name.removeprefix(NAMESPACE)
    if _NOT_BUILT.fullmatch(name) and node.name != name:
        raise not_supported(f"the query function '{node.name}'")
    if name not in _FUNCTIONS or node.name == name:
        raise bad_query(f"An unknown function with name '{node.name}' was found.")
    wanted, build = _FUNCTIONS[name]
    given = dict(node.parameters)
    if set(given) != {"PropertyName", *wanted} or len(given) != len(node.parameters):
        raise bad_query(f"The parameters of '{node.name}' are PropertyName{''.join(', ' + each for each in wanted)}.")
    operand = Operand(source, find_attribute(source.table, _text(node, given["PropertyName"])))
    return build(operand, *(given[each] for each in wanted))


def named_condition(name: str, operand: Operand, values: Sequence[str]) -> Sql:
    """The condition of the operator with this name and its values as text, as FetchXML has them (there `LastXHours`
    is `last-x-hours`). Raises `DataverseError` as `query_function` does."""
    if name not in _FUNCTIONS:
        raise not_supported(f"the operator '{name}'")
    wanted, build = _FUNCTIONS[name]
    given: list[Node] = []
    if wanted == ("PropertyValues",):
        given = [Array(tuple(Literal("Edm.String", value) for value in values))]
    elif wanted:
        given = [
            Literal("Edm.Int32", int(value)) if value.isascii() and value.isdigit() else Literal("Edm.String", value)
            for value in values
        ]
    if len(given) != len(wanted):
        raise bad_query(f"The operator '{name}' takes {len(wanted)} values, not {len(values)}.")
    return build(operand, *given)


def _text(node: QueryFunction, value: Node) -> str:
    if isinstance(value, Literal) and isinstance(value.value, str):
        return value.value
    raise bad_query(f"The parameter 'PropertyName' of '{node.name}' is not a string.")


def _in(operand: Operand, values: Node) -> Sql:
    given = _values(operand, values)
    if edm_type(operand.column) != "Edm.String":
        return among(operand.sql, given)
    texts = among(as_compared(operand.sql), [comparable(str(value)) for value in given])
    return every([texts, has_text(operand.sql)])


def _between(operand: Operand, values: Node) -> Sql:
    bounds = _values(operand, values)
    if len(bounds) != 2 or edm_type(operand.column) in {"Edm.Guid", "Edm.Boolean", "Edm.String"}:
        raise bad_query("Between compares a number or a date with two values.")
    return f"{operand.sql} between ? and ?", tuple(bounds)


def _values(operand: Operand, values: Node) -> list[Scalar]:
    if not isinstance(values, Array) or not 0 < len(values.items) <= _MOST_VALUES:
        raise bad_query("The parameter 'PropertyValues' is a list of strings with at least one value.")
    return [_value(operand, item) for item in values.items]


def _value(operand: Operand, item: Literal) -> Scalar:
    if item.type == "Edm.String":
        return from_text(operand.column, str(item.value))
    value = parameter(operand.column, item)
    if value is None:
        raise bad_query(f"The values given do not fit the property '{operand.column.logical_name}'.")
    return value


def _user(operand: Operand) -> Sql:
    return f"{_guid(operand)} = ?", (operand.source.context.user_id,)


def _teams(operand: Operand) -> Sql:
    teams = 'select "teamid" from "teammembership" where "systemuserid" = ?'
    return f"{_guid(operand)} in ({teams})", (operand.source.context.user_id,)


def _user_or_teams(operand: Operand) -> Sql:
    user, teams = _user(operand), _teams(operand)
    return f"({user[0]} or {teams[0]})", (*user[1], *teams[1])


def _business_unit(operand: Operand) -> Sql:
    unit = 'select "businessunitid" from "systemuser" where "systemuserid" = ?'
    return f"{_guid(operand)} = ({unit})", (operand.source.context.user_id,)


def _guid(operand: Operand) -> str:
    if edm_type(operand.column) != "Edm.Guid":
        raise bad_query(f"The property '{operand.column.logical_name}' is no identifier.")
    return operand.sql


def _fixed(name: str) -> Callable[[Operand], Sql]:
    return lambda operand: _within(operand, periods.FIXED[name](_now(operand)))


def _counted(name: str) -> Callable[[Operand, Node], Sql]:
    def build(operand: Operand, count: Node) -> Sql:
        match count:
            case Literal(type="Edm.Int32" | "Edm.Int64", value=int(number)) if number > 0:
                pass
            case _:
                raise bad_query(f"The parameter 'PropertyValue' of '{NAMESPACE}{name}' is a positive number.")
        try:
            return _within(operand, periods.COUNTED[name](_now(operand), number))
        except OverflowError:
            raise bad_query(f"The value {number} is too large for '{NAMESPACE}{name}'.") from None

    return build


def _given(name: str) -> Callable[[Operand, Node], Sql]:
    def build(operand: Operand, value: Node) -> Sql:
        if edm_type(operand.column) not in {"Edm.DateTimeOffset", "Edm.Date"} or not isinstance(value, Literal):
            raise _no_date(operand)
        text = str(_value(operand, value))[:10]
        try:
            return _within(operand, periods.GIVEN[name](datetime.fromisoformat(text).replace(tzinfo=UTC)))
        except OverflowError:
            raise bad_query(f"The date {text} is too late.") from None

    return build


def _within(operand: Operand, period: periods.Period) -> Sql:
    kind = edm_type(operand.column)
    if kind not in {"Edm.DateTimeOffset", "Edm.Date"}:
        raise _no_date(operand)
    sql = operand.sql if kind == "Edm.DateTimeOffset" else f"({operand.sql} || 'T00:00:00Z')"
    bounds = zip((">=", "<"), period, strict=True)
    return every([(f"{sql} {operator} ?", (written(bound),)) for operator, bound in bounds if bound is not None])


def _no_date(operand: Operand) -> DataverseError:
    return bad_query(f"The property '{operand.column.logical_name}' is not a date.")


def _now(operand: Operand) -> datetime:
    return operand.source.context.now().astimezone(UTC)


def _not(build: Callable[..., Sql]) -> Callable[..., Sql]:
    return lambda *arguments: negated(build(*arguments))


_FUNCTIONS: Mapping[str, tuple[tuple[str, ...], Callable[..., Sql]]] = {
    "In": (("PropertyValues",), _in),
    "NotIn": (("PropertyValues",), _not(_in)),
    "Between": (("PropertyValues",), _between),
    "NotBetween": (("PropertyValues",), _not(_between)),
    "EqualUserId": ((), _user),
    "NotEqualUserId": ((), _not(_user)),
    "EqualUserTeams": ((), _teams),
    "EqualUserOrUserTeams": ((), _user_or_teams),
    "EqualBusinessId": ((), _business_unit),
    "NotEqualBusinessId": ((), _not(_business_unit)),
    **{name: ((), _fixed(name)) for name in periods.FIXED},
    **{name: (("PropertyValue",), _counted(name)) for name in periods.COUNTED},
    **{name: (("PropertyValue",), _given(name)) for name in periods.GIVEN},
}
