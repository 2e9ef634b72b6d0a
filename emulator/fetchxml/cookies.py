"""Paging cookies: the sort keys of a page's first and last row, in the shape that Learn documents.

The client decodes the annotation's `pagingcookie` twice, escapes it as XML and gives it back in `paging-cookie`.
Source: Learn, "Page results using FetchXml".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote
from xml.etree.ElementTree import Element, ParseError, fromstring
from xml.sax.saxutils import quoteattr

from emulator.errors import DataverseError
from emulator.fetchxml.ordering import Sorted
from emulator.fetchxml.refusals import INVALID_COOKIE, INVALID_XML, OTHER_ORDER, refused
from emulator.metadata.model import ColumnType
from emulator.odata.collation import comparable
from emulator.odata.properties import NUMBERS, edm_type

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NUMBER = re.compile(r"-?\d{1,19}|-?\d+(\.\d+)?([eE][+-]?\d{1,3})?", re.ASCII)


def write_cookie(page: int, order: Sequence[Sorted], first: Sequence[object], last: Sequence[object]) -> str | None:
    """The annotation after page number `page`, from what `Sorted.shown` is of its first and last row; None where a
    value cannot be written as XML."""
    items = []
    for each, *values in zip(order, last, first, strict=True):
        texts = [_written(each, value) for value in values]
        if any(_UNWRITABLE.search(text) for text in texts if text is not None):
            return None
        sides = [_side(name, text) for name, text in zip(("last", "first"), texts, strict=True)]
        items.append(f"<{each.column.logical_name} {' '.join(sides)} />")
    inside = f'<cookie page="{page}">{"".join(items)}</cookie>'
    return f'<cookie pagenumber="{page + 1}" pagingcookie="{_encoded(_encoded(inside))}" istracking="False" />'


def read_cookie(text: str, order: Sequence[Sorted]) -> tuple[int, list[object]]:
    """The page number of a cookie and the sort keys of its last row; raises `DataverseError` 400 for what is none, or
    belongs to another order."""
    try:
        cookie = fromstring(text) if "<!DOCTYPE" not in text else None  # noqa: S314 - as in markup.py
    except (ParseError, ValueError):
        cookie = None
    if cookie is None or cookie.tag != "cookie":
        raise _malformed()
    page = cookie.get("page", "")
    if not re.fullmatch(r"[1-9]\d{0,8}", page, re.ASCII):
        raise refused(INVALID_COOKIE)
    if [item.tag for item in cookie] != [each.column.logical_name for each in order]:
        raise refused(OTHER_ORDER)
    return int(page), [_read(each, item) for each, item in zip(order, cookie, strict=True)]


def _side(name: str, text: str | None) -> str:
    return f'{name}null="1"' if text is None else f"{name}={_quoted(text)}"


def _quoted(text: str) -> str:
    return quoteattr(text, {'"': "&quot;"})


def _encoded(text: str) -> str:
    """Percent-encoded with lower-case digits, as .NET does."""
    return re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), quote(text, safe=""))


def _written(each: Sorted, value: object) -> str | None:
    if value is None:
        return None
    if each.column.type is ColumnType.ID:
        return f"{{{str(value).upper()}}}"
    return repr(value) if isinstance(value, float) else str(value)


def _read(each: Sorted, item: Element) -> object:
    text = item.get("last")
    if text is None:
        if item.get("lastnull") != "1":
            raise _malformed()
        return None
    kind = edm_type(each.column)
    if kind in NUMBERS or kind == "Edm.Boolean":
        if not _NUMBER.fullmatch(text):
            raise _malformed()
        number = int(text) if text.lstrip("-").isdigit() else float(text)
        if isinstance(number, int) and not -(2**63) <= number < 2**63:
            raise _malformed()
        return number
    if each.is_text:
        return comparable(text)
    return text.strip("{}").lower() if each.column.type is ColumnType.ID else text


def _malformed() -> DataverseError:
    return refused(INVALID_XML, "Malformed XML in the Paging Cookie")
