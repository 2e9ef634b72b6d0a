"""Switches over HTTP: types are checked, unknown names refused, all or none are set."""

from __future__ import annotations

import pytest

from emulator.control.switches import switches


def test_all_switches_are_told_and_those_given_are_set(fresh_control):
    before = fresh_control("GET", "behaviour").json()
    assert before["limits"] is False
    assert set(before) == set(switches())
    after = fresh_control.behave(keys_pending_seconds=2, customization_locked=True)
    assert after == {**before, "keys_pending_seconds": 2, "customization_locked": True}
    assert fresh_control("GET", "behaviour").json() == after
    assert fresh_control.behave() == after


def test_the_service_hears_of_it(fresh, fresh_control):
    fresh_control.behave(notifications_without_body=True)
    assert fresh.service.behaviour.notifications_without_body is True


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([], "Switches are a JSON object"),
        ({"limit": True}, "takes no 'limit'. It takes: webhooks_dropped"),
        ({"limits": 1}, "limits is true or false, not 1."),
        ({"limit_requests": True}, "limit_requests is a whole number from 0 to 1e+06, not True."),
        ({"limit_requests": 1.5}, "limit_requests is a whole number"),
        ({"limit_requests": -1}, "limit_requests is a whole number"),
        ({"keys_pending_seconds": "long"}, "keys_pending_seconds is a number from 0 to 1e+06, not 'long'."),
        ({"parallelism": 8, "limits": "yes"}, "limits is true or false, not 'yes'."),
    ],
)
def test_what_cannot_be_set_is_explained_and_nothing_is(fresh_control, given, words):
    before = fresh_control("GET", "behaviour").json()
    assert words in fresh_control.message("PATCH", "behaviour", given)
    assert fresh_control("GET", "behaviour").json() == before


def test_every_switch_says_what_it_is_for():
    assert [name for name, field in switches().items() if len(field.meaning) < 20] == []
