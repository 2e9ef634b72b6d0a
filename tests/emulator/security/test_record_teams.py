"""Access teams: users who work on one row."""

from __future__ import annotations

import pytest

KIND = "Microsoft.Dynamics.CRM."
READ_WRITE = 3


@pytest.fixture
def template(web):
    body = {"teamtemplatename": "Helpers", "objecttypecode": 2, "defaultaccessrightsmask": READ_WRITE}
    return web.create("teamtemplates", body)


@pytest.fixture
def helper(web, say):
    return web.user("Helper", role=say.salesperson)


def call(web, action, user, contact, template, kind="contact"):
    body = {
        "Record": {"@odata.type": KIND + kind, f"{kind}id": contact},
        "TeamTemplate": {"@odata.type": KIND + "teamtemplate", "teamtemplateid": template},
    }
    return web.post(f"systemusers({user})/{KIND}{action}", body)


def test_a_member_may_do_what_the_template_gives(web, helper, template):
    contact = web.create("contacts", {"lastname": "A"})
    answer = call(web, "AddUserToRecordTeam", helper, contact, template)
    team = answer.json()["AccessTeamId"]
    client = web.as_user(helper)
    assert client.patch(f"contacts({contact})", {"lastname": "B"}).status_code == 204
    assert client.delete(f"contacts({contact})").status_code == 403
    found = web.row(f"teams({team})?$expand=teammembership_association($select=systemuserid)")
    assert (found["teamtype"], found["_regardingobjectid_value"], found["_teamtemplateid_value"]) == (
        1,
        contact,
        template,
    )
    assert [each["systemuserid"] for each in found["teammembership_association"]] == [helper]
    assert call(web, "RemoveUserFromRecordTeam", helper, contact, template).json()["AccessTeamId"] == team
    assert client.get(f"contacts({contact})").status_code == 403


def test_one_row_has_one_team_for_a_template(web, say, helper, template):
    contact, other = web.create("contacts", {"lastname": "A"}), web.user(role=say.salesperson)
    teams = [
        call(web, "AddUserToRecordTeam", user, contact, template).json()["AccessTeamId"]
        for user in (helper, other, helper)
    ]
    assert len(set(teams)) == 1
    assert len(web.get(f"teams({teams[0]})/teammembership_association").json()["value"]) == 2
    assert web.delete(f"contacts({contact})").status_code == 204
    assert web.get(f"teams({teams[0]})").status_code == 404


def test_an_access_team_owns_nothing(web, say, helper, template):
    contact = web.create("contacts", {"lastname": "A"})
    team = call(web, "AddUserToRecordTeam", helper, contact, template).json()["AccessTeamId"]
    answer = web.patch(f"contacts({contact})", {"ownerid@odata.bind": f"/teams({team})"})
    assert (answer.status_code, say.code(answer)) == (400, "0x80048340")


def test_who_cannot_be_added_and_by_whom_not(web, say, helper, template):
    contact, nobody = web.create("contacts", {"lastname": "A"}), web.user("Nobody")
    (role,) = web.get(f"systemusers({nobody})/systemuserroles_association?$select=roleid").json()["value"]
    web.delete(f"systemusers({nobody})/systemuserroles_association({role['roleid']})/$ref")
    assert call(web, "AddUserToRecordTeam", nobody, contact, template).status_code == 403
    assert call(web.as_user(helper), "AddUserToRecordTeam", helper, contact, template).status_code == 403
    account = web.create("accounts", {"name": "A"})
    assert call(web, "AddUserToRecordTeam", helper, account, template, "account").status_code == 400
    assert call(web, "AddUserToRecordTeam", helper, contact, contact).status_code == 404
