"""`$filter` over definitions: the same grammar as over rows, evaluated on the definitions' JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from operator import ge, gt, le, lt

from emulator.errors import bad_query, not_supported
from emulator.metadata.labels import Json
from emulator.odata.nodes import And, Call, Compare, Literal, Node, Not, Or, Path
from emulator.odata.parser import parse_filter

Condition = Callable[[Json], bool]

# `Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned'` compares with the name of the value.
_ENUM = re.compile(r"Microsoft\.Dynamics\.CRM\.\w+(?='(?:[^']|'')*'(?:[^']*'[^']*')*[^']*$)")
_TEXTS: dict[str, Callable[[str, str], bool]] = {
    "startswith": str.startswith,
    "endswith": str.endswith,
    "contains": str.__contains__,
}


def condition(text: str) -> Condition:
    """The filter as a predicate over definitions; no filter lets everything through."""
    return _condition(parse_filter(_ENUM.sub("", text), {})) if text.strip() else lambda item: True


def properties(text: str) -> set[str]:
    """The properties that a filter names."""
    return set(_properties(parse_filter(_ENUM.sub("", text), {}))) if text.strip() else set()


def _properties(node: Node) -> Iterator[str]:
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _properties(part)
        case Not(operand):
            yield from _properties(operand)
        case Compare(_, left, right):
            yield from (*_properties(left), *_properties(right))
        case Call(_, operands):
            for operand in operands:
                yield from _properties(operand)
        case Path(segments):
            yield segments[0]
        case _:
            return


def _condition(node: Node) -> Condition:
    match node:
        case And(parts):
            every = [_condition(part) for part in parts]
            return lambda item: all(holds(item) for holds in every)
        case Or(parts):
            some = [_condition(part) for part in parts]
            return lambda item: any(holds(item) for holds in some)
        case Not(operand):
            holds = _condition(operand)
            return lambda item: not holds(item)
        case Compare("eq" | "ne" as operator, Path() as path, Literal() as literal):
            return lambda item: (_value(item, path) == literal.value) is (operator == "eq")
        case Compare("gt" | "ge" | "lt" | "le" as operator, Path() as path, Literal(value=int() | float() as limit)):
            return lambda item: _ordered(operator, _value(item, path), limit)
        case Call(name, (Path() as path, Literal() as literal)):
            test, wanted = _TEXTS[name], str(literal.value).lower()
            return lambda item: test(str(_value(item, path) or "").lower(), wanted)
        case _:
            raise not_supported("this filter on definitions")


_ORDERS: dict[str, Callable[[float, float], bool]] = {"gt": gt, "ge": ge, "lt": lt, "le": le}


def _ordered(operator: str, value: object, limit: float) -> bool:
    """Numbers only; what is empty is neither above nor below."""
    return isinstance(value, int | float) and _ORDERS[operator](value, limit)


def _value(item: Json, path: Path) -> object:
    value: object = item
    for name in path.segments:
        if not isinstance(value, Mapping) or name not in value:
            raise bad_query(f"Could not find a property named '{path}' on this type of definition.")
        value = value[name]
    return value
