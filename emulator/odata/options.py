"""Query options: from the undecoded query string of a URL to values. Names are case-sensitive.

Supported are the options of Microsoft Learn, "Use OData to query data"; what Dataverse refuses is refused here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import unquote_to_bytes

from emulator.errors import bad_query, not_supported
from emulator.odata.nodes import Node, Path
from emulator.odata.parser import parse_filter, parse_operand

COLLECTION = frozenset({"$select", "$filter", "$orderby", "$expand", "$top", "$count", "$apply", "$skiptoken"})
SINGLE = frozenset({"$select", "$expand"})
COUNT = frozenset({"$filter"})
_EXPANDED = frozenset({"$select", "$filter", "$orderby", "$expand", "$top"})
_NOT_BUILT = frozenset({"fetchXml", "savedQuery", "userQuery", "sql", "partitionId", "$deltatoken"})
_IGNORED = frozenset({"tag"})
_MOST_EXPANSIONS = 15
_DEEPEST = 15
_MARKS = re.compile(r"[()'\",;/]")
_EXPANSION = re.compile(r"\s*([A-Za-z_][\w.]*)(/\$ref)?\s*(?:\((.*)\))?\s*", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Ordering:
    """One item of `$orderby`."""

    segments: tuple[str, ...]
    descending: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a query asks for. `select` is None for everything; `expand` has the navigation properties to follow."""

    select: tuple[str, ...] | None = None
    filter: Node | None = None
    orderby: tuple[Ordering, ...] = ()
    expand: tuple[Expansion, ...] = ()
    top: int | None = None
    count: bool = False
    apply: str | None = None
    skip_token: str | None = None
    aliases: Mapping[str, str]

    @property
    def is_nested(self) -> bool:
        """Whether an expansion has an expansion: Dataverse then pages expanded collections."""
        return any(each.options.expand for each in self.expand)


@dataclass(frozen=True, slots=True)
class Expansion:
    """`name`, `name/$ref` or `name(options)`; `query` are the options as they stood there."""

    name: str
    reference: bool
    options: Options
    query: tuple[str, ...]


def parse_options(query: str, allowed: frozenset[str]) -> Options:
    """The options of a request's URL; raises `DataverseError` 400 for unknown, repeated or malformed ones.

    `query` is the part behind the question mark, percent-encoded as it came.
    """
    given: dict[str, str] = {}
    for part in query.split("&"):
        name, equals, value = (decoded(piece) for piece in part.partition("="))
        name = name.strip()
        if not part.strip():
            continue
        if not equals:
            raise bad_query(f"The query option '{name[:60]}' has no value.")
        if name in given:
            raise bad_query(
                f"Query option '{name}' was specified more than once, but it must be specified at most once."
            )
        given[name] = value
    aliases = {name: value for name, value in given.items() if name.startswith("@")}
    options = _options({name: value for name, value in given.items() if name not in aliases}, allowed, aliases)
    if _expansions(options) > _MOST_EXPANSIONS:
        raise bad_query(f"The query has more than {_MOST_EXPANSIONS} $expand options.")
    return options


def decoded(text: str) -> str:
    """A piece of a query string as text: percent-encoded UTF-8, with `+` for a space."""
    try:
        value = unquote_to_bytes(text.replace("+", " ")).decode()
    except UnicodeError:
        raise bad_query("The query string is not valid UTF-8.") from None
    return value


def _options(given: Mapping[str, str], allowed: frozenset[str], aliases: Mapping[str, str], depth: int = 0) -> Options:
    for name in given:
        if name in _NOT_BUILT:
            raise not_supported(f"the query option '{name}'")
        if name not in allowed and name not in _IGNORED:
            raise bad_query(f"The query parameter {name[:60]} is not supported.")
    return Options(
        select=_names(given["$select"]) if "$select" in given else None,
        filter=parse_filter(given["$filter"], aliases) if "$filter" in given else None,
        orderby=tuple(_ordering(item, aliases) for item in split(given["$orderby"], ","))
        if "$orderby" in given
        else (),
        expand=tuple(_expansion(item, depth) for item in split(given["$expand"], ",")) if "$expand" in given else (),
        top=_top(given["$top"]) if "$top" in given else None,
        count=_count(given["$count"]) if "$count" in given else False,
        apply=given.get("$apply"),
        skip_token=given.get("$skiptoken"),
        aliases=aliases,
    )


def _names(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    if not all(names):
        raise bad_query(f"Term '{text[:60]}' is not valid in a $select expression.")
    return names


def _ordering(text: str, aliases: Mapping[str, str]) -> Ordering:
    words = text.split()
    if not 1 <= len(words) <= 2 or (len(words) == 2 and words[1] not in {"asc", "desc"}):
        raise bad_query(f"Syntax error in the $orderby expression '{text[:60]}'.")
    node = parse_operand(words[0], aliases)
    if not isinstance(node, Path):
        raise bad_query(f"The $orderby expression '{text[:60]}' is not a property.")
    return Ordering(node.segments, words[1:] == ["desc"])


def _top(text: str) -> int:
    if not re.fullmatch(r"\d{1,10}", text.strip(), re.ASCII):
        raise bad_query(f"Invalid value '{text[:60]}' for $top query option found. It requires a non-negative integer.")
    return int(text)


def _count(text: str) -> bool:
    if text.strip() not in {"true", "false"}:
        raise bad_query(f"Invalid value '{text[:60]}' for $count query option found. Valid values are 'true', 'false'.")
    return text.strip() == "true"


def _expansion(text: str, depth: int) -> Expansion:
    match = _EXPANSION.fullmatch(text)
    if match is None or depth >= _DEEPEST:
        raise bad_query(f"Syntax error in the $expand expression '{text[:60]}'.")
    name, reference, inside = match.groups()
    if reference and inside is not None:
        raise not_supported("options of an expanded $ref")
    parts = tuple(part.strip() for part in split(inside, ";")) if inside is not None else ()
    given = dict(_pairs(parts))
    if len(given) < len(parts):
        raise bad_query(f"The $expand expression '{text[:60]}' repeats an option.")
    return Expansion(name, reference is not None, _options(given, _EXPANDED, {}, depth + 1), parts)


def _pairs(parts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for part in parts:
        name, equals, value = part.partition("=")
        if not equals:
            raise bad_query(f"Syntax error in the $expand option '{part[:60]}'.")
        yield name.strip(), value


def split(text: str, separator: str) -> list[str]:
    """Split at a separator that stands outside of parentheses and quotes; at least one part, none of them empty."""
    ends, depth, quote = [-1], 0, ""
    for match in _MARKS.finditer(text):
        character = match[0]
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == separator and not depth:
            ends.append(match.start())
        else:
            depth += {"(": 1, ")": -1}.get(character, 0)
    parts = [text[begin + 1 : end] for begin, end in pairwise([*ends, len(text)])]
    if depth or quote or not all(part.strip() for part in parts):
        raise bad_query(f"Syntax error in '{text[:60]}'.")
    return parts


def _expansions(options: Options) -> int:
    return sum(1 + _expansions(each.options) for each in options.expand)
