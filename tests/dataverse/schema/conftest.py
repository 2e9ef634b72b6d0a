"""A Dataverse environment in miniature: the metadata part of the Web API over a dictionary.

It is strict where order matters (a column needs its table, a lookup its target, a key its columns, everything its
solution) and can be told to be locked, to lose answers, to be slow with keys, and to be someone else's first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from itertools import count
from typing import Any
from urllib.parse import unquote

import pytest
import responses

from dataverse.webapi.client import Client

BASE = "https://contoso.crm4.dynamics.com"
SERVICE = "/api/data/v9.2/"
CRM = "Microsoft.Dynamics.CRM."


class Refusal(Exception):
    """A request that is refused: status, code and why."""


@dataclass
class Environment:
    """What exists. A table is a dictionary of its definition, attributes, lookups and keys."""

    publishers: list[dict[str, Any]] = field(default_factory=list)
    solutions: list[dict[str, Any]] = field(default_factory=list)
    choices: dict[str, dict[int, str]] = field(default_factory=dict)
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    trouble: list[Callable[[Callable[[], Any]], Any]] = field(default_factory=list)
    key_polls: int = 0
    keys_that_fail: set[str] = field(default_factory=set)
    ignores_set_names: bool = False

    def __post_init__(self) -> None:
        for name in ("account", "contact", "lead", "systemuser", "task"):
            self.tables[name] = _table(f"{name}s", "UserOwned")

    def handle(self, method: str, path: str, headers: Any, body: Any) -> Any:
        """The JSON answer to a request, or None for 204; raises Refusal."""
        path, _, query = unquote(path).partition("?")
        if method != "GET":
            self.log.append(f"{method} {path}")
        for (verb, pattern), route in ROUTES.items():
            match = re.fullmatch(pattern, path)
            if verb == method and match:
                return route(
                    self, *match.groups(), **({"query": query} if verb == "GET" else self._write(headers, body))
                )
        raise Refusal(404, "0x80060888", f"no route for {method} {path}")

    def _write(self, headers: Any, body: Any) -> dict[str, Any]:
        given = {name.lower(): value for name, value in dict(headers).items()}
        return {"headers": given, "body": body}

    def table(self, name: str) -> dict[str, Any]:
        if name not in self.tables:
            raise Refusal(404, "0x80040217", f"no table {name}")
        return self.tables[name]

    def needs_solution(self, headers: Any) -> None:
        names = [row["uniquename"] for row in self.solutions]
        if headers.get("mscrm.solutionuniquename") not in names:
            raise Refusal(400, "0x80040203", "no such solution")


def _table(set_name: str, ownership: str, is_activity: bool = False) -> dict[str, Any]:
    return {
        "set_name": set_name,
        "ownership": ownership,
        "activity": is_activity,
        "attributes": {},
        "lookups": {},
        "keys": {},
    }


def _rows(rows: Any) -> dict[str, Any]:
    return {"@odata.context": "x", "value": list(rows)}


def _named(rows: Any, query: str) -> dict[str, Any]:
    return _rows(row for row in rows if f"uniquename eq '{row['uniquename']}'" in query)


def read_choice(env: Environment, name: str, query: str) -> Any:
    if name not in env.choices:
        raise Refusal(404, "0x80048403", "no such choice")
    return {"Name": name, "Options": [{"Value": value} for value in env.choices[name]]}


def _definition(name: str, table: dict[str, Any]) -> dict[str, Any]:
    return {
        "@odata.context": "x",
        "LogicalName": name,
        "EntitySetName": table["set_name"],
        "OwnershipType": table["ownership"],
        "IsActivity": table["activity"],
        "IsAuditEnabled": {"Value": True},
    }


def read_attributes(env: Environment, table: str, kind: str | None, query: str) -> Any:
    attributes = env.table(table)["attributes"].values()
    return _rows(each for each in attributes if kind is None or each["AttributeType"] == kind)


def read_keys(env: Environment, table: str, query: str) -> Any:
    keys = env.table(table)["keys"]
    env.key_polls -= 1
    for each in keys.values():
        if each["EntityKeyIndexStatus"] == "Pending" and env.key_polls < 0:
            each["EntityKeyIndexStatus"] = "Failed" if each["SchemaName"] in env.keys_that_fail else "Active"
    return _rows(dict(each) for each in keys.values())


def create_publisher(env: Environment, headers: Any, body: Any) -> None:
    if any(row["publisherid"] == body["publisherid"] for row in env.publishers):
        raise Refusal(412, "0x80040237", "exists")
    env.publishers.append(body)


def create_solution(env: Environment, headers: Any, body: Any) -> None:
    if any(row["uniquename"] == body["uniquename"] for row in env.solutions):
        raise Refusal(412, "0x80040237", "exists")
    if body["publisherid@odata.bind"] not in [f"/publishers({row['publisherid']})" for row in env.publishers]:
        raise Refusal(404, "0x80040217", "no such publisher")
    env.solutions.append(body)


def create_choice(env: Environment, headers: Any, body: Any) -> None:
    env.needs_solution(headers)
    if body["Name"] in env.choices:
        raise Refusal(400, "0x80048405", "exists")
    env.choices[body["Name"]] = {each["Value"]: text(each["Label"]) for each in body["Options"]}


def text(label: Any) -> str:
    [localized] = label["LocalizedLabels"]
    assert localized["LanguageCode"] == 1033
    assert isinstance(localized["Label"], str)
    return localized["Label"]


def create_table(env: Environment, headers: Any, body: Any) -> None:
    env.needs_solution(headers)
    name = body["SchemaName"].lower()
    if name in env.tables:
        raise Refusal(400, "0x80044363", "exists")
    [primary] = body["Attributes"]
    assert primary["IsPrimaryName"] is True
    assert (primary["SchemaName"] == "Subject") is body["IsActivity"]
    assert all(text(body[label]) for label in ("DisplayName", "DisplayCollectionName", "Description"))
    set_name = f"{name[:-1]}ies" if env.ignores_set_names else body["EntitySetName"]
    env.tables[name] = _table(set_name, body["OwnershipType"], body["IsActivity"])
    _attribute(env, env.tables[name], primary)


def create_attribute(env: Environment, table: str, headers: Any, body: Any) -> None:
    env.needs_solution(headers)
    _attribute(env, env.table(table), body)


def _attribute(env: Environment, table: dict[str, Any], body: Any) -> None:
    name = body["SchemaName"].lower()
    if name in table["attributes"]:
        raise Refusal(400, "0x80047013", "exists")
    kind = body["AttributeType"]
    assert body["@odata.type"] == f"{CRM}{kind}AttributeMetadata"
    assert text(body["DisplayName"])
    assert text(body["Description"])
    options = body.get("OptionSet", {})
    bound = re.fullmatch(r"/GlobalOptionSetDefinitions\(Name='(.*)'\)", body.get("GlobalOptionSet@odata.bind", ""))
    if bound:
        options = read_choice(env, bound[1], "")
    if kind == "Picklist" and not options["Options"]:
        raise Refusal(400, "0x80040203", "a choice without options")
    table["attributes"][name] = {
        "LogicalName": name,
        "AttributeType": kind,
        "MaxLength": body.get("MaxLength"),
        "OptionSet": options,
        "IsAuditEnabled": {"Value": True},
    }


def create_relationship(env: Environment, headers: Any, body: Any) -> None:
    env.needs_solution(headers)
    env.table(body["ReferencedEntity"])
    table = env.table(body["ReferencingEntity"])
    _attribute(env, table, body["Lookup"])
    table["lookups"][body["Lookup"]["SchemaName"].lower()] = body["ReferencedEntity"]


def create_key(env: Environment, table: str, headers: Any, body: Any) -> None:
    env.needs_solution(headers)
    there = env.table(table)
    if not set(body["KeyAttributes"]) <= there["attributes"].keys():
        raise Refusal(400, "0x80060890", "no such column")
    if body["SchemaName"] in there["keys"]:
        raise Refusal(400, "0x80060893", "exists")
    there["keys"][body["SchemaName"]] = {**body, "EntityKeyIndexStatus": "Pending"}


def add_option(env: Environment, headers: Any, body: Any) -> Any:
    assert body["SolutionUniqueName"] in [row["uniquename"] for row in env.solutions]
    if "OptionSetName" in body:
        options = env.choices[body["OptionSetName"]]
        if body["Value"] in options:
            raise Refusal(400, "0x80048403", "exists")
        options[body["Value"]] = text(body["Label"])
    else:
        attribute = env.table(body["EntityLogicalName"])["attributes"][body["AttributeLogicalName"]]
        attribute["OptionSet"]["Options"].append({"Value": body["Value"], "Label": body["Label"]})
    return {"NewOptionValue": body["Value"]}


def replace_attribute(env: Environment, table: str, name: str, headers: Any, body: Any) -> None:
    assert headers["mscrm.mergelabels"] == "true"
    assert "@odata.context" not in body
    env.table(table)["attributes"][name] = {key: value for key, value in body.items() if key != "@odata.type"}


def replace_table(env: Environment, name: str, headers: Any, body: Any) -> None:
    assert headers["mscrm.mergelabels"] == "true"
    assert body["IsAuditEnabled"] == {"Value": True}, "a definition was replaced by half of one"
    env.table(name)["set_name"] = body["EntitySetName"]


def build_key_again(env: Environment, headers: Any, body: Any) -> None:
    env.table(body["EntityLogicalName"])["keys"][body["EntityKeyLogicalName"]]["EntityKeyIndexStatus"] = "Pending"


def publish(env: Environment, headers: Any, body: Any) -> None:
    named = set(re.findall(r"<entity>(.*?)</entity>", body["ParameterXml"]))
    if not named <= env.tables.keys():
        raise Refusal(400, "0x80040203", "no such table")


_T = r"EntityDefinitions\(LogicalName='([^']*)'\)"
ROUTES: dict[tuple[str, str], Callable[..., Any]] = {
    ("GET", "publishers"): lambda env, query: _named(env.publishers, query),
    ("GET", "solutions"): lambda env, query: _named(env.solutions, query),
    ("GET", "GlobalOptionSetDefinitions"): lambda env, query: _rows({"Name": name} for name in env.choices),
    ("GET", r"GlobalOptionSetDefinitions\(Name='([^']*)'\)"): read_choice,
    ("GET", _T): lambda env, name, query: _definition(name, env.table(name)),
    ("GET", rf"{_T}/Attributes(?:/{CRM}(\w+)AttributeMetadata)?"): read_attributes,
    ("GET", rf"{_T}/Attributes\(LogicalName='([^']*)'\)/{CRM}\w+"): lambda env, table, name, query: (
        {"@odata.context": "x", **env.table(table)["attributes"][name]}
    ),
    ("GET", rf"{_T}/ManyToOneRelationships"): lambda env, table, query: _rows(
        {"ReferencingAttribute": name, "ReferencedEntity": target}
        for name, target in env.table(table)["lookups"].items()
    ),
    ("GET", rf"{_T}/Keys"): read_keys,
    ("POST", "publishers"): create_publisher,
    ("POST", "solutions"): create_solution,
    ("POST", "GlobalOptionSetDefinitions"): create_choice,
    ("POST", "EntityDefinitions"): create_table,
    ("POST", rf"{_T}/Attributes"): create_attribute,
    ("POST", "RelationshipDefinitions"): create_relationship,
    ("POST", rf"{_T}/Keys"): create_key,
    ("POST", "InsertOptionValue"): add_option,
    ("PUT", rf"{_T}/Attributes\(LogicalName='([^']*)'\)"): replace_attribute,
    ("PUT", _T): replace_table,
    ("POST", "ReactivateEntityKey"): build_key_again,
    ("POST", "PublishXml"): publish,
}


def answer(env: Environment, method: str, path: str, headers: Any, content: bytes) -> tuple[int, str]:
    """Status and body of the answer to one request."""
    try:
        body = env.handle(method, path, headers, json.loads(content) if content else None)
    except Refusal as refusal:
        status, code, message = refusal.args
        return status, json.dumps({"error": {"code": code, "message": message}})
    return (204, "") if body is None else (200, json.dumps(body))


def answer_batch(env: Environment, request: Any) -> tuple[int, dict[str, str], str]:
    """The answer to a batch of reads, taken apart by Python's e-mail parser."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    parts: list[Message] = message_from_bytes(head + request.body).get_payload()  # type: ignore[assignment]  # a list
    written = []
    for part in parts:
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        line, _, rest = content.partition(b"\r\n")
        method, path, _version = line.decode().split(" ")
        headers, _, body = rest.partition(b"\r\n\r\n")
        assert method == "GET"
        assert message_from_bytes(headers)["Consistency"] == "Strong"
        status, text_ = answer(env, method, path.removeprefix(SERVICE), {}, body)
        written.append(f"--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 {status} X\r\n\r\n{text_}\r\n")
    return 200, {"Content-Type": "multipart/mixed; boundary=b"}, "".join(written) + "--b--\r\n"


@pytest.fixture
def environment() -> Iterator[Environment]:
    """An environment with the tables of Dynamics 365 Sales, answering under BASE."""
    env = Environment()

    def answer_request(request: Any) -> Any:
        path = request.url.removeprefix(BASE + SERVICE)
        if path == "$batch":
            return answer_batch(env, request)

        def carry_out() -> Any:
            status, body = answer(env, request.method, path, request.headers, request.body or b"")
            return status, {}, body

        wanted = request.method != "GET" and env.trouble
        return env.trouble.pop(0)(carry_out) if wanted else carry_out()

    with responses.RequestsMock(assert_all_requests_are_fired=False) as web:
        for method in (responses.GET, responses.POST, responses.PUT):
            web.add_callback(method, re.compile(re.escape(BASE + SERVICE)), callback=answer_request)
        yield env


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def client() -> Iterator[Client]:
    ids = count(1)

    class Tokens:
        def token(self) -> str:
            return "t"

        def invalidate(self, refused: str) -> None:
            raise AssertionError("never refused")

    with Client(
        BASE,
        Tokens(),
        new_id=lambda: f"id{next(ids)}",
        clock=lambda: 0.0,
        sleep=lambda seconds: None,
        jitter=lambda: 0.0,
    ) as made:
        yield made
