"""Requests of the Web API taken apart into the names that they use: tables, columns, navigations, operations.

Knows nothing of our own builders: it reads what went over the wire.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from urllib.parse import unquote

import requests

SERVICE = "/api/data/v9.2/"
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TEXT = re.compile(r"'(?:[^']|'')*'")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*(?:/[A-Za-z_][A-Za-z0-9_]*)*")
_OPERATORS = {
    *("eq", "ne", "gt", "ge", "lt", "le", "and", "or", "not", "contains"),
    *("null", "true", "false", "asc", "desc"),
}
_LAMBDA = re.compile(r"([A-Za-z_][\w/]*)/(?:any|all)\((\w+):(.*)\)")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its path without the service's, still encoded, and its body."""

    method: str
    path: str
    body: Mapping[str, object]


def operations(request: requests.PreparedRequest) -> Iterator[Operation]:
    """What an HTTP request asks for: itself, or the parts of its batch."""
    url, content = str(request.url), request.body or b""
    raw = content.encode() if isinstance(content, str) else content
    path = url.partition(SERVICE)[2]
    if not path.startswith("$batch"):
        yield Operation(str(request.method), path, _json(raw))
        return
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n"
    for part in message_from_bytes(head.encode() + raw).walk():
        if part.get_content_type() == "application/http":
            yield _operation(part)


def _operation(part: Message) -> Operation:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    head, _, body = content.partition(b"\r\n\r\n")
    method, target, _version = head.split(b"\r\n")[0].decode().split(" ")
    return Operation(method, target.partition(SERVICE)[2], _json(body))


def _json(raw: bytes) -> Mapping[str, object]:
    found = json.loads(raw) if raw.strip() else {}
    assert isinstance(found, dict)
    return found


def options(query: str, separator: str = "&") -> dict[str, str]:
    """The query options of a path, or of one `$expand`, decoded."""
    pairs = (each.partition("=") for each in split(query, separator) if each)
    return {name: unquote(value) for name, _, value in pairs}


def split(text: str, separator: str) -> list[str]:
    """Text between separators that stand in no brackets and no quotes."""
    parts, depth, quoted = [""], 0, False
    for character in text:
        quoted ^= character == "'"
        depth += 0 if quoted else (character == "(") - (character == ")")
        if character == separator and depth == 0 and not quoted:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def conditions(text: str) -> Iterator[str]:
    """The paths of columns that a `$filter` or `$orderby` names (`teamid`, `team_txv_phonenumber/txv_digits`)."""
    yield from re.findall(r"PropertyName='([^']*)'", text)
    for nav, variable, inside in _LAMBDA.findall(text):
        yield from (f"{nav}/{path.removeprefix(f'{variable}/')}" for path in conditions(inside))
    plain = _GUID.sub("", _TEXT.sub("", _LAMBDA.sub("", re.sub(r"\[.*?\]", "", text))))
    plain = re.sub(r"\b\d{4}-\d\d-\d\dT[\d:.]*Z", "", re.sub(r"Microsoft\.Dynamics\.CRM\.\w+\([^()]*\)", "", plain))
    yield from (word for word in _WORD.findall(plain) if word not in _OPERATORS)


def expansions(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The navigations of an `$expand`, each with its own options."""
    for each in split(text, ","):
        name, bracket, inside = each.partition("(")
        yield name, options(inside.removesuffix(")"), ";") if bracket else {}
