"""Which way of asking a GET on an entity set uses: OData or FetchXML."""

from __future__ import annotations

from emulator.exchange import Answer, applied
from emulator.fetchxml.requests import answer_fetchxml, asks_by_fetchxml
from emulator.metadata.model import Table
from emulator.seams import Work


def retrieve_multiple(work: Work, table: Table) -> Answer:
    """Answers GET on an entity set. Raises `DataverseError` for what is refused."""
    if asks_by_fetchxml(work.call.query):
        return answer_fetchxml(work, table)
    rows = work.parts.reader.retrieve_multiple(work.context, table, work.call.query)
    return Answer(status=200, payload=rows, headers=applied(work.context.preferences))
