"""`$select`, `$filter` and `$expand` over definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from emulator.errors import bad_query, not_supported
from emulator.metadata.conditions import condition
from emulator.metadata.labels import Json

_OPTIONS = frozenset({"$select", "$filter", "$expand"})
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
    if not rest.endswith(")"):
        raise bad_query(f"'{text}' lacks its closing parenthesis.")
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
    keeps = condition(wanted.filter)
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
