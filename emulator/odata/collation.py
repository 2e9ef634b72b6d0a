"""How Dataverse compares text: case and accents do not count, trailing spaces neither.

The collation of an English environment is `_CI_AI` (Microsoft Learn, "Dataverse language collations").
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

COLLATION = "DATAVERSE"
LAST_CHARACTER = "\U0010ffff"
_FOLD = "dataverse_folded"


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    """A text without case and accents."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(character for character in plain if not unicodedata.combining(character))


def comparable(text: str) -> str:
    """What two equal texts have in common."""
    return text.lower().rstrip(" ") if text.isascii() else folded(text).rstrip(" ")


def as_compared(sql: str) -> str:
    """The SQL of what a text is compared, sorted and indexed by: one call for a text, where a collation takes one for
    each step of a search or a sort."""
    return f"{_FOLD}({sql})"


def has_text(sql: str) -> tuple[str, tuple[()]]:
    """The condition that there is a text, in words that SQLite's planner understands: from `as_compared` it cannot see
    that a joined row has to be there, and would not start from that table's index."""
    return f"{sql} >= ''", ()


def fold(value: object) -> str | None:
    """`comparable` as SQLite calls it: null stays null."""
    return None if value is None else comparable(str(value))


def compare(left: str, right: str) -> int:
    """Less than, equal to or greater than 0, as SQLite asks of a collation."""
    left, right = comparable(left), comparable(right)
    return (left > right) - (left < right)
