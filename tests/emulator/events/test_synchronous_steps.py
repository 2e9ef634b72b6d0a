"""Synchronous steps are part of the write: it waits for them, and fails with them."""

from __future__ import annotations

import pytest


def test_the_write_is_answered_after_the_post(fresh, receiver, register):
    register(receiver.url, "Create", "contact", mode=0)
    fresh.create("contacts", {"lastname": "A"})
    assert receiver.targets("lastname") == ["A"]
    assert (receiver.posts[0].body["Mode"], receiver.posts[0].body["IsInTransaction"]) == (0, True)
    assert fresh.row("asyncoperations")["value"] == []


@pytest.mark.parametrize(
    ("status", "code"), [(500, "0x80050201"), (404, "0x80050201"), (302, "0x80050201"), (503, "0x80050201")]
)
def test_a_failure_undoes_the_write(fresh, receiver, register, say, status, code):
    register(receiver.url, "Create", "contact", mode=0)
    receiver.status = status
    answer = fresh.post("contacts", {"lastname": "A"})
    assert (answer.status_code, say.code(answer)) == (400, code)
    assert fresh.row("contacts")["value"] == []
    assert len(receiver.posts) == (2 if status == 503 else 1)


def test_silence_undoes_the_write(fresh, receiver, register, say):
    fresh.service.behaviour.webhook_timeout_seconds = 0.1
    register(receiver.url, "Create", "contact", mode=0)
    receiver.gate.clear()
    answer = fresh.post("contacts", {"lastname": "A"})
    assert (answer.status_code, say.code(answer)) == (400, "0x80050202")
    assert fresh.row("contacts")["value"] == []


def test_a_failure_undoes_the_whole_change_set_and_what_it_would_have_posted(fresh, receiver, register):
    register(receiver.url, "Create", "contact")
    register(receiver.url.replace("hook", "now"), "Create", "account", mode=0)
    receiver.status = 500
    answer, _ = fresh.batch([("POST", "contacts", {"lastname": "A"}), ("POST", "accounts", {"name": "B"})])
    assert answer.status_code == 400
    assert fresh.service.settle()
    assert fresh.row("contacts")["value"] == []
    assert [post.path for post in receiver.posts] == ["/now"]


def test_steps_run_in_the_order_of_stage_and_rank(fresh, make_receiver, register):
    order = []
    for stage, rank in ((40, 2), (20, 5), (40, 1), (10, 9)):
        each = make_receiver()
        each.during = lambda post, key=(stage, rank): order.append((post.body["Stage"], key))
        register(each.url, "Create", "contact", mode=0, stage=stage, rank=rank)
    fresh.create("contacts", {"lastname": "A"})
    assert order == [(10, (10, 9)), (20, (20, 5)), (40, (40, 1)), (40, (40, 2))]


def test_dropped_posts_fail_nothing(fresh, receiver, register):
    fresh.service.behaviour.webhooks_dropped = True
    register(receiver.url, "Create", "contact", mode=0)
    fresh.create("contacts", {"lastname": "A"})
    assert receiver.posts == []


@pytest.fixture
def heard(fresh, receiver, register):
    """Which of two steps hears of a contact that is created with these headers: now, later."""
    steps = {
        "now": register(receiver.url.replace("hook", "now"), "Create", "contact", mode=0),
        "later": register(receiver.url.replace("hook", "later"), "Create", "contact"),
    }

    def heard(web=fresh, **headers):
        names = {name.replace("__", "."): value.format(**steps) for name, value in headers.items()}
        receiver.posts.clear()
        answer = web.post("contacts", {"lastname": "A"}, **names)
        assert fresh.service.settle()
        return answer.status_code, sorted(post.path.strip("/") for post in receiver.posts)

    return heard


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, ["later", "now"]),
        ({"MSCRM__BypassBusinessLogicExecution": "CustomSync"}, ["later"]),
        ({"MSCRM__BypassBusinessLogicExecution": "CustomAsync"}, ["now"]),
        ({"MSCRM__BypassBusinessLogicExecution": "CustomSync,CustomAsync"}, []),
        ({"MSCRM__BypassCustomPluginExecution": "true"}, ["later"]),
        ({"MSCRM__BypassCustomPluginExecution": "false"}, ["later", "now"]),
        ({"MSCRM__BypassBusinessLogicExecutionStepIds": "{now}"}, ["later"]),
        ({"MSCRM__BypassBusinessLogicExecutionStepIds": '"{now}, {later}"'}, []),
    ],
)
def test_headers_pass_steps_over(heard, headers, expected):
    assert heard(**headers) == (204, expected)


def test_more_than_three_steps_or_other_words_are_refused(heard):
    assert heard(MSCRM__BypassBusinessLogicExecutionStepIds="{now},{later},a,b") == (400, [])
    assert heard(MSCRM__BypassBusinessLogicExecution="Everything") == (400, [])


def test_passing_steps_over_takes_a_privilege(heard, fresh, say):
    seller = fresh.as_user(fresh.user(role=say.salesperson))
    header = {"MSCRM__BypassBusinessLogicExecution": "CustomSync"}
    assert heard(seller, **header) == (403, [])
    found = fresh.row("privileges?$filter=name eq 'prvBypassCustomBusinessLogic'")["value"]
    granted = {"Privileges": [{"PrivilegeId": found[0]["privilegeid"], "Depth": "Global"}]}
    answer = fresh.post(f"roles({say.salesperson})/Microsoft.Dynamics.CRM.AddPrivilegesRole", granted)
    assert answer.status_code < 300
    assert heard(seller, **header) == (204, ["later"])
