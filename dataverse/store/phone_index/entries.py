"""What should be in the phone index for a record. Pure.

An entry's id follows from record, column and digits: whoever writes it meets the same row, so nothing is there twice.
Deactivated records keep their entries, because routing prefers active ones and yet finds the others; deleted records
take theirs with them (the lookups cascade).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from dataverse.store.rows import Row
from dataverse.store.tables import RECORD_TABLES, path
from dataverse.webapi.request import Request
from messaging import ids
from messaging.countries import country_region
from messaging.phone_keys import entries
from messaging.records import COUNTRY_COLUMN, PHONE_COLUMNS, Record, Table

SET = "txv_phonekeys"
TYPE = "Microsoft.Dynamics.CRM.txv_phonekey"


@dataclass(frozen=True, slots=True)
class Entry:
    """A number (digits) in a column of a record."""

    record: Record
    column: str
    digits: str

    @property
    def id(self) -> UUID:
        return ids.phone_key_id(self.record.table.value, self.record.id, self.column, self.digits)

    def body(self) -> dict[str, object]:
        """The row as it is written, without its id."""
        return {
            "txv_name": f"{self.digits} {self.column} {self.record.table.value} {self.record.id}",
            "txv_digits": self.digits,
            "txv_column": self.column,
            f"txv_{self.record.table.value}id@odata.bind": f"/{path(self.record)}",
        }


def lookup(table: Table) -> str:
    """The column of an entry that has the id of its record of this table."""
    return f"_txv_{table.value}id_value"


def columns(table: Table) -> str:
    """What of a record has to be read to know its entries, for `$select`."""
    return ",".join((RECORD_TABLES[table].id, *PHONE_COLUMNS[table], COUNTRY_COLUMN))


def wanted(table: Table, row: Row) -> dict[UUID, Entry]:
    """The entries that a record should have, by their ids; `row` has the columns of `columns`."""
    record = Record(table, UUID(str(row[RECORD_TABLES[table].id])))
    region = country_region(_text(row, COUNTRY_COLUMN))
    found = (
        Entry(record, column, digits)
        for column in PHONE_COLUMNS[table]
        for digits in sorted(entries(_text(row, column), region))
    )
    return {entry.id: entry for entry in found}


def write(entry: Entry) -> Request:
    """The entry, made or left as it is."""
    return Request(method="PATCH", path=f"{SET}({entry.id})", body=entry.body(), repeatable=True)


def remove(entry_id: UUID) -> Request:
    """An entry that should not be there."""
    return Request(method="DELETE", path=f"{SET}({entry_id})", repeatable=True)


def _text(row: Mapping[str, object], column: str) -> str | None:
    value = row.get(column)
    return None if value is None else str(value)
