"""What a new owner or a deletion does to the rows below."""

from __future__ import annotations

import pytest


@pytest.fixture
def family(custom):
    """An account with a contact, a conversation about the contact, and a message in it."""
    account = custom.create("accounts", {"name": "Demo Company"})
    above = {"parentcustomerid_account@odata.bind": f"/accounts({account})"}
    contact = custom.create("contacts", {"lastname": "A", **above})
    about = {"regardingobjectid_contact_new_conversation@odata.bind": f"/contacts({contact})"}
    conversation = custom.create("new_conversations", {"subject": "Text", **about})
    inside = {"new_ConversationId@odata.bind": f"/new_conversations({conversation})"}
    message = custom.create("new_messages", {"new_name": "Hello", **inside})
    return {
        "account": f"accounts({account})",
        "contact": f"contacts({contact})",
        "conversation": f"new_conversations({conversation})",
        "message": f"new_messages({message})",
    }


def test_children_get_the_new_owner(custom, family):
    team = custom.team()
    custom.patch(family["account"], {"ownerid@odata.bind": f"/teams({team})"})
    for path in family.values():
        found = custom.row(path)
        assert (found["_ownerid_value"], found["_owningteam_value"], found["_owninguser_value"]) == (team, team, None)


def test_parents_and_loosely_linked_rows_keep_theirs(custom, family, say):
    custom.patch(family["account"], {"primarycontactid@odata.bind": "/" + family["contact"]})
    team = custom.team()
    custom.patch(family["conversation"], {"ownerid@odata.bind": f"/teams({team})"})
    owners = {name: custom.row(path)["_ownerid_value"] for name, path in family.items()}
    ours = say.application_user
    assert owners == {"account": ours, "contact": ours, "conversation": team, "message": team}


def test_the_same_owner_again_is_no_change_below(custom, family, say):
    team = custom.team()
    custom.patch(family["message"], {"ownerid@odata.bind": f"/teams({team})"})
    custom.patch(family["account"], {"ownerid@odata.bind": f"/systemusers({say.application_user})"})
    assert custom.row(family["message"])["_ownerid_value"] == team


@pytest.mark.parametrize(("rule", "follows"), [("Active", {"open"}), ("UserOwned", {"mine"}), ("NoCascade", set())])
def test_some_relationships_hand_on_to_some(fresh, say, rule, follows):
    fresh.post("EntityDefinitions", say.table("new_Thing"))
    fresh.post(
        "RelationshipDefinitions", say.one_to_many("new_c", "contact", "new_thing", "new_ContactId", Assign=rule)
    )
    contact, other, team = fresh.create("contacts", {"lastname": "A"}), fresh.user("Other"), fresh.team()
    bind = {"new_ContactId@odata.bind": f"/contacts({contact})"}
    rows = {
        "open": {"ownerid@odata.bind": f"/systemusers({other})"},
        "closed": {"ownerid@odata.bind": f"/systemusers({other})", "statecode": 1},
        "mine": {"statecode": 1},
    }
    rows = {name: fresh.create("new_things", {"new_name": name, **bind, **body}) for name, body in rows.items()}
    fresh.patch(f"contacts({contact})", {"ownerid@odata.bind": f"/teams({team})"})
    handed = {name for name, row in rows.items() if fresh.row(f"new_things({row})")["_ownerid_value"] == team}
    assert handed == follows


def test_what_is_below_goes_too(custom, family):
    assert custom.delete(family["account"]).status_code == 204
    assert [custom.get(path).status_code for path in family.values()] == [404] * 4


def test_what_is_above_stays(custom, family):
    assert custom.delete(family["conversation"]).status_code == 204
    assert [custom.get(path).status_code for path in family.values()] == [200, 200, 404, 404]


def test_loose_links_are_emptied(custom, family):
    custom.patch(family["account"], {"primarycontactid@odata.bind": "/" + family["contact"]})
    before = custom.row(family["account"])["@odata.etag"]
    custom.delete(family["contact"])
    found = custom.row(family["account"])
    assert found["_primarycontactid_value"] is None
    assert found["@odata.etag"] != before


def test_a_restricted_row_cannot_go_and_nothing_else_does(custom, say):
    channel = custom.create("new_channels", {"new_name": "C"})
    bind = {"new_ChannelId@odata.bind": f"/new_channels({channel})"}
    message = custom.create("new_messages", {"new_name": "M", **bind})
    note = custom.create(
        "annotations", {"subject": "n", "objectid_new_message@odata.bind": f"/new_messages({message})"}
    )
    answer = custom.delete(f"new_channels({channel})")
    assert (answer.status_code, say.code(answer)) == (400, "0x80040227")
    assert custom.get(f"new_channels({channel})").status_code == 200
    assert custom.delete(f"new_messages({message})").status_code == 204
    assert custom.get(f"annotations({note})").status_code == 404
    assert custom.delete(f"new_channels({channel})").status_code == 204


def test_rows_that_point_to_each_other_in_a_circle_go_together(custom):
    one = custom.create("contacts", {"lastname": "1"})
    two = custom.create("contacts", {"lastname": "2", "parentcustomerid_contact@odata.bind": f"/contacts({one})"})
    custom.patch(f"contacts({one})", {"parentcustomerid_contact@odata.bind": f"/contacts({two})"})
    assert custom.delete(f"contacts({one})").status_code == 204
    assert custom.get(f"contacts({two})").status_code == 404


def test_a_team_that_owns_rows_stays(custom, say):
    team = custom.team()
    row = custom.create("contacts", {"lastname": "A", "ownerid@odata.bind": f"/teams({team})"})
    assert say.code(custom.delete(f"teams({team})")) == "0x80040227"
    custom.delete(f"contacts({row})")
    assert custom.delete(f"teams({team})").status_code == 204


def test_members_of_a_team_that_goes_are_let_go(custom, say):
    team = custom.team()
    link = {"@odata.id": f"systemusers({say.administrator})"}
    custom.post(f"teams({team})/teammembership_association/$ref", link)
    custom.delete(f"teams({team})")
    assert custom.get(f"teammemberships?$filter=teamid eq {team}").json()["value"] == []


@pytest.mark.parametrize(
    "path", ["systemusers(0a000000-0000-4000-8000-00000000000a)", "organizations(0a000000-0000-4000-8000-000000000001)"]
)
def test_some_rows_are_never_deleted(custom, path):
    assert custom.delete(path).status_code == 501
    assert custom.get(path).status_code == 200
