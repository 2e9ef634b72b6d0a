"""SQL Server's LIKE patterns, whose wildcards Dataverse leaves active in contains, startswith and endswith.

`%` any text, `_` one character, `[abc]` and `[a-f]` one of them, `[^…]` one that is not; a wildcard in brackets stands
for itself (`[%]`). Source: Microsoft Learn, "Use wildcard characters in conditions for string values".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from emulator.odata.collation import folded

_PIECE = re.compile(r"%+|_|\[(?P<none>\^?)(?P<set>[^\]]*)\]|(?P<unclosed>\[)|(?P<text>[^%_\[]+)", re.DOTALL)
_WILDCARDS = re.compile(r"[%_\[]")
_NOTHING = "(?!)"


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str]:
    """A LIKE pattern as a regular expression over folded text (case and accents do not count)."""
    return re.compile("".join(_expression(piece) for piece in _PIECE.finditer(pattern)), re.DOTALL)


def literal_begin(pattern: str) -> str:
    """What every text begins with that is like a pattern."""
    return _WILDCARDS.split(pattern, maxsplit=1)[0]


def like(pattern: str, value: object) -> bool | None:
    """Whether a text is like a pattern; unknown (None) for null."""
    if value is None:
        return None
    text = str(value)
    return _matcher(pattern)(text.lower() if text.isascii() else folded(text))


@lru_cache(maxsize=1024)
def _matcher(pattern: str) -> Callable[[str], bool]:
    """What says of a folded text whether it is like a pattern; at a million rows it pays not to ask `re`."""
    inside = pattern.strip("%")
    if _WILDCARDS.search(inside):
        expression = compiled(pattern)
        return lambda text: expression.fullmatch(text) is not None
    literal, before, behind = folded(inside), pattern.startswith("%"), pattern.endswith("%")
    if before and behind:
        return lambda text: literal in text
    if before:
        return lambda text: text.endswith(literal)
    return (lambda text: text.startswith(literal)) if behind else (lambda text: text == literal)


def _expression(piece: re.Match[str]) -> str:
    if piece["text"] is not None:
        return re.escape(folded(piece["text"]))
    if piece["unclosed"]:
        return _NOTHING
    if piece["set"] is not None:
        return _set(folded(piece["set"]), negative=bool(piece["none"]))
    return "." if piece.group() == "_" else ".*"


def _set(members: str, *, negative: bool) -> str:
    parts = []
    position = 0
    while position < len(members):
        if members[position + 1 : position + 2] == "-" and position + 2 < len(members):
            first, last = members[position], members[position + 2]
            parts.append(f"{re.escape(first)}-{re.escape(last)}" if first <= last else "")
            position += 3
        else:
            parts.append(re.escape(members[position]))
            position += 1
    inside = "".join(parts)
    if not inside:
        return "." if negative else _NOTHING
    return f"[{'^' if negative else ''}{inside}]"
