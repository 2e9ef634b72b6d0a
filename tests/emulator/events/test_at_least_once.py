"""Whatever is kept is posted, and nothing that is undone; whatever the receiver answers meanwhile."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.server import Server

ROWS = [str(UUID(int=0xB000 + number)) for number in range(4)]
WRITE = st.tuples(st.sampled_from(["PATCH", "DELETE"]), st.sampled_from(ROWS))
GOOD = st.lists(WRITE, min_size=1, max_size=4)
CHANGE_SET = st.tuples(GOOD, st.booleans())


@pytest.fixture(scope="module")
def running():
    with Server() as server:
        yield server


@pytest.fixture
def listening(running, say, receiver, new_step):
    """A client; one endpoint hears of everything that happens to leads."""
    web = say.web(running.url)
    endpoint = web.create("serviceendpoints", {"name": "hook", "url": receiver.url, "contract": 8})
    for message in ("Create", "Update", "Delete"):
        web.create("sdkmessageprocessingsteps", new_step(web, endpoint, message, "lead"))
    yield web
    web.delete(f"serviceendpoints({endpoint})")
    web.session.close()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sets=st.lists(CHANGE_SET, max_size=6), answers=st.lists(st.sampled_from([200, 500, 503]), max_size=6))
def test_each_kept_change_is_posted_and_none_that_was_undone(running, listening, receiver, sets, answers):
    clear(listening)
    assert running.service.settle()
    receiver.posts.clear()
    receiver.statuses.clear()
    receiver.statuses.extend(answers)
    expected, there = [], set()
    for number, (writes, breaks) in enumerate(sets):
        requests, changes, after = planned(writes, there, f"n{number}")
        answer, _ = listening.batch([*requests, *([("POST", "leads", {"nothing": 1})] if breaks else [])])
        kept = answer.status_code == 200
        assert kept is (changes is not None and not breaks)
        if kept:
            expected += changes
            there = after
    assert running.service.settle()
    # One more attempt is the same post: it has the same OperationId.
    posts = {post.body["OperationId"]: post.body for post in receiver.posts}.values()
    assert [(body["MessageName"], body["PrimaryEntityId"]) for body in posts] == expected


def clear(web):
    for row in web.row("leads?$select=leadid")["value"]:
        web.delete(f"leads({row['leadid']})")


def planned(writes, there, name):
    """The requests of a change set, the changes that they are; None for one that fails: its row is not there."""
    requests, changes, after = [], [], set(there)
    for method, row in writes:
        if method == "PATCH":
            requests.append(("PATCH", f"leads({row})", {"lastname": name}))
            changes.append(("Update" if row in after else "Create", row))
            after.add(row)
        else:
            requests.append(("DELETE", f"leads({row})"))
            if row not in after:
                return requests, None, there
            changes.append(("Delete", row))
            after.discard(row)
    return requests, changes, after
