"""Deep insert: a row with the rows that are nested in it, at any depth, each checked like a row of its own.

Source: Learn, "Create related table rows in one operation" and "Associate table rows on create".
"""

from __future__ import annotations

from emulator.metadata.model import Table
from emulator.records.association import associate
from emulator.records.create import create_one
from emulator.records.keys import Address
from emulator.records.payload import Nested, Submission
from emulator.seams import Work


def create(work: Work, table: Table, submission: Submission) -> str:
    """Creates a row and whatever is nested in it; returns its id. Raises as `create_one`, for any of them."""
    _create_above(work, table, submission)
    for party in submission.parties or ():
        _create_above(work, work.context.schema.tables["activityparty"], party)
    row_id = create_one(work, table, submission)
    made = _address(table, row_id)
    for nested in submission.below:
        _create_below(work, made, nested)
    for navigation, other in submission.bound:
        associate(work, made, navigation, other)
    return row_id


def _create_above(work: Work, table: Table, submission: Submission) -> None:
    """Makes what the row will point to."""
    for nested in submission.above:
        link = nested.navigation.one_to_many
        if link is not None:
            row_id = create(work, nested.table, nested.submission)
            submission.point(table.columns[link.referencing_column], _address(nested.table, row_id))


def _create_below(work: Work, made: Address, nested: Nested) -> None:
    """Makes a row of a collection of the row that was made."""
    link = nested.navigation.one_to_many
    if link is not None:
        nested.submission.point(nested.table.columns[link.referencing_column], made)
        create(work, nested.table, nested.submission)
        return
    row_id = create(work, nested.table, nested.submission)
    associate(work, made, nested.navigation, _address(nested.table, row_id))


def _address(table: Table, row_id: str) -> Address:
    return Address(table=table, row_id=row_id, text=row_id)
