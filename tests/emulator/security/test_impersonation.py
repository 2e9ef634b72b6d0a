"""One user acts for another: by either header, within the rights of both, and it is written down."""

from __future__ import annotations

import pytest

DELEGATE = "0a000000-0000-4000-8000-0000000000a3"
DENIED, DISABLED, MISSING, STRANGER = "0x80040220", "0x80040225", "0x80040217", "0x80072560"


@pytest.fixture
def seller(web, say):
    return web.user("Kim", role=say.salesperson)


@pytest.fixture
def sender(web, say):
    """A user who may do what a salesperson may, and act for others."""
    return make_sender(web, say, say.salesperson)


def make_sender(web, say, *roles):
    user = web.user("Sender", role=roles[0])
    for role in (*roles[1:], DELEGATE):
        link = {"@odata.id": f"{web.root}roles({role})"}
        assert web.post(f"systemusers({user})/systemuserroles_association/$ref", link).status_code == 204
    return user


def names(web, path):
    row = web.row(f"{path}?$expand=createdby,createdonbehalfby,modifiedby,modifiedonbehalfby")
    keys = ("createdby", "createdonbehalfby", "modifiedby", "modifiedonbehalfby")
    return [row[key] and row[key]["systemuserid"] for key in keys]


def test_a_row_tells_who_acted_for_whom(web, say, seller):
    own = say.application_user
    made = web.post("contacts", {"lastname": "A"}, MSCRMCallerID=seller)
    row = made.headers["OData-EntityId"]
    assert names(web, row) == [seller, own, seller, own]
    web.patch(row, {"lastname": "B"})
    assert names(web, row) == [seller, own, own, None]
    web.patch(row, {"lastname": "C"}, MSCRMCallerID=seller)
    assert names(web, row) == [seller, own, seller, own]
    assert web.row(row)["_ownerid_value"] == seller


def test_the_object_id_of_the_directory_names_a_user(web, seller, new_id):
    known_as = new_id()
    web.patch(f"systemusers({seller})", {"azureactivedirectoryobjectid": known_as})
    assert web.get("WhoAmI", CallerObjectId=known_as.upper()).json()["UserId"] == seller
    assert web.get("WhoAmI", CallerObjectId=known_as, MSCRMCallerID=new_id()).json()["UserId"] == seller


def test_acting_as_oneself_is_not_acting_for_another(web, say):
    row = web.post("contacts", {"lastname": "A"}, MSCRMCallerID=say.application_user).headers["OData-EntityId"]
    assert names(web, row) == [say.application_user, None, say.application_user, None]


def test_nobody_acts_for_another_without_the_privilege(web, say, seller, new_id):
    colleague, contact = web.user("Sam", role=say.salesperson), new_id()
    answer = web.as_user(colleague).post("contacts", {"contactid": contact, "lastname": "A"}, MSCRMCallerID=seller)
    assert (answer.status_code, say.code(answer)) == (403, DENIED)
    assert f"(Id={colleague}, type=8" in answer.text
    assert "missing prvActOnBehalfOfAnotherUser privilege (Id=" in answer.text
    assert web.get(f"contacts({contact})").status_code == 404


@pytest.mark.parametrize(
    ("header", "named", "status", "error"),
    [
        ("MSCRMCallerID", "0b000000-0000-4000-8000-0000000000ff", 404, MISSING),
        ("CallerObjectId", "0b000000-0000-4000-8000-0000000000ff", 403, STRANGER),
        ("MSCRMCallerID", "Kim", 400, "0x80040203"),
    ],
)
def test_a_user_who_is_not_there(web, say, header, named, status, error):
    answer = web.get("contacts?$top=1", **{header: named})
    assert (answer.status_code, say.code(answer)) == (status, error)


def test_nobody_acts_for_a_disabled_user(web, say, seller):
    web.patch(f"systemusers({seller})", {"isdisabled": True})
    answer = web.get("WhoAmI", MSCRMCallerID=seller)
    assert (answer.status_code, say.code(answer)) == (403, DISABLED)


def test_an_administrator_sees_what_the_other_sees(web, say, seller):
    mine = web.as_user(seller).create("contacts", {"lastname": "Mine"})
    theirs = web.create("contacts", {"lastname": "Theirs"})
    both = f"contacts?$select=lastname&$filter=contactid eq {mine} or contactid eq {theirs}"
    assert [row["lastname"] for row in web.get(both, MSCRMCallerID=seller).json()["value"]] == ["Mine"]
    for answer in (
        web.get(f"contacts({theirs})", MSCRMCallerID=seller),
        web.patch(f"contacts({theirs})", {"lastname": "x"}, MSCRMCallerID=seller),
        web.delete(f"contacts({theirs})", MSCRMCallerID=seller),
    ):
        assert (answer.status_code, say.code(answer)) == (403, DENIED)
    assert web.patch(f"contacts({mine})", {"lastname": "x"}, MSCRMCallerID=seller).status_code == 204


def test_the_sender_gains_nothing_from_an_administrator(web, say, sender):
    client = web.as_user(sender)
    strange, own = web.create("contacts", {"lastname": "A"}), say.administrator
    answer = client.get(f"contacts({strange})", MSCRMCallerID=own)
    assert (answer.status_code, say.code(answer)) == (403, DENIED)
    assert client.get("roles?$top=1", MSCRMCallerID=own).status_code == 200
    assert client.post("teams", {"name": "T"}, MSCRMCallerID=own).status_code == 403
    made = client.post("contacts", {"lastname": "B"}, MSCRMCallerID=own)
    assert web.row(made.headers["OData-EntityId"])["_ownerid_value"] == own


def test_a_share_counts_for_the_one_it_was_given_to(web, say, seller, sender):
    row = web.create("contacts", {"lastname": "A"})
    kind = "@odata.type"
    share = {
        "Target": {kind: "Microsoft.Dynamics.CRM.contact", "contactid": row},
        "PrincipalAccess": {
            "AccessMask": "ReadAccess",
            "Principal": {kind: "Microsoft.Dynamics.CRM.systemuser", "systemuserid": seller},
        },
    }
    assert web.post("GrantAccess", share).status_code == 204
    assert web.as_user(sender).get(f"contacts({row})").status_code == 403
    assert web.as_user(sender).get(f"contacts({row})", MSCRMCallerID=seller).status_code == 200


def test_each_part_of_a_batch_names_its_user(web, say, seller, new_id):
    other = web.user("Sam", role=say.salesperson)
    own, shared = {"MSCRMCallerID": other}, new_id()
    answer, parts = web.batch(
        ("GET", "WhoAmI"),
        ("GET", "WhoAmI", None, own),
        [("POST", "contacts", {"contactid": shared, "lastname": "A"}, own), ("PATCH", "$1", {"lastname": "B"})],
        MSCRMCallerID=seller,
    )
    assert [payload["UserId"] for _, _, payload in parts[:2]] == [seller, other]
    assert (answer.status_code, parts[-1][0]) == (403, 403)
    assert web.get(f"contacts({shared})").status_code == 404
