"""From what there is to what there should be: the steps, in an order in which each has what it needs.

Pure. Steps only ever add, lengthen and mend: nothing is dropped or shortened, and what administrators may word as they
like (labels, descriptions) is left alone. What could only be settled by dropping something is a conflict (`conflicts`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dataverse.schema.actual import Actual
from dataverse.schema.conflicts import conflicts
from dataverse.schema.model import Schema
from dataverse.schema.steps import Mark, Step, post
from dataverse.schema.table_steps import choice_steps, same_choice, same_table, solution_steps, table_steps


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps to carry out in this order; conflicts, a sentence each, that stand in their way; and in words what is there
    as it should be (`table txv_smsprovider (8 columns, 1 key)`)."""

    steps: tuple[Step, ...]
    conflicts: tuple[str, ...]
    same: tuple[str, ...] = ()


def plan(desired: Schema, actual: Actual) -> Plan:
    """The way from `actual` to `desired`; without steps where nothing is missing."""
    return Plan(
        steps=tuple(_steps(desired, actual)),
        conflicts=tuple(conflicts(desired, actual)),
        same=tuple(filter(None, _same(desired, actual))),
    )


def publish(desired: Schema) -> Step:
    """The step after all others: it shows apps what was changed in our tables and choices."""
    tables = "".join(f"<entity>{table.name}</entity>" for table in desired.tables)
    choices = "".join(f"<optionset>{choice.name}</optionset>" for choice in desired.choices)
    xml = f"<importexportxml><entities>{tables}</entities><optionsets>{choices}</optionsets></importexportxml>"
    return Step(mark=Mark.CHANGE, what="publish", request=post("PublishXml", {"ParameterXml": xml}))


def _steps(desired: Schema, actual: Actual) -> Iterator[Step]:
    yield from solution_steps(desired, actual)
    yield from choice_steps(desired, actual)
    yield from table_steps(desired, actual)


def _same(desired: Schema, actual: Actual) -> Iterator[str]:
    yield f"publisher {desired.publisher.name}" if actual.publisher else ""
    yield f"solution {desired.solution.name}" if actual.has_solution else ""
    for choice in desired.choices:
        yield same_choice(choice, actual.choices.get(choice.name, frozenset()))
    for table in desired.tables:
        there = actual.tables.get(table.name)
        yield same_table(table, there) if there else ""
