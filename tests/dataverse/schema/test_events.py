"""The steps of the webhook: what routing looks at, by names that are there, and no other."""

from __future__ import annotations

import pytest

from dataverse.schema.desired import TEXTVERSE
from dataverse.schema.events import STEPS
from dataverse.store.tables import RECORD_TABLES
from emulator.metadata.standard import standard_schema

_OWNED = standard_schema().tables["phonecall"]  # owned by users and teams, as ours are
OURS = {table.name: {column.name for column in table.columns} for table in TEXTVERSE.tables}


def test_the_steps_are_these() -> None:
    assert [(step.message, step.table) for step in STEPS] == [
        *((message, table) for table in ("contact", "account", "lead") for message in ("Create", "Update", "Delete")),
        ("Update", "opportunity"),
        ("Update", "txv_phonenumber"),
        ("Create", "txv_textconversation"),
        ("Update", "txv_textconversation"),
        ("Create", "txv_textmessage"),
        ("Update", "txv_textmessage"),
    ]
    assert len({step.id for step in STEPS}) == len(STEPS)
    assert STEPS[0].name == "Textverse: Create of contact"


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_only_updates_are_filtered_and_by_columns_that_are_there(step) -> None:
    shared = "activitypointer" if step.table == "txv_textconversation" else step.table
    known = {*OURS.get(step.table, ())} | {*standard_schema().tables.get(shared, _OWNED).columns}

    assert bool(step.columns) is (step.message == "Update")
    assert {*step.columns} <= known


def test_updates_are_those_of_the_columns_that_texts_are_matched_and_seen_by() -> None:
    filters = {step.table: step.columns for step in STEPS if step.message == "Update"}

    for table, record in RECORD_TABLES.items():
        if record.phones:
            assert filters.pop(table.value) == (*record.phones, "address1_country", "statecode", "ownerid")
    assert filters == {
        "opportunity": ("ownerid",),
        "txv_phonenumber": ("ownerid",),
        "txv_textconversation": ("regardingobjectid", "ownerid"),
        "txv_textmessage": ("txv_status",),
    }
