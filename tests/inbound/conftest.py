"""The inbound flow as it runs: the real use cases and store, over HTTP, against the emulator with our tables in it.

One emulator serves all tests of a run; each test makes its own sellers, numbers and customers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

import pytest
import requests

from dataverse.schema.apply import apply
from dataverse.store.consents import Consents
from dataverse.store.directory import Directory
from dataverse.store.inbox import Inbox
from dataverse.store.privileges import Privileges
from dataverse.store.queries import get
from dataverse.store.reports import Reports
from dataverse.store.tables import RECORD_TABLES, owner_path, path, regarding
from dataverse.webapi.auth import StaticToken
from dataverse.webapi.client import Client
from dataverse.webapi.request import Request
from emulator.server import Server
from messaging import ids
from messaging.events import MessageReceived
from messaging.numbers import Address, read_address
from messaging.records import Principal, PrincipalKind, Record, Table
from pipeline.ingest import Ingestion
from pipeline.note_consent import Consenting
from pipeline.track import Tracking
from routing.tiers import DEFAULT_ORDER

SELLING, TEXTING = UUID(int=0x5E11), UUID(int=0x7E87)
VERBS = ("Create", "Read", "Write", "Append", "AppendTo", "Share", "Assign")
ROLES = {
    SELLING: ("contact", "account", "lead", "opportunity", "appnotification", "txv_phonenumber"),
    TEXTING: ("txv_textmessage", "Activity"),
}


@dataclass
class World:
    """Sellers, numbers, customers and records, made through the Web API; and the use cases over them."""

    url: str
    client: Client
    numbers: Iterator[int]
    clock_shift: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.clock_shift

    def client_for(self, token: str, session_factory: Callable[[], requests.Session] | None = None) -> Client:
        return Client(
            self.url,
            StaticToken(self.url, token),
            new_id=lambda: str(uuid4()),
            clock=time.monotonic,
            sleep=time.sleep,
            jitter=lambda: 0.5,
            session_factory=session_factory,
        )

    # What the product is asked to do.

    def ingestion(self, client: Client | None = None) -> Ingestion:
        client = client or self.client
        return Ingestion(
            directory=Directory(client, "US"),
            inbox=Inbox(client, self.now),
            privileges=Privileges(client, self.now),
            clock=self.now,
            order=DEFAULT_ORDER,
        )

    def tracking(self) -> Tracking:
        return Tracking(Reports(self.client))

    def consenting(self) -> Consenting:
        return Consenting(Consents(self.client))

    def text(self, our: Address, customer: str, body: str = "Hello", **facts: object) -> MessageReceived:
        plain: dict[str, object] = {
            "account": "twilio-demo",
            "provider": "twilio",
            "message_id": f"SM{uuid4().hex}",
            "sender": read_address(customer),
            "recipient": our,
            "body": body,
            "received_at": self.now(),
        }
        return MessageReceived(**{**plain, **facts})

    # What there is in Dataverse.

    def customer(self) -> str:
        return f"+1{next(self.numbers):010d}"

    def seller(self, *, texts: bool = True, **columns: object) -> Principal:
        seller = Principal(PrincipalKind.USER, uuid4())
        self.create(owner_path(seller), {"firstname": "A", "lastname": "Seller", **self._unit(), **columns})
        for role in (SELLING, TEXTING) if texts else (SELLING,):
            self.give_role(seller, role)
        return seller

    def give_role(self, seller: Principal, role: UUID) -> None:
        self._link(f"{owner_path(seller)}/systemuserroles_association", f"roles({role})")

    def team(self, *members: Principal) -> Principal:
        team = Principal(PrincipalKind.TEAM, uuid4())
        self.create(owner_path(team), {"name": f"Team {team.id}", "teamtype": 0, **self._unit()})
        for role in (SELLING, TEXTING):
            self._link(f"{owner_path(team)}/teamroles_association", f"roles({role})")
        for member in members:
            self._link(f"{owner_path(team)}/teammembership_association", owner_path(member))
        return team

    def number(self, owner: Principal) -> Address:
        our = read_address(self.customer())
        self.create(
            f"txv_phonenumbers({uuid4()})",
            {
                "txv_name": our.value,
                "txv_number": our.value,
                "txv_digits": our.digits,
                "ownerid@odata.bind": f"/{owner_path(owner)}",
            },
        )
        return our

    def record(self, table: Table, owner: Principal | None = None, **columns: object) -> Record:
        record = Record(table, uuid4())
        name = {"name": "A name"} if table in (Table.ACCOUNT, Table.OPPORTUNITY) else {"lastname": "A name"}
        subject = {"subject": "A subject"} if table is Table.LEAD else {}
        owned = {"ownerid@odata.bind": f"/{owner_path(owner)}"} if owner else {}
        self.create(path(record), {**name, **subject, **owned, **columns})
        return record

    def deactivate(self, record: Record) -> None:
        state = {Table.CONTACT: (1, 2), Table.ACCOUNT: (1, 2), Table.LEAD: (2, 4), Table.OPPORTUNITY: (2, 4)}
        statecode, statuscode = state[record.table]
        self.update(path(record), {"statecode": statecode, "statuscode": statuscode})

    def create(self, target: str, body: dict[str, object]) -> None:
        headers = {"If-None-Match": "*"}
        self.client.send(Request(method="PATCH", path=target, headers=headers, body=body, repeatable=True))

    def update(self, target: str, body: dict[str, object]) -> None:
        headers = {"If-Match": "*"}
        self.client.send(Request(method="PATCH", path=target, headers=headers, body=body, repeatable=True))

    def delete(self, target: str) -> None:
        self.client.send(Request(method="DELETE", path=target, repeatable=True))

    # What became of it.

    def rows(self, query: str, seller: Principal | None = None) -> list[dict[str, object]]:
        client = self.client if seller is None else self.client_for(f"user:{seller.id}")
        return list(client.rows(get(query).path))

    def message(self, event: MessageReceived) -> dict[str, object]:
        (row,) = self.rows(
            f"txv_textmessages?$filter=txv_textmessageid eq {ids.message_id(event.account, event.message_id)}"
        )
        return row

    def conversation(self, event: MessageReceived) -> dict[str, object]:
        talk = self.message(event)["_txv_conversationid_value"]
        expand = ",".join(f"{regarding(table)}($select={known.id})" for table, known in RECORD_TABLES.items())
        (row,) = self.rows(f"txv_textconversations?$filter=activityid eq {talk}&$expand={expand}")
        return row

    def home(self, event: MessageReceived) -> Record | None:
        row = self.conversation(event)
        for table, known in RECORD_TABLES.items():
            there = row[regarding(table)]
            if isinstance(there, dict):
                return Record(table, UUID(str(there[known.id])))
        return None

    def bell(self, seller: Principal) -> list[str]:
        return [str(row["title"]) for row in self.rows(f"appnotifications?$filter=_ownerid_value eq {seller.id}")]

    def requests(self) -> list[dict[str, object]]:
        return list(requests.get(f"{self.url}/_emulator/requests", timeout=5).json())

    def forget_requests(self) -> None:
        requests.delete(f"{self.url}/_emulator/requests", timeout=5)

    def _unit(self) -> dict[str, object]:
        (row,) = self.rows("businessunits?$select=businessunitid&$filter=_parentbusinessunitid_value eq null")
        return {"businessunitid@odata.bind": f"/businessunits({row['businessunitid']})"}

    def _link(self, collection: str, target: str) -> None:
        body = {"@odata.id": f"{self.client.service_url}{target}"}
        self.client.send(Request(method="POST", path=f"{collection}/$ref", body=body, repeatable=True))

    def found_role(self, role: UUID) -> None:
        self.create(f"roles({role})", {"name": f"Role {role}", **self._unit()})
        names = {f"prv{verb}{table}".lower() for table in ROLES[role] for verb in VERBS}
        privileges = [
            {"PrivilegeId": row["privilegeid"], "Depth": "Basic"}
            for row in self.rows("privileges?$select=privilegeid,name")
            if str(row["name"]).lower() in names
        ]
        self.client.send(
            Request(
                method="POST",
                path=f"roles({role})/Microsoft.Dynamics.CRM.AddPrivilegesRole",
                body={"Privileges": privileges},
                repeatable=True,
            )
        )


@pytest.fixture(scope="session")
def _world() -> Iterator[World]:
    with Server() as server:
        world = World(server.url, None, count(2_065_550_000))  # type: ignore[arg-type]  # it needs itself for a client
        world.client = world.client_for("service")
        apply(world.client, sleep=time.sleep)
        for role in ROLES:
            world.found_role(role)
        yield world


@pytest.fixture
def world(_world: World) -> World:
    _world.clock_shift = timedelta()
    return _world
