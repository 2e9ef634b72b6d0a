"""Roles, depths, teams and shares decide what is seen and done."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.errors import DataverseError
from emulator.security.checks import check, check_privilege
from emulator.security.rights import RIGHTS


@pytest.fixture
def house(world):
    """A head office with two units below it, one of them with a unit of its own, and one account in each."""
    head = world.unit()
    north, south = world.unit(head), world.unit(head)
    city = world.unit(north)
    everyone = world.role("Basic", "account", verbs=("Read",))
    units = {"head": head, "north": north, "south": south, "city": city}
    owners = {name: world.user(unit, everyone) for name, unit in units.items()}
    rows = {name: world.row("account", owner) for name, owner in owners.items()}
    return units, owners, rows


@pytest.mark.parametrize(
    ("depth", "found"),
    [
        ("Basic", []),
        ("Local", ["north"]),
        ("Deep", ["north", "city"]),
        ("Global", ["head", "north", "south", "city"]),
    ],
)
@pytest.mark.parametrize("through", ["user", "team"])
def test_a_privilege_reaches_as_far_as_its_depth(world, house, depth, found, through):
    units, _, rows = house
    role = world.role(depth, "account")
    if through == "user":
        user = world.user(units["north"], role)
    else:
        user = world.user(units["south"])
        world.team(units["north"], role, members=[user])
    assert world.seen(user, "account") == {rows[name] for name in found}


def test_own_rows_and_those_of_own_teams_are_seen_at_any_depth(world, house):
    units, _, _ = house
    role = world.role("Basic", "account")
    user = world.user(units["north"], role)
    team = world.team(units["south"], role, members=[user])
    stranger = world.team(units["north"], role)
    mine, ours, _ = (world.row("account", owner) for owner in (user, team, stranger))
    assert world.seen(user, "account") == {mine, ours}


def test_a_basic_privilege_of_a_team_reaches_only_the_teams_rows(world, house):
    units, _, _ = house
    reader = world.role("Basic", "account", verbs=("Read",))
    user = world.user(units["north"])
    team = world.team(units["north"], reader, members=[user])
    other = world.team(units["north"], reader, members=[user])
    writer = world.role("Basic", "account", verbs=("Write",))
    world.put("teamroles", teamid=other, roleid=writer)
    row = world.row("account", team)
    assert world.may(user, "account", row) == {"Read"}
    with pytest.raises(DataverseError, match=f"{user}.*is missing prvReadAccount"):
        world.row("account", user)


def test_members_hold_what_their_team_holds_themselves_if_the_role_says_so(world, house):
    units, _, rows = house
    user = world.user(units["south"])
    team = world.team(units["north"], world.role("Local", "account", inherited=True), members=[user])
    other = world.team(units["city"], world.role("Basic", "account", verbs=("Read",)), members=[user])
    mine, ours, theirs = (world.row("account", owner) for owner in (user, team, other))
    assert world.seen(user, "account") == {mine, ours, theirs, rows["north"]}
    assert world.may(user, "account", mine) == world.may(user, "account", theirs) == set(RIGHTS)


@pytest.mark.parametrize(
    ("depth", "inherited", "can_own"),
    [("Basic", True, True), ("Basic", False, False), ("Deep", False, False), ("Global", False, True)],
)
def test_who_can_read_only_through_a_team_owns_rows_by_inheritance_or_by_global_depth(
    world, house, depth, inherited, can_own
):
    units, _, _ = house
    user = world.user(units["north"])
    world.team(units["north"], world.role(depth, "account", inherited=inherited), members=[user])
    if can_own:
        assert world.row("account", user)
    else:
        with pytest.raises(DataverseError, match="is missing prvReadAccount"):
            world.row("account", user)


def test_without_any_privilege_a_query_is_refused(world, house):
    units, _, rows = house
    user = world.user(units["north"])
    with pytest.raises(DataverseError) as caught:
        world.seen(user, "account")
    assert (caught.value.status, caught.value.code) == (403, "0x80040220")
    assert f"Principal user (Id={user}, type=8" in caught.value.message
    assert "is missing prvReadAccount privilege (Id=" in caught.value.message
    assert world.may(user, "account", rows["north"]) == set()


def test_a_share_reaches_nobody_without_the_privilege(world, house):
    units, _, rows = house
    admin = world.user(units["head"], world.role(name="System Administrator"))
    user = world.user(units["south"])
    with pytest.raises(DataverseError) as caught:
        world.share(admin, "account", rows["north"], user)
    assert caught.value.code == "0x80040220"
    reader = world.user(units["south"], world.role("Basic", "account", verbs=("Read",)))
    world.share(admin, "account", rows["north"], reader, "ReadAccess,WriteAccess")
    assert world.may(reader, "account", rows["north"]) == {"Read"}


def test_tables_of_the_organization_take_global_depth(world, house):
    units, _, _ = house
    row = world.put("txv_config", name="x")
    for depth, found in (("Global", {row}), ("Deep", None)):
        user = world.user(units["head"], world.role(depth, "txv_config"))
        if found is None:
            with pytest.raises(DataverseError, match="prvReadtxv_Config"):
                world.seen(user, "txv_config")
        else:
            assert world.seen(user, "txv_config") == found


def test_activities_share_their_privileges(world, house):
    units, _, _ = house
    role = world.role("Basic", "phonecall")
    user = world.user(units["head"], role)
    call = world.row("phonecall", user)
    world.put("activitypointer", ownerid=("systemuser", user), owningbusinessunit=units["head"])
    assert world.seen(user, "phonecall") == {call}
    assert len(world.seen(user, "activitypointer")) == 1


def test_a_party_is_as_open_as_its_activity(world, house):
    units, _, _ = house
    role = world.role("Basic", "phonecall")
    user, other = world.user(units["head"], role), world.user(units["head"], role)
    activity = world.put("activitypointer", ownerid=("systemuser", user), owningbusinessunit=units["head"])
    party = world.put("activityparty", activityid=activity)
    assert world.seen(user, "activityparty") == {party}
    assert world.seen(other, "activityparty") == set()


@pytest.mark.parametrize("through", ["user", "team"])
def test_a_system_administrator_may_do_everything(world, house, through):
    units, _, rows = house
    role = world.role(name="system administrator")
    user = world.user(units["city"], *([role] if through == "user" else []))
    if through == "team":
        world.team(units["city"], role, members=[user])
    assert world.seen(user, "account") == set(rows.values())
    assert world.may(user, "account", rows["head"]) == set(RIGHTS)


@pytest.mark.parametrize("name", ["privilege", "teammembership"])
def test_what_holds_security_together_is_read_by_everybody(world, house, name):
    units, _, _ = house
    user = world.user(units["head"])
    world.team(units["head"], world.role("Basic", "account"), members=[user])
    assert world.seen(user, name)
    table = world.schema.tables[name]
    with pytest.raises(DataverseError):
        check_privilege(world.context(user), table, "Write")


@pytest.mark.parametrize(
    ("depth", "found"),
    [("Local", ["north"]), ("Deep", ["north", "city"]), ("Global", ["head", "north", "south", "city"])],
)
@pytest.mark.parametrize("name", ["systemuser", "team", "businessunit", "role"])
def test_users_teams_units_and_roles_are_read_from_the_unit_upwards(world, house, name, depth, found):
    units, owners, _ = house
    reader = world.role(depth, name, verbs=("Read",), name="Reader")
    user = world.user(units["north"], reader)
    rows = {
        "systemuser": owners,
        "team": {name: world.team(unit) for name, unit in units.items()},
        "businessunit": units,
        "role": {name: world.copy_for(unit, reader) for name, unit in units.items()},
    }[name]
    seen = world.seen(user, name)
    assert {name for name, row in rows.items() if row in seen} == set(found)


@pytest.mark.parametrize("name", ["systemuser", "team", "businessunit", "role"])
def test_users_teams_units_and_roles_are_not_read_without_the_privilege(world, house, name):
    units, _, _ = house
    user = world.user(units["north"], world.role("Global", "account"))
    with pytest.raises(DataverseError, match="is missing prvRead"):
        world.seen(user, name)


def test_a_check_names_what_is_missing_on_a_row(world, house):
    units, _, rows = house
    user = world.user(units["north"], world.role("Local", "account", verbs=("Read", "Write")))
    context, table = world.context(user), world.schema.tables["account"]
    check(context, table, rows["north"], "Write")
    check_privilege(context, table, "Write")
    with pytest.raises(DataverseError, match="prvWriteAccount") as caught:
        check(context, table, rows["south"], "Write")
    assert rows["south"] in caught.value.message
    with pytest.raises(DataverseError, match="prvDeleteAccount"):
        check_privilege(context, table, "Delete")
    with pytest.raises(DataverseError) as caught:
        check(context, table, user, "Read")
    assert caught.value.status == 404


def test_an_owner_must_be_able_to_read_the_table(world, house):
    units, _, _ = house
    nobody = world.user(units["north"])
    with pytest.raises(DataverseError) as caught:
        world.row("account", nobody)
    assert caught.value.code == "0x80040220"
    powerless = world.team(units["north"])
    row = world.row("account", world.user(units["north"], world.role("Basic", "account")))
    with pytest.raises(DataverseError, match=rf"Principal team \(Id={powerless}, type=9"):
        world.change("account", row, ownerid=("team", powerless))


DEPTHS = {None: None, "Basic": 1, "Local": 2, "Deep": 4, "Global": 8}
PLANS = st.fixed_dictionaries(
    {
        "units": st.lists(st.integers(0, 3), min_size=1, max_size=4),
        "users": st.lists(
            st.tuples(st.integers(0, 4), st.sampled_from(list(DEPTHS)), st.sampled_from(["Read", "Write"])),
            min_size=1,
            max_size=3,
        ),
        "teams": st.lists(
            st.tuples(
                st.integers(0, 4),
                st.sampled_from(list(DEPTHS)),
                st.sampled_from(["Read", "Write"]),
                st.sets(st.integers(0, 2)),
            ),
            max_size=2,
        ),
        "rows": st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=4),
        "shares": st.lists(
            st.tuples(st.integers(0, 3), st.integers(0, 4), st.sampled_from([1, 2, 3]), st.booleans()), max_size=3
        ),
    }
)


class Model:
    """The rules once more, over plain lists."""

    def __init__(self, world, plan):
        self.parents, self.units = {}, [world.unit()]
        for parent in plan["units"]:
            self.units.append(world.unit(self.units[parent % len(self.units)]))
            self.parents[self.units[-1]] = self.units[parent % (len(self.units) - 1)]
        self.grants, self.unit, self.teams_of = {}, {}, {}
        for number, depth, verb in plan["users"]:
            unit = self.units[number % len(self.units)]
            self.add(world.user(unit, *self.role(world, depth, verb)), unit, depth, verb)
        self.users = list(self.unit)
        for number, depth, verb, members in plan["teams"]:
            unit = self.units[number % len(self.units)]
            inside = [self.users[each % len(self.users)] for each in members]
            team = world.team(unit, *self.role(world, depth, verb), members=set(inside))
            self.add(team, unit, depth, verb)
            for user in inside:
                self.teams_of.setdefault(user, set()).add(team)
        self.principals = list(self.unit)
        self.rows = {}
        for owner, unit in plan["rows"]:
            owner_id, unit_id = self.principals[owner % len(self.principals)], self.units[unit % len(self.units)]
            kind = "systemuser" if owner_id in self.users else "team"
            row = world.put("account", ownerid=(kind, owner_id), owningbusinessunit=unit_id)
            self.rows[row] = (owner_id, unit_id)
        self.shares = []
        for row, principal, mask, inherited in plan["shares"]:
            share = list(self.rows)[row % len(self.rows)], self.principals[principal % len(self.principals)], mask
            self.shares.append(share)
            world.put(
                "principalobjectaccess",
                objectid=share[0],
                objecttypecode="account",
                principalid=share[1],
                principaltypecode="systemuser" if share[1] in self.users else "team",
                accessrightsmask=None if inherited else mask,
                inheritedaccessrightsmask=mask if inherited else None,
            )

    @staticmethod
    def role(world, depth, verb):
        return [world.role(depth, "account", verbs=(verb,))] if depth else []

    def add(self, principal, unit, depth, verb):
        self.unit[principal] = unit
        self.grants[principal] = {verb: depth} if depth else {}

    def under(self, unit, top):
        return unit == top or (unit in self.parents and self.under(self.parents[unit], top))

    def has(self, principal, verb, row):
        who = {principal} | self.teams_of.get(principal, set())
        grants = [(holder, self.grants[holder][verb]) for holder in who if verb in self.grants[holder]]
        if not grants:
            return False
        if any(each in who and of == row and mask & RIGHTS[verb] for of, each, mask in self.shares):
            return True
        owner, unit = self.rows[row]
        return any(
            depth == "Global"
            or (depth == "Deep" and self.under(unit, self.unit[holder]))
            or (depth == "Local" and unit == self.unit[holder])
            or (owner in who if holder == principal else owner == holder)
            for holder, depth in grants
        )


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=PLANS)
def test_a_query_shows_what_retrieve_principal_access_calls_readable(world, db, plan):
    for table in world.schema.tables:
        db.execute(f'delete from "{table}"')
    model = Model(world, plan)
    for principal in model.principals:
        for row in model.rows:
            rights = world.may(principal, "account", row)
            assert rights == {verb for verb in ("Read", "Write") if model.has(principal, verb, row)}
    for user in model.users:
        readable = {row for row in model.rows if "Read" in world.may(user, "account", row)}
        try:
            assert world.seen(user, "account") == readable
        except DataverseError as error:
            assert (error.status, readable) == (403, set())
