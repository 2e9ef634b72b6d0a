"""`$filter` over definitions: the same grammar as over rows, evaluated on the definitions' JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

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
        case Call(name, (Path() as path, Literal() as literal)):
            test, wanted = _TEXTS[name], str(literal.value).lower()
            return lambda item: test(str(_value(item, path) or "").lower(), wanted)
        case _:
            raise not_supported("this filter on definitions")


def _value(item: Json, path: Path) -> object:
    value: object = item
    for name in path.segments:
        if not isinstance(value, Mapping) or name not in value:
            raise bad_query(f"Could not find a property named '{path}' on this type of definition.")
        value = value[name]
    return value
