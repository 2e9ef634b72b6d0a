"""Writing, querying and security in one server: what each part leaves to the others."""

from __future__ import annotations

import pytest

from emulator.exchange import Call
from emulator.odata import read
from emulator.odata.connection import register
from emulator.seams import Parts
from emulator.service import Service


@pytest.fixture
def seller(web, say):
    return web.user("Kim", role=say.salesperson)


@pytest.fixture
def colleague(web, say):
    return web.user("Sam", role=say.salesperson)


def reference(entity_set, row):
    kind = {"contacts": "contact", "systemusers": "systemuser", "teams": "team"}[entity_set]
    return {"@odata.type": f"Microsoft.Dynamics.CRM.{kind}", f"{kind}id": row}


def share(web, row, user, mask):
    access = {"AccessMask": mask, "Principal": reference("systemusers", user)}
    return web.post("GrantAccess", {"Target": reference("contacts", row), "PrincipalAccess": access})


def test_what_was_written_is_found(web, new_id):
    tag = new_id()
    account = web.create("accounts", {"name": tag})
    for name in "cab":
        bind = {"parentcustomerid_account@odata.bind": f"/accounts({account})"}
        web.create("contacts", {"lastname": name, "jobtitle": tag, **bind})
    expand = "$expand=parentcustomerid_account($select=name)"
    found = web.get(f"contacts?$select=lastname&$filter=jobtitle eq '{tag}'&$orderby=lastname&{expand}").json()["value"]
    assert [row["lastname"] for row in found] == ["a", "b", "c"]
    assert {row["parentcustomerid_account"]["name"] for row in found} == {tag}
    assert web.get(f"contacts/$count?$filter=jobtitle eq '{tag}'").text == "3"
    below = f"accounts({account})/contact_customer_accounts"
    page = web.get(f"{below}?$select=lastname&$orderby=lastname", Prefer="odata.maxpagesize=2").json()
    rest = web.get(page["@odata.nextLink"], Prefer="odata.maxpagesize=2").json()
    assert [row["lastname"] for row in (*page["value"], *rest["value"])] == ["a", "b", "c"]
    assert "@odata.nextLink" not in rest


@pytest.mark.parametrize("option", ["$skip=1", "$search=x", "$filter=lastname in ('a')", "$filter=nosuch eq 1"])
def test_queries_that_dataverse_refuses(web, option):
    assert web.get(f"contacts?{option}").status_code == 400


def test_owners_are_expanded(web, say):
    team = web.team("Owners")
    row = web.create("contacts", {"lastname": "A", "ownerid@odata.bind": f"/teams({team})"})
    found = web.row(
        f"contacts({row})?$select=lastname&$expand=ownerid,owningteam($select=name),createdby($select=fullname)"
    )
    assert found["ownerid"]["ownerid"] == team
    assert (found["owningteam"]["name"], found["createdby"]["fullname"]) == ("Owners", "# application")
    assert web.get(f"contacts({row})/ownerid").json()["teamid"] == team
    listed = web.get(f"teams({team})/team_contacts?$select=contactid").json()["value"]
    assert [each["contactid"] for each in listed] == [row]


def test_members_of_a_team(web, seller):
    team = web.team("Members")
    members = {"Members": [reference("systemusers", seller)]}
    assert web.post(f"teams({team})/Microsoft.Dynamics.CRM.AddMembersTeam", members).status_code == 204
    found = web.get(f"teams({team})/teammembership_association?$select=fullname").json()["value"]
    assert [user["fullname"] for user in found] == ["Kim Demo"]
    back = web.get(f"systemusers({seller})/teammembership_association?$select=name").json()["value"]
    assert {each["name"] for each in back} == {"Members", "emulator"}


def test_a_seller_sees_and_changes_own_rows_only(web, say, seller, colleague):
    mine, theirs = web.as_user(seller), web.as_user(colleague)
    row = mine.create("contacts", {"lastname": "Mine"})
    assert mine.get(f"contacts({row})").status_code == 200
    for path in (f"contacts({row})", f"contacts({row})/lastname", f"contacts({row})/contact_customer_contacts"):
        answer = theirs.get(path)
        assert (answer.status_code, say.code(answer)) == (403, "0x80040220")
        assert "prvReadContact" in answer.json()["error"]["message"]
    assert theirs.get(f"contacts?$filter=contactid eq {row}").json()["value"] == []
    for answer in (theirs.patch(f"contacts({row})", {"lastname": "x"}), theirs.delete(f"contacts({row})")):
        assert (answer.status_code, say.code(answer)) == (403, "0x80040220")
    assert web.row(f"contacts({row})")["lastname"] == "Mine"


def test_sharing_opens_a_row(web, seller, colleague):
    row = web.as_user(seller).create("contacts", {"lastname": "Mine"})
    assert share(web.as_user(seller), row, colleague, "ReadAccess").status_code == 204
    theirs = web.as_user(colleague)
    assert theirs.get(f"contacts({row})").status_code == 200
    assert theirs.patch(f"contacts({row})", {"lastname": "x"}).status_code == 403
    rights = "Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)"
    target = f"@t={{'@odata.id':'contacts({row})'}}"
    assert web.get(f"systemusers({colleague})/{rights}?{target}").json()["AccessRights"] == "ReadAccess"


def test_a_disabled_user_may_do_nothing(web, seller):
    row = web.as_user(seller).create("contacts", {"lastname": "Mine"})
    rights = f"systemusers({seller})/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)"
    path = f"{rights}?@t={{'@odata.id':'contacts({row})'}}"
    assert "ReadAccess" in web.get(path, MSCRMCallerID=seller).json()["AccessRights"]
    web.patch(f"systemusers({seller})", {"isdisabled": True})
    assert web.get(path).json()["AccessRights"] == "None"


def test_an_activity_is_shared_with_what_it_is_about(web, seller, colleague):
    row = web.as_user(seller).create("contacts", {"lastname": "Mine"})
    about = {"regardingobjectid_contact_phonecall@odata.bind": f"/contacts({row})"}
    call = web.as_user(seller).create("phonecalls", {"subject": "Call", **about})
    theirs = web.as_user(colleague)
    assert theirs.get(f"phonecalls?$filter=activityid eq {call}").json()["value"] == []
    share(web.as_user(seller), row, colleague, "ReadAccess")
    assert len(theirs.get(f"phonecalls?$filter=activityid eq {call}").json()["value"]) == 1


def test_a_row_is_given_away(web, seller, colleague):
    row = web.as_user(seller).create("contacts", {"lastname": "Mine"})
    give = {"ownerid@odata.bind": f"/systemusers({colleague})"}
    assert web.as_user(colleague).patch(f"contacts({row})", give).status_code == 403
    assert web.as_user(seller).patch(f"contacts({row})", give).status_code == 204
    assert web.as_user(colleague).get(f"contacts({row})").status_code == 200
    assert web.as_user(seller).get(f"contacts?$filter=contactid eq {row}").json()["value"] == []


def test_a_seller_does_not_create_rows_for_others(web, say, seller, colleague):
    body = {"lastname": "A", "ownerid@odata.bind": f"/systemusers({colleague})"}
    answer = web.as_user(seller).post("contacts", body)
    assert (answer.status_code, say.code(answer)) == (403, "0x80040220")


def test_users_without_a_role_do_nothing(web, say):
    unit = {"businessunitid@odata.bind": f"/businessunits({say.business_unit})"}
    nobody = web.as_user(web.create("systemusers", {"lastname": "New", **unit}))
    assert nobody.get("WhoAmI").status_code == 200
    assert nobody.get("contacts").status_code == 403
    assert nobody.post("contacts", {"lastname": "A"}).status_code == 403


def test_users_belong_to_the_default_team_of_their_unit(web, say):
    root = {"parentbusinessunitid@odata.bind": f"/businessunits({say.business_unit})"}
    unit = web.create("businessunits", {"name": "North", **root})
    user = web.user("Mo")
    web.patch(f"systemusers({user})", {"businessunitid@odata.bind": f"/businessunits({unit})"})
    teams = web.get(f"systemusers({user})/teammembership_association?$select=name,isdefault").json()["value"]
    assert [(team["name"], team["isdefault"]) for team in teams] == [("North", True)]


def test_without_security_everybody_may_do_everything():
    service = Service(Parts(reader=read, prepare=(register,)))
    nobody, url = "0b000000-0000-4000-8000-0000000000ff", "http://127.0.0.1/api/data/v9.2/"
    body = b'{"lastname":"A","ownerid@odata.bind":"/systemusers(0a000000-0000-4000-8000-00000000000a)"}'
    made = service.answer(Call(method="POST", path="contacts", body=body), nobody, url)
    found = service.answer(Call(method="GET", path=made.row, query="$select=lastname"), nobody, url)
    service.close()
    assert (made.status, found.payload["lastname"]) == (204, "A")
