"""How Dataverse compares text: case and accents do not count, trailing spaces neither.

The collation of an English environment is `_CI_AI` (Microsoft Learn, "Dataverse language collations").
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

COLLATION = "DATAVERSE"


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    """A text without case and accents."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(character for character in plain if not unicodedata.combining(character))


def comparable(text: str) -> str:
    """What two equal texts have in common."""
    return folded(text).rstrip(" ")


def compare(left: str, right: str) -> int:
    """Less than, equal to or greater than 0, as SQLite asks of a collation."""
    left, right = comparable(left), comparable(right)
    return (left > right) - (left < right)
