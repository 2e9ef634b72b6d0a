"""A row that there should be, and when one that is there is as it should be.

Dataverse writes XML anew when it stores it, and administrators change layouts: forms, views and site maps are not
compared but carry a digest of our declaration with them, and are written again only when that is another one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dataverse.webapi.request import Json

Ids = Mapping[str, str]
"""The ids of components that are there under another id than ours."""

_DIGEST = re.compile(r"\[([0-9a-f]{12})\]\s*\Z")
_DIGEST_IN_SITE_MAP = re.compile(r'\bId="\w+_([0-9a-f]{12})"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A table of Dataverse's own whose rows are components, `one` and `many` in words.

    `component` is its type in solutions (`solutioncomponent.componenttype`), None where it has none, or none that is
    the same everywhere. Rows are looked for by their id, and by their `name` column where another than ours may be
    there already. Of `layered` tables Dataverse shows only what is published unless it is asked for the rest.
    """

    table: str
    set_name: str
    one: str
    many: str
    key: str
    component: int | None = None
    name: str = ""
    columns: tuple[str, ...] = ()
    layered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row that there should be, `what` in words: created with `values`, refused where a column of `fixed` is other,
    and mended by writing `mend` where a column of `kept`, as it is read, is other. `name` is what `Kind.name` holds."""

    kind: Kind
    id: str
    what: str
    values: Json = field(repr=False)
    name: str = ""
    fixed: Mapping[str, object] = field(default_factory=dict)
    kept: Mapping[str, object] = field(default_factory=dict)
    mend: Json = field(default_factory=dict, repr=False)


def differing(expected: Mapping[str, object], found: Mapping[str, object]) -> list[str]:
    """The columns that are other than expected."""
    return [column for column, value in expected.items() if _read(column, value) != _read(column, found.get(column))]


def digest(*parts: str) -> str:
    """Twelve hexadecimal digits that change when a part does, and do not tell what it is."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def described(description: str, mark: str) -> str:
    """A description with a digest at its end."""
    return f"{description} [{mark}]"


def _marked(pattern: re.Pattern[str]) -> Callable[[str], object]:
    def read(text: str) -> object:
        found = pattern.search(text)
        return found[1] if found else None

    return read


def _names(text: str) -> object:
    return frozenset(name.strip() for name in text.split(",") if name.strip())


_READ_AS: dict[str, Callable[[str], object]] = {
    "description": _marked(_DIGEST),
    "sitemapxml": _marked(_DIGEST_IN_SITE_MAP),
    "filteringattributes": _names,
    "attributes": _names,
}


def _read(column: str, value: object) -> object:
    """A value as it is compared: no text is an empty text, ids and names of columns are no matter of spelling."""
    if column in _READ_AS:
        return _READ_AS[column](str(value or ""))
    if value is None:
        return ""
    return value.lower() if column.startswith("_") and isinstance(value, str) else value
