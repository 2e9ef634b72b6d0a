"""`AddToQueue`: puts a row into a queue, or moves it there from the queue that it is in.

Source: Learn, "AddToQueue action", "Queue tables": a row is in one queue at a time.
"""

from __future__ import annotations

from collections.abc import Mapping

from emulator.messages.parameters import Arguments, invalid, row_of
from emulator.operations import Json, Target, action
from emulator.records.deep import create
from emulator.records.keys import Address
from emulator.records.payload import read_submission
from emulator.records.rows import Row, fetch
from emulator.records.update import update
from emulator.records.values import written
from emulator.seams import Work


@action("AddToQueue", bound_to="queue")
def add_to_queue(work: Work, target: Target | None, arguments: Arguments) -> Json:
    """Answers with the id of the queue item; `QueueItemProperties` are columns of it."""
    if target is None or target.row_id is None:
        raise invalid("AddToQueue is bound to a queue.")
    queue = Address(table=target.table, row_id=target.row_id, text=target.row_id)
    found, row = row_of(work, arguments, "Target")
    table = work.context.schema.tables["queueitem"]
    if found.table.logical_name not in table.columns["objectid"].targets:
        raise invalid(f"Rows of {found.table.logical_name} cannot be put into a queue.")
    properties = arguments.get("QueueItemProperties")
    body = properties if isinstance(properties, Mapping) else {}
    present = _item(work, found)
    submission = read_submission(work.context, table, body, creating=present is None)
    submission.point(table.columns["queueid"], queue)
    submission.values.update(_filled(work, found, row))
    if present is None:
        submission.point(table.columns["objectid"], found)
        return {"QueueItemId": create(work, table, submission)}
    update(work, table, str(present["queueitemid"]), submission, present)
    return {"QueueItemId": present["queueitemid"]}


def _item(work: Work, found: Address) -> Row | None:
    statement = "SELECT queueitemid FROM queueitem WHERE objectid = ? AND statecode = 0"
    item = work.context.db.execute(statement, (found.row_id,)).fetchone()
    return fetch(work.context.db, work.context.schema.tables["queueitem"], item[0]) if item else None


def _filled(work: Work, found: Address, row: Row) -> Row:
    """What the platform fills in itself: the name of the row, and when it came."""
    return {"title": row.get(found.table.primary_name), "enteredon": written(work.context.now())}
