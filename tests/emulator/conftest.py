"""A running emulator, and a client that speaks to it over real HTTP."""

from __future__ import annotations

import email
import email.policy
import json
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
import requests

from emulator.server import Server

TYPE = "Microsoft.Dynamics.CRM."
ADMINISTRATOR = "0a000000-0000-4000-8000-00000000000a"
APPLICATION_USER = "0a000000-0000-4000-8000-00000000000b"
BUSINESS_UNIT = "0a000000-0000-4000-8000-000000000002"
SYSTEM_ADMINISTRATOR = "0a000000-0000-4000-8000-0000000000a1"
SALESPERSON = "0a000000-0000-4000-8000-0000000000a2"


class Web:
    """The Web API of one server; the default caller is the application user."""

    def __init__(self, origin, token="x"):
        self.origin = origin
        self.root = f"{origin}/api/data/v9.2/"
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    def __call__(self, method, path, body=None, **headers):
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        url = path if path.startswith("http") else self.root + path
        return self.session.request(method, url, json=body, headers=names)

    def get(self, path, **headers):
        return self("GET", path, **headers)

    def post(self, path, body, **headers):
        return self("POST", path, body, **headers)

    def patch(self, path, body, **headers):
        return self("PATCH", path, body, **headers)

    def put(self, path, body, **headers):
        return self("PUT", path, body, **headers)

    def delete(self, path, **headers):
        return self("DELETE", path, **headers)

    def create(self, entity_set, body):
        """Creates a row and returns its id."""
        answer = self.post(entity_set, body)
        assert answer.status_code == 204, answer.text
        return answer.headers["OData-EntityId"].rpartition("(")[2].rstrip(")")

    def row(self, path):
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def team(self, name="Sales", role=SYSTEM_ADMINISTRATOR):
        """Creates a team that can own rows: it has a role."""
        unit = f"/businessunits({BUSINESS_UNIT})"
        team = self.create("teams", {"name": name, "businessunitid@odata.bind": unit})
        link = {"@odata.id": f"{self.root}roles({role})"}
        assert self.post(f"teams({team})/teamroles_association/$ref", link).status_code == 204
        return team

    def user(self, name="Kim", role=SYSTEM_ADMINISTRATOR):
        """Creates a user with a role."""
        unit = f"/businessunits({BUSINESS_UNIT})"
        body = {"firstname": name, "lastname": "Demo", "businessunitid@odata.bind": unit}
        user = self.create("systemusers", body)
        link = {"@odata.id": f"{self.root}roles({role})"}
        assert self.post(f"systemusers({user})/systemuserroles_association/$ref", link).status_code == 204
        return user

    def as_user(self, user_id):
        return Web(self.origin, f"user:{user_id}")

    def batch(self, *items, **headers):
        """Sends a batch: a tuple is a request, a list a change set. Returns the response and its parts."""
        body = write_batch(items, self.root)
        names = {"Content-Type": "multipart/mixed; boundary=batch_1"}
        names.update({name.replace("_", "-"): value for name, value in headers.items()})
        answer = self.session.post(self.root + "$batch", data=body, headers=names)
        return answer, read_batch(answer)


def write_batch(items, root, *, line="\r\n"):
    lines = []
    for item in items:
        lines.append("--batch_1")
        if isinstance(item, list):
            lines += ["Content-Type: multipart/mixed; boundary=changeset_1", ""]
            for number, request in enumerate(item, 1):
                lines += ["--changeset_1", *_request(request, root, number)]
            lines += ["--changeset_1--", ""]
        else:
            lines += _request(item, root)
    return line.join([*lines, "--batch_1--", ""]).encode()


def _request(request, root, number=None):
    method, path, body, headers = (*request, None, {})[:4] if len(request) < 4 else request
    content_id = [f"Content-ID: {number}"] if number else []
    target = path if path.startswith(("$", "/", "http")) else root + path
    lines = ["Content-Type: application/http", "Content-Transfer-Encoding: binary", *content_id, ""]
    lines += [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in (headers or {}).items())]
    if body is not None:
        lines.append("Content-Type: application/json; type=entry")
    return [*lines, "", json.dumps(body) if body is not None else ""]


def read_batch(answer):
    """The parts of a batch response, read by the mail parser of the standard library: (status, headers, JSON)."""
    if not answer.headers["Content-Type"].startswith("multipart/mixed"):
        return []
    head = f"Content-Type: {answer.headers['Content-Type']}\r\n\r\n".encode()
    message = email.message_from_bytes(head + answer.content, policy=email.policy.HTTP)
    return [_part(part) for part in message.walk() if part.get_content_type() == "application/http"]


def _part(part):
    text = part.get_payload(decode=True).decode()
    head, _, body = text.partition("\r\n\r\n")
    status, *lines = head.split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    headers["Content-ID"] = part.get("Content-ID")
    return int(status.split()[1]), headers, json.loads(body) if body.strip() else None


def code(answer):
    return answer.json()["error"]["code"]


def label(text):
    localized = {"@odata.type": TYPE + "LocalizedLabel", "Label": text, "LanguageCode": 1033}
    return {"@odata.type": TYPE + "Label", "LocalizedLabels": [localized]}


def column(kind, schema_name, **more):
    definition = {"@odata.type": f"{TYPE}{kind}AttributeMetadata", "SchemaName": schema_name}
    return {**definition, "DisplayName": label(schema_name), **more}


def table(schema_name, primary=None, **more):
    primary = primary or schema_name.split("_")[0] + "_Name"
    definition = {"@odata.type": TYPE + "EntityMetadata", "SchemaName": schema_name, "OwnershipType": "UserOwned"}
    name = column("String", primary, IsPrimaryName=True, MaxLength=100)
    return {**definition, "DisplayName": label(schema_name), "Attributes": [name], **more}


def one_to_many(schema_name, one, many, lookup, **cascades):
    column = {"@odata.type": TYPE + "LookupAttributeMetadata", "SchemaName": lookup, "DisplayName": label(lookup)}
    return {
        "@odata.type": TYPE + "OneToManyRelationshipMetadata",
        "SchemaName": schema_name,
        "ReferencedEntity": one,
        "ReferencingEntity": many,
        "Lookup": column,
        "CascadeConfiguration": cascades,
    }


@pytest.fixture(scope="session")
def server():
    """Shared by tests that bring their own rows and leave the schema alone."""
    with Server() as running:
        yield running


@pytest.fixture
def web(server):
    return Web(server.url)


@pytest.fixture(scope="session")
def stopping():
    """Servers take a fifth of a second to stop; the next test need not wait for it."""
    with ThreadPoolExecutor(4) as pool:
        yield pool


@pytest.fixture
def fresh(stopping):
    """A server of its own for one test."""
    running = Server().start()
    web = Web(running.url)
    web.service = running.service
    yield web
    web.session.close()
    stopping.submit(running.stop)


@pytest.fixture(scope="session")
def customized():
    """A server with tables of its own: a channel, a conversation (an activity) and its messages."""
    with Server() as running:
        web = Web(running.url)
        for definition in (
            table("new_Channel"),
            table("new_Conversation", "Subject", IsActivity=True, HasNotes=True),
            table("new_Message", HasNotes=True),
        ):
            assert web.post("EntityDefinitions", definition).status_code == 204
        for owner, definition in (
            ("new_channel", column("String", "new_Digits", MaxLength=20)),
            ("new_channel", column("Integer", "new_Line", MinValue=0, MaxValue=99)),
            ("new_message", column("String", "new_ExternalId", MaxLength=100)),
            ("new_message", column("Memo", "new_Body", MaxLength=2000)),
        ):
            path = f"EntityDefinitions(LogicalName='{owner}')/Attributes"
            assert web.post(path, definition).status_code == 204
        parental = {"Assign": "Cascade", "Delete": "Cascade"}
        link = one_to_many("new_talk", "new_conversation", "new_message", "new_ConversationId", **parental)
        assert web.post("RelationshipDefinitions", link).status_code == 204
        loose = one_to_many("new_sent_through", "new_channel", "new_message", "new_ChannelId", Delete="Restrict")
        assert web.post("RelationshipDefinitions", loose).status_code == 204
        keys = "EntityDefinitions(LogicalName='new_channel')/Keys"
        for name, columns in (("new_digits", ["new_digits"]), ("new_line", ["new_digits", "new_line"])):
            key = {"SchemaName": name, "KeyAttributes": columns, "DisplayName": label(name)}
            assert web.post(keys, key).status_code == 204
        yield running


@pytest.fixture
def custom(customized):
    return Web(customized.url)


@pytest.fixture
def new_id():
    return lambda: str(uuid4())


@pytest.fixture
def say():
    """Definitions to post, such as `say.table(…)` and `say.column(…)`, and `say.code(answer)`, the code of an error."""

    class Say:
        table = staticmethod(table)
        column = staticmethod(column)
        one_to_many = staticmethod(one_to_many)
        label = staticmethod(label)
        code = staticmethod(code)
        write_batch = staticmethod(write_batch)
        read_batch = staticmethod(read_batch)
        web = Web
        administrator = ADMINISTRATOR
        application_user = APPLICATION_USER
        business_unit = BUSINESS_UNIT
        salesperson = SALESPERSON

    return Say
