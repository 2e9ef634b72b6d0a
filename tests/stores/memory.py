"""An organization in memory, with the same promises as one over the Web API (`organization`), and no network.

`rows` holds what there is; the stores over it are `reading` and `writing`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

from dataverse.store.queries import LeadWindow
from messaging.numbers import Address, read_address
from messaging.records import Person, Principal, PrincipalKind, Record, Table
from messaging.status import Progress, Status
from tests.stores.reading import ConsentsInMemory, DirectoryInMemory, PrivilegesInMemory, ReportsInMemory
from tests.stores.rows import ConsentRow, MessageRow, NumberRow, RecordRow, Rows
from tests.stores.writing import InboxInMemory

SERVICE = Principal(PrincipalKind.USER, UUID(int=1))


@dataclass
class MemoryOrganization:
    """Sellers, teams, numbers, customers and records; `meanwhile` of `rows` runs before the next write."""

    rows: Rows = field(default_factory=Rows)
    numbers: Iterator[str] = field(default_factory=lambda: (f"+1{number:010}" for number in count(2_065_550_000)))
    clock_shift: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.clock_shift

    # The stores.

    def directory(self, lead_window: LeadWindow | None = None) -> DirectoryInMemory:
        return DirectoryInMemory(self.rows, "US", lead_window)

    def inbox(self) -> InboxInMemory:
        return InboxInMemory(self.rows, self.now)

    def privileges(self) -> PrivilegesInMemory:
        return PrivilegesInMemory(self.rows)

    def reports(self) -> ReportsInMemory:
        return ReportsInMemory(self.rows)

    def consents(self) -> ConsentsInMemory:
        return ConsentsInMemory(self.rows)

    # What there is.

    def customer(self) -> str:
        return next(self.numbers)

    def seller(self, *, texts: bool = True, **columns: object) -> Principal:
        seller = Principal(PrincipalKind.USER, uuid4())
        self.rows.users[seller.id] = Person(
            seller.id,
            "A Seller",
            enabled=columns.get("isdisabled") is not True,
            licensed=columns.get("islicensed") is not False,
        )
        return self._with_role(seller, texts=texts)

    def team(self, *members: Principal, texts: bool = True) -> Principal:
        team = Principal(PrincipalKind.TEAM, uuid4())
        self.rows.members[team.id] = [member.id for member in members]
        return self._with_role(team, texts=texts)

    def number(self, owner: Principal, *, new_leads: bool | None = None) -> Address:
        our = read_address(self.customer())
        self.rows.numbers[our.key] = NumberRow(uuid4(), owner, new_leads=new_leads)
        return our

    def record(self, table: Table, owner: Principal | None = None, **columns: object) -> Record:
        record = Record(table, uuid4())
        phones = {column: str(value) for column, value in columns.items()}
        self.rows.records[record] = RecordRow("A name", owner or SERVICE, phones, self.now())
        return record

    def opportunity(self, parent: Record, owner: Principal | None = None) -> Record:
        opportunity = self.record(Table.OPPORTUNITY, owner)
        self.rows.records[opportunity].parent = parent
        return opportunity

    def qualify(self, lead: Record, into: Record) -> None:
        self.rows.records[into].came_from = lead.id

    def sent(self, account: str | None = None, provider_message_id: str | None = None) -> UUID:
        row = uuid4()
        progress = Progress(Status.QUEUED)
        self.rows.messages[row] = MessageRow(account, provider_message_id, self.now(), progress=progress)
        return row

    def entered_consent(self, customer: str) -> UUID:
        row = ConsentRow(uuid4())
        self.rows.consents[customer.removeprefix("+")] = row
        return row.id

    def change(self, record: Record, **columns: object) -> None:
        row = self.rows.records[record]
        row.phones |= {column: str(value or "") for column, value in columns.items()}
        row.modified_on = self.now()

    def deactivate(self, record: Record) -> None:
        self.rows.records[record].active = False

    def remove(self, record: Record) -> None:
        del self.rows.records[record]

    def give_role(self, principal: Principal) -> None:
        self.rows.may_read.add(principal)

    def take_role(self, principal: Principal) -> None:
        self.rows.may_read.discard(principal)

    # What became of it.

    def bell(self, seller: Principal) -> list[str]:
        return [told.title for told in self.rows.told if told.recipient == seller.id]

    def _with_role(self, principal: Principal, *, texts: bool) -> Principal:
        if texts:
            self.rows.may_read.add(principal)
        return principal
