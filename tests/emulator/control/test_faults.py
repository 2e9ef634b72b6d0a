"""Trouble on demand: which requests a rule hits, how often, and what the client then sees."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest


@pytest.fixture
def row(web, new_id):
    """An id that is not there yet, and whether it is there."""
    found = new_id()
    return f"contacts({found})"


def there(web, path):
    return web.get(path).status_code == 200


@pytest.mark.parametrize(
    ("reason", "code", "words"),
    [
        ("burst", "0x80072322", "Number of requests exceeded the limit of 6000 over time window of 300 seconds."),
        ("time", "0x80072321", "Combined execution time of incoming requests exceeded limit of 1,200,000 milliseconds"),
        ("concurrency", "0x80072326", "Number of concurrent requests exceeded the limit of 52."),
    ],
)
def test_too_many_requests(control, web, reason, code, words):
    control.fault(fault="429", reason=reason, retry_after=7)
    answer = web.get("WhoAmI")
    error = answer.json()["error"]
    assert (answer.status_code, answer.headers["Retry-After"], error["code"]) == (429, "7", code)
    assert error["message"].startswith(words)
    assert answer.headers["OData-Version"] == "4.0"
    assert control("DELETE", "faults").status_code == 204
    assert web.get("WhoAmI").status_code == 200


@pytest.mark.parametrize(("more", "wait"), [({}, None), ({"retry_after": 0}, "0"), ({"retry_after": 2}, "2")])
def test_a_server_that_is_busy(control, web, more, wait):
    control.fault(fault="503", **more)
    answer = web.get("WhoAmI")
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, wait)
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("status", ["502", "504"])
def test_a_gateway_answers_in_html(control, web, row, status):
    control.fault(fault=status, method="PATCH")
    answer = web.patch(row, {"lastname": "A"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (int(status), "text/html; charset=utf-8")
    assert answer.text.startswith("<html>")
    assert not there(web, row)


def test_any_error_of_dataverse(control, web, row, say):
    rule = {"fault": "error", "status": 400, "code": "0x80044150", "message": "Deadlock.", "retry_after": 3}
    control.fault(**rule, path="contacts")
    answer = web.patch(row, {"lastname": "A"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (400, "3")
    assert answer.json() == {"error": {"code": "0x80044150", "message": "Deadlock."}}


def test_delays_add_up(control, web):
    for _ in range(2):
        control.fault(fault="delay", seconds=0.15, path="WhoAmI")
    started = time.monotonic()
    assert web.get("WhoAmI").status_code == 200
    assert time.monotonic() - started >= 0.3


def test_a_delay_keeps_nobody_else_waiting(control, web, say):
    control.fault(fault="delay", seconds=1, path="contacts")
    other = say.web(web.origin)
    with ThreadPoolExecutor() as pool:
        late = pool.submit(lambda: (other.get("contacts?$top=1"), time.monotonic())[1])
        while not control.log():
            time.sleep(0.01)
        assert web.get("WhoAmI").status_code == 200
        here = time.monotonic()
        assert late.result() > here
    other.session.close()


def statuses(web, count, path="WhoAmI"):
    return [web.get(path).status_code for _ in range(count)]


@pytest.mark.parametrize(
    ("often", "seen"),
    [
        ({}, [503] * 6),
        ({"nth": 3}, [200, 200, 503, 200, 200, 200]),
        ({"every": 2}, [200, 503, 200, 503, 200, 503]),
        ({"next": 2}, [503, 503, 200, 200, 200, 200]),
        ({"probability": 0}, [200] * 6),
        ({"probability": 1}, [503] * 6),
    ],
)
def test_how_often(control, web, often, seen):
    control.fault(fault="503", path="WhoAmI", **often)
    web.get("contacts?$top=1")
    assert statuses(web, 6) == seen
    (rule,) = control.faults()
    assert (rule["matches"], rule["hits"]) == (6, seen.count(503))


def test_a_probability_is_repeatable(control, web):
    def run(seed):
        control("DELETE", "faults")
        control.fault(fault="503", probability=0.5, seed=seed)
        return statuses(web, 30)

    first = run(1)
    assert 5 < first.count(503) < 25
    assert run(1) == first
    assert run(2) != first


@pytest.mark.parametrize(
    ("rule", "hit"),
    [
        ({"method": "GET"}, True),
        ({"method": "POST"}, False),
        ({"path": "^contacts\\?"}, True),
        ({"path": "telephone1 eq '\\+1 206'"}, True),
        ({"path": "/api/data"}, False),
        ({"path": "^accounts"}, False),
        ({"path": "contacts", "method": "DELETE"}, False),
    ],
)
def test_paths_are_looked_at_decoded(control, web, rule, hit):
    control.fault(fault="503", **rule)
    answer = web.get("contacts?$filter=telephone1%20eq%20%27%2B1%20206%27")
    assert answer.status_code == (503 if hit else 200)


def test_a_rule_without_a_way_out_can_always_be_removed(control, web):
    control.fault(fault="503")
    assert [rule["hits"] for rule in control.faults()] == [0]
    assert web.get("WhoAmI").status_code == 503
    assert control("DELETE", "faults").status_code == 204
    assert control.faults() == []


def test_a_batch_is_hit_as_a_whole_where_one_of_its_operations_is_meant(control, web, row):
    control.fault(fault="429", path="^contacts", next=1)
    operations = [("GET", "accounts?$top=1"), [("PATCH", row, {"lastname": "A"})]]
    answer, _ = web.batch(*operations)
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "0x80072322")
    assert not there(web, row)
    answer, parts = web.batch(*operations)
    assert [status for status, _, _ in parts] == [200, 204]


def test_batches_can_be_meant_themselves(control, web):
    control.fault(fault="503", path="^\\$batch$")
    assert web.get("WhoAmI").status_code == 200
    assert web.batch(("GET", "WhoAmI"))[0].status_code == 503


def test_one_operation_of_a_batch(control, web, row, say):
    control.fault(fault="429", reason="time", target="operation", path="^contacts", nth=2)
    reads = [("GET", "contacts?$top=1"), ("GET", "WhoAmI"), ("GET", "contacts?$top=2"), ("GET", "contacts?$top=3")]
    answer, parts = web.batch(*reads, Prefer="odata.continue-on-error")
    assert (answer.status_code, [status for status, _, _ in parts]) == (200, [200, 200, 429, 200])
    _, headers, body = parts[2]
    assert (headers["Retry-After"], body["error"]["code"]) == ("5", "0x80072321")
    answer, parts = web.batch(*reads)
    assert answer.status_code == 200


def test_an_operation_that_is_hit_takes_its_change_set_with_it(control, web, new_id):
    first, second = (f"contacts({new_id()})" for _ in range(2))
    control.fault(fault="503", retry_after=1, target="operation", path=second[:20].replace("(", "\\("), next=1)
    changes = [("PATCH", first, {"lastname": "A"}), ("PATCH", second, {"lastname": "B"})]
    answer, parts = web.batch(changes)
    assert (answer.status_code, [status for status, _, _ in parts]) == (503, [503])
    assert (parts[0][1]["Content-ID"], parts[0][1]["Retry-After"]) == ("2", "1")
    assert not there(web, first)
    assert web.batch(changes)[0].status_code == 200
    assert there(web, first)


def test_a_request_of_its_own_is_an_operation_too(control, web):
    control.fault(fault="error", status=400, code="0x80040216", target="operation")
    assert web.get("WhoAmI").json()["error"]["code"] == "0x80040216"


def test_the_log_tells_which_rules_hit(control, web):
    first = control.fault(fault="delay", seconds=0, path="WhoAmI")
    second = control.fault(fault="503", target="operation", path="WhoAmI")
    web.get("WhoAmI")
    web.get("contacts?$top=1")
    assert [each["faults"] for each in control.log()] == [[first, second], []]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (None, "A rule is a JSON object"),
        ([], "A rule is a JSON object"),
        ({}, "There is no fault None. There are: 429, 503"),
        ({"fault": "418"}, "There is no fault '418'."),
        ({"fault": 429, "reason": "mood"}, "reason is one of burst, time, concurrency, not 'mood'."),
        ({"fault": "429", "reasn": "burst"}, "the fault 429 takes no 'reasn'. It takes: reason, retry_after, method"),
        ({"fault": "429", "retry_after": "soon"}, "retry_after is a whole number from 0 to 3600, not 'soon'."),
        ({"fault": "429", "retry_after": -1}, "retry_after is a whole number"),
        ({"fault": "503", "retry_after": True}, "retry_after is a whole number"),
        ({"fault": "delay"}, "the fault delay needs seconds: a number of seconds from 0 to 3600."),
        ({"fault": "error", "status": 200, "code": "0x80040216"}, "status is a whole number from 400 to 599"),
        ({"fault": "error", "status": 400, "code": "8004"}, "code is a code such as 0x80040203"),
        ({"fault": "reset", "method": "get"}, "method is one of GET, POST, PATCH, PUT, DELETE, not 'get'."),
        ({"fault": "reset", "path": "("}, "path is a regular expression, not '('."),
        ({"fault": "reset", "nth": 0}, "nth is a whole number from 1 on, not 0."),
        ({"fault": "reset", "nth": 1.5}, "nth is a whole number"),
        ({"fault": "reset", "nth": 1, "every": 2}, "not both nth and every"),
        ({"fault": "reset", "probability": 2}, "probability is a number from 0 to 1, not 2."),
        ({"fault": "reset", "target": "operation"}, "It can have: 429, 503"),
        ({"fault": "truncated", "bytes": -1}, "bytes is a whole number from 0 on"),
    ],
)
def test_a_rule_that_cannot_be_is_explained(control, rule, words):
    message = control.message("POST", "faults", rule)
    assert words.lower() in message.lower()
    assert control.faults() == []
