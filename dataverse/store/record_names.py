"""What records are called, as far as whoever asks may read them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from dataverse.store.batches import chunks
from dataverse.store.queries import get
from dataverse.store.rows import rows
from dataverse.store.tables import RECORD_TABLES
from dataverse.webapi.client import Client
from dataverse.webapi.literals import IN_LIST_LIMIT, in_list
from messaging.errors import PrivilegeMissing
from messaging.records import Record, Table


def record_names(client: Client, records: Collection[Record]) -> Mapping[Record, str]:
    """The names of `records`, without those that are gone, that have none or that the client's user may not read. One
    round trip for 200 records of a table. Raises what `Client.send` raises."""
    wanted = {table: sorted({each.id for each in records if each.table is table}) for table in Table}
    return {
        Record(table, record): name
        for table, ids in wanted.items()
        for some in chunks(ids, IN_LIST_LIMIT)
        for record, name in _names(client, table, some).items()
        if name
    }


def _names(client: Client, table: Table, ids: Collection[UUID]) -> Mapping[UUID, str]:
    known = RECORD_TABLES[table]
    query = f"{known.set_name}?$select={known.id},{known.name}&$filter={in_list(known.id, ids)}"
    try:
        found = rows(client.send(get(query)).json())
    except PrivilegeMissing:  # no record of this table may be read
        return {}
    return {UUID(str(row[known.id])): str(row.get(known.name) or "") for row in found}
