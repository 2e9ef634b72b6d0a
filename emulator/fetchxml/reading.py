"""From the elements of a FetchXML query to what it says. Defaults and allowed values: Learn, "FetchXml reference"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import count
from xml.etree.ElementTree import Element

from emulator.fetchxml.markup import parse
from emulator.fetchxml.model import (
    FILTERING,
    JOINED,
    RESTRICTING,
    Attribute,
    Condition,
    Entity,
    Fetch,
    Filter,
    Link,
    Order,
)
from emulator.fetchxml.refusals import (
    INVALID_ALIAS,
    INVALID_ARGUMENT,
    INVALID_FILTER_TYPE,
    INVALID_LINK_TYPE,
    INVALID_NODE,
    INVALID_VALUE,
    MISSING_ATTRIBUTE,
    NO_ENTITY_NAME,
    NOT_POSITIVE,
    refused,
)

LARGEST = 5000
MOST_AGGREGATED = 50_000
_ALIAS = re.compile(r"[A-Za-z_][\w.]*", re.ASCII)
_FLAGS: Mapping[str, bool] = {"true": True, "1": True, "false": False, "0": False}
_ANY_OF: Mapping[str, bool] = {"and": False, "or": True}


def read_query(text: str) -> Fetch:
    """What a FetchXML text asks for. Raises `DataverseError` 400 or 501."""
    root = parse(text)
    if not len(root):
        raise refused(NO_ENTITY_NAME)
    if len(root) > 1:
        raise refused(INVALID_NODE, "A fetch has one entity.")
    top, total = _number(root, "top"), _flag(root, "returntotalrecordcount")
    if top is not None and (total or "count" in root.attrib or "page" in root.attrib):
        raise refused(INVALID_ARGUMENT, f"The Top.Count = {top} can't be specified with pagingInfo")
    if top is not None and top > LARGEST:
        raise refused(INVALID_ARGUMENT, f"The value of 'top' cannot exceed {LARGEST}.")
    return Fetch(
        entity=_entity(root[0], count(1)),
        top=top,
        size=_number(root, "count"),
        page=_number(root, "page"),
        cookie=root.get("paging-cookie", ""),
        total=total,
        distinct=_flag(root, "distinct"),
        aggregate=_flag(root, "aggregate"),
        aggregate_limit=min(_number(root, "aggregatelimit") or MOST_AGGREGATED, MOST_AGGREGATED),
        raw_order=_flag(root, "useraworderby"),
    )


def _entity(element: Element, numbers: Iterator[int], *, linked: bool = False) -> Entity:
    """An entity or the like part of a link-entity; one without `attribute` shows every column, a link-entity none."""
    name = element.get("name", "")
    if not name:
        raise refused(NO_ENTITY_NAME)
    every = element.find("all-attributes") is not None
    attributes = tuple(_attribute(child) for child in element.iterfind("attribute"))
    some = linked or attributes or element.find("no-attrs") is not None
    return Entity(
        name=name,
        attributes=attributes if some and not every else None,
        orders=tuple(_order(child) for child in element.iterfind("order")),
        filters=tuple(_filter(child, numbers) for child in element.iterfind("filter")),
        links=tuple(_link(child, numbers, JOINED | RESTRICTING) for child in element.iterfind("link-entity")),
    )


def _attribute(element: Element) -> Attribute:
    return Attribute(
        name=_required(element, "name"),
        alias=_alias(element),
        aggregate=element.get("aggregate") or None,
        groupby=_flag(element, "groupby"),
        date_grouping=element.get("dategrouping") or None,
        distinct=_flag(element, "distinct"),
    )


def _order(element: Element) -> Order:
    return Order(
        attribute=element.get("attribute") or None,
        alias=element.get("alias") or None,
        descending=_flag(element, "descending"),
        entity=element.get("entityname") or None,
    )


def _filter(element: Element, numbers: Iterator[int]) -> Filter:
    kind = element.get("type", "and")
    if kind not in _ANY_OF:
        raise refused(INVALID_FILTER_TYPE)
    return Filter(any_of=_ANY_OF[kind], parts=tuple(_part(child, numbers) for child in element))


def _part(element: Element, numbers: Iterator[int]) -> Condition | Filter | Link:
    if element.tag == "filter":
        return _filter(element, numbers)
    if element.tag == "link-entity":
        return _link(element, numbers, FILTERING)
    value = element.get("value")
    return Condition(
        attribute=_required(element, "attribute"),
        operator=_required(element, "operator"),
        values=(*([] if value is None else [value]), *(child.text or "" for child in element)),
        value_of=element.get("valueof") or None,
        entity=element.get("entityname") or None,
    )


def _link(element: Element, numbers: Iterator[int], kinds: frozenset[str]) -> Link:
    number, kind = next(numbers), element.get("link-type", "inner")
    if kind not in kinds:
        raise refused(INVALID_LINK_TYPE, f"The link-type '{kind[:60]}' is not one of {', '.join(sorted(kinds))}.")
    return Link(
        entity=_entity(element, numbers, linked=True),
        column=element.get("from") or None,
        parent_column=element.get("to") or None,
        alias=_alias(element),
        kind=kind,
        number=number,
    )


def _required(element: Element, name: str) -> str:
    value = element.get(name)
    if not value:
        raise refused(MISSING_ATTRIBUTE, f"A required attribute was not specified: '{name}' of '{element.tag}'.")
    return value


def _alias(element: Element) -> str | None:
    alias = element.get("alias") or None
    if alias is not None and not _ALIAS.fullmatch(alias):
        raise refused(
            INVALID_ALIAS,
            f"Invalid character specified for alias: {alias[:60]}. Only characters within the ranges [A-Z], [a-z] or "
            "[0-9] or _ are allowed. The first character may only be in the ranges [A-Z], [a-z] or _.",
        )
    return alias


def _flag(element: Element, name: str) -> bool:
    value = element.get(name, "false").strip().lower()
    if value not in _FLAGS:
        raise refused(INVALID_VALUE, f"The only valid values for {name} attribute are 'true', 'false', '1', and '0'.")
    return _FLAGS[value]


def _number(element: Element, name: str) -> int | None:
    value = element.get(name, "").strip()
    if not value:
        return None
    if not re.fullmatch(r"-?\d{1,10}", value, re.ASCII):
        raise refused(INVALID_VALUE, f"The value '{value[:60]}' of the attribute '{name}' is not a whole number.")
    if int(value) < 1:
        raise refused(NOT_POSITIVE, f"A value greater than zero must be specified for '{name}'.")
    return int(value)
