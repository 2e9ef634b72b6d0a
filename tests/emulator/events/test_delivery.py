"""How posts get there: authentication, retries, failures and their system jobs, lost posts, restarts."""

from __future__ import annotations

import socket
import time
from contextlib import closing

import pytest

from emulator.server import Server

SETTINGS = '<settings><setting name="x-api-key" value="s&amp;cret" /><setting name="x-more" value="1" /></settings>'


def test_a_header_proves_who_posts(fresh, receiver, register):
    register(receiver.url, "Create", "contact", authtype=5, authvalue=SETTINGS)
    fresh.create("contacts", {"lastname": "A"})
    assert fresh.service.settle()
    headers = receiver.posts[0].headers
    assert (headers["x-api-key"], headers["x-more"]) == ("s&cret", "1")


@pytest.mark.parametrize(
    ("kind", "secret", "query"),
    [(4, "a+b/c=", "code=a%2Bb%2Fc%3D"), (6, SETTINGS, "x-api-key=s%26cret&x-more=1"), (None, None, "")],
)
def test_a_query_proves_who_posts(fresh, receiver, register, kind, secret, query):
    register(receiver.url, "Create", "contact", authtype=kind, authvalue=secret)
    register(receiver.url + "?v=1", "Create", "contact", authtype=kind, authvalue=secret)
    fresh.create("contacts", {"lastname": "A"})
    assert fresh.service.settle()
    paths = {f"/hook?{query}".rstrip("?"), f"/hook?v=1&{query}".rstrip("&")}
    assert {post.path for post in receiver.posts} == paths


@pytest.mark.parametrize("status", [200, 202, 204])
def test_any_2xx_is_success(fresh, receiver, register, jobs, status):
    receiver.status = status
    step = register(receiver.url, "Create", "contact")
    fresh.create("contacts", {"lastname": "A"})
    assert fresh.service.settle()
    (job,) = jobs(step)
    assert (job["statecode"], job["statuscode"], job["errorcode"], job["message"]) == (3, 30, None, None)
    assert (job["name"], job["operationtype"], job["messagename"]) == ("Create of contact", 1, "Create")
    assert (job["asyncoperationid"], job["requestid"]) == (
        receiver.posts[0].body["OperationId"], receiver.posts[0].body["RequestId"],
    )  # fmt: skip
    assert (job["_regardingobjectid_value"], job["primaryentitytype"]) == (
        receiver.posts[0].body["PrimaryEntityId"], "contact",
    )  # fmt: skip
    assert job["completedon"]


def test_a_job_that_succeeded_goes_if_the_step_says_so(fresh, receiver, register, jobs):
    step = register(receiver.url, "Create", "contact", asyncautodelete=True)
    receiver.statuses.extend([200, 500])
    for name in "AB":
        fresh.create("contacts", {"lastname": name})
    assert fresh.service.settle()
    assert [job["statuscode"] for job in jobs(step)] == [31]


def test_a_job_waits_while_its_post_is_under_way(fresh, receiver, register, jobs):
    receiver.gate.clear()
    step = register(receiver.url, "Create", "contact")
    fresh.create("contacts", {"lastname": "A"})
    assert not fresh.service.settle(0.2)
    assert [(job["statecode"], job["statuscode"], job["completedon"]) for job in jobs(step)] == [(0, 0, None)]
    receiver.gate.set()
    assert fresh.service.settle()
    assert [job["statuscode"] for job in jobs(step)] == [30]


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_gateway_error_is_tried_once_more(fresh, receiver, register, jobs, status):
    step = register(receiver.url, "Create", "contact")
    receiver.statuses.extend([status, 200, status, status])
    for name in "AB":
        fresh.create("contacts", {"lastname": name})
    assert fresh.service.settle()
    assert receiver.targets("lastname") == ["A", "A", "B", "B"]
    first, again = receiver.posts[:2]
    assert first.raw == again.raw
    assert sorted((job["statuscode"], job["retrycount"]) for job in jobs(step)) == [(30, 1), (31, 1)]


@pytest.mark.parametrize("status", [301, 307, 400, 401, 404, 429, 500, 501])
def test_any_other_answer_is_a_failure_at_once(fresh, receiver, register, jobs, status):
    step = register(receiver.url, "Create", "contact")
    receiver.status = status
    fresh.create("contacts", {"lastname": "A"})
    assert fresh.service.settle()
    assert [post.path for post in receiver.posts] == ["/hook"]
    (job,) = jobs(step)
    assert (job["statuscode"], job["errorcode"], job["retrycount"]) == (31, -2147155455, 0)
    assert "received non-success httpStatus code" in job["message"]
    assert str(status) in job["friendlymessage"]


def test_silence_is_a_failure(fresh, receiver, register, jobs):
    fresh.service.behaviour.webhook_timeout_seconds = 0.1
    step = register(receiver.url, "Create", "contact")
    receiver.gate.clear()
    fresh.create("contacts", {"lastname": "A"})
    assert fresh.service.settle()
    (job,) = jobs(step)
    assert (job["statuscode"], job["errorcode"]) == (31, -2147155454)
    assert len(receiver.posts) == 1


def test_nobody_there_is_a_failure(fresh, register, jobs):
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        step = register(f"http://127.0.0.1:{taken.getsockname()[1]}/hook?code=s3cret", "Create", "contact")
        fresh.create("contacts", {"lastname": "A"})
        assert fresh.service.settle()
    (job,) = jobs(step)
    assert (job["statuscode"], job["errorcode"]) == (31, -2147155451)
    assert "s3cret" not in str(job)


@pytest.mark.parametrize(
    "case",
    [
        (5, "no xml", -2147155453),
        (5, '<settings><setting name="x" value="a&#10;b" /></settings>', -2147155453),
        (5, '<settings><setting name="x y" value="s3cret" /></settings>', -2147155453),
        (5, '<!DOCTYPE s [<!ENTITY a "s3cret">]><settings><setting name="x" value="&a;" /></settings>', -2147155453),
        (6, '<settings><setting name="s3cret" /></settings>', -2147155452),
    ],
)
def test_an_authvalue_that_cannot_be_read_fails_without_telling_it(fresh, receiver, register, jobs, capfd, case):
    kind, secret, code = case
    step = register(receiver.url, "Create", "contact", authtype=kind, authvalue=secret)
    fresh.create("contacts", {"lastname": "A"})
    assert fresh.service.settle()
    (job,) = jobs(step)
    assert (job["statuscode"], job["errorcode"], receiver.posts) == (31, code, [])
    assert "s3cret" not in str(job) + "".join(capfd.readouterr())


def test_a_host_that_cannot_be_looked_up_is_a_failure(fresh, receiver, register, jobs, monkeypatch):
    def too_long(host, *more, **named):
        raise UnicodeError("label too long")  # as for a name that is none

    step = register(receiver.url, "Create", "contact")
    fresh.create("contacts", {"lastname": "A"})
    assert fresh.service.settle()
    with monkeypatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", too_long)
        fresh.create("contacts", {"lastname": "B"})
        assert fresh.service.settle()
    assert sorted(job["statuscode"] for job in jobs(step)) == [30, 31]


def test_proxies_of_the_environment_are_not_asked(fresh, receiver, register, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    register(receiver.url, "Create", "contact")
    fresh.create("contacts", {"lastname": "A"})
    assert fresh.service.settle()
    assert len(receiver.posts) == 1


def test_a_slow_endpoint_holds_up_neither_the_write_nor_other_endpoints(fresh, make_receiver, register):
    slow, quick = make_receiver(), make_receiver()
    slow.gate.clear()
    register(slow.url, "Create", "contact")
    register(quick.url, "Create", "contact")
    started = time.monotonic()
    for name in "ABC":
        fresh.create("contacts", {"lastname": name})
    assert time.monotonic() - started < 30
    while len(quick.posts) < 3:
        assert time.monotonic() - started < 30
        time.sleep(0.01)
    assert len(slow.posts) <= 1
    slow.gate.set()
    assert fresh.service.settle()
    assert slow.targets("lastname") == quick.targets("lastname") == ["A", "B", "C"]


def test_dropped_posts_are_gone_for_good(fresh, receiver, register):
    register(receiver.url, "Create", "contact")
    fresh.service.behaviour.webhooks_dropped = True
    fresh.create("contacts", {"lastname": "A"})
    assert fresh.service.settle()
    fresh.service.behaviour.webhooks_dropped = False
    fresh.create("contacts", {"lastname": "B"})
    assert fresh.service.settle()
    assert receiver.targets("lastname") == ["B"]


def test_what_was_put_in_for_an_endpoint_that_is_deleted_fails(fresh, receiver, register, jobs):
    receiver.gate.clear()
    step = register(receiver.url, "Create", "contact")
    fresh.create("contacts", {"lastname": "A"})
    fresh.create("contacts", {"lastname": "B"})
    endpoint = fresh.row(f"sdkmessageprocessingsteps({step})")["_eventhandler_value"]
    assert fresh.delete(f"serviceendpoints({endpoint})").status_code == 204
    receiver.gate.set()
    assert fresh.service.settle()
    assert len(receiver.posts) <= 1
    assert 31 in [job["statuscode"] for job in jobs(step)]


def test_a_restart_posts_what_was_not(tmp_path, receiver, registering_at, say):
    data = tmp_path / "data.sqlite"
    receiver.gate.clear()
    with Server(data=data) as server:
        web = say.web(server.url)
        registering_at(web)(receiver.url, "Create", "contact")
        for name in "ABC":
            web.create("contacts", {"lastname": name})
        web.session.close()
    receiver.gate.set()
    with Server(data=data) as server:
        assert server.service.settle()
    names = receiver.targets("lastname")
    assert set(names) == {"A", "B", "C"}
    assert names[-2:] == ["B", "C"]


def test_an_earlier_state_posts_what_was_due_then(tmp_path, receiver, registering_at, say):
    receiver.gate.clear()
    with Server() as server:
        web, service = say.web(server.url), server.service
        registering_at(web)(receiver.url, "Create", "contact")
        web.create("contacts", {"lastname": "A"})
        service.store.copy_to(tmp_path / "snapshot.sqlite")
        receiver.gate.set()
        assert service.settle()
        before = len(receiver.posts)
        service.put_back(tmp_path / "snapshot.sqlite")
        assert service.settle()
        web.session.close()
    assert receiver.targets("lastname")[before:] == ["A"]
