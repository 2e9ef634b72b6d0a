"""Operations on roles, privileges and teams."""

import pytest

from emulator.errors import DataverseError


@pytest.fixture
def admin(world):
    return world.user(world.unit(), world.role(name="System Administrator"))


def depths(body):
    return {each["PrivilegeName"]: each["Depth"] for each in body["RolePrivileges"]}


def test_a_user_holds_its_own_roles_and_at_basic_what_it_inherits_from_teams(world, admin):
    unit = world.unit()
    user = world.user(unit, world.role("Local", "account", verbs=("Read", "Write")))
    inherited = world.role("Deep", "account", verbs=("Read", "Append"), inherited=True)
    team = world.team(unit, inherited, world.role("Global", "account", verbs=("Delete",)), members=[user])
    body = world.call("RetrieveUserPrivileges", admin, ("systemuser", user))
    assert depths(body) == {"prvReadAccount": "Local", "prvWriteAccount": "Local", "prvAppendAccount": "Basic"}
    assert body["RolePrivileges"][0] == {
        "Depth": "Basic",
        "PrivilegeId": world.privilege("prvAppendAccount"),
        "BusinessUnitId": unit,
        "PrivilegeName": "prvAppendAccount",
        "RecordFilterId": "00000000-0000-0000-0000-000000000000",
        "RecordFilterUniqueName": "",
    }
    assert depths(world.call("RetrieveTeamPrivileges", admin, ("team", team))) == {
        "prvReadAccount": "Deep",
        "prvAppendAccount": "Deep",
        "prvDeleteAccount": "Global",
    }


@pytest.fixture
def curious(world):
    """May read users, teams and the organization, and so ask what others hold."""
    return world.role("Global", "systemuser", "team", "organization", verbs=("Read",))


@pytest.mark.parametrize(
    ("operation", "kind", "needed"),
    [
        ("RetrieveUserPrivileges", "systemuser", {"systemuser", "organization"}),
        ("RetrieveUserPrivilegeByPrivilegeName", "systemuser", {"systemuser", "organization"}),
        ("RetrieveTeamPrivileges", "team", {"team"}),
    ],
)
def test_what_others_hold_is_told_to_those_who_may_read_them(world, operation, kind, needed):
    unit = world.unit()
    asked = world.user(unit) if kind == "systemuser" else world.team(unit)
    parameters = {"PrivilegeName": "prvReadAccount"} if "Name" in operation else {}
    for missing in (None, *needed):
        tables = sorted(needed - {missing})
        asking = world.user(unit, world.role("Global", *tables, verbs=("Read",)))
        if missing is None:
            assert world.call(operation, asking, (kind, asked), **parameters) == {"RolePrivileges": []}
        else:
            with pytest.raises(DataverseError, match="is missing prvRead"):
                world.call(operation, asking, (kind, asked), **parameters)


def test_one_privilege_is_asked_for_by_name(world, curious):
    user = world.user(world.unit(), curious, world.role("Local", "account", verbs=("Read",)))
    world.privilege("prvReadNote")
    for name, found in (("prvreadaccount", {"prvReadAccount": "Local"}), ("prvReadNote", {}), ("prvNone", {})):
        body = world.call("RetrieveUserPrivilegeByPrivilegeName", user, ("systemuser", user), PrivilegeName=name)
        assert depths(body) == found
    with pytest.raises(DataverseError, match="PrivilegeName"):
        world.call("RetrieveUserPrivilegeByPrivilegeName", user, ("systemuser", user))


def test_an_administrator_holds_every_privilege(world, admin):
    world.privilege("prvReadAccount")
    body = world.call("RetrieveUserPrivileges", admin, ("systemuser", admin))
    assert depths(body) == {"prvReadAccount": "Global"}


def privileges(world, **depth):
    return [{"PrivilegeId": world.privilege(name).upper(), "Depth": each} for name, each in depth.items()]


def test_privileges_are_added_to_a_role_and_replaced(world, admin):
    role = world.role()
    bound = ("role", role)
    assert (
        world.call("AddPrivilegesRole", admin, bound, Privileges=privileges(world, prvA="Basic", prvB="Local")) is None
    )
    world.call("AddPrivilegesRole", admin, bound, Privileges=privileges(world, prvB="Global", prvC="Deep"))
    body = world.call("RetrieveRolePrivilegesRole", admin, RoleId=role)
    assert depths(body) == {"prvA": "Basic", "prvB": "Global", "prvC": "Deep"}
    world.call("ReplacePrivilegesRole", admin, bound, Privileges=privileges(world, prvC="Basic"))
    assert depths(world.call("RetrieveRolePrivilegesRole", admin, RoleId=role)) == {"prvC": "Basic"}


def test_a_privilege_has_no_other_depths_than_it_can_have(world, admin):
    role = world.role("Basic", "account", verbs=("Read",))
    world.privilege("prvReadUser", depths="Local Deep Global")
    for name in ("AddPrivilegesRole", "ReplacePrivilegesRole"):
        with pytest.raises(DataverseError, match="prvReadUser cannot be given at the depth Basic") as caught:
            given = privileges(world, prvReadAccount="Local", prvReadUser="Basic")
            world.call(name, admin, ("role", role), Privileges=given)
        assert caught.value.status == 400
    assert depths(world.call("RetrieveRolePrivilegesRole", admin, RoleId=role)) == {"prvReadAccount": "Basic"}
    world.call("AddPrivilegesRole", admin, ("role", role), Privileges=privileges(world, prvReadUser="Local"))
    assert depths(world.call("RetrieveRolePrivilegesRole", admin, RoleId=role))["prvReadUser"] == "Local"


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (None, 400),
        ([1], 400),
        ([{"PrivilegeId": "x", "Depth": "Basic"}], 404),
        ([{"Depth": "None"}], 400),
        ([{"Depth": ["Basic"]}], 400),
    ],
)
def test_privileges_that_do_not_exist_change_no_role(world, admin, given, status):
    role = world.role("Basic", "account", verbs=("Read",))
    for name in ("AddPrivilegesRole", "ReplacePrivilegesRole"):
        with pytest.raises(DataverseError) as caught:
            world.call(name, admin, ("role", role), Privileges=given)
        assert caught.value.status == status
    assert depths(world.call("RetrieveRolePrivilegesRole", admin, RoleId=role)) == {"prvReadAccount": "Basic"}


def test_a_role_is_changed_by_those_who_may(world):
    role = world.role()
    seller = world.user(world.unit(), world.role("Basic", "account"))
    with pytest.raises(DataverseError, match="prvWriteRole"):
        world.call("AddPrivilegesRole", seller, ("role", role), Privileges=[])


def test_an_unknown_role_is_not_found(world, admin):
    with pytest.raises(DataverseError) as caught:
        world.call("RetrieveRolePrivilegesRole", admin, RoleId=admin)
    assert caught.value.status == 404


def test_members_join_a_team_once_and_leave_it(world, admin):
    unit = world.unit()
    user, team = world.user(unit), world.team(unit, world.role("Basic", "account"))
    row = world.row("account", team)
    members = [{"systemuserid": user, "@odata.type": "#Microsoft.Dynamics.CRM.systemuser"}]
    for _ in range(2):
        assert world.call("AddMembersTeam", admin, ("team", team), Members=members) is None
    assert len(world.seen(admin, "teammembership")) == 1
    assert world.seen(user, "account") == {row}
    world.call("RemoveMembersTeam", admin, ("team", team), Members=[{"@odata.id": f"systemusers({user})"}])
    assert world.seen(admin, "teammembership") == set()


@pytest.mark.parametrize("members", [None, [], "x", [1], [{"@odata.type": "Microsoft.Dynamics.CRM.team"}]])
def test_members_are_users(world, admin, members):
    team = world.team(world.unit())
    with pytest.raises(DataverseError):
        world.call("AddMembersTeam", admin, ("team", team), Members=members)
    with pytest.raises(DataverseError, match="not a list of users"):
        world.call("AddMembersTeam", admin, ("team", team), Members=[{"@odata.id": f"teams({team})"}])


def test_a_team_is_changed_by_those_who_may(world):
    team = world.team(world.unit())
    seller = world.user(world.unit(), world.role("Basic", "account"))
    with pytest.raises(DataverseError, match="prvWriteteam"):
        world.call("AddMembersTeam", seller, ("team", team), Members=[])


def test_the_role_of_administrators_is_known_by_its_template_whatever_it_is_called(web):
    template = "627090ff-40a3-4053-8790-584edc5be201"

    path = f"roles?$select=name&$filter=_roletemplateid_value eq {template}&$expand=roletemplateid($select=name)"

    (found,) = web.row(path)["value"]
    assert (found["name"], found["roletemplateid"]["name"]) == ("System Administrator", "System Administrator")
