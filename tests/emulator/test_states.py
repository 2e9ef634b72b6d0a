"""State and status: a status belongs to one state, a state brings its default status."""

from __future__ import annotations

import pytest

WRONG_STATUS = "0x80048408"


@pytest.mark.parametrize(
    ("given", "state", "status"),
    [
        ({}, 0, 1),
        ({"statuscode": 2}, 0, 2),
        ({"statecode": 1}, 1, 3),
        ({"statecode": 2}, 2, 7),
        ({"statecode": 2, "statuscode": 5}, 2, 5),
    ],
)
def test_a_lead_takes_the_status_of_its_state(web, given, state, status):
    row = web.create("leads", {"lastname": "A"})
    web.patch(f"leads({row})", given)
    found = web.row(f"leads({row})")
    assert (found["statecode"], found["statuscode"]) == (state, status)
    made = web.row(f"leads({web.create('leads', {'lastname': 'A', **given})})")
    assert (made["statecode"], made["statuscode"]) == (state, status)


@pytest.mark.parametrize(
    "given", [{"statuscode": 3}, {"statecode": 1, "statuscode": 1}, {"statecode": 0, "statuscode": 4}]
)
def test_a_status_of_another_state_is_refused(web, say, given):
    row = web.create("leads", {"lastname": "A"})
    answer = web.patch(f"leads({row})", given)
    assert (answer.status_code, say.code(answer)) == (400, WRONG_STATUS)
    assert "is not a valid status code for state code LeadState." in answer.text
    assert say.code(web.post("leads", {"lastname": "A", **given})) == WRONG_STATUS


def test_a_status_stays_within_its_state_on_update(web):
    row = web.create("leads", {"lastname": "A", "statecode": 2, "statuscode": 4})
    assert web.patch(f"leads({row})", {"statuscode": 6}).status_code == 204
    assert web.row(f"leads({row})")["statecode"] == 2


def test_an_activity_cannot_be_created_completed(web, say):
    answer = web.post("phonecalls", {"subject": "Call", "statecode": 1})
    assert (answer.status_code, say.code(answer)) == (400, WRONG_STATUS)
    assert say.code(web.post("phonecalls", {"subject": "Call", "statuscode": 2})) == WRONG_STATUS
    assert web.post("phonecalls", {"subject": "Call", "statecode": 0}).status_code == 204


def test_an_activity_that_is_completed_has_ended(web):
    row = web.create("phonecalls", {"subject": "Call"})
    assert web.row(f"phonecalls({row})")["actualend"] is None
    web.patch(f"phonecalls({row})", {"statecode": 1, "statuscode": 4})
    found = web.row(f"phonecalls({row})")
    assert (found["statecode"], found["statuscode"]) == (1, 4)
    assert found["actualend"]


@pytest.mark.parametrize(
    ("action", "status", "state", "result"), [("Win", 3, 1, 3), ("Lose", -1, 2, 4), ("Lose", 5, 2, 5)]
)
def test_an_opportunity_is_closed_by_its_actions(web, say, action, status, state, result):
    row = web.create("opportunities", {"name": "Deal"})
    assert say.code(web.patch(f"opportunities({row})", {"statecode": state})) == "0x80100005"
    close = {"subject": "Closed", "opportunityid@odata.bind": f"/opportunities({row})"}
    assert web.post(f"{action}Opportunity", {"OpportunityClose": close, "Status": status}).status_code == 204
    found = web.row(f"opportunities({row})")
    assert (found["statecode"], found["statuscode"]) == (state, result)
    assert found["actualclosedate"]
    answer = web.post(f"{action}Opportunity", {"OpportunityClose": close, "Status": status})
    assert say.code(answer) == "0x80040515"
    assert web.patch(f"opportunities({row})", {"statecode": 0}).status_code == 204


def test_an_opportunity_cannot_be_won_with_a_status_of_another_state(web, say):
    row = web.create("opportunities", {"name": "Deal"})
    close = {"opportunityid@odata.bind": f"/opportunities({row})"}
    answer = web.post("WinOpportunity", {"OpportunityClose": close, "Status": 5})
    assert say.code(answer) == WRONG_STATUS
    assert web.row(f"opportunities({row})")["statecode"] == 0
