"""Business units: their copies of roles, roles of another unit, users who move."""

from __future__ import annotations

import pytest

KIND = "Microsoft.Dynamics.CRM."


@pytest.fixture
def house(fresh, say):
    """Units below the one that is there: north, city in north, south."""
    units = {"house": say.business_unit}
    for name, above in (("north", "house"), ("city", "north"), ("south", "house")):
        units[name] = unit(fresh, name, units[above])
    return units


def unit(web, name, parent):
    return web.create("businessunits", {"name": name, "parentbusinessunitid@odata.bind": f"/businessunits({parent})"})


def role(web, name, unit):
    return web.create("roles", {"name": name, "businessunitid@odata.bind": f"/businessunits({unit})"})


def grant(web, role, depth, *names, action="AddPrivilegesRole"):
    found = [web.get(f"privileges?$filter=name eq '{name}'").json()["value"][0]["privilegeid"] for name in names]
    privileges = [{"PrivilegeId": each, "Depth": depth} for each in found]
    return web.post(f"roles({role})/{KIND}{action}", {"Privileges": privileges})


def held(web, role):
    found = web.get(f"RetrieveRolePrivilegesRole(RoleId={role})").json()["RolePrivileges"]
    return {(each["PrivilegeName"], each["Depth"]) for each in found}


def copies(web, root):
    found = web.get(f"roles?$filter=_parentrootroleid_value eq {root}&$select=name,_businessunitid_value").json()[
        "value"
    ]
    return {row["_businessunitid_value"]: row["roleid"] for row in found}


def user(web, unit, *roles):
    made = web.create("systemusers", {"lastname": "U", "businessunitid@odata.bind": f"/businessunits({unit})"})
    for each in roles:
        link = {"@odata.id": f"{web.root}roles({each})"}
        assert web.post(f"systemusers({made})/systemuserroles_association/$ref", link).status_code == 204
    return made


def test_each_unit_has_the_roles_of_the_unit_above(fresh, house, say):
    found = copies(fresh, say.salesperson)
    assert set(found) == set(house.values())
    assert held(fresh, found[house["city"]]) == held(fresh, say.salesperson)
    city = fresh.row(f"roles({found[house['city']]})")
    assert (city["name"], city["_parentroleid_value"]) == ("Salesperson", found[house["north"]])


def test_a_role_is_inherited_downwards_only(fresh, house):
    made = role(fresh, "Northern", house["north"])
    assert set(copies(fresh, made)) == {house["north"], house["city"]}
    later = unit(fresh, "village", house["city"])
    assert set(copies(fresh, made)) == {house["north"], house["city"], later}


def test_copies_follow_their_role(fresh, house):
    made = role(fresh, "Northern", house["north"])
    copy = copies(fresh, made)[house["city"]]
    assert grant(fresh, made, "Local", "prvReadContact", "prvWriteContact").status_code == 204
    assert held(fresh, copy) == {("prvReadContact", "Local"), ("prvWriteContact", "Local")}
    (write,) = fresh.get("privileges?$filter=name eq 'prvWriteContact'").json()["value"]
    removed = fresh.post(f"roles({made})/{KIND}RemovePrivilegeRole", {"PrivilegeId": write["privilegeid"]})
    assert (removed.status_code, held(fresh, copy)) == (204, {("prvReadContact", "Local")})
    grant(fresh, made, "Basic", "prvReadLead", action="ReplacePrivilegesRole")
    fresh.patch(f"roles({made})", {"name": "Polar"})
    assert (held(fresh, copy), fresh.row(f"roles({copy})")["name"]) == ({("prvReadLead", "Basic")}, "Polar")
    assert fresh.delete(f"roles({made})").status_code == 204
    assert fresh.get(f"roles({copy})").status_code == 404


def test_a_copy_is_not_changed_by_itself(fresh, house, say):
    copy = copies(fresh, say.salesperson)[house["city"]]
    assert grant(fresh, copy, "Basic", "prvReadQueue").status_code == 400
    assert fresh.patch(f"roles({copy})", {"name": "Other"}).status_code == 400
    assert fresh.delete(f"roles({copy})").status_code == 400
    assert fresh.row(f"roles({copy})")["name"] == "Salesperson"
    clash = {"name": "Salesperson", "businessunitid@odata.bind": f"/businessunits({house['city']})"}
    assert fresh.post("roles", clash).status_code == 412


def test_a_privilege_reaches_from_the_unit_of_its_role(fresh, house, say):
    made = role(fresh, "Reader", house["house"])
    grant(fresh, made, "Local", "prvReadContact")
    roles = copies(fresh, made)
    rows = {}
    for name in ("north", "city", "south"):
        owner = user(fresh, house[name], copies(fresh, say.salesperson)[house[name]])
        rows[name] = fresh.as_user(owner).create("contacts", {"lastname": name})
    own = user(fresh, house["north"], roles[house["north"]])
    other = user(fresh, house["north"], roles[house["south"]])
    both = user(fresh, house["north"], roles[house["north"]], roles[house["south"]])

    def seen(reader):
        found = fresh.as_user(reader).get("contacts?$select=lastname&$orderby=lastname").json()["value"]
        return [row["lastname"] for row in found]

    assert (seen(own), seen(other), seen(both)) == (["north"], ["south"], ["north", "south"])
    assert rows.keys() == {"north", "city", "south"}


def test_a_user_who_moves_loses_the_roles_and_takes_the_rows_along(fresh, house, say):
    seller = user(fresh, house["north"], copies(fresh, say.salesperson)[house["north"]])
    contact = fresh.as_user(seller).create("contacts", {"lastname": "A"})
    call = fresh.as_user(seller).create("phonecalls", {"subject": "x"})
    same = {"businessunitid@odata.bind": f"/businessunits({house['north']})"}
    fresh.patch(f"systemusers({seller})", same)
    assert fresh.as_user(seller).get(f"contacts({contact})").status_code == 200
    fresh.patch(f"systemusers({seller})", {"businessunitid@odata.bind": f"/businessunits({house['south']})"})
    assert fresh.get(f"systemusers({seller})/systemuserroles_association").json()["value"] == []
    assert fresh.as_user(seller).get(f"contacts({contact})").status_code == 403
    assert fresh.row(f"contacts({contact})")["_owningbusinessunit_value"] == house["south"]
    assert fresh.row(f"activitypointers({call})")["_owningbusinessunit_value"] == house["south"]


def test_a_unit_has_a_parent_for_good(fresh, house, say):
    assert fresh.post("businessunits", {"name": "Nowhere"}).status_code == 400
    moved = {"parentbusinessunitid@odata.bind": f"/businessunits({house['city']})"}
    assert fresh.patch(f"businessunits({house['north']})", moved).status_code == 501
    assert fresh.patch(f"businessunits({house['north']})", {"name": "Arctic"}).status_code == 204


def test_privileges_of_a_user_by_name_and_by_id(fresh, say):
    seller = fresh.user(role=say.salesperson)
    names = "PrivilegeNames=@p)?@p=['prvReadContact','prvreadlead','prvNoSuch','prvReadRole']"
    path = f"systemusers({seller})/{KIND}"
    found = fresh.get(f"{path}RetrieveUserSetOfPrivilegesByNames({names}").json()["RolePrivileges"]
    assert {(each["PrivilegeName"], each["Depth"]) for each in found} == {
        ("prvReadContact", "Basic"),
        ("prvReadLead", "Basic"),
        ("prvReadRole", "Local"),
    }
    ids = ",".join(f"'{each['PrivilegeId']}'" for each in found[:1])
    again = fresh.get(f"{path}RetrieveUserSetOfPrivilegesByIds(PrivilegeIds=@p)?@p=[{ids}]").json()["RolePrivileges"]
    assert again == found[:1]
    assert fresh.get(f"{path}RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@p)?@p='x'").status_code == 400
