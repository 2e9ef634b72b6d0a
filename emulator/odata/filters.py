"""From the tree of a `$filter` to SQL with bound parameters.

Every comparison is true or false, never unknown: `ne`, `not` and the query functions that begin with Not also match
rows whose column is null, as FetchXML's `ne` does. What this translation has no answer for, it refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import singledispatch

from emulator.context import Sql
from emulator.errors import DataverseError, bad_query, not_supported
from emulator.metadata.model import ColumnType
from emulator.odata.collation import LAST_CHARACTER, as_compared, comparable, has_text
from emulator.odata.functions import query_function
from emulator.odata.indexes import has_text_index, is_closed
from emulator.odata.joins import Operand, Source
from emulator.odata.members import is_selective, owners_of
from emulator.odata.nodes import And, Call, Compare, Lambda, Literal, Node, Not, Or, Path, QueryFunction
from emulator.odata.properties import NUMBERS, edm_type
from emulator.odata.sql import concatenated, every, negated, some
from emulator.odata.values import parameter
from emulator.odata.wildcards import literal_begin

_SQL_OPERATORS = {"eq": "=", "gt": ">", "ge": ">=", "lt": "<", "le": "<="}
_MIRRORED = {"eq": "eq", "ne": "ne", "gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}
_KINDS = {
    "eq": "Equal",
    "ne": "NotEqual",
    "gt": "GreaterThan",
    "ge": "GreaterThanOrEqual",
    "lt": "LessThan",
    "le": "LessThanOrEqual",
}
_UNORDERED = frozenset({"Edm.Guid", "Edm.Boolean"})  # Microsoft Learn, "condition operator values": gt, ge, lt, le
_PATTERNS = {"contains": "%{}%", "startswith": "{}%", "endswith": "%{}"}


@dataclass(frozen=True, slots=True)
class Scope:
    """Where names are looked up: the row that the filter is about (none inside a lambda) and the lambdas' variables."""

    row: Source | None
    variables: Mapping[str, Source] = field(default_factory=dict)

    def resolve(self, segments: tuple[str, ...]) -> tuple[Source, tuple[str, ...]]:
        """The row that a path starts from, and the rest of the path."""
        if segments and segments[0] in self.variables:
            return self.variables[segments[0]], segments[1:]
        if self.row is None:
            raise not_supported(f"a lambda expression that looks outside of its collection ('{'/'.join(segments)}')")
        return self.row, segments

    def operand(self, node: Node) -> Operand:
        if not isinstance(node, Path):
            raise bad_query("The filter compares an expression that is not a property.")
        source, rest = self.resolve(node.segments)
        if not rest:
            raise bad_query(f"The range variable '{node}' is not a value that can be compared.")
        return source.operand(rest)


@singledispatch
def condition(_node: Node, _scope: Scope) -> Sql:
    """The SQL condition that a filter stands for; joins that it needs are noted in the scope's sources.

    Raises `DataverseError` 400 for what Dataverse refuses (unknown names, types that don't fit) and 501 for what only
    the emulator does.
    """
    raise _not_boolean()


@condition.register
def _and(node: And, scope: Scope) -> Sql:
    return every([condition(part, scope) for part in node.parts])


@condition.register
def _or(node: Or, scope: Scope) -> Sql:
    return some([condition(part, scope) for part in node.parts])


@condition.register
def _not(node: Not, scope: Scope) -> Sql:
    return negated(condition(node.operand, scope))


@condition.register
def _property(node: Path, scope: Scope) -> Sql:
    if edm_type(scope.operand(node).column) == "Edm.Boolean":
        raise bad_query("The query node SingleValuePropertyAccess is not supported.")
    raise _not_boolean()


@condition.register
def _query_function(node: QueryFunction, scope: Scope) -> Sql:
    """Also behind a path, `primarycontactid/Microsoft.Dynamics.CRM.Today(…)`, as FetchXML Builder writes them."""
    source, rest = scope.resolve(node.path)
    for name in rest:
        source = source.follow(name)
    return query_function(node, source)


@condition.register
def _comparison(node: Compare, scope: Scope) -> Sql:
    if isinstance(node.left, Literal) and isinstance(node.right, Path):
        node = replace(node, operator=_MIRRORED[node.operator], left=node.right, right=node.left)
    if isinstance(node.left, Path) and isinstance(node.right, Path):
        return _columns(node.operator, scope.operand(node.left), scope.operand(node.right))
    if isinstance(node.left, Path) and isinstance(node.right, Literal):
        return _constant(node.operator, scope.operand(node.left), node.right)
    raise not_supported("comparing anything but a property with a value or with another property")


def _constant(operator: str, operand: Operand, literal: Literal) -> Sql:
    if literal.type == "null":
        return _null(operator, operand)
    value = parameter(operand.column, literal)
    if value is None:
        raise _incompatible(operator, edm_type(operand.column), literal.type)
    return compared(operator, operand, ("?", (value,)))


def _null(operator: str, operand: Operand) -> Sql:
    if operator not in {"eq", "ne"}:
        raise DataverseError(
            400,
            "0x80040203",
            f"The ConditionOperator.{_KINDS[operator]} requires 1 value/s, not 0. "
            f"Parameter Name: {operand.column.logical_name}",
        )
    return f"{operand.sql} is {'not ' if operator == 'ne' else ''}null", ()


def _columns(operator: str, left: Operand, right: Operand) -> Sql:
    if left.source is not right.source:
        raise bad_query("Columns can only be compared with columns of the same row.")
    types = {edm_type(left.column), edm_type(right.column)}
    if len(types) > 1 and not types <= NUMBERS:
        raise _incompatible(operator, edm_type(left.column), edm_type(right.column))
    return compared(operator, left, (right.sql, ()))


def compared(operator: str, operand: Operand, other: Sql) -> Sql:
    """`operand operator other` with eq, ne, gt, ge, lt or le, where `other` is a value or a column of the same type."""
    if operator == "ne":
        return negated(compared("eq", operand, other))
    kind = edm_type(operand.column)
    if operator != "eq" and kind in _UNORDERED:
        raise bad_query(f"The operator '{operator}' is for numbers, dates and strings, not for {kind}.")
    if kind == "Edm.String":
        texts = concatenated(as_compared(operand.sql), _SQL_OPERATORS[operator], (as_compared(other[0]), other[1]))
        return every([texts, has_text(operand.sql)])
    found = concatenated(operand.sql, _SQL_OPERATORS[operator], other)
    if operand.column.type is ColumnType.STATE and operator == "eq" and tuple(other[1]) not in {(), (0,)}:
        return every([found, (is_closed(operand.sql), ())])
    return found


def matches(operand: Operand, pattern: str) -> Sql:
    """The text is like a pattern with wildcards; where it has an index, the beginning of the pattern is looked up."""
    like: Sql = (f"dataverse_like(?, {operand.sql})", (pattern,))
    begin = comparable(literal_begin(pattern))
    if not begin or not has_text_index(operand.source.table, operand.column):
        return like
    text = as_compared(operand.sql)
    return every([(f"{text} >= ? and {text} < ?", (begin, begin + LAST_CHARACTER)), has_text(operand.sql), like])


@condition.register
def _call(node: Call, scope: Scope) -> Sql:
    match node.arguments:
        case (Path() as path, Literal(type="Edm.String", value=str(text))):
            operand = scope.operand(path)
            if edm_type(operand.column) == "Edm.String":
                return matches(operand, _PATTERNS[node.name].format(text))
    raise bad_query(
        f"No function signature for the function with name '{node.name}' matches the specified arguments. The function "
        f"signatures considered are: {node.name}(Edm.String Nullable=true, Edm.String Nullable=true)."
    )


@condition.register
def _lambda(node: Lambda, scope: Scope) -> Sql:
    source, rest = scope.resolve(node.path)
    if len(rest) != 1:
        raise bad_query(f"A lambda operator is not supported on '{'/'.join(node.path)}'.")
    navigation = source.navigation(rest[0])
    if not navigation.is_collection:
        raise bad_query(f"The property '{rest[0]}' is not a collection: '{node.quantifier}' cannot be applied to it.")
    member = Source(
        source.context, source.context.schema.tables[navigation.target], source.links.next_alias(), source.links
    )
    inside = []
    if node.variable is not None and node.body is not None:
        body = condition(node.body, Scope(None, {**scope.variables, node.variable: member}))
        inside = [negated(body) if node.quantifier == "all" else body]
    few = node.quantifier == "any" and is_selective(node.body)
    found = owners_of(source, navigation, member, inside, few=few)
    return negated(found) if node.quantifier == "all" else found


def _not_boolean() -> DataverseError:
    return bad_query("The $filter expression must evaluate to a single boolean value.")


def _incompatible(operator: str, left: str, right: str) -> DataverseError:
    return bad_query(
        "A binary operator with incompatible types was detected. Found operand types "
        f"'{left}' and '{right}' for operator kind '{_KINDS[operator]}'."
    )
