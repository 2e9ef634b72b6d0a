"""Query functions about one of several values, and about the options that a choices column holds."""

from __future__ import annotations

from emulator.context import Sql
from emulator.errors import bad_query
from emulator.metadata.model import ColumnType
from emulator.odata.collation import as_compared, comparable, has_text
from emulator.odata.functions.operands import VALUES, Function, listed
from emulator.odata.joins import Operand
from emulator.odata.nodes import Node
from emulator.odata.properties import edm_type
from emulator.odata.sql import among, every, some

_UNORDERED = frozenset({"Edm.Guid", "Edm.Boolean", "Edm.String"})


def _in(operand: Operand, values: Node) -> Sql:
    given = listed(operand, values)
    if edm_type(operand.column) != "Edm.String":
        return among(operand.sql, given)
    texts = among(as_compared(operand.sql), [comparable(str(value)) for value in given])
    return every([texts, has_text(operand.sql)])


def _between(operand: Operand, values: Node) -> Sql:
    bounds = listed(operand, values)
    if len(bounds) != 2 or edm_type(operand.column) in _UNORDERED:
        raise bad_query("Between compares a number or a date with two values.")
    return f"{operand.sql} between ? and ?", tuple(bounds)


def _contain_values(operand: Operand, values: Node) -> Sql:
    """One of the options is selected. Source: Microsoft Learn, "Choices columns"."""
    if operand.column.type is not ColumnType.CHOICES:
        raise bad_query(f"The property '{operand.column.logical_name}' is no choices column.")
    return some((f"instr(',' || {operand.sql} || ',', ?) > 0", (f",{each},",)) for each in listed(operand, values))


_IN, _BETWEEN, _CONTAIN = (Function(build, (VALUES,)) for build in (_in, _between, _contain_values))
FUNCTIONS = {
    "In": _IN,
    "NotIn": _IN.negated(),
    "Between": _BETWEEN,
    "NotBetween": _BETWEEN.negated(),
    "ContainValues": _CONTAIN,
    "DoesNotContainValues": _CONTAIN.negated(),
}
