"""A run that is killed between any two requests, or within any of them, is finished by the next one."""

from __future__ import annotations

import time
from itertools import count
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from dataverse.schema.apply import apply, preview
from dataverse.schema.desired import Installation, textverse
from dataverse.schema.model import Schema
from dataverse.webapi.auth import StaticToken
from dataverse.webapi.client import Client

Environment = Any  # of conftest.py
States = Any

TABLES = (
    "publisher", "solution", "solutioncomponent", "environmentvariabledefinition", "webresource", "savedquery",
    "systemform", "appaction", "role", "roleprivileges", "serviceendpoint", "sdkmessageprocessingstep",
    "sdkmessageprocessingstepimage", "sitemap", "appmodule", "appmodulecomponent", "appmoduleroles", "appsetting",
    "entity", "_unpublished",
)  # fmt: skip
# When and in which order rows were written, and ids that are drawn by lot.
VOLATILE = {
    "createdon", "modifiedon", "publishedon", "versionnumber", "appmodulecomponentid", "appsettingid",
    "appmoduleroleid", "objecttypecode",
}  # fmt: skip


class Killed(BaseException):
    """The process ended there."""


class Scythe(HTTPAdapter):
    """Ends a run at its nth request: before that is sent, or after it was carried out and before its answer is seen."""

    def __init__(self, at: int, *, after: bool) -> None:
        super().__init__()
        self._number = count(1)
        self._at, self._after = at, after

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:  # type: ignore[override]  # all passed on
        reached = next(self._number) == self._at
        if reached and not self._after:
            raise Killed
        answer = super().send(request, *args, **options)
        if reached:
            raise Killed
        return answer


def contents(environment: Environment) -> dict[str, list[tuple[object, ...]]]:
    """What there is, but for what differs from run to run."""
    found = {}
    with environment.server.service.store.reading() as db:
        for table in TABLES:
            columns = [row[1] for row in db.execute(f'PRAGMA table_info("{table}")') if row[1] not in VOLATILE]
            names = ", ".join(f'"{name}"' for name in columns)
            found[table] = sorted(db.execute(f'SELECT {names} FROM "{table}"').fetchall(), key=repr)
    return found


def client_through(environment: Environment, adapter: HTTPAdapter) -> Client:
    session = requests.Session()
    session.trust_env = False
    session.mount("http://", adapter)
    ids, url = count(1), environment.server.url
    return Client(
        url,
        StaticToken(url, "application"),
        new_id=lambda: f"id{next(ids)}",
        clock=time.monotonic,
        sleep=lambda seconds: None,
        jitter=lambda: 0.0,
        session_factory=lambda: session,
    )


def killed(environment: Environment, schema: Schema, at: int, *, after: bool) -> bool:
    """A run that ends at its nth request; False where it needs fewer."""
    with client_through(environment, Scythe(at, after=after)) as client:
        try:
            apply(client, schema, sleep=environment.pass_by)
        except Killed:
            return True
    return False


def finish(environment: Environment, schema: Schema) -> None:
    """The next run, and a look at whether it left anything to do."""
    with client_through(environment, HTTPAdapter()) as client:
        apply(client, schema, sleep=environment.pass_by)
        assert preview(client, schema).steps == ()


def test_a_run_that_is_killed_anywhere_is_finished_by_the_next(
    states: States, environment: Environment, sample: Schema
) -> None:
    finish(environment, sample)
    whole = contents(environment)
    states.restore("empty")
    left: dict[int, object] = {0: contents(environment)}
    for at in count(1):
        states.restore("empty")
        if not killed(environment, sample, at, after=True):
            break
        left[at] = contents(environment)
        finish(environment, sample)
        assert contents(environment) == whole, f"killed after request {at}"
    assert len(left) > 25
    # What is killed before a request leaves what was killed after the one before it, from where the next run got on.
    for at in range(1, len(left)):
        states.restore("empty")
        assert killed(environment, sample, at, after=False)
        assert contents(environment) == left[at - 1], f"killed before request {at}"


@pytest.mark.parametrize(("at", "after"), [(40, True), (95, False), (128, True)])
def test_so_is_the_whole_of_textverse(environment: Environment, at: int, after: bool) -> None:
    here = Installation(
        public_base_url="https://textverse.example.com", events_secret="s3cret-Gans", app="txv_textverse"
    )
    schema = textverse(here)
    assert killed(environment, schema, at, after=after)
    finish(environment, schema)
    found = contents(environment)
    assert len(found["webresource"]) == len(schema.components.web_resources)
    assert len(found["systemform"]) == len(schema.components.forms)
    assert found["_unpublished"] == []
