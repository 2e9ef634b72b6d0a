"""Faults of the function app. What is in order is what the real one answers."""

from __future__ import annotations

import pytest
import responses

from function_app.version import VERSION
from tests.admin.doctor.healthy import BASE_URL, health_of

URL = f"{BASE_URL}/api/health"


def test_the_real_function_app_is_understood(well):
    (found,) = well.findings("function app")

    assert (str(found.verdict), VERSION in found.what) == ("ok", True)


def test_what_the_function_app_finds_wrong_with_its_settings_is_passed_on(well):
    well.account("twilio-demo", account="AC123")
    answer = health_of(well.values)
    well.remote.replace(responses.GET, URL, body=answer.get_body(), status=answer.status_code)

    ((verdict, what),) = well.found("function app")
    assert (answer.status_code, verdict) == (503, "problem")
    assert "The function app says: PROVIDERS, account twilio-demo: account must be the Account SID" in what


def test_another_release_is_doubtful(well):
    well.put(URL, {"status": "ok", "version": "9.9.9", "problems": []})

    assert well.found("function app") == [
        ("warning", f"The function app is of release 9.9.9, and this command of {VERSION}")
    ]


@pytest.mark.parametrize(
    ("answer", "status"), [({"hello": "world"}, 200), ([], 200), ({"version": VERSION}, 404), ({}, 500), ({}, 302)]
)
def test_something_else_at_the_address_is_found(well, answer, status):
    well.put(URL, answer, status)

    ((verdict, what),) = well.found("function app")
    assert (verdict, f"answers {status}, and not as Textverse does" in what) == ("problem", True)


def test_an_address_where_nobody_answers_is_found(well):
    well.put(URL, responses.ConnectionError("refused"))

    ((verdict, what),) = well.found("function app")
    assert (verdict, what) == ("problem", f"The function app cannot be reached at {BASE_URL}: ConnectionError")


def test_an_address_without_tls_is_found_and_not_called(well):
    well.values["PUBLIC_BASE_URL"] = "http://sms.example.com"

    assert [verdict for verdict, _ in well.found("function app")] == ["problem"]
    assert len(well.remote.calls) == 0


def test_on_this_machine_it_may_be_without_tls(well):
    well.values["PUBLIC_BASE_URL"] = "http://127.0.0.1:7071"
    answer = health_of(well.values)
    well.remote.get("http://127.0.0.1:7071/api/health", body=answer.get_body(), status=answer.status_code)

    assert well.found("function app") == []
