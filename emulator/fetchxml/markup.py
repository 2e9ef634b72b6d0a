"""FetchXML as text: read into elements, safely, and checked for what may stand where.

Elements that Dataverse does not know are refused as it refuses them. XML attributes that change what a query means and
are not built are answered with 501; those that only hint at how to run it are left aside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element, ParseError, fromstring, tostring

from emulator.errors import not_supported
from emulator.fetchxml.refusals import INVALID_NODE, INVALID_XML, TOO_MANY_CONDITIONS, TOO_MANY_LINKS, refused

_DEEPEST = 40
_MOST_CONDITIONS = 500
_MOST_LINKS = 15

_COLUMNS = "filter order link-entity attribute all-attributes no-attrs"
_CHILDREN: Mapping[str, str] = {
    "fetch": "entity",
    "entity": _COLUMNS,
    "link-entity": _COLUMNS,
    "filter": "condition filter link-entity",
    "condition": "value",
}
READ: Mapping[str, str] = {
    "fetch": "top count page paging-cookie returntotalrecordcount distinct aggregate aggregatelimit useraworderby",
    "entity": "name",
    "link-entity": "name from to alias link-type",
    "attribute": "name alias aggregate groupby dategrouping distinct",
    "order": "attribute alias descending entityname",
    "filter": "type",
    "condition": "attribute operator value valueof entityname",
}
# Everybody's time zone is UTC here, so `usertimezone` changes nothing.
LEFT_ASIDE: Mapping[str, str] = {
    "fetch": "version mapping output-format no-lock latematerialize options savedqueryid",
    "entity": "enableprefiltering prefilterparametername",
    "link-entity": "intersect visible enableprefiltering prefilterparametername",
    "attribute": "usertimezone build",
    "filter": "hint overridequickfindrecordlimitenabled overridequickfindrecordlimitdisabled",
    "condition": "uiname uitype uihidden column",
    "value": "uiname uitype",
}
_OFF = frozenset({"", "0", "false"})


def parse(text: str) -> Element:
    """The `fetch` element of a query, with nothing in it that is not FetchXML.

    Raises `DataverseError` 400 for what is no XML, has a document type, or has elements that do not belong there, and
    501 for what goes beyond the emulator.
    """
    if "<!DOCTYPE" in text:
        raise refused(INVALID_XML)
    try:
        root = fromstring(text.strip())  # noqa: S314 - without a document type there are no entities to expand
    except (ParseError, ValueError):
        raise refused(INVALID_XML) from None
    _check_size(root)
    if root.tag != "fetch":
        raise _misplaced(root, "fetch")
    for element in root.iter():
        _check(element)
    return root


def _check_size(root: Element) -> None:
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > _DEEPEST:
            raise not_supported("a query that is nested as deeply as this one")
        level = [child for element in level for child in element]
    links = sum(1 for _ in root.iter("link-entity"))
    if links > _MOST_LINKS:
        raise refused(TOO_MANY_LINKS)
    if links + sum(1 for _ in root.iter("condition")) > _MOST_CONDITIONS:
        raise refused(TOO_MANY_CONDITIONS)


def _check(element: Element) -> None:
    allowed = _CHILDREN.get(element.tag, "").split()
    for child in element:
        if child.tag not in allowed:
            raise _misplaced(child, ", ".join(allowed))
    for name in _unread(element):
        raise not_supported(f"the attribute '{name}' of the element '{element.tag}'")


def _unread(element: Element) -> Iterator[str]:
    known = {*READ.get(element.tag, "").split(), *LEFT_ASIDE.get(element.tag, "").split()}
    for name, value in element.attrib.items():
        if name not in known and value.lower() not in _OFF:
            yield name


def _misplaced(element: Element, allowed: str) -> Exception:
    found = tostring(element, encoding="unicode", short_empty_elements=True).strip()
    return refused(
        INVALID_NODE,
        f"Invalid Child Node, valid nodes are {allowed}. NodeName = {element.tag} NodeXml = {found[:200]}",
    )
