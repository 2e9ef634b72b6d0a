"""What query functions are, and how they read their parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from emulator.context import Sql
from emulator.errors import bad_query
from emulator.odata.joins import Operand
from emulator.odata.nodes import Array, Literal, Node, Scalar
from emulator.odata.properties import edm_type
from emulator.odata.sql import negated
from emulator.odata.values import from_text, parameter

NAMESPACE = "Microsoft.Dynamics.CRM."
VALUE, VALUES = "PropertyValue", "PropertyValues"
_MOST_VALUES = 2000  # SQL Server takes 2,100 parameters
_MOST = 2**31


@dataclass(frozen=True, slots=True)
class Function:
    """`parameters` are those beside `PropertyName`; `build` takes the property and them, in this order.

    What it builds is true or false, never unknown, except that null fulfils no condition.
    """

    build: Callable[..., Sql]
    parameters: tuple[str, ...] = ()

    def negated(self) -> Function:
        """The function that is true where this one is not, null included."""
        return Function(lambda *arguments: negated(self.build(*arguments)), self.parameters)


def listed(operand: Operand, values: Node) -> list[Scalar]:
    """`PropertyValues` as the column stores them."""
    if not isinstance(values, Array) or not 0 < len(values.items) <= _MOST_VALUES:
        raise bad_query(f"The parameter '{VALUES}' is a list of strings with at least one value.")
    return [stored(operand, item) for item in values.items]


def stored(operand: Operand, item: Node) -> Scalar:
    """A value as the column stores it; raises `DataverseError` 400 where it doesn't fit."""
    if isinstance(item, Literal) and item.type == "Edm.String":
        return from_text(operand.column, str(item.value))
    value = parameter(operand.column, item) if isinstance(item, Literal) else None
    if value is None:
        raise bad_query(f"The values given do not fit the property '{operand.column.logical_name}'.")
    return value


def positive(value: Node) -> int:
    """A `PropertyValue` of the type Edm.Int64 that counts something."""
    match value:
        case Literal(type="Edm.Int32" | "Edm.Int64", value=int(number)) if 0 < number < _MOST:
            return number
    raise bad_query(f"The parameter '{VALUE}' is a positive number, and not too large.")


def identifier(operand: Operand) -> str:
    """The SQL of a property that holds ids; raises `DataverseError` 400 for others."""
    if edm_type(operand.column) != "Edm.Guid":
        raise bad_query(f"The property '{operand.column.logical_name}' is no identifier.")
    return operand.sql
