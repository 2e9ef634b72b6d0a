"""A lead that was qualified: what came from it takes its place. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from messaging.records import Record, Table
from routing.candidate import Candidate

FROM_ITS_LEAD = "the lead that it came from"


def without_qualified_leads(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The candidates without the leads from which others among them came: their latest conversation counts for the
    contact, account and opportunity that came from them, whose `found_by` says so."""
    all_of_them = tuple(candidates)
    leads = {one.record: one for one in all_of_them if one.record.table is Table.LEAD}
    origins = {one.record: leads.get(Record(Table.LEAD, one.came_from)) for one in all_of_them if one.came_from}
    replaced = {origin.record for origin in origins.values() if origin is not None}
    return tuple(_heir(one, origins.get(one.record)) for one in all_of_them if one.record not in replaced)


def _heir(one: Candidate, origin: Candidate | None) -> Candidate:
    if origin is None:
        return one
    latest = max(filter(None, (one.last_conversation_on, origin.last_conversation_on)), default=None)
    return replace(one, last_conversation_on=latest, found_by=(*one.found_by, FROM_ITS_LEAD))
