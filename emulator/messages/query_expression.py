"""`QueryExpression` as FetchXML: the same query in the other notation, as far as it has conditions.

Source: Learn, "QueryExpression complex type", "ConditionOperator enum".
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

from emulator.errors import not_supported
from emulator.fetchxml.operators import COMPARISONS, FUNCTIONS, LIKES, NOT_LIKES, NULLS
from emulator.messages.parameters import invalid

_SPECIAL = ("neq", *LIKES, *NOT_LIKES, *NULLS)
_PLAIN = {"".join(word.capitalize() for word in name.split("-")): name for name in _SPECIAL}
OPERATORS = {
    **{kind: name for name, (_, kind) in COMPARISONS.items() if name != "neq"},
    **{function: name for name, function in FUNCTIONS.items()},
    **{_name: _value for _name, _value in _PLAIN.items() if _name != "Neq"},
    "DoesNotBeginWith": "not-begin-with",
    "DoesNotEndWith": "not-end-with",
}


def as_fetchxml(query: object, *, page: int) -> tuple[str, str]:
    """The table that a query is about, and the query for a page of its ids. Raises 400 for what is no query, 501 for
    what is not built."""
    if not isinstance(query, Mapping) or not isinstance(query.get("EntityName"), str):
        raise invalid("A query needs its EntityName.")
    if query.get("LinkEntities"):
        raise not_supported("LinkEntities in a QueryExpression")
    fetch = Element("fetch", page=str(page))
    entity = SubElement(fetch, "entity", name=query["EntityName"])
    SubElement(entity, "no-attrs")
    if query.get("Criteria") is not None:
        _filter(entity, query["Criteria"])
    return query["EntityName"], tostring(fetch, encoding="unicode")


def _filter(parent: Element, given: object) -> None:
    if not isinstance(given, Mapping):
        raise invalid("The Criteria of a query are a filter.")
    kind = str(given.get("FilterOperator") or "And").lower()
    if kind not in ("and", "or"):
        raise invalid(f"'{kind}' is no operator of a filter.")
    conditions, filters = _list(given, "Conditions"), _list(given, "Filters")
    if not conditions and not filters:
        return
    element = SubElement(parent, "filter", type=kind)
    for condition in conditions:
        _condition(element, condition)
    for inner in filters:
        _filter(element, inner)


def _condition(parent: Element, given: object) -> None:
    if not isinstance(given, Mapping) or not isinstance(given.get("AttributeName"), str):
        raise invalid("A condition needs its AttributeName.")
    operator = str(given.get("Operator"))
    if operator not in OPERATORS:
        raise not_supported(f"the operator {operator} in a QueryExpression")
    values = [_text(value) for value in _list(given, "Values")]
    element = SubElement(parent, "condition", attribute=given["AttributeName"], operator=OPERATORS[operator])
    if len(values) == 1 and OPERATORS[operator] not in ("in", "not-in"):
        element.set("value", values[0])
        return
    for value in values:
        SubElement(element, "value").text = value


def _text(value: object) -> str:
    """A value; of the type object, it comes with the name of its type."""
    inner = value.get("Value") if isinstance(value, Mapping) else value
    if isinstance(inner, bool):
        return str(int(inner))
    if not isinstance(inner, str | int | float):
        raise invalid("A value of a condition is a text, a number, true or false.")
    return str(inner)


def _list(given: Mapping[str, object], name: str) -> list[object]:
    found = given.get(name)
    if found is None:
        return []
    if not isinstance(found, list):
        raise invalid(f"{name} of a query is a list.")
    return found
