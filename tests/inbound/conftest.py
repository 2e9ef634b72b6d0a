"""The inbound flow as it runs: the real use cases and store, over HTTP, against the emulator with our tables in it, as
a user who holds the role of the service and no other.

One emulator serves all tests of a run; each test makes its own sellers, numbers and customers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import requests

from dataverse.schema.apply import apply
from dataverse.schema.roles.administrator import ADMINISTRATOR
from dataverse.store.bell import Bell
from dataverse.store.directory import Directory
from dataverse.store.inbox import Inbox
from dataverse.store.phone_index.repair import Repair
from dataverse.store.phone_index.upkeep import Upkeep
from dataverse.store.privileges import Privileges
from dataverse.store.queries import get
from dataverse.store.settings_in_force import SettingsInForce
from dataverse.store.tables import RECORD_TABLES, owner_path, regarding
from dataverse.store.untold import Untold
from dataverse.store.visibility.repair import VisibilityRepair
from dataverse.store.visibility.upkeep import Visibility
from dataverse.webapi.auth import StaticToken
from dataverse.webapi.client import Client
from emulator.server import Server
from local.queues import SqliteQueues
from messaging import ids
from messaging.events import MessageReceived
from messaging.numbers import Address, read_address
from messaging.records import Principal, Record
from messaging.row_changes import PHONE_NUMBER, Change, RowChanged, encode
from pipeline.follow import POISON, Following
from pipeline.ingest import CUT_OFF_AFTER, Ingestion
from pipeline.listen import RECORD_CHANGES
from pipeline.note_consent import Consenting
from pipeline.sweep import Sweep
from pipeline.track import Tracking
from tests.stores.organization import Organization


@dataclass
class World(Organization):
    """An organization in the emulator, and the use cases over it."""

    url: str = ""

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
        client = client or self.service
        in_force = SettingsInForce(client, self.now, default_region="US")
        return Ingestion(
            directory=Directory(client, in_force.region, in_force.phone_index, in_force.lead_window),
            inbox=Inbox(client, self.now),
            privileges=Privileges(client, self.now),
            clock=self.now,
            settings=in_force,
        )

    def follow(self, record: Record) -> None:
        """A hint of Dataverse that this record was changed."""
        self.hint(record.table.value, record.id)

    def hint(self, table: str, row: UUID, change: Change = Change.UPDATE) -> None:
        """A hint of Dataverse that this row was changed."""
        hint = RowChanged(table=table, id=row, change=change)
        with closing(SqliteQueues(Path(":memory:"))) as queues:
            following = Following(phone_index=Upkeep(self.service), visibility=self.visibility(), queue=queues)
            following.follow(encode(hint))
            second_looks = int(table == PHONE_NUMBER)
            if queues.count(RECORD_CHANGES) + queues.count(POISON) > second_looks:
                raise AssertionError("a hint was not followed")

    def visibility(self) -> Visibility:
        return Visibility(self.service, self.privileges())

    def repair(self) -> None:
        Repair(self.service, self.now).run()

    def repair_visibility(self) -> None:
        VisibilityRepair(self.service, self.visibility()).run()

    def sweep(self, client: Client | None = None) -> Sweep:
        client = client or self.service
        finish = self.ingestion(client).finish
        return Sweep(untold=Untold(client), bell=Bell(client), finish=finish, clock=self.now)

    def cut_off(self, event: MessageReceived, *readers: Principal) -> None:
        """As if the run of a stored text had ended before it told its readers; nobody works on it any more."""
        self.update(f"txv_textmessages({self.message(event)['txv_textmessageid']})", {"txv_notifiedon": None})
        for reader in readers:
            self.dismiss(reader)
        self.clock_shift = CUT_OFF_AFTER + timedelta(seconds=5)

    def tracking(self) -> Tracking:
        return Tracking(self.reports())

    def consenting(self) -> Consenting:
        return Consenting(self.consents())

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

    # Who there is.

    @contextmanager
    def administrator(self) -> Iterator[Principal]:
        """A user who holds the role for administrators of text messages, and no other for texts."""
        one = self.seller(texts=False)
        first = f"name eq '{ADMINISTRATOR.name}' and _parentroleid_value eq null"
        (role,) = self.rows(f"roles?$select=roleid&$filter={first}")
        self.link(f"{owner_path(one)}/systemuserroles_association", f"roles({role['roleid']})")
        try:
            yield one
        finally:
            self.delete(f"{owner_path(one)}/systemuserroles_association({role['roleid']})/$ref")

    # What sellers do.

    def dismiss(self, seller: Principal) -> None:
        """Everything behind the bell of a seller goes."""
        for row in self.rows(f"appnotifications?$select=appnotificationid&$filter=_ownerid_value eq {seller.id}"):
            self.delete(f"appnotifications({row['appnotificationid']})")

    def read(self, event: MessageReceived) -> None:
        """The conversation of a text is read."""
        self.update(f"txv_textconversations({self.conversation(event)['activityid']})", {"txv_unreadcount": 0})

    def speak(self, seller: Principal, lcid: int) -> None:
        """A seller chooses the language of the interface."""
        self.update(f"usersettingscollection({seller.id})", {"uilanguageid": lcid})

    # What became of it.

    def rows(self, query: str, seller: Principal | None = None) -> list[dict[str, object]]:
        if seller is None:
            return list(self.client.rows(get(query).path))
        with self.client_for(f"user:{seller.id}") as client:
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

    def entries(self, seller: Principal) -> list[dict[str, object]]:
        """What stands behind the bell of a seller, as the seller reads it."""
        return self.rows(f"appnotifications?$filter=_ownerid_value eq {seller.id}", seller)

    def requests(self) -> list[dict[str, object]]:
        return list(requests.get(f"{self.url}/_emulator/requests", timeout=5).json())

    def forget_requests(self) -> None:
        requests.delete(f"{self.url}/_emulator/requests", timeout=5)


@pytest.fixture(scope="session")
def _world() -> Iterator[World]:
    with Server() as server:
        world = World(None, (f"+1{number:010}" for number in count(2_065_550_000)), url=server.url)
        world.client = world.client_for("service")
        apply(world.client, sleep=time.sleep)
        world.product = world.client_for(f"user:{world.employ()}")
        yield world


@pytest.fixture
def world(_world: World) -> World:
    _world.begin()
    return _world
