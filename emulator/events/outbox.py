"""What is still to be posted: written together with the change, so that it is kept or undone with it, and taken out
when it has been posted or has failed. Each entry has its system job, a row of asyncoperation with the same id."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from emulator.context import Context
from emulator.events.post import NotDelivered
from emulator.events.steps import Step
from emulator.metadata.physical import companion
from emulator.odata.sql import Row, fetch
from emulator.records.ownership import owner_columns
from emulator.records.rows import insert, next_version
from emulator.records.values import written
from emulator.seams import Change, Work

SUCCEEDED, FAILED = 30, 31
_SYSTEM_EVENT, _READY, _COMPLETED = 1, 0, 3
_OLDEST = "select * from _webhook where endpoint = ? order by position limit 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One post that is due."""

    operation: str
    endpoint: str
    fleeting: bool
    headers: Mapping[str, str]
    body: bytes


def create_outbox(db: sqlite3.Connection) -> None:
    """The table behind it; `position` follows the order of commits, since there is one writer at a time."""
    db.execute(
        "CREATE TABLE IF NOT EXISTS _webhook (position INTEGER PRIMARY KEY AUTOINCREMENT, operation TEXT NOT NULL, "
        "endpoint TEXT NOT NULL, fleeting INTEGER NOT NULL, headers TEXT NOT NULL, body BLOB NOT NULL)"
    )
    db.execute("CREATE INDEX IF NOT EXISTS _webhook_endpoint ON _webhook (endpoint, position)")


def put(work: Work, change: Change, step: Step, operation: str, headers: Mapping[str, str], body: bytes) -> None:
    """Adds an entry with its job, which waits."""
    table = work.context.schema.tables["asyncoperation"]
    insert(work.context.db, table, {table.primary_id: operation, **_job(work, change, step)})
    work.context.db.execute(
        "INSERT INTO _webhook (operation, endpoint, fleeting, headers, body) VALUES (?, ?, ?, ?, ?)",
        (operation, step.endpoint, int(step.fleeting), json.dumps(dict(headers)), body),
    )


def _job(work: Work, change: Change, step: Step) -> Row:
    context, now = work.context, written(work.context.now())
    return {
        "name": step.name,
        "operationtype": _SYSTEM_EVENT,
        "messagename": change.message,
        "primaryentitytype": change.table.logical_name,
        "owningextensionid": step.id,
        "correlationid": work.correlation_id,
        "requestid": work.request_id,
        "depth": 1,
        "statecode": _READY,
        "statuscode": _READY,
        "createdon": now,
        "modifiedon": now,
        "createdby": context.user_id,
        "modifiedby": context.user_id,
        **owner_columns(context, context.user_id, "systemuser"),
        **_regarding(context, change),
    }


def _regarding(context: Context, change: Change) -> Row:
    """The row that the job is about, where its table is one that jobs can be about."""
    lookup = context.schema.tables["asyncoperation"].columns["regardingobjectid"]
    if change.table.logical_name not in lookup.targets:
        return {}
    return {"regardingobjectid": change.row_id, companion("regardingobjectid"): change.table.logical_name}


def endpoints(db: sqlite3.Connection) -> list[str]:
    """The endpoints that something waits for."""
    return [row[0] for row in db.execute("SELECT DISTINCT endpoint FROM _webhook")]


def oldest(db: sqlite3.Connection, endpoint: str) -> Entry | None:
    """The entry that is due for an endpoint; None without one."""
    for row in fetch(db, (_OLDEST, (endpoint,))):
        return Entry(
            operation=str(row["operation"]),
            endpoint=endpoint,
            fleeting=bool(row["fleeting"]),
            headers=json.loads(str(row["headers"])),
            body=bytes(row["body"]) if isinstance(row["body"], bytes) else b"",
        )
    return None


def finish(db: sqlite3.Connection, entry: Entry, failure: NotDelivered | None, attempts: int, now: datetime) -> None:
    """Takes an entry out. Its job tells what became of it, or goes if it succeeded and nobody wants to know."""
    db.execute("DELETE FROM _webhook WHERE operation = ?", (entry.operation,))
    if failure is None and entry.fleeting:
        db.execute("DELETE FROM asyncoperation WHERE asyncoperationid = ?", (entry.operation,))
        return
    moment = written(now)
    values: dict[str, object] = {
        "statecode": _COMPLETED,
        "statuscode": FAILED if failure else SUCCEEDED,
        "completedon": moment,
        "modifiedon": moment,
        "retrycount": max(attempts - 1, 0),
        "versionnumber": next_version(db),
    }
    if failure is not None:
        # The column is a signed integer: 0x80050201 is -2147155455.
        values.update(errorcode=int(failure.code, 16) - 2**32, message=str(failure), friendlymessage=str(failure))
    changes = ", ".join(f"{name} = ?" for name in values)
    db.execute(f"UPDATE asyncoperation SET {changes} WHERE asyncoperationid = ?", (*values.values(), entry.operation))
