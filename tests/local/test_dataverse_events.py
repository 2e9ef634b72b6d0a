"""A row changes in the emulator, its webhook posts, the function app queues: all over HTTP, in the local host."""

from __future__ import annotations

import json
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest
import requests

from dataverse.schema.apply import apply
from dataverse.schema.events import EVENTS_HEADER, EVENTS_PATH, STEPS
from dataverse.schema.roles import USER
from dataverse.store.choices import DIRECTIONS, STATUSES, Direction
from dataverse.store.queries import get
from dataverse.webapi.auth import StaticToken
from dataverse.webapi.client import Client
from dataverse.webapi.request import Request
from emulator.server import Server
from function_app.app import create_app
from function_app.dataverse_client import connect
from function_app.services import Services
from function_app.settings import Settings
from local.host import FunctionsHost
from local.queues import SqliteQueues
from messaging.row_changes import Change, RowChanged, decode, encode
from messaging.status import Status
from pipeline.listen import OUTBOUND_MESSAGES, RECORD_CHANGES

ROOT = Path(__file__).parents[2]
SECRETS = ["the-secret-to-come-0123456789", "the-secret-of-today-0123456789"]
WEBHOOK = 8
HTTP_HEADER = 5
OUTGOING, INCOMING = DIRECTIONS[Direction.OUTGOING], DIRECTIONS[Direction.INCOMING]
QUEUED, SCHEDULED, SENDING = (STATUSES[status] for status in (Status.QUEUED, Status.SCHEDULED, Status.SENDING))


@dataclass
class Chain:
    """An environment with the webhook, and the queues behind it. Only the clock of the queues is ours."""

    server: Server
    client: Client
    queues: SqliteQueues
    services: Services
    now: list[float] = field(default_factory=list)

    def write(self, path: str, **columns: object) -> None:
        self.client.send(Request(method="PATCH", path=path, body=columns, repeatable=True))

    def delete(self, path: str) -> None:
        self.client.send(Request(method="DELETE", path=path, repeatable=True))

    def row(self, set_name: str, **columns: object) -> str:
        """A new row, whose own events are of no interest."""
        path = f"{set_name}({uuid4()})"
        self.write(path, **columns)
        self.heard()
        return path

    def heard(self) -> list[tuple[str, RowChanged]]:
        """What is in the queues now that everything is posted; it is taken out."""
        assert self.server.service.settle()
        return [(queue, decode(text)) for queue in (OUTBOUND_MESSAGES, RECORD_CHANGES) for text in self._drain(queue)]

    def follow(self) -> int:
        """Act upon all that is heard of, and upon what that causes; how many hints it took until all was quiet."""
        followed = 0
        while hints := [change for queue, change in self.heard() if queue == RECORD_CHANGES]:
            for change in hints:
                self.services.following.follow(encode(change))
            followed += len(hints)
        return followed

    def failures(self) -> list[dict[str, object]]:
        """The system jobs of posts that were not taken."""
        assert self.server.service.settle()
        return list(self.client.rows(get("asyncoperations?$filter=statuscode eq 31").path))

    def _drain(self, queue: str) -> list[str]:
        taken = []
        while messages := self.queues.receive(queue, lease_s=60, limit=32):
            taken += [message.text for message in messages]
            assert all(map(self.queues.delete, messages))
        return taken


def _register(client: Client, url: str, secret: str) -> str:
    endpoint = f"serviceendpoints({uuid4()})"
    setting = f'<settings><setting name="{EVENTS_HEADER}" value="{secret}" /></settings>'
    body = {"name": "Textverse", "url": url, "contract": WEBHOOK, "connectionmode": 1, "messageformat": 2}
    _post(client, endpoint, body | {"authtype": HTTP_HEADER, "authvalue": setting})
    for step in STEPS:
        where = f"primaryobjecttypecode eq '{step.table}' and sdkmessageid/name eq '{step.message}'"
        (found,) = client.rows(get(f"sdkmessagefilters?$filter={where}").path)
        body = {"name": step.name, "mode": 1, "stage": 40, "rank": 1, "supporteddeployment": 0}
        links = {
            "eventhandler_serviceendpoint@odata.bind": f"/{endpoint}",
            "sdkmessageid@odata.bind": f"/sdkmessages({found['_sdkmessageid_value']})",
            "sdkmessagefilterid@odata.bind": f"/sdkmessagefilters({found['sdkmessagefilterid']})",
        }
        filtered = {"asyncautodelete": True, "filteringattributes": ",".join(step.columns) or None}
        _post(client, f"sdkmessageprocessingsteps({step.id})", body | links | filtered)
    return endpoint


def _post(client: Client, path: str, body: dict[str, object]) -> None:
    client.send(Request(method="PATCH", path=path, body=body, repeatable=True))


@pytest.fixture(scope="module")
def _chain(tmp_path_factory):
    folder = tmp_path_factory.mktemp("events")
    now = [time.time()]
    with closing(SqliteQueues(folder / "queues.sqlite", clock=lambda: now[0])) as queues, Server() as server:
        reached = {"DATAVERSE_URL": server.url, "DATAVERSE_AUTH": "development"}
        settings = Settings.read({"DATAVERSE_EVENTS_SECRETS": json.dumps(SECRETS), **reached})
        services = Services(settings, queues)
        app = create_app(lambda: services)
        host = FunctionsHost(app, queues=queues, host_json=ROOT / "host.json", port=0, workers=0)
        host.start()
        try:
            with connect(server.url, StaticToken(server.url, "service")) as client:
                apply(client, sleep=time.sleep)
                _register(client, host.url + EVENTS_PATH, SECRETS[1])
                yield Chain(server, client, queues, services, now)
        finally:
            host.stop()


@pytest.fixture
def chain(_chain):
    """The chain, with nothing on its way."""
    _chain.heard()
    return _chain


def _id(path: str) -> str:
    return path.partition("(")[2].removesuffix(")")


@pytest.mark.parametrize(
    ("set_name", "table", "names"),
    [
        ("contacts", "contact", {"lastname": "Marsh"}),
        ("accounts", "account", {"name": "Marsh Ltd"}),
        ("leads", "lead", {"lastname": "Marsh", "subject": "Roof"}),
    ],
)
def test_a_record_is_heard_of_when_it_comes_changes_and_goes(chain, set_name: str, table: str, names: dict) -> None:
    path = f"{set_name}({uuid4()})"

    chain.write(path, **names, telephone1="(206) 555-0187")
    chain.write(path, telephone1="(206) 555-0188")
    chain.delete(path)

    heard = chain.heard()
    assert [(queue, each.table, str(each.id), each.change) for queue, each in heard] == [
        (RECORD_CHANGES, table, _id(path), change) for change in Change
    ]
    made, changed, gone = (each.columns for _, each in heard)
    assert {*names, "telephone1"} <= {*made}
    assert ("telephone1" in changed, {*names} & {*changed}, gone) == (True, set(), ())
    assert all(each.operation_id and each.correlation_id for _, each in heard)
    assert all(abs(each.occurred_at.timestamp() - time.time()) < 60 for _, each in heard)
    assert len({each.operation_id for _, each in heard}) == 3


@pytest.mark.parametrize(
    ("columns", "watched"),
    [
        ({"lastname": "Marsh"}, None),
        ({"fax": "1"}, None),
        ({"mobilephone": None}, "mobilephone"),
        ({"statecode": 1, "statuscode": 2}, "statecode"),
        ({"ownerid@odata.bind": "/systemusers(%s)"}, "ownerid"),
    ],
)
def test_of_a_contact_only_phones_state_and_owner_are_heard_of(chain, columns: dict, watched: str | None) -> None:
    contact = chain.row("contacts", lastname="Reed", mobilephone="+12065550187")
    other, *_ = chain.client.rows(get("systemusers?$select=systemuserid&$filter=applicationid eq null").path)

    chain.write(contact, **{name: _filled(value, str(other["systemuserid"])) for name, value in columns.items()})

    heard = [(queue, watched in each.columns) for queue, each in chain.heard()]
    assert heard == ([(RECORD_CHANGES, True)] if watched else [])


def _filled(value: object, user: str) -> object:
    return value % user if isinstance(value, str) and "%s" in value else value


def test_a_text_of_ours_is_heard_of_when_it_is_queued(chain) -> None:
    message = f"txv_textmessages({uuid4()})"

    chain.write(message, txv_name="Text", txv_body="Meet me at nine", txv_direction=OUTGOING, txv_status=QUEUED)

    ((queue, heard),) = chain.heard()
    assert (queue, str(heard.id), heard.change) == (OUTBOUND_MESSAGES, _id(message), Change.CREATE)
    assert (heard.outgoing, heard.status) == (True, Status.QUEUED)
    assert "Meet me" not in repr(heard)


def test_a_scheduled_text_is_heard_of_when_its_time_has_come_and_no_sooner(chain) -> None:
    message = chain.row("txv_textmessages", txv_name="Text", txv_direction=OUTGOING, txv_status=SCHEDULED)
    chain.write(message, txv_body="Another word")
    assert chain.heard() == []

    chain.write(message, txv_status=QUEUED)
    chain.write(message, txv_status=SENDING)

    assert [(queue, str(each.id), each.status) for queue, each in chain.heard()] == [
        (OUTBOUND_MESSAGES, _id(message), Status.QUEUED)
    ]


def test_texts_that_came_in_are_nobodys_concern(chain) -> None:
    chain.write(f"txv_textmessages({uuid4()})", txv_name="Text", txv_direction=INCOMING, txv_status=QUEUED)

    assert chain.heard() == []


def test_what_was_too_large_to_be_told_is_heard_of_by_its_id(chain) -> None:
    message = f"txv_textmessages({uuid4()})"

    chain.write(
        message,
        txv_name="Text",
        txv_direction=OUTGOING,
        txv_status=QUEUED,
        txv_raw="ü" * 100_000,
        txv_routing="ü" * 50_000,
    )

    ((queue, heard),) = chain.heard()
    assert (queue, str(heard.id)) == (OUTBOUND_MESSAGES, _id(message))
    assert (heard.columns, heard.outgoing, heard.status) == (None, None, None)


def test_a_conversation_that_is_moved_is_given_to_the_owner_of_its_record_and_then_all_is_quiet(chain) -> None:
    me, heir = str(uuid4()), str(uuid4())
    first = "_parentbusinessunitid_value eq null"
    (unit,) = chain.client.rows(get(f"businessunits?$select=businessunitid&$filter={first}").path)
    for user in (me, heir):
        owned = {"businessunitid@odata.bind": f"/businessunits({unit['businessunitid']})"}
        chain.write(f"systemusers({user})", lastname="Seller", islicensed=True, **owned)
        link = {"@odata.id": f"{chain.client.service_url}roles({USER.id})"}
        target = f"systemusers({user})/systemuserroles_association/$ref"
        chain.client.send(Request(method="POST", path=target, body=link))
    mine, theirs = (
        chain.row("contacts", lastname="Reed", **{"ownerid@odata.bind": f"/systemusers({user})"}) for user in (me, heir)
    )
    about = "regardingobjectid_contact_txv_textconversation@odata.bind"
    named = {"subject": "Texts", "txv_ourdigits": "12065550100", "ownerid@odata.bind": f"/systemusers({me})"}
    number = chain.row("txv_phonenumbers", txv_digits="12065550100", **{"ownerid@odata.bind": f"/systemusers({me})"})
    talk = chain.row(
        "txv_textconversations", **named, **{about: f"/{mine}", "txv_phonenumberid@odata.bind": f"/{number}"}
    )
    text = chain.row("txv_textmessages", **{"txv_conversationid@odata.bind": f"/{talk}"})

    chain.write(talk, **{about: f"/{theirs}"})
    hints = chain.follow()

    for user in (me, heir):
        with connect(chain.server.url, StaticToken(chain.server.url, f"user:{user}")) as client:
            seen = client.send(get(f"{text}?$select=_ownerid_value")).json()
        assert seen["_ownerid_value"] == heir
    assert hints == 2  # that it was moved, and that it was given to somebody: then there is nothing to do


def test_what_nobody_has_read_after_seven_days_is_gone(chain) -> None:
    chain.write(f"contacts({uuid4()})", lastname="Marsh")
    assert chain.server.service.settle()

    before = chain.queues.count(RECORD_CHANGES)
    chain.now[0] += 7 * 86_400 + 1

    assert (before, chain.queues.count(RECORD_CHANGES)) == (1, 0)


def test_a_row_is_changed_whether_or_not_the_post_is_taken(chain) -> None:
    (endpoint,) = chain.client.rows(get("serviceendpoints?$select=serviceendpointid,url").path)
    path = f"serviceendpoints({endpoint['serviceendpointid']})"
    wrong = f'<settings><setting name="{EVENTS_HEADER}" value="not-one-of-our-secrets" /></settings>'
    right = wrong.replace("not-one-of-our-secrets", SECRETS[0])

    chain.write(path, authvalue=wrong)
    contact = chain.row("contacts", lastname="Marsh")
    (job,) = chain.failures()
    chain.write(path, authvalue=right)
    chain.write(contact, telephone1="1")

    assert "403" in str(job["message"])
    assert [each.change for _, each in chain.heard()] == [Change.UPDATE]


def test_nobody_else_can_post(chain) -> None:
    (endpoint,) = chain.client.rows(get("serviceendpoints?$select=url").path)

    statuses = [
        requests.post(str(endpoint["url"]), data=b"{}", headers={EVENTS_HEADER: secret}, timeout=5).status_code
        for secret in ("", "guess", "gü\xdfs".encode("latin-1"), SECRETS[0])
    ]

    assert statuses == [403, 403, 403, 400]
