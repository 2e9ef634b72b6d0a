"""The steps that a change sets off: enabled, registered for its message and table, by their rank."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from emulator.metadata.model import Table
from emulator.odata.sql import fetch
from emulator.seams import Change

WEBHOOK = 8
SYNCHRONOUS, ASYNCHRONOUS = 0, 1
POST_OPERATION = 40
# What webhooks are made of, and what they leave behind: events of these would tell secrets, or never end.
SILENT = frozenset(
    {"serviceendpoint", "sdkmessageprocessingstep", "sdkmessageprocessingstepimage", "sdkmessage", "sdkmessagefilter",
     "asyncoperation"}
)  # fmt: skip
_MATCHING = """
    select s.sdkmessageprocessingstepid as id, s.name, s.stage, s.mode, s.filteringattributes as filter,
           s.impersonatinguserid as user, s.asyncautodelete as fleeting, s.eventhandler as endpoint
    from sdkmessageprocessingstep s
    join sdkmessage m on m.sdkmessageid = s.sdkmessageid
    join serviceendpoint e on e.serviceendpointid = s.eventhandler
    left join sdkmessagefilter f on f.sdkmessagefilterid = s.sdkmessagefilterid
    where s.statecode = 0 and e.contract = ? and m.name = ?
      and (s.sdkmessagefilterid is null or f.primaryobjecttypecode = ?)
    order by s.stage, s.rank, s.sdkmessageprocessingstepid"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A row of sdkmessageprocessingstep whose handler is a webhook. `fleeting`: jobs that succeeded are deleted."""

    id: str
    name: str
    stage: int
    mode: int
    filter: str | None
    user: str | None
    fleeting: bool
    endpoint: str


def matching(db: sqlite3.Connection, change: Change) -> list[Step]:
    """The steps for a change, in the order in which they run."""
    if change.table.logical_name in SILENT:
        return []
    found = fetch(db, (_MATCHING, (WEBHOOK, change.message, change.table.logical_name)))
    return [step for step in map(_step, found) if change.message != "Update" or _concerns(step, change)]


def _step(row: Mapping[str, object]) -> Step:
    return Step(
        id=str(row["id"]),
        name=str(row["name"]),
        stage=int(str(row["stage"])),
        mode=int(str(row["mode"])),
        filter=str(row["filter"]) if row["filter"] else None,
        user=str(row["user"]) if row["user"] else None,
        fleeting=bool(row["fleeting"]),
        endpoint=str(row["endpoint"]),
    )


def _concerns(step: Step, change: Change) -> bool:
    """Whether one of the filtering attributes was in the request: what the platform fills itself does not count."""
    return step.filter is None or not names(step.filter).isdisjoint(_requested(change.table, change.values))


def _requested(table: Table, values: Mapping[str, object]) -> set[str]:
    return {name for name in values if name in table.columns and table.columns[name].on_update}


def names(text: str | None) -> set[str]:
    """The columns of a comma-separated list."""
    return {name.strip() for name in (text or "").split(",") if name.strip()}
