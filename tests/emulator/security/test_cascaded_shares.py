"""A share of a row reaches the rows below it as far as the relationship says."""

from __future__ import annotations

import pytest

KIND = "Microsoft.Dynamics.CRM."


@pytest.fixture
def thing(fresh, say):
    """Makes a table whose rows lie below contacts, with these cascades, and a salesperson who may read both."""

    def make(**cascades):
        assert fresh.post("EntityDefinitions", say.table("new_Thing")).status_code == 204
        link = say.one_to_many("new_things_of", "contact", "new_thing", "new_ContactId", **cascades)
        assert fresh.post("RelationshipDefinitions", link).status_code == 204
        (privilege,) = fresh.get("privileges?$filter=name eq 'prvReadnew_Thing'").json()["value"]
        read = {"Privileges": [{"PrivilegeId": privilege["privilegeid"], "Depth": "Basic"}]}
        assert fresh.post(f"roles({say.salesperson})/{KIND}AddPrivilegesRole", read).status_code == 204
        return fresh.user(role=say.salesperson)

    return make


def create(web, contact, **body):
    bind = {"new_ContactId@odata.bind": f"/contacts({contact})"}
    return web.create("new_things", {"new_name": "T", **bind, **body})


def share(web, action, contact, user, mask="ReadAccess"):
    target = {"@odata.type": KIND + "contact", "contactid": contact}
    principal = {"@odata.type": KIND + "systemuser", "systemuserid": user}
    body = {"Target": target, "Revokee": principal}
    if action != "RevokeAccess":
        body = {"Target": target, "PrincipalAccess": {"AccessMask": mask, "Principal": principal}}
    assert web.post(action, body).status_code == 204


def seen(web, user, *things):
    client = web.as_user(user)
    return [client.get(f"new_things({thing})").status_code == 200 for thing in things]


def test_a_share_that_cascades_and_is_not_taken_back(fresh, thing):
    user = thing(Share="Cascade", Unshare="NoCascade")
    contact = fresh.create("contacts", {"lastname": "A"})
    row = create(fresh, contact)
    share(fresh, "GrantAccess", contact, user)
    assert seen(fresh, user, row) == [True]
    share(fresh, "RevokeAccess", contact, user)
    assert fresh.as_user(user).get(f"contacts({contact})").status_code == 403
    assert seen(fresh, user, row) == [True]


def test_a_share_that_reaches_those_that_come_later(fresh, thing):
    user = thing(Reparent="Cascade")
    contact = fresh.create("contacts", {"lastname": "A"})
    there = create(fresh, contact)
    share(fresh, "GrantAccess", contact, user)
    later = create(fresh, contact)
    assert seen(fresh, user, there, later) == [False, True]
    other = fresh.create("contacts", {"lastname": "B"})
    fresh.patch(f"new_things({later})", {"new_ContactId@odata.bind": f"/contacts({other})"})
    fresh.patch(f"new_things({there})", {"new_ContactId@odata.bind": f"/contacts({contact})", "new_name": "same"})
    assert seen(fresh, user, there, later) == [False, False]  # no other parent, so nothing is inherited anew


def test_a_share_that_stays_where_it_is(fresh, thing):
    user = thing(Assign="Cascade")
    contact = fresh.create("contacts", {"lastname": "A"})
    there = create(fresh, contact)
    share(fresh, "GrantAccess", contact, user)
    assert seen(fresh, user, there, create(fresh, contact)) == [False, False]


@pytest.mark.parametrize(
    ("rule", "found"), [("Cascade", "open closed theirs"), ("Active", "open theirs"), ("UserOwned", "open closed")]
)
def test_a_share_reaches_some_of_the_rows_below(fresh, thing, say, rule, found):
    user = thing(Share=rule, Unshare=rule)
    contact, other = fresh.create("contacts", {"lastname": "A"}), fresh.user("Other")
    rows = {
        "open": create(fresh, contact),
        "closed": create(fresh, contact, statecode=1),
        "theirs": create(fresh, contact, **{"ownerid@odata.bind": f"/systemusers({other})"}),
    }
    share(fresh, "GrantAccess", contact, user, "ReadAccess,WriteAccess")
    assert seen(fresh, user, *rows.values()) == [name in found.split() for name in rows]
    share(fresh, "ModifyAccess", contact, user, "WriteAccess")
    assert seen(fresh, user, *rows.values()) == [False, False, False]


def test_sharing_nothing_takes_the_share_away(fresh, thing):
    user = thing(Share="Cascade", Unshare="Cascade")
    contact = fresh.create("contacts", {"lastname": "A"})
    row = create(fresh, contact)
    share(fresh, "GrantAccess", contact, user)
    share(fresh, "ModifyAccess", contact, user, "None")
    assert seen(fresh, user, row) == [False]
    assert fresh.get(f"principalobjectaccessset?$filter=principalid eq {user}").json()["value"] == []
