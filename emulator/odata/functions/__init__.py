"""Dataverse's own query functions, `Microsoft.Dynamics.CRM.LastXHours(PropertyName='createdon',PropertyValue=4)`.

Source of names and parameters: Microsoft Learn, "Web API Query Function Reference". `NotOn`, which only FetchXML and
QueryExpression document, is among them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from emulator.context import Sql
from emulator.errors import bad_query, not_supported
from emulator.odata.functions import dates, lists, people, tree
from emulator.odata.functions.operands import NAMESPACE, Function
from emulator.odata.joins import Operand, Source
from emulator.odata.nodes import Array, Literal, Node, QueryFunction
from emulator.odata.properties import find_attribute

FUNCTIONS: Mapping[str, Function] = {**lists.FUNCTIONS, **people.FUNCTIONS, **tree.FUNCTIONS, **dates.FUNCTIONS}
_FULL_TEXT = "Contains"
_WHOLE = re.compile(r"\d{1,18}", re.ASCII)


def query_function(node: QueryFunction, source: Source) -> Sql:
    """The condition that a query function stands for.

    Raises `DataverseError` 400 for unknown functions, parameters and properties and for values that don't fit.
    """
    name = node.name.removeprefix(NAMESPACE)
    if name == _FULL_TEXT and node.name != name:
        raise bad_query(f"{node.name} is for columns with full-text indexing. Use the function 'contains'.")
    if name not in FUNCTIONS or node.name == name:
        raise bad_query(f"An unknown function with name '{node.name}' was found.")
    function = FUNCTIONS[name]
    given = dict(node.parameters)
    if set(given) != {"PropertyName", *function.parameters} or len(given) != len(node.parameters):
        names = "".join(f", {each}" for each in function.parameters)
        raise bad_query(f"The parameters of '{node.name}' are PropertyName{names}.")
    operand = Operand(source, find_attribute(source.table, _text(node, given["PropertyName"])))
    return function.build(operand, *(given[each] for each in function.parameters))


def named_condition(name: str, operand: Operand, values: Sequence[str]) -> Sql:
    """The condition of the operator with this name and its values as text, as FetchXML has them (there `LastXHours`
    is `last-x-hours`). Raises `DataverseError` as `query_function` does."""
    if name not in FUNCTIONS:
        raise not_supported(f"the operator '{name}'")
    function = FUNCTIONS[name]
    given: list[Node] = []
    if function.parameters == ("PropertyValues",):
        given = [Array(tuple(Literal("Edm.String", value) for value in values))]
    elif function.parameters:
        given = [
            Literal("Edm.Int64", int(value)) if _WHOLE.fullmatch(value) else Literal("Edm.String", value)
            for value in values
        ]
    if len(given) != len(function.parameters):
        raise bad_query(f"The operator '{name}' takes {len(function.parameters)} values, not {len(values)}.")
    return function.build(operand, *given)


def _text(node: QueryFunction, value: Node) -> str:
    if isinstance(value, Literal) and isinstance(value.value, str):
        return value.value
    raise bad_query(f"The parameter 'PropertyName' of '{node.name}' is not a string.")
