"""JSON as it comes in: what Python's parser takes beyond JSON and OData is refused."""

from __future__ import annotations

import json


def read_json(text: str | bytes) -> object:
    """The value. Raises `ValueError` for what is no JSON in UTF-8, for NaN and its like, for a name that is there twice
    in an object, and for half a surrogate pair, which no database and no answer can hold; `RecursionError` for what is
    nested too deeply."""
    given = text.decode("utf-8-sig") if isinstance(text, bytes) else text
    value: object = json.loads(given, parse_constant=_no_number, object_pairs_hook=_once)
    if "\\u" in given:
        json.dumps(value, ensure_ascii=False).encode()
    return value


def _no_number(text: str) -> object:
    raise ValueError(f"{text} is no value")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(
            f"Multiple properties with the name '{twice}' were detected in a resource or a complex value. In OData, "
            "duplicate property names are not allowed"
        )
    return found
