"""The request log: who asked, under which id, how it ended and how long it took; never a token or a body."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from emulator.requestlog import RequestLog


def test_who_asked_how_it_ended_and_how_long_it_took(control, web, say):
    web.as_user(say.administrator).get("WhoAmI", x_ms_client_request_id="my-own-id")
    (entry,) = control.log()
    assert entry["user"] == say.administrator
    assert entry["client_request_id"] == "my-own-id"
    assert (entry["method"], entry["status"], entry["faults"]) == ("GET", 200, [])
    assert 0 < entry["milliseconds"] < 10_000
    assert abs(datetime.fromisoformat(entry["at"]) - datetime.now(UTC)).total_seconds() < 10


def test_as_whom_else_it_acts(control, web, say):
    header = {"MSCRMCallerID": say.administrator}
    web.session.get(web.root + "WhoAmI", headers=header)
    web.batch(("GET", "WhoAmI"), ("GET", "WhoAmI", None, header), ("GET", "contacts?$top=1", None, header))
    web.get("WhoAmI")
    told = [(entry["user"], entry["acting"]) for entry in control.log()]
    assert told == [(say.application_user, who) for who in ([say.administrator], [say.administrator], [])]


def test_the_id_that_the_server_gave_stands_in_the_answer_too(control, web):
    answer = web.get("WhoAmI")
    assert control.log()[0]["service_request_id"] == answer.headers["x-ms-service-request-id"]


def test_a_delay_is_part_of_the_duration(control, web):
    control.fault(fault="delay", seconds=0.1)
    web.get("WhoAmI")
    assert control.log()[0]["milliseconds"] >= 100


def test_what_came_after_an_entry(control, web):
    for number in range(4):
        web.get(f"WhoAmI?n={number}")
    numbers = [entry["number"] for entry in control.log()]
    assert numbers == list(range(numbers[0], numbers[0] + 4))
    assert [entry["number"] for entry in control.log(since=numbers[1])] == numbers[2:]
    assert control.log(since=numbers[3]) == []
    control("DELETE", "requests")
    web.get("WhoAmI")
    assert [entry["number"] for entry in control.log()] == [numbers[3] + 1]


def test_since_is_a_number(control):
    assert control.message("GET", "requests?since=yesterday") == "since is the number of an entry, not 'yesterday'."
    assert control.message("GET", f"requests?since={'9' * 5000}")


def test_secrets_are_not_kept(control, web):
    secret = "eyJhbGciOi-top-secret"
    web.session.post(
        web.root + "contacts",
        json={"lastname": "Confidential"},
        headers={"Authorization": f"Bearer {secret}", "Cookie": f"session={secret}"},
    )
    text = control("GET", "requests").text
    assert "contacts" in text
    assert secret not in text
    assert "Confidential" not in text


def test_a_request_without_a_user(control, web):
    web.session.get(web.root + "WhoAmI", headers={"Authorization": ""})
    (entry,) = control.log()
    assert (entry["user"], entry["status"]) == (None, 401)


def test_control_requests_are_not_logged(control):
    control("GET", "health")
    assert control.log() == []


@pytest.mark.parametrize(
    ("batches", "size", "kept"), [(15, 0, 15), (15, 1000, 15), (300, 1000, 200), (12_000, 0, 10_000)]
)
def test_it_keeps_no_more_than_it_can_bear(batches, size, kept):
    log = RequestLog(lambda: datetime.now(UTC))
    for _ in range(batches):
        entry = log.begin("POST", "$batch", {}, affinity=False)
        entry.operations.extend({"method": "GET"} for _ in range(size))
        log.end(entry)
    numbers = [each["number"] for each in log.entries()]
    assert numbers == list(range(batches - kept + 1, batches + 1))
