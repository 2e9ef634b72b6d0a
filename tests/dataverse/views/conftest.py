"""Sellers, a team and rows of all our tables: what the views have to tell apart. Tests only look."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest

from dataverse.schema.apply import apply
from dataverse.schema.components import View
from dataverse.schema.desired import TEXTVERSE
from dataverse.schema.roles import USER
from dataverse.store.tables import owner_path
from dataverse.webapi.auth import StaticToken
from dataverse.webapi.client import Client
from dataverse.webapi.request import Request
from emulator.server import Server
from function_app.dataverse_client import connect
from messaging.records import Principal
from tests.stores.organization import Organization

FIRST = 471_100_000
SETS = {table.name: table.set_name for table in TEXTVERSE.tables}
KEYS = {table.name: "activityid" if table.is_activity else f"{table.name}id" for table in TEXTVERSE.tables}


@dataclass
class Grids(Organization):
    """An organization whose rows have names, and what its users see of them in views."""

    server: Server | None = None
    named: dict[UUID, str] = field(default_factory=dict)

    def user(self) -> Principal:
        """A seller with the role for text messages as it is declared."""
        user = self.seller(texts=False)
        self.link(f"{owner_path(user)}/systemuserroles_association", f"roles({USER.id})")
        return user

    def put(self, table: str, name: str, owner: Principal | None = None, **columns: object) -> UUID:
        row = uuid4()
        self.named[row] = name
        owned = {"ownerid@odata.bind": f"/{owner_path(owner)}"} if owner else {}
        self.create(f"{SETS[table]}({row})", {**owned, **columns})
        return row

    def talk(self, name: str, owner: Principal, number: UUID | None, unread: int, on: str, **more: object) -> UUID:
        bound = {"txv_phonenumberid@odata.bind": f"/txv_phonenumbers({number})"} if number else {}
        facts = {"subject": name, "txv_unreadcount": unread, "txv_lastmessageon": f"2026-11-20T{on}:00Z"}
        return self.put("txv_textconversation", name, owner, **facts, **bound, **more)

    def pass_by(self) -> None:
        """A minute later; `createdon` is to the second."""
        start = self.server.service.clock()
        self.server.service.clock = lambda: start + timedelta(minutes=1)

    def let_see(self, conversation: UUID, principal: Principal) -> None:
        """Share a conversation."""
        table, key = ("systemuser", "systemuserid") if principal.kind == "systemuser" else ("team", "teamid")
        dynamics = "Microsoft.Dynamics.CRM"
        target = {"activityid": str(conversation), "@odata.type": f"{dynamics}.txv_textconversation"}
        whom = {key: str(principal.id), "@odata.type": f"{dynamics}.{table}"}
        access = {"AccessMask": "ReadAccess", "Principal": whom}
        body = {"Target": target, "PrincipalAccess": access}
        self.client.send(Request(method="POST", path="GrantAccess", body=body, repeatable=True))

    def raw(self, view: View, reader: Principal | None = None, asked: str = "") -> list[dict[str, object]]:
        """The rows of a view, as it is declared or however it is `asked` for."""
        asked = asked or f"fetchXml={quote(view.fetch, safe='')}"
        with _client(self.server.url, f"user:{reader.id}" if reader else "service") as client:
            return list(client.rows(f"{SETS[view.table]}?{asked}"))

    def seen(self, view: View, reader: Principal | None = None) -> list[str]:
        """The names of the rows that a reader finds in a view, in its order."""
        return [self.named[UUID(str(row[KEYS[view.table]]))] for row in self.raw(view, reader)]


def _client(url: str, token: str) -> Client:
    return connect(url, StaticToken(url, token))


@dataclass
class Company:
    """Maya has a number, Tom and Ines have one together; Olga has another, and nothing to do with the rest."""

    grids: Grids
    maya: Principal
    tom: Principal
    olga: Principal


@pytest.fixture(scope="session")
def grids() -> Iterator[Grids]:
    with Server() as server, _client(server.url, "service") as client:
        apply(client, sleep=time.sleep)
        yield Grids(client, (f"+1{number:010}" for number in count(2_065_550_000)), server=server)


@pytest.fixture(scope="session")
def company(grids: Grids) -> Company:
    maya, tom, ines, olga = (grids.user() for _ in range(4))
    team = grids.team(tom, ines)
    provider = grids.put("txv_smsprovider", "Twilio", txv_name="Twilio", txv_inboundurl="https://x/inbound")
    grids.put("txv_smsprovider", "ACS", txv_name="ACS", txv_statusurl="https://x/status")
    link = {"txv_smsproviderid@odata.bind": f"/txv_smsproviders({provider})"}
    mayas = grids.put("txv_phonenumber", "West", maya, txv_name="West", txv_digits="1", **link)
    teams = grids.put("txv_phonenumber", "Harbour", team, txv_name="Harbour", txv_digits="2", **link)
    olgas = grids.put("txv_phonenumber", "East", olga, txv_name="East", txv_digits="3", **link)
    by_record = grids.talk("Maya's record, Olga's number", maya, olgas, 0, "10:00")
    grids.talk("Olga's", olga, olgas, 4, "15:00")
    for_team = grids.talk("Maya's record, the team's number", maya, teams, 2, "08:00")
    grids.let_see(for_team, team)
    grids.let_see(grids.talk("Shared with Tom alone", olga, olgas, 9, "16:00"), tom)
    grids.talk("Without a number", team, None, 0, "11:00")
    grids.talk("Maya's, three unread", maya, mayas, 3, "07:00")
    grids.let_see(by_record, olga)
    _put_texts(grids, for_team, maya)
    _put_what_administrators_see(grids, maya, olga)
    return Company(grids, maya, tom, olga)


def _put_texts(grids: Grids, talk: UUID, owner: Principal) -> None:
    """Texts of each status, the later in the list the newer; what failed has a reason."""
    bound = {"txv_conversationid@odata.bind": f"/txv_textconversations({talk})"}
    for name, status, reason in (
        ("received", 0, None),
        ("switched off, before", 6, "Unreachable"),
        ("delivered", 5, None),
        ("opted out", 7, "OptedOut"),
        ("switched off, again", 6, "Unreachable"),
        ("answer lost", 8, None),
        ("sent", 4, None),
    ):
        facts = {"txv_name": name, "txv_status": FIRST + status, "txv_failurereason": reason}
        grids.put("txv_textmessage", name, owner, **facts, **bound)
        grids.pass_by()


def _put_what_administrators_see(grids: Grids, maya: Principal, olga: Principal) -> None:
    grids.put("txv_texttemplate", "Maya's own", maya, txv_title="Own", txv_shared=False)
    grids.put("txv_texttemplate", "Maya's for all", maya, txv_title="For all", txv_shared=True)
    grids.put("txv_texttemplate", "Olga's for all", olga, txv_title="Also for all", txv_shared=True)
    grids.put("txv_consent", "out first", txv_digits="11", txv_choice=FIRST, txv_decidedon="2026-11-01T08:00:00Z")
    grids.put("txv_consent", "in", txv_digits="12", txv_choice=FIRST + 1, txv_decidedon="2026-11-02T08:00:00Z")
    grids.put("txv_consent", "out last", txv_digits="13", txv_choice=FIRST, txv_decidedon="2026-11-03T08:00:00Z")
    grids.put("txv_phonekey", "second", txv_name="b", txv_digits="4930", txv_column="telephone1")
    grids.put("txv_phonekey", "first", txv_name="a", txv_digits="1206", txv_column="mobilephone")
