"""The emulator's standard tables agree with what is publicly known of them; where they do not, it is said why."""

from __future__ import annotations

import pytest

from emulator.metadata.model import Column, ColumnType
from emulator.metadata.standard import standard_schema
from tests.dataverse.facts.known import ColumnFact, standard

EMULATED = standard_schema()
TYPES = {
    ColumnType.STRING: "text",
    ColumnType.MEMO: "text",
    ColumnType.CHOICE: "choice",
    ColumnType.STATE: "choice",
    ColumnType.STATUS: "choice",
    ColumnType.LOOKUP: "lookup",
    ColumnType.CUSTOMER: "lookup",
    ColumnType.OWNER: "lookup",
    ColumnType.ID: "id",
}
CLASSES = "the source has classes generated for C#, which call it a"
CHANGED = "that organization has changed it; the emulator has what an environment begins with"
DIFFERENT = {
    ("account", "creditlimit", "type"): f"{CLASSES} decimal; it is money",
    ("account", "marketcap", "type"): f"{CLASSES} decimal; it is money",
    ("account", "revenue", "type"): f"{CLASSES} decimal; it is money",
    ("activitypointer", "activitytypecode", "type"): f"{CLASSES} string; it is an entity name",
    ("appnotification", "appmoduleid", "type"): "Dataverse does not use it; the emulator keeps it as an id of nothing",
    ("contact", "annualincome", "type"): f"{CLASSES} decimal; it is money",
    ("contact", "creditlimit", "type"): f"{CLASSES} decimal; it is money",
    ("email", "activitytypecode", "type"): f"{CLASSES} string; it is an entity name",
    ("lead", "description", "length"): CHANGED,
    ("lead", "firstname", "length"): CHANGED,
    ("lead", "fullname", "length"): CHANGED,
    ("lead", "industrycode", "options"): CHANGED,
    ("lead", "leadsourcecode", "options"): CHANGED,
    ("lead", "statuscode", "options"): CHANGED,
    ("lead", "subject", "length"): CHANGED,
    ("task", "activitytypecode", "type"): f"{CLASSES} string; it is an entity name",
}


def differences(column: Column, fact: ColumnFact) -> set[str]:
    found = set()
    if TYPES.get(column.type, column.type.value.lower()) != fact.type:
        found.add("type")
    if fact.max is not None and column.max_length != fact.max:
        found.add("length")
    if fact.options and {option.value for option in column.options} != set(fact.options):
        found.add("options")
    return found


@pytest.mark.parametrize("table", standard().tables)
def test_a_table_is_called_what_it_is_called(table: str) -> None:
    emulated, known = EMULATED.tables[table], standard().tables[table]

    assert (emulated.set_name, emulated.primary_id) == (known.set_name, known.primary_id)
    assert known.code in (None, emulated.object_type_code)


def test_every_column_that_is_known_is_as_it_is_known_and_every_difference_has_its_reason() -> None:
    missing = {
        (table, name)
        for table, known in standard().tables.items()
        for name in known.columns
        if name not in EMULATED.tables[table].columns
    }
    different = {
        (table, name, what)
        for table, known in standard().tables.items()
        for name, fact in known.columns.items()
        if (table, name) not in missing
        for what in differences(EMULATED.tables[table].columns[name], fact)
    }

    assert missing == set()
    assert different == set(DIFFERENT)


def test_there_is_a_good_deal_to_agree_on() -> None:
    assert sum(len(known.columns) for known in standard().tables.values()) > 800
    assert len(standard().relationships) > 100


def test_every_relationship_has_its_name_and_its_ends() -> None:
    known = {name: ends for name, ends in standard().relationships.items() if name in EMULATED.one_to_many}
    emulated = {
        name: (link.referencing_table, link.referencing_column, link.referenced_table)
        for name, link in EMULATED.one_to_many.items()
        if name in known
    }

    assert len(known) > 100
    assert emulated == known


def test_every_navigation_that_is_known_is_there_in_its_own_case() -> None:
    emulated = {(table, nav.name, nav.target) for table in EMULATED.tables for nav in EMULATED.navigations(table)}
    named = {(table, name) for table, name, _ in emulated}
    known = {
        (table, name, target)
        for table, fact in standard().tables.items()
        for name, targets in fact.navigations.items()
        for target in targets
        if name != "ownerid"
    }

    assert {(table, name, target) for table, name, target in known - emulated if (table, name) in named} == set()


def test_the_many_to_many_relationships_are_there() -> None:
    for name, ends in standard().operations["associations"].items():
        pair = EMULATED.many_to_many[name]
        assert {pair.table1, pair.table2} == set(ends)
        assert {pair.nav1, pair.nav2} == {name}
