"""One row takes over what belongs to another."""

from __future__ import annotations

import pytest

KIND = "Microsoft.Dynamics.CRM."


def merge(web, kept, merged, kind="contact", content=None, **more):
    rows = {
        name: {"@odata.type": KIND + kind, f"{kind}id": row}
        for name, row in (("Target", kept), ("Subordinate", merged))
    }
    body = {**rows, "PerformParentingChecks": False, **more}
    return web.post("Merge", body | ({"UpdateContent": content} if content is not None else {}))


@pytest.fixture
def pair(web):
    return [web.create("contacts", {"lastname": name, "mobilephone": f"555-010{name}"}) for name in "12"]


def test_the_other_row_is_deactivated_and_says_where_it_went(web, pair):
    kept, merged = pair
    assert merge(web, kept, merged, content={"@odata.type": KIND + "contact", "jobtitle": "Buyer"}).status_code == 204
    found, gone = web.row(f"contacts({kept})"), web.row(f"contacts({merged})")
    assert (found["jobtitle"], found["lastname"], found["statecode"]) == ("Buyer", "1", 0)
    assert (gone["statecode"], gone["statuscode"], gone["merged"], gone["_masterid_value"]) == (1, 2, True, kept)


@pytest.mark.parametrize("kind", ["account", "contact", "lead"])
def test_each_table_that_can_be_merged(web, kind):
    kept, merged = (web.create(f"{kind}s", {"name" if kind == "account" else "lastname": "A"}) for _ in range(2))
    assert merge(web, kept, merged, kind).status_code == 204
    assert web.row(f"{kind}s({merged})")["statecode"] == (2 if kind == "lead" else 1)


def test_what_pointed_to_the_other_row_points_to_the_one_that_stays(web, pair):
    kept, merged = pair
    account = web.create("accounts", {"name": "A", "primarycontactid@odata.bind": f"/contacts({merged})"})
    child = web.create("contacts", {"lastname": "C", "parentcustomerid_contact@odata.bind": f"/contacts({merged})"})
    note = web.create("annotations", {"subject": "N", "objectid_contact@odata.bind": f"/contacts({merged})"})
    about = {"regardingobjectid_contact_phonecall@odata.bind": f"/contacts({merged})"}
    party = {"partyid_contact@odata.bind": f"/contacts({merged})", "participationtypemask": 1}
    call = web.create("phonecalls", {"subject": "x", **about, "phonecall_activity_parties": [party]})
    web.patch(f"contacts({kept})", {"parentcustomerid_contact@odata.bind": f"/contacts({merged})"})
    assert merge(web, kept, merged).status_code == 204
    assert web.row(f"accounts({account})")["_primarycontactid_value"] == kept
    assert web.row(f"contacts({child})")["_parentcustomerid_value"] == kept
    assert web.row(f"annotations({note})")["_objectid_value"] == kept
    assert web.row(f"activitypointers({call})")["_regardingobjectid_value"] == kept
    (found,) = web.get(f"phonecalls({call})/phonecall_activity_parties").json()["value"]
    assert found["_partyid_value"] == kept
    assert web.row(f"contacts({kept})")["_parentcustomerid_value"] is None


def test_parents_are_compared_where_that_is_wanted(web, pair):
    kept, merged = pair
    account = web.create("accounts", {"name": "A"})
    web.patch(f"contacts({merged})", {"parentcustomerid_account@odata.bind": f"/accounts({account})"})
    answer = merge(web, kept, merged, PerformParentingChecks=True)
    assert (answer.status_code, "differently parented" in answer.text) == (400, True)
    assert merge(web, kept, merged).status_code == 204


def test_what_cannot_be_merged(web, pair, new_id):
    kept, merged = pair
    assert merge(web, kept, kept).status_code == 400
    assert merge(web, kept, new_id()).status_code == 404
    assert merge(web, kept, web.create("tasks", {"subject": "x"}), "task").status_code in (400, 404)
    assert merge(web, kept, merged, content={"LastName": "x"}).status_code == 400
    assert merge(web, kept, merged, PerformParentingChecks=None).status_code == 400
    account = {"@odata.type": KIND + "account", "accountid": web.create("accounts", {"name": "A"})}
    assert merge(web, kept, merged, Subordinate=account).status_code == 400
    web.patch(f"contacts({merged})", {"statecode": 1})
    assert "inactive" in merge(web, kept, merged).text
    assert web.row(f"contacts({merged})")["merged"] is False


def test_the_caller_must_be_allowed_to_change_both(web, say, pair):
    seller = web.as_user(web.user(role=say.salesperson))
    own = seller.create("contacts", {"lastname": "A"})
    assert merge(seller, own, pair[0]).status_code == 403
    assert merge(seller, own, seller.create("contacts", {"lastname": "B"})).status_code == 204
