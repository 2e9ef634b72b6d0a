"""One organization for each implementation of the ports: rows in memory, the emulator, and, where the environment names
one, a live organization (docs/architecture.md, "Tests")."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from uuid import UUID, uuid4

import pytest

from dataverse.schema.apply import apply
from dataverse.webapi.auth import StaticToken, TokenProvider, client_secret
from emulator.server import Server
from function_app.dataverse_client import connect
from messaging import ids
from messaging.events import ConsentChoice, MessageReceived, OptOutSeen
from messaging.inbound import Incoming, NewLead
from messaging.numbers import Address, read_address
from messaging.records import Principal, Record, Table
from notifications.content import Notification, Opening
from routing.candidate import Surroundings
from tests.stores.memory import MemoryOrganization
from tests.stores.organization import Organization

PREFIX = "DATAVERSE_TEST_"
LIVE = {name.removeprefix(PREFIX): value for name, value in os.environ.items() if name.startswith(PREFIX)}


class GivenToken:
    """A bearer token that someone has fetched; it is not renewed."""

    def token(self) -> str:
        return LIVE["TOKEN"]

    def invalidate(self, refused: str) -> None:
        """There is no other."""


def live_tokens() -> TokenProvider:
    if "TOKEN" in LIVE:
        return GivenToken()
    return client_secret(
        LIVE["URL"],
        tenant=LIVE["TENANT_ID"],
        client_id=LIVE["CLIENT_ID"],
        secret=LIVE["CLIENT_SECRET"],
        clock=time.monotonic,
    )


def drama_numbers(begin: int) -> Iterator[str]:
    """Numbers of the United Kingdom that belong to nobody: Ofcom keeps them for drama (+44 7700 900000 to 900999)."""
    return (f"+447700900{(begin + number) % 1000:03}" for number in count())


@pytest.fixture(scope="session")
def in_the_emulator() -> Iterator[Organization]:
    with Server() as server, connect(server.url, StaticToken(server.url, "service")) as client:
        apply(client, sleep=time.sleep)
        org = Organization(client, (f"+1{number:010}" for number in count(2_065_550_000)))
        with connect(server.url, StaticToken(server.url, f"user:{org.employ()}")) as org.product:
            yield org


@pytest.fixture(scope="session")
def in_the_cloud() -> Iterator[Organization]:
    lent = [UUID(user) for user in LIVE.get("USERS", "").split(",") if user]
    with connect(LIVE["URL"], live_tokens()) as client:
        organization = Organization(client, drama_numbers(random.randrange(1000)), lent)
        try:
            yield organization
        finally:
            organization.clean_up()


OVER_THE_WEB_API = {"emulator": "in_the_emulator", "live": "in_the_cloud"}


@pytest.fixture(params=["memory", "emulator", *(["live"] if "URL" in LIVE else [])])
def org(request: pytest.FixtureRequest) -> MemoryOrganization | Organization:
    """The organization; whatever is made in it is the test's own."""
    if request.param == "memory":
        return MemoryOrganization()
    organization: Organization = request.getfixturevalue(
        "in_the_emulator" if request.param == "emulator" else "in_the_cloud"
    )
    organization.begin()
    return organization


@pytest.fixture
def text(org) -> Callable[..., MessageReceived]:
    """A text from a customer to one of our numbers."""

    def make(our: Address, customer: str, **facts: object) -> MessageReceived:
        plain = {
            "account": "twilio-demo",
            "provider": "twilio",
            "message_id": f"SM{uuid4().hex}",
            "sender": read_address(customer),
            "recipient": our,
            "body": "Hello",
            "received_at": org.now(),
        }
        return MessageReceived(**{**plain, **facts})

    return make


@pytest.fixture
def incoming() -> Callable[..., Incoming]:
    """Where a text goes: a new conversation on a new lead, unless told otherwise."""

    def make(event: MessageReceived, *, owner: Principal | None = None, **facts: object) -> Incoming:
        lead = ids.lead_id(event.sender.key, 0)
        plain = Incoming(
            message_id=ids.message_id(event.account, event.message_id),
            event=event,
            number_id=None,
            conversation_id=ids.conversation_id(event.recipient.key, event.sender.key, "lead", lead),
            conversation=None,
            record=Record(Table.LEAD, lead),
            new_lead=NewLead(id=lead, number=event.sender.value, owner=owner),
            owner=owner,
            shared_with=None,
            routing={"decided_by": "a test"},
        )
        return replace(plain, **facts)

    return make


@pytest.fixture
def joining(incoming) -> Callable[..., Incoming]:
    """A text that joins the only conversation that was found."""

    def make(event: MessageReceived, around: Surroundings, **facts: object) -> Incoming:
        (talk,) = around.conversations
        joined = {"conversation_id": talk.id, "conversation": talk, "record": talk.record, "new_lead": None}
        return incoming(event, **{**joined, **facts})

    return make


@pytest.fixture
def ring() -> Callable[..., Notification]:
    """A notification of a text for a seller."""

    def make(event: MessageReceived, seller: Principal, opens: UUID | None = None) -> Notification:
        return Notification(
            recipient=seller.id,
            title=f"Text from {event.sender.value}",
            body="Hello",
            opens=None if opens is None else Opening(conversation=opens, button="Open", pane="Text messages"),
        )

    return make


@pytest.fixture
def choice(org) -> Callable[..., OptOutSeen]:
    """What a customer decided about being texted."""

    def make(customer: str, chosen: ConsentChoice, message_id: str = "SM1") -> OptOutSeen:
        return OptOutSeen(
            account="twilio-demo",
            provider="twilio",
            message_id=message_id,
            customer=read_address(customer),
            choice=chosen,
            received_at=org.now(),
        )

    return make
