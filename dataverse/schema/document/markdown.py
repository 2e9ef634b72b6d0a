"""Tables and words of Markdown."""

from __future__ import annotations

from collections.abc import Iterable


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table."""
    names = list(head)
    lines = [names, ["---"] * len(names), *([_cell(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def code(*words: str) -> str:
    """Words as they are typed, with commas between."""
    return ", ".join(f"`{word}`" for word in words)


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")
