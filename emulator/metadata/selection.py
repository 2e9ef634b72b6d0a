"""`$select`, `$filter` and `$expand` over definitions. What they take of a filter is comparisons joined by `and`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from emulator.errors import bad_query, not_supported
from emulator.metadata.labels import Json

_OPTIONS = frozenset({"$select", "$filter", "$expand"})
_COMPARISON = re.compile(r"([\w/]+)\s+(eq|ne)\s+(.+)", re.DOTALL)
_FUNCTION = re.compile(r"(startswith|endswith|contains)\(([\w/]+)\s*,\s*('(?:[^']|'')*')\)", re.DOTALL)
_LITERAL = re.compile(r"(?:Microsoft\.Dynamics\.CRM\.\w+)?'((?:[^']|'')*)'|([^\s']+)", re.DOTALL)
_TEXTS: dict[str, Callable[[str, str], bool]] = {
    "startswith": str.startswith,
    "endswith": str.endswith,
    "contains": str.__contains__,
}
_WORDS: dict[str, object] = {"true": True, "false": False, "null": None}
Expander = Callable[[Json, str], object]


@dataclass(frozen=True, slots=True)
class Selection:
    """The options of one level of a metadata query."""

    select: tuple[str, ...] = ()
    filter: str = ""
    expand: tuple[tuple[str, Selection], ...] = ()


def read_selection(query: str) -> Selection:
    """The options of an undecoded query string."""
    parts = [part.partition("=") for part in query.split("&") if part]
    return _selection({unquote(name): unquote(value.replace("+", " ")) for name, _, value in parts})


def _selection(options: Mapping[str, str]) -> Selection:
    for name in options:
        if name.startswith("$") and name not in _OPTIONS:
            raise not_supported(f"{name} in a query of definitions")
    return Selection(
        select=tuple(name.strip() for name in options.get("$select", "").split(",") if name.strip()),
        filter=options.get("$filter", "").strip(),
        expand=tuple(_expansion(item) for item in _split(options.get("$expand", ""), ",")),
    )


def _expansion(text: str) -> tuple[str, Selection]:
    name, parenthesis, rest = text.strip().partition("(")
    if not parenthesis:
        return name, Selection()
    parts = [part.partition("=") for part in _split(rest.removesuffix(")"), ";")]
    return name, _selection({option.strip(): value for option, _, value in parts})


def _split(text: str, separator: str) -> list[str]:
    """At the separators outside of parentheses and quotes."""
    parts, depth, quoted = [""], 0, False
    for character in text:
        quoted ^= character == "'"
        depth += {"(": 1, ")": -1}.get(character, 0) if not quoted else 0
        if character == separator and depth == 0 and not quoted:
            parts.append("")
        else:
            parts[-1] += character
    return [part for part in parts if part.strip()]


def select(
    items: Iterable[Json], wanted: Selection, expander: Expander, hidden: frozenset[str] = frozenset()
) -> list[Json]:
    """The items that the filter lets through, cut down to what is selected and grown by what is expanded. `hidden` are
    properties that show only when they are expanded."""
    keeps = _filter(wanted.filter)
    return [shape(item, wanted, expander, hidden) for item in items if keeps(item)]


def shape(item: Json, wanted: Selection, expander: Expander, hidden: frozenset[str] = frozenset()) -> Json:
    """One item, selected and expanded. Raises 0x80060888 for a property that it does not have."""
    unknown = [name for name in wanted.select if name not in item]
    if unknown:
        raise bad_query(f"Could not find a property named '{unknown[0]}' on this type of definition.")
    names = {*wanted.select, "MetadataId", "@odata.type"} if wanted.select else item.keys() - hidden
    shaped = {name: value for name, value in item.items() if name in names}
    for name, below in wanted.expand:
        found = expander(item, name)
        if isinstance(found, list):
            shaped[name] = select(found, below, expander, hidden)
        else:
            shaped[name] = shape(found, below, expander) if isinstance(found, dict) else None
    return shaped


def _filter(text: str) -> Callable[[Json], bool]:
    conditions = [_condition(part) for part in _conjuncts(text)]
    return lambda item: all(condition(item) for condition in conditions)


def _conjuncts(text: str) -> list[str]:
    """The parts of `a and (b and c)`."""
    parts = _split_words(text)
    if len(parts) > 1:
        return [each for part in parts for each in _conjuncts(part)]
    stripped = text.strip()
    if stripped.startswith("(") and stripped.endswith(")"):
        return _conjuncts(stripped[1:-1])
    return [stripped] if stripped else []


def _split_words(text: str) -> list[str]:
    marked = re.sub(r"\s+and\s+(?=(?:[^']*'[^']*')*[^']*$)", "\x00", text)
    return _split(marked, "\x00")


def _condition(text: str) -> Callable[[Json], bool]:
    function = _FUNCTION.fullmatch(text)
    if function:
        test, path, wanted = _TEXTS[function[1]], function[2], str(_literal(function[3])).lower()
        return lambda item: test(str(_value(item, path) or "").lower(), wanted)
    comparison = _COMPARISON.fullmatch(text)
    if comparison is None or " or " in f" {comparison[3]} ":
        raise not_supported(f"the filter '{text}' on definitions")
    path, literal, equal = comparison[1], _literal(comparison[3].strip()), comparison[2] == "eq"
    return lambda item: (_value(item, path) == literal) is equal


def _literal(text: str) -> object:
    match = _LITERAL.fullmatch(text)
    if match is None:
        raise bad_query(f"'{text}' is no literal.")
    if match[1] is not None:
        return match[1].replace("''", "'")
    if match[2] in _WORDS:
        return _WORDS[match[2]]
    return int(match[2]) if re.fullmatch(r"-?\d+", match[2]) else match[2].lower()


def _value(item: Json, path: str) -> object:
    value: object = item
    for name in path.split("/"):
        if not isinstance(value, Mapping) or name not in value:
            raise bad_query(f"Could not find a property named '{path}' on this type of definition.")
        value = value[name]
    return value
