"""The words of a `$filter`: names, constants, aliases and punctuation, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from emulator.errors import bad_query
from emulator.odata.literals import DATE, GUID, MOMENT

_WORD_ENDS = r"(?![\w-])"
_PATTERN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<string>'(?:[^']|'')*')"
    r'|(?P<json>"(?:[^"\\]|\\.)*")'
    rf"|(?P<guid>{GUID}{_WORD_ENDS})"
    rf"|(?P<moment>{MOMENT}{_WORD_ENDS})"
    rf"|(?P<date>{DATE}{_WORD_ENDS})"
    rf"|(?P<decimal>-?\d+(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]?\d+){_WORD_ENDS})"
    rf"|(?P<integer>-?\d+{_WORD_ENDS})"
    r"|(?P<alias>@[A-Za-z_]\w*)"
    r"|(?P<name>[A-Za-z_$]\w*(?:\.[A-Za-z_]\w*)*)"
    r"|(?P<symbol>[(),/:=\[\]])",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is a group of the pattern above, or `end`."""

    kind: str
    text: str
    position: int


def tokenize(text: str) -> list[Token]:
    """Split a filter into its words, white space left out; raises `DataverseError` 400 at what is none."""
    tokens = []
    position = 0
    while position < len(text):
        match = _PATTERN.match(text, position)
        if match is None or match.lastgroup is None:
            raise _unreadable(text, position)
        if match.lastgroup != "space":
            tokens.append(Token(match.lastgroup, match.group(), position))
        position = match.end()
    tokens.append(Token("end", "", len(text)))
    return tokens


def _unreadable(text: str, position: int) -> Exception:
    if text[position] in "'\"":
        return bad_query(f"There is an unterminated literal at position {len(text)} in '{text}'.")
    return bad_query(f"Syntax error: character '{text[position]}' is not valid at position {position} in '{text}'.")
