"""Sellers with the declared roles, and what of a text each of them gets to see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest

from dataverse.schema.roles import USER
from dataverse.store.choices import DIRECTIONS, STATUSES, Direction
from dataverse.store.tables import owner_path, path, regarding
from dataverse.webapi.client import Client
from dataverse.webapi.request import ChangeSet, Request
from messaging.errors import NotFound, PrivilegeMissing
from messaging.events import MessageReceived
from messaging.numbers import Address
from messaging.records import Principal, PrincipalKind, Record
from messaging.status import Status
from tests.stores.organization import ROLES_OF

SECRET = "The code is tulip"


@pytest.fixture(scope="session")
def texting() -> UUID:
    """The role *Text Messaging User*."""
    return UUID(USER.id)


@pytest.fixture(scope="session")
def selling(_world) -> UUID:
    """The role *Salesperson*, as every environment has it."""
    (row,) = _world.rows("roles?$select=roleid&$filter=name eq 'Salesperson'")
    return UUID(str(row["roleid"]))


@pytest.fixture
def holding(world):
    """Makes a user, or a team of these members, who holds these roles."""

    def make_one(*roles: UUID, members: tuple[Principal, ...] | None = None) -> Principal:
        kind = PrincipalKind.USER if members is None else PrincipalKind.TEAM
        one = Principal(kind, uuid4())
        name = (
            {"lastname": "Seller", "islicensed": True} if members is None else {"name": f"Team {one.id}", "teamtype": 0}
        )
        world.create(owner_path(one), {**name, **world._unit()})
        for role in roles:
            world.link(f"{owner_path(one)}/{ROLES_OF[kind]}", f"roles({role})")
        for member in members or ():
            world.link(f"{owner_path(one)}/teammembership_association", owner_path(member))
        return one

    return make_one


@pytest.fixture(params=["Text Messaging User alone", "Salesperson and Text Messaging User"])
def roles(request, texting: UUID, selling: UUID) -> tuple[UUID, ...]:
    """What sellers hold."""
    return (texting,) if request.param.endswith("alone") else (selling, texting)


@pytest.fixture
def seller(holding, roles) -> Callable[[], Principal]:
    return lambda: holding(*roles)


@pytest.fixture
def me(seller) -> Principal:
    return seller()


@pytest.fixture
def colleague(seller) -> Principal:
    return seller()


@pytest.fixture
def mine(acting, me) -> Client:
    """My client."""
    return acting(me)


@pytest.fixture
def team(holding, texting) -> Callable[..., Principal]:
    """A team that can own numbers and records."""
    return lambda *members: holding(texting, members=members)


@pytest.fixture
def acting(world) -> Iterator[Callable[[Principal], Client]]:
    """A client that signs in as a user."""
    made: list[Client] = []

    def sign_in(user: Principal) -> Client:
        made.append(world.client_for(f"user:{user.id}"))
        return made[-1]

    yield sign_in
    for client in made:
        client.close()


@pytest.fixture
def arrives(world) -> Callable[..., MessageReceived]:
    """A text comes in through the real pipeline, twice, so that there is a conversation to join."""

    def text(our, customer: str) -> MessageReceived:
        for body in ("Hello", SECRET):
            event = world.text(our, customer, body)
            world.ingestion().ingest(event)
        return event

    return text


@pytest.fixture
def first_text(world) -> Callable[..., tuple[str, str, ChangeSet]]:
    """A conversation on a record and a text in it to be sent, as a seller makes them: their ids, and the change."""

    def write(our: Address, customer: str, record: Record) -> tuple[str, str, ChangeSet]:
        (number,) = world.rows(f"txv_phonenumbers?$select=txv_phonenumberid&$filter=txv_digits eq '{our.digits}'")
        talk, text = str(uuid4()), str(uuid4())
        conversation = {
            "subject": f"Text messages with {customer}",
            "txv_ourdigits": our.digits,
            "txv_customerdigits": customer[1:],
            "txv_customer": customer,
            "txv_unreadcount": 0,
            "txv_phonenumberid@odata.bind": f"/txv_phonenumbers({number['txv_phonenumberid']})",
            f"{regarding(record.table)}@odata.bind": f"/{path(record)}",
        }
        message = {
            "txv_name": f"Text to {customer}",
            "txv_direction": DIRECTIONS[Direction.OUTGOING],
            "txv_status": STATUSES[Status.QUEUED],
            "txv_body": "See you at ten",
            "txv_from": our.value,
            "txv_to": customer,
            "txv_conversationid@odata.bind": f"/txv_textconversations({talk})",
        }
        rows = {f"txv_textconversations({talk})": conversation, f"txv_textmessages({text})": message}
        new = {"If-None-Match": "*"}
        changes = (Request(method="PATCH", path=target, headers=new, body=body) for target, body in rows.items())
        return talk, text, ChangeSet(tuple(changes))

    return write


@pytest.fixture
def sight(world, acting) -> Callable[[Principal, MessageReceived], frozenset[str]]:
    """What a user sees of a text: `conversation`, `texts`. Asked in every way there is, which must agree."""

    def look(user: Principal, event: MessageReceived) -> frozenset[str]:
        client, message = acting(user), world.message(event)
        talk, text = str(message["_txv_conversationid_value"]), str(message["txv_textmessageid"])
        sees_talk = _agreed(
            _has(client, f"txv_textconversations({talk})?$select=activityid"),
            _finds(client, f"txv_textconversations?$filter=activityid%20eq%20{talk}"),
            _finds(client, f"activitypointers?$filter=activityid%20eq%20{talk}"),
            _may_read(world, user, "txv_textconversations", talk),
        )
        sees_text = _agreed(
            _has(client, f"txv_textmessages({text})?$select=txv_body"),
            _finds(client, f"txv_textmessages?$filter=txv_textmessageid%20eq%20{text}"),
            _finds(
                client, f"txv_textmessages?$filter=contains(txv_body,'tulip')%20and%20txv_textmessageid%20eq%20{text}"
            ),
            _may_read(world, user, "txv_textmessages", text),
        )
        if sees_talk:
            expanded = f"txv_textconversations({talk})?$expand=txv_textconversation_textmessages($select=txv_body)"
            _agreed(sees_text, SECRET in _body_of(client, expanded))
        return frozenset(name for name, seen in (("conversation", sees_talk), ("texts", sees_text)) if seen)

    return look


def _agreed(*answers: bool) -> bool:
    assert len(set(answers)) == 1, f"the ways to look at it disagree: {answers}"
    return answers[0]


def _has(client: Client, path: str) -> bool:
    try:
        client.send(Request(method="GET", path=path, repeatable=True))
    except (NotFound, PrivilegeMissing):
        return False
    return True


def _finds(client: Client, path: str) -> bool:
    try:
        return bool(list(client.rows(path)))
    except PrivilegeMissing:
        return False


def _body_of(client: Client, path: str) -> str:
    try:
        return client.send(Request(method="GET", path=path, repeatable=True)).body.decode()
    except PrivilegeMissing:  # may read none of the table
        return ""


def _may_read(world, user: Principal, entity_set: str, row: str) -> bool:
    target = f"{{'@odata.id':'{entity_set}({row})'}}"
    path = f"systemusers({user.id})/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)?@t={target}"
    answer = world.client.send(Request(method="GET", path=path, repeatable=True))
    return "ReadAccess" in str(answer.json()["AccessRights"])
