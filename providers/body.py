"""Bodies of callbacks: size, encoding, and the characters that nobody downstream can store."""

from __future__ import annotations

import json
import math
import re

from messaging.errors import Malformed
from messaging.web import HttpRequest

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 32  # no provider nests deeper than 6; events are written as JSON again, which has a limit of its own

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def plain(text: str) -> str:
    """The text without NUL, lone surrogates replaced by U+FFFD.

    Neither can be written to Dataverse or encoded for a queue, and neither says anything to a reader: a customer's
    text must not be lost for them.
    """
    return _LONE_SURROGATE.sub("\ufffd", text.replace("\0", ""))


def limited(request: HttpRequest) -> bytes:
    """The body. Raises Malformed if it is longer than any callback; called on verified requests only."""
    if len(request.body) > MAX_BYTES:
        raise Malformed(f"the body is longer than {MAX_BYTES // 1024} KiB")
    return request.body


def read_json(request: HttpRequest) -> object:
    """The body as JSON of plain texts, a byte order mark tolerated. Raises Malformed."""
    try:
        parsed = json.loads(limited(request).decode("utf-8-sig"), parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError):
        # The parser's own message and position would be safe, its chained error carries the whole body.
        raise Malformed("the body is not JSON in UTF-8") from None
    return _plain(parsed, MAX_DEPTH)


def _plain(value: object, depth: int) -> object:
    if depth < 0:
        raise Malformed(f"the body is nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list):
        return [_plain(item, depth - 1) for item in value]
    if isinstance(value, dict):
        return {plain(name): _plain(item, depth - 1) for name, item in value.items()}
    return value


def _refuse(constant: str) -> float:
    raise ValueError("not a JSON number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("not a JSON number")
    return number
