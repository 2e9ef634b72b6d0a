"""An organization to test in, over the Web API: the emulator, or a live one that is left as it was found.

Everything that is made here is remembered and can be cleaned up; so can what the product wrote about the customers
that were handed out, because nobody else has their numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from dataverse.schema.components import Role
from dataverse.schema.roles.service import SERVICE
from dataverse.schema.variables import STATES, VARIABLES
from dataverse.store.consents import Consents
from dataverse.store.directory import Directory
from dataverse.store.inbox import Inbox
from dataverse.store.phone_index.state import PHONE_INDEX, IndexState, save_state
from dataverse.store.phone_index.upkeep import Upkeep
from dataverse.store.privileges import Privileges
from dataverse.store.queries import LeadWindow, get
from dataverse.store.reports import Reports
from dataverse.store.tables import owner_path, path
from dataverse.webapi.client import Client
from dataverse.webapi.literals import IN_LIST_LIMIT, in_list
from dataverse.webapi.request import Request
from messaging import ids
from messaging.errors import NotFound
from messaging.numbers import Address, read_address
from messaging.phone_keys import RULES
from messaging.records import Principal, PrincipalKind, Record, Table

VERBS = ("Create", "Read", "Write", "Append", "AppendTo", "Share", "Assign")
SELLING = ("contact", "account", "lead", "opportunity", "appnotification", "txv_phonenumber")
TEXTING = ("txv_textmessage", "Activity")
ROLES_OF = {PrincipalKind.USER: "systemuserroles_association", PrincipalKind.TEAM: "teamroles_association"}
CLOSED = {Table.CONTACT: (1, 2), Table.ACCOUNT: (1, 2), Table.LEAD: (2, 4), Table.OPPORTUNITY: (2, 4)}
OUTGOING, QUEUED = 471_100_001, 471_100_002
ALWAYS, NEVER = 471_100_001, 471_100_002


@dataclass
class Organization:
    """Sellers, teams, numbers, customers and records. `numbers` are in E.164 and belong to nobody else; `lent` are
    users that a live organization has set aside for tests, None where users can be made. The store under test signs in
    as `product` does, or else as the tests do."""

    client: Client
    numbers: Iterator[str]
    lent: Sequence[UUID] | None = None
    clock_shift: timedelta = timedelta()
    product: Client | None = None
    made: list[str] = field(default_factory=list)
    customers: list[str] = field(default_factory=list)
    roles: dict[tuple[str, ...], UUID] = field(default_factory=dict)
    _lent: Iterator[UUID] = field(default_factory=lambda: iter(()))

    def now(self) -> datetime:
        return datetime.now(UTC) + self.clock_shift

    def begin(self) -> None:
        """A new test: the clock is right, all lent users are free."""
        self.clock_shift = timedelta()
        self._lent = iter(self.lent or ())

    def employ(self, role: Role = SERVICE, **columns: object) -> UUID:
        """A user who holds this role and no other; one for the product unless told otherwise."""
        user = Principal(PrincipalKind.USER, uuid4())
        named = columns or {"lastname": "Service", "applicationid": str(uuid4())}
        self.create(owner_path(user), {**named, **self._unit()})
        self.link(f"{owner_path(user)}/{ROLES_OF[user.kind]}", f"roles({role.id})")
        return user.id

    # The store under test.

    @property
    def service(self) -> Client:
        return self.product or self.client

    def directory(self, lead_window: LeadWindow | None = None) -> Directory:
        return Directory(self.service, lambda: "US", lead_window=lambda: lead_window)

    def inbox(self) -> Inbox:
        return Inbox(self.service, self.now)

    def privileges(self) -> Privileges:
        return Privileges(self.service, self.now)

    def reports(self) -> Reports:
        return Reports(self.service)

    def consents(self) -> Consents:
        return Consents(self.service)

    # What there is.

    def customer(self) -> str:
        self.customers.append(next(self.numbers))
        return self.customers[-1]

    def seller(self, *, texts: bool = True, **columns: object) -> Principal:
        if self.lent is not None:
            lent = next(self._lent, None)
            if lent is None or not texts or columns:
                pytest.skip("the live organization lends no such user (DATAVERSE_TEST_USERS)")
            return Principal(PrincipalKind.USER, lent)
        seller = Principal(PrincipalKind.USER, uuid4())
        names = {"firstname": "A", "lastname": "Seller", "islicensed": True}
        self.create(owner_path(seller), {**names, **self._unit(), **columns})
        for tables in (SELLING, TEXTING) if texts else (SELLING,):
            self.give_role(seller, tables)
        return seller

    def team(self, *members: Principal, texts: bool = True) -> Principal:
        team = Principal(PrincipalKind.TEAM, uuid4())
        self.create(owner_path(team), {"name": f"Team {team.id}", "teamtype": 0, **self._unit()})
        for tables in (SELLING, TEXTING) if texts else (SELLING,):
            self.give_role(team, tables)
        for member in members:
            self.link(f"{owner_path(team)}/teammembership_association", owner_path(member))
        return team

    def number(self, owner: Principal, *, new_leads: bool | None = None) -> Address:
        our = read_address(self.customer())
        names = {"txv_name": our.value, "txv_number": our.value, "txv_digits": our.digits}
        says = {} if new_leads is None else {"txv_newleads": ALWAYS if new_leads else NEVER}
        self.create(f"txv_phonenumbers({uuid4()})", {**names, **says, "ownerid@odata.bind": f"/{owner_path(owner)}"})
        return our

    def record(self, table: Table, owner: Principal | None = None, **columns: object) -> Record:
        record = Record(table, uuid4())
        name = {"name": "A name"} if table in (Table.ACCOUNT, Table.OPPORTUNITY) else {"lastname": "A name"}
        subject = {"subject": "A subject"} if table is Table.LEAD else {}
        owned = {"ownerid@odata.bind": f"/{owner_path(owner)}"} if owner else {}
        self.create(path(record), {**name, **subject, **owned, **columns})
        return record

    def opportunity(self, parent: Record, owner: Principal | None = None) -> Record:
        """An opportunity of a contact or an account."""
        return self.record(Table.OPPORTUNITY, owner, **{f"parent{parent.table.value}id@odata.bind": f"/{path(parent)}"})

    def qualify(self, lead: Record, into: Record) -> None:
        """Say of a record that it came from a lead."""
        self.change(into, **{"originatingleadid@odata.bind": f"/{path(lead)}"})

    def sent(self, account: str | None = None, provider_message_id: str | None = None) -> UUID:
        """A text of ours that is on its way."""
        row = uuid4()
        names = {"txv_name": "Text", "txv_provideraccount": account, "txv_providermessageid": provider_message_id}
        self.create(f"txv_textmessages({row})", {**names, "txv_direction": OUTGOING, "txv_status": QUEUED})
        return row

    def entered_consent(self, customer: str) -> UUID:
        """A consent that a colleague has entered and that says nothing yet."""
        row = uuid4()
        self.create(f"txv_consents({row})", {"txv_name": "To be asked", "txv_digits": customer[1:]})
        return row

    def define_settings(self) -> None:
        """The environment variables of the running settings, without a value."""
        for variable in VARIABLES:
            facts = {"schemaname": variable.name, "displayname": variable.display, "type": int(variable.type)}
            told = {"description": variable.description, "defaultvalue": variable.default}
            path = f"environmentvariabledefinitions({variable.id})"
            self.client.send(Request(method="PATCH", path=path, body={**facts, **told}, repeatable=True))
            held = f"_environmentvariabledefinitionid_value eq {variable.id}"
            for row in self.rows(f"environmentvariablevalues?$select=environmentvariablevalueid&$filter={held}"):
                self.delete(f"environmentvariablevalues({row['environmentvariablevalueid']})")

    def define_index_state(self, state: IndexState | None = None) -> None:
        """The environment variable of the phone index, with this state; complete by default."""
        (variable,) = STATES
        body = {"schemaname": variable.name, "displayname": variable.display, "type": int(variable.type)}
        target = f"environmentvariabledefinitions({variable.id})"
        self.client.send(Request(method="PATCH", path=target, body=body, repeatable=True))
        save_state(self.client, IndexState(rules=RULES, complete_on=self.now()) if state is None else state)

    def forget_index_state(self) -> None:
        """No such variable."""
        for row in self.rows(f"environmentvariablevalues?$filter=schemaname eq '{PHONE_INDEX}_value'"):
            self.delete(f"environmentvariablevalues({row['environmentvariablevalueid']})")
        self.delete(f"environmentvariabledefinitions({STATES[0].id})")

    def index(self, *records: Record) -> None:
        """Bring the phone index up to date for these records."""
        for record in records:
            Upkeep(self.client).bring_up_to_date(record.table.value, [record.id])

    def change(self, record: Record, **columns: object) -> None:
        self.update(path(record), columns)

    def deactivate(self, record: Record) -> None:
        statecode, statuscode = CLOSED[record.table]
        self.change(record, statecode=statecode, statuscode=statuscode)

    def remove(self, record: Record) -> None:
        self.delete(path(record))

    def give_role(self, principal: Principal, tables: tuple[str, ...] = TEXTING) -> None:
        self.link(f"{owner_path(principal)}/{ROLES_OF[principal.kind]}", f"roles({self.role(tables)})")

    def take_role(self, principal: Principal, tables: tuple[str, ...] = TEXTING) -> None:
        self.delete(f"{owner_path(principal)}/{ROLES_OF[principal.kind]}({self.role(tables)})/$ref")

    # What became of it.

    def bell(self, seller: Principal) -> list[str]:
        rows = self.rows(f"appnotifications?$select=title&$filter=_ownerid_value eq {seller.id}")
        return [str(row["title"]) for row in rows]

    def rows(self, query: str) -> list[dict[str, object]]:
        return list(self.client.rows(get(query).path))

    # By hand.

    def create(self, target: str, body: dict[str, object]) -> None:
        self.made.append(target)
        self._write(target, body, "If-None-Match")

    def update(self, target: str, body: dict[str, object]) -> None:
        self._write(target, body, "If-Match")

    def delete(self, target: str) -> None:
        self.client.send(Request(method="DELETE", path=target, repeatable=True))

    def link(self, collection: str, target: str) -> None:
        body = {"@odata.id": f"{self.client.service_url}{target}"}
        self.client.send(Request(method="POST", path=f"{collection}/$ref", body=body, repeatable=True))

    def role(self, tables: tuple[str, ...]) -> UUID:
        """A security role that may do anything with its own rows of these tables, made when it is first needed."""
        if tables not in self.roles:
            role = self.roles[tables] = uuid4()
            self.create(f"roles({role})", {"name": f"Role {role}", **self._unit()})
            names = {f"prv{verb}{table}".lower() for table in tables for verb in VERBS}
            privileges = [
                {"PrivilegeId": row["privilegeid"], "Depth": "Basic"}
                for row in self.rows("privileges?$select=privilegeid,name")
                if str(row["name"]).lower() in names
            ]
            target, body = f"roles({role})/Microsoft.Dynamics.CRM.AddPrivilegesRole", {"Privileges": privileges}
            self.client.send(Request(method="POST", path=target, body=body, repeatable=True))
        return self.roles[tables]

    def clean_up(self) -> None:
        """Delete what the product wrote about our customers and numbers, then what was made here, the latest first."""
        digits = [customer.removeprefix("+") for customer in self.customers]
        counts = ("Text", *(f"{count} texts" for count in range(2, 10)))
        titles = [f"{count} from {customer}" for customer in self.customers for count in counts]
        leads = [ids.lead_id(customer, 0) for customer in digits]
        for table, key, column, values in (
            ("appnotifications", "appnotificationid", "title", titles),
            ("txv_consents", "txv_consentid", "txv_digits", digits),
            ("txv_textmessages", "txv_textmessageid", "txv_from", self.customers),
            ("txv_textmessages", "txv_textmessageid", "txv_to", self.customers),
            ("txv_textconversations", "activityid", "txv_customerdigits", digits),
            ("txv_textconversations", "activityid", "txv_ourdigits", digits),
            ("leads", "leadid", "leadid", leads),
        ):
            for start in range(0, len(values), IN_LIST_LIMIT):
                ours = in_list(column, values[start : start + IN_LIST_LIMIT])
                for row in self.rows(f"{table}?$select={key}&$filter={ours}"):
                    self._forget(f"{table}({row[key]})")
        for target in reversed(self.made):
            self._forget(target)

    def _forget(self, target: str) -> None:
        with suppress(NotFound):
            self.delete(target)

    def _write(self, target: str, body: dict[str, object], condition: str) -> None:
        self.client.send(Request(method="PATCH", path=target, headers={condition: "*"}, body=body, repeatable=True))

    def _unit(self) -> dict[str, object]:
        (row,) = self.rows("businessunits?$select=businessunitid&$filter=_parentbusinessunitid_value eq null")
        return {"businessunitid@odata.bind": f"/businessunits({row['businessunitid']})"}
