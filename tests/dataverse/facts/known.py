"""What is publicly known of the tables of Dataverse and Dynamics 365 Sales, and what we add to them ourselves.

The JSON files beside this one hold the facts, each with its source; `Known` answers for them and for our own tables.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from dataverse.schema.desired import TEXTVERSE
from dataverse.schema.model import Ownership, Table, Type

FOLDER = Path(__file__).parent
PRINCIPAL = frozenset({"systemuser", "team"})
_OPERATIONS = "operations"

# What a row of every table may stand on: those of its tables that take part in activities.
_WITH_ACTIVITIES = ("account", "contact", "lead", "opportunity")


@dataclass(frozen=True, slots=True)
class ColumnFact:
    """A column: `type` in one word (text, lookup, choice, …), the most characters, the values of a choice."""

    type: str
    max: int | None = None
    options: tuple[int, ...] = ()


@dataclass(slots=True)
class TableFact:
    """A table; `navigations` lead to the tables that a link may point to."""

    set_name: str
    primary_id: str
    code: int | None = None
    columns: dict[str, ColumnFact] = field(default_factory=dict)
    navigations: dict[str, frozenset[str]] = field(default_factory=dict)
    keys: tuple[frozenset[str], ...] = ()


@dataclass(slots=True)
class Known:
    """All facts. `relationships` are name → (referencing table, column, referenced table); `spelled` are the navigation
    properties that are not called as their column."""

    tables: dict[str, TableFact] = field(default_factory=dict)
    relationships: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    operations: Mapping[str, Mapping[str, list[str]]] = field(default_factory=dict)
    spelled: dict[str, str] = field(default_factory=dict)

    def by_set(self, name: str) -> str | None:
        """The table behind an entity set."""
        return next((table for table, fact in self.tables.items() if fact.set_name == name), None)


@cache
def standard() -> Known:
    """The facts about tables that are not ours."""
    known = Known(operations=_read(_OPERATIONS))
    for path in sorted(FOLDER.glob("*.json")):
        if path.stem != _OPERATIONS:
            facts = _read(path.stem)
            columns = {name: _column(fact) for name, fact in facts["columns"].items()}
            known.tables[path.stem] = TableFact(facts["set"], facts["id"], facts.get("code"), columns)
            known.relationships |= {name: tuple(ends[:3]) for name, ends in facts["relationships"].items()}
            known.spelled |= {name: ends[3] for name, ends in facts["relationships"].items() if len(ends) > 3}
    _navigations(known)
    for name, (one, other) in known.operations["associations"].items():
        known.tables[one].navigations[name] = frozenset({other})
        known.tables[other].navigations[name] = frozenset({one})
    return known


@cache
def with_ours() -> Known:
    """The same, and our own tables as we declare them, with what Dataverse adds to every new table."""
    known = standard()
    full = Known(dict(known.tables), dict(known.relationships), known.operations)
    for table in TEXTVERSE.tables:
        full.tables[table.name] = _ours(known, table)
        for lookup in table.lookups:
            if lookup.target in full.tables:
                full.tables[lookup.target].navigations[str(lookup.relationship)] = frozenset({str(table.name)})
        if table.ownership is Ownership.USER:
            # Dataverse names these itself: user_phonecall, team_appnotification, business_unit_appnotification.
            for owner, prefix in (("systemuser", "user"), ("team", "team")):
                full.tables[owner].navigations[f"{prefix}_{table.name}"] = frozenset({table.name})
    return full


def _ours(known: Known, table: Table) -> TableFact:
    added = known.operations["new_table"]
    names = [*added["all"], *(added["owned"] if table.ownership is Ownership.USER else ())]
    columns = {name: ColumnFact("any") for name in names}
    primary_id = "activityid" if table.is_activity else f"{table.name}id"
    columns |= known.tables["activitypointer"].columns if table.is_activity else {}
    columns |= {column.name: ColumnFact(column.type.value) for column in (table.primary, *table.columns)}
    columns |= {lookup.name: ColumnFact(Type.LOOKUP.value) for lookup in table.lookups} | {primary_id: ColumnFact("id")}
    navigations = {lookup.name: frozenset({str(lookup.target)}) for lookup in table.lookups}
    navigations |= {"owninguser": frozenset({"systemuser"}), "owningteam": frozenset({"team"}), "ownerid": PRINCIPAL}
    if table.is_activity:
        navigations |= {f"regardingobjectid_{each}_{table.name}": frozenset({each}) for each in _WITH_ACTIVITIES}
    keys = tuple(frozenset(map(str, key.columns)) for key in table.keys)
    return TableFact(table.set_name, primary_id, None, columns, navigations, keys)


def _navigations(known: Known) -> None:
    targets: dict[tuple[str, str], set[str]] = defaultdict(set)
    for referencing, column, referenced in known.relationships.values():
        targets[referencing, column].add(referenced)
    for name, (referencing, column, referenced) in known.relationships.items():
        single = column if len(targets[referencing, column]) == 1 else f"{column}_{referenced}"
        single = known.spelled.get(name, single)
        if referencing in known.tables:
            known.tables[referencing].navigations[single] = frozenset({referenced})
        if referenced in known.tables:
            known.tables[referenced].navigations[name] = frozenset({referencing})
    for fact in known.tables.values():
        if "ownerid" in fact.columns:
            fact.navigations["ownerid"] = PRINCIPAL


def _column(fact: Mapping[str, object]) -> ColumnFact:
    return ColumnFact(str(fact["type"]), fact.get("max"), tuple(fact.get("options", ())))


def _read(name: str) -> dict:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
