"""The tables that every environment with Dynamics 365 Sales has, as data. Only names that Microsoft documents."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from emulator.metadata.draft import CASCADES, Draft
from emulator.metadata.kinds import POINTER, complete
from emulator.metadata.model import Schema
from emulator.metadata.notation import read_definition

_FOLDER = Path(__file__).parent
# What others are built from comes first.
_FIRST = (POINTER, "phonecall", "task", "email")


@cache
def standard_schema() -> Schema:
    """The schema of a fresh environment. Shared: change it through a `Draft` only."""
    draft = Draft()
    files = sorted(_FOLDER.glob("*.table"), key=lambda file: (_rank(file.stem), file.stem))
    definitions = [read_definition(file.read_text(encoding="utf-8")) for file in files]
    for definition in definitions:
        draft.put_table(definition.table)
    for definition in sorted(definitions, key=lambda each: _rank(each.table.logical_name)):
        complete(draft, definition.table, definition.states, definition.statuses, definition.names)
    _relationships(draft)
    return draft.schema


def _rank(table: str) -> int:
    return _FIRST.index(table) if table in _FIRST else len(_FIRST)


def _relationships(draft: Draft) -> None:
    for line in (_FOLDER / "relationships.txt").read_text(encoding="utf-8").splitlines():
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if words[0] == "many":
            (table1, column1), (table2, column2) = (side.split(".") for side in words[3:5])
            draft.link_many(words[1], words[2], (table1, column1), (table2, column2))
        else:
            name, column, target, nav, cascades, *more = words
            nav_name = None if nav == "-" else nav
            draft.link(name, column, target, nav_name, CASCADES[cascades], hierarchical=more == ["hierarchy"])
