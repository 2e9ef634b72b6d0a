"""Faults on the way to Dataverse, and of the user that the function app is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests
import responses

from admin.exits import Exit
from admin.roles import RoleName, role_id
from dataverse.webapi.client import Client
from emulator import seeds
from messaging.errors import ConfigurationError, Unavailable

ELSEWHERE = "https://www.contoso.com"
WHOAMI = f"{ELSEWHERE}/api/data/v9.2/WhoAmI"
TEMPLATE = f"systemusers({seeds.APPLICATION_USER})/systemuserroles_association"


class Tokens:
    """Gives a token, or what there is in the way of one."""

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error

    def token(self) -> str:
        if self._error:
            raise self._error
        return "token"

    def invalidate(self, refused: str) -> None:
        """There is no other."""


@pytest.fixture
def elsewhere(well) -> Iterator[None]:
    """Pointed at another address, where nobody waits between attempts."""
    well.seen["client"] = client(Tokens())
    yield
    well.seen["client"].close()


def client(tokens: Tokens) -> Client:
    return Client(
        ELSEWHERE,
        tokens,
        new_id=lambda: "id",
        clock=lambda: 0.0,
        sleep=lambda seconds: None,
        jitter=lambda: 0.0,
        session_factory=requests.Session,
    )


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 404, "body": "<html>"},
        {"status": 200, "body": "<html>"},
        {"status": 200, "json": {"hello": "world"}},
        {"status": 200, "json": [1]},
    ],
)
def test_an_address_that_is_no_environment_is_found(well, elsewhere, answer):
    well.remote.get(WHOAMI, **answer)
    first, *rest = well.findings("sign-in", "clock", "solution")

    assert str(first.verdict) == "problem"
    assert ELSEWHERE in first.what
    assert "--url" in first.fix
    assert {str(each.verdict) for each in rest} == {"skipped"}


def test_a_token_that_is_not_accepted_is_found(well, elsewhere):
    well.remote.get(WHOAMI, status=401)
    (found,) = well.findings("sign-in")

    assert (str(found.verdict), "does not accept the token (401)" in found.what) == ("problem", True)


def test_an_environment_that_cannot_be_reached_ends_with_3_and_the_rest_is_looked_at(well, elsewhere):
    well.remote.get(WHOAMI, body=responses.ConnectionError("no way"))
    examination = well.examination("sign-in", "clock", "solution", "numbers", "function app", "credentials")

    assert examination.exit_code == Exit.LATER
    assert [(each.check, str(each.verdict)) for each in examination.findings] == [
        ("sign-in", "problem"),
        ("clock", "skipped"),
        ("solution", "skipped"),
        ("numbers", "skipped"),
        ("function app", "ok"),
        ("credentials", "ok"),
        ("credentials", "ok"),
        ("credentials", "ok"),
    ]


@pytest.mark.parametrize(
    ("error", "code"), [(Unavailable("no answer"), Exit.LATER), (ConfigurationError("no such tenant"), Exit.FOUND)]
)
def test_without_a_token_the_reason_is_told(well, error, code):
    well.seen["client"] = client(Tokens(error))
    examination = well.examination("sign-in")

    assert [(str(each.verdict), each.what) for each in examination.findings] == [("problem", str(error))]
    assert examination.exit_code == code


def test_a_user_who_is_disabled_is_told_so(well):
    well.remote.get(WHOAMI, status=403, json={"error": {"code": "0x80040225", "message": "disabled"}})
    well.seen["client"] = client(Tokens())
    (found,) = well.findings("sign-in")

    assert "no enabled user of this environment" in found.what


def test_whoever_may_not_read_users_is_signed_in_all_the_same(well, elsewhere):
    well.remote.get(WHOAMI, json={"UserId": seeds.ADMINISTRATOR})
    well.remote.get(f"{ELSEWHERE}/api/data/v9.2/systemusers", status=403, json={"error": {"code": "0x80040220"}})

    assert [(str(each.verdict), each.what) for each in well.findings("sign-in")] == [
        ("ok", f"Signed in to {ELSEWHERE} as user {seeds.ADMINISTRATOR}")
    ]


@pytest.mark.parametrize(
    ("ahead", "verdict", "what"),
    [
        (10, "ok", "agrees"),
        (-10, "ok", "agrees"),
        (60, "warning", "60 seconds ahead of"),
        (-60, "warning", "60 seconds behind"),
        (600, "problem", "600 seconds ahead of"),
        (-600, "problem", "600 seconds behind"),
    ],
)
def test_a_clock_that_goes_wrong_is_found(well, ahead, verdict, what):
    well.seen["now"] = lambda: datetime.now(UTC) + timedelta(seconds=ahead)
    (found,) = well.findings("clock")

    seconds = what.replace(str(abs(ahead)), "")
    assert (str(found.verdict), all(word in found.what for word in seconds.split())) == (verdict, True), found


def test_a_server_that_tells_no_time_is_no_fault(well, elsewhere):
    well.remote.get(WHOAMI, json={"UserId": seeds.ADMINISTRATOR})
    (found,) = well.findings("clock")

    assert str(found.verdict) == "skipped"


def test_an_application_user_that_there_is_not_is_found(well):
    well.seen["app_user"] = "9d6b7d0e-0000-4000-8000-000000000000"

    assert well.found("application user") == [
        ("problem", "There is no application user 9d6b7d0e-0000-4000-8000-000000000000")
    ]


def test_the_application_user_is_found_by_the_client_id_of_the_settings(well):
    well.seen["app_user"] = ""
    well.values |= {"DATAVERSE_AUTH": "managed_identity", "DATAVERSE_CLIENT_ID": "0a000000-0000-4000-8000-0000000000c1"}

    assert well.found("application user") == []


def test_without_a_client_id_the_application_user_is_not_guessed(well):
    well.seen["app_user"] = ""
    well.values |= {"DATAVERSE_AUTH": "managed_identity", "DATAVERSE_CLIENT_ID": ""}

    ((verdict, what),) = well.found("application user")
    assert (verdict, "DATAVERSE_CLIENT_ID is empty" in what) == ("skipped", True)


def test_in_development_whoever_is_signed_in_is_looked_at(well):
    well.seen["app_user"] = ""

    assert [what for _, what in well.found("application user")] == [
        "The application user System Administrator does not hold the role Text Messaging Service",
        "The application user System Administrator is a System Administrator: more than it needs",
    ]


def test_an_application_user_that_is_disabled_is_found(well):
    well.send("PATCH", f"systemusers({seeds.APPLICATION_USER})", {"isdisabled": True})

    assert well.found("application user") == [("problem", "The application user # application is disabled")]


def test_an_application_user_without_the_role_is_found(well):
    well.send("DELETE", f"{TEMPLATE}({role_id(RoleName.SERVICE)})/$ref")
    ((verdict, what),) = well.found("application user")

    assert (verdict, "does not hold the role Text Messaging Service" in what) == ("problem", True)
    assert [each.fix for each in well.findings("application user")] == [
        f"python -m admin users grant {seeds.APPLICATION_USER} --role service"
    ]


def test_a_role_that_a_team_gives_counts(well):
    well.send("DELETE", f"{TEMPLATE}({role_id(RoleName.SERVICE)})/$ref")
    role = {"@odata.id": f"{well.client.service_url}roles({role_id(RoleName.SERVICE)})"}
    well.send("POST", f"teams({seeds.DEFAULT_TEAM})/teamroles_association/$ref", role)

    assert well.found("application user") == []


def test_an_application_user_that_may_do_everything_is_doubtful(well):
    role = {"@odata.id": f"{well.client.service_url}roles({seeds.SYSTEM_ADMINISTRATOR})"}
    well.send("POST", f"{TEMPLATE}/$ref", role)
    well.send("PATCH", f"roles({seeds.SYSTEM_ADMINISTRATOR})", {"name": "Systemadministrator"})

    assert well.found("application user") == [
        ("warning", "The application user # application is a System Administrator: more than it needs")
    ]
