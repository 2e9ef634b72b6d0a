"""The tables whose records hold conversations: their names, and the columns in which they carry phone numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from messaging.records import PHONE_COLUMNS, Principal, PrincipalKind, Record, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTable:
    """A table of records. `opportunities` are its collections of opportunities, which have no number of their own and
    are found through their contact, account or customer. `origin` is the column with the lead that a record was
    qualified from, empty for leads."""

    set_name: str
    id: str
    name: str
    phones: tuple[str, ...] = ()
    opportunities: tuple[str, ...] = ()
    origin: str = "_originatingleadid_value"

    @property
    def described_by(self) -> tuple[str, ...]:
        """The columns that say which record it is and where it came from."""
        return (self.id, self.name, *filter(None, (self.origin,)))


RECORD_TABLES: Mapping[Table, RecordTable] = MappingProxyType(
    {
        Table.CONTACT: RecordTable(
            set_name="contacts",
            id="contactid",
            name="fullname",
            phones=PHONE_COLUMNS[Table.CONTACT],
            opportunities=("opportunity_parent_contact", "opportunity_customer_contacts"),
        ),
        Table.ACCOUNT: RecordTable(
            set_name="accounts",
            id="accountid",
            name="name",
            phones=PHONE_COLUMNS[Table.ACCOUNT],
            opportunities=("opportunity_parent_account", "opportunity_customer_accounts"),
        ),
        Table.OPPORTUNITY: RecordTable(set_name="opportunities", id="opportunityid", name="name"),
        Table.LEAD: RecordTable(
            set_name="leads",
            id="leadid",
            name="fullname",
            phones=PHONE_COLUMNS[Table.LEAD],
            origin="",
        ),
    }
)

PRINCIPAL_SETS = {PrincipalKind.USER: "systemusers", PrincipalKind.TEAM: "teams"}


def regarding(table: Table) -> str:
    """The navigation property from a conversation to a record of this table."""
    return f"regardingobjectid_{table.value}_txv_textconversation"


def phone_keys(table: Table) -> str:
    """The entries of a record in the phone index, as the navigation property of its table names them."""
    return f"txv_{table.value}_phonekeys"


def path(record: Record) -> str:
    """A record as a request or a bind names it."""
    return f"{RECORD_TABLES[record.table].set_name}({record.id})"


def owner_path(principal: Principal) -> str:
    """A user or team as a request or a bind names it."""
    return f"{PRINCIPAL_SETS[principal.kind]}({principal.id})"
