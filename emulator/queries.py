"""Which way of asking a GET on an entity set uses: FetchXML, change tracking, or else OData."""

from __future__ import annotations

from emulator.exchange import Answer, applied
from emulator.fetchxml.requests import answer_fetchxml, asks_by_fetchxml
from emulator.metadata.model import Table
from emulator.seams import Work
from emulator.tracking.changes import asks_for_changes, count_changes, retrieve_changes


def retrieve_multiple(work: Work, table: Table) -> Answer:
    """Answers GET on an entity set. Raises `DataverseError` for what is refused."""
    if asks_by_fetchxml(work.call.query):
        return answer_fetchxml(work, table)
    if asks_for_changes(work):
        return retrieve_changes(work, table)
    rows = work.parts.reader.retrieve_multiple(work.context, table, work.call.query)
    return Answer(status=200, payload=rows, headers=applied(work.context.preferences))


def count(work: Work, table: Table) -> Answer:
    """Answers GET on `/$count` below an entity set."""
    counted = count_changes if asks_for_changes(work) else _count_rows
    return Answer(status=200, text=str(counted(work, table)))


def _count_rows(work: Work, table: Table) -> int:
    return work.parts.reader.count(work.context, table, work.call.query)
