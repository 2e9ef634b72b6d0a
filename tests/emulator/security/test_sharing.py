"""Sharing, what children inherit of it, and the operations that report it."""

import pytest

from emulator.errors import DataverseError
from emulator.security.rights import OWNER, RIGHTS, read_mask, write_mask

OWNED = set(RIGHTS)
INHERITED = OWNED - {"Create"}


@pytest.fixture
def people(world):
    """Two sellers with Basic depth in one unit, and a team of the second."""
    unit = world.unit()
    role = world.role("Basic", "account", "txv_item", "txv_line", "phonecall")
    anna, ben = world.user(unit, role), world.user(unit, role)
    team = world.team(unit, role, members=[ben])
    return anna, ben, team


def test_granting_adds_modifying_replaces_revoking_takes_away(world, people):
    anna, ben, _ = people
    row = world.row("account", anna)
    assert world.share(anna, "account", row, ben) is None
    assert world.may(ben, "account", row) == {"Read"}
    world.share(anna, "account", row, ben, "WriteAccess, ShareAccess")
    assert world.may(ben, "account", row) == {"Read", "Write", "Share"}
    world.share(anna, "account", row, ben, "ReadAccess,AppendToAccess", action="ModifyAccess")
    assert world.may(ben, "account", row) == {"Read", "AppendTo"}
    world.revoke(anna, "account", row, ben)
    assert world.may(ben, "account", row) == set()
    assert world.seen(ben, "principalobjectaccess") == set()
    world.revoke(anna, "account", row, ben)


def test_what_is_shared_with_a_team_its_members_have(world, people):
    anna, ben, team = people
    row = world.row("account", anna)
    world.share(anna, "account", row, team)
    assert world.seen(ben, "account") == {row}
    assert world.may(team, "account", row) == {"Read"}
    world.call("RemoveMembersTeam", anna_with_team_rights(world), ("team", team), Members=[reference(ben)])
    assert world.seen(ben, "account") == set()


def anna_with_team_rights(world):
    return world.user(world.unit(), world.role("Global", "team"))


def reference(user):
    return {"systemuserid": user, "@odata.type": "Microsoft.Dynamics.CRM.systemuser"}


def test_nobody_shares_without_the_right_or_more_than_the_own_rights(world, people):
    anna, ben, team = people
    row = world.row("account", anna)
    with pytest.raises(DataverseError, match="prvShareAccount"):
        world.share(ben, "account", row, team)
    world.share(anna, "account", row, ben, "ReadAccess,ShareAccess")
    world.share(ben, "account", row, team, "ReadAccess")
    with pytest.raises(DataverseError, match="prvWriteAccount"):
        world.share(ben, "account", row, team, "ReadAccess,WriteAccess")


def test_children_inherit_shares_and_lose_them_again(world, people):
    anna, ben, _ = people
    account = world.row("account", anna)
    item = world.row("txv_item", anna, txv_about=("account", account))
    part = world.row("txv_item", anna, txv_about=("txv_item", item))
    line = world.row("txv_line", anna, txv_itemid=part)
    call = world.row("phonecall", anna, regardingobjectid=account)
    world.share(anna, "account", account, ben, "ReadAccess,WriteAccess")
    below = [("txv_item", item), ("txv_item", part), ("txv_line", line), ("phonecall", call)]
    for name, row in below:
        assert world.may(ben, name, row) == {"Read", "Write"}
    world.share(anna, "txv_item", part, ben, "AppendAccess")
    world.revoke(anna, "account", account, ben)
    assert [world.may(ben, *each) for each in below] == [set(), {"Append"}, {"Append"}, set()]


def test_a_new_child_inherits_what_its_parent_is_shared_with(world, people):
    anna, ben, team = people
    account = world.row("account", anna)
    world.share(anna, "account", account, team)
    item = world.row("txv_item", anna, txv_about=("account", account))
    assert world.may(ben, "txv_item", item) == {"Read"}


def test_the_owner_of_a_parent_has_its_children_of_others(world, people):
    anna, ben, team = people
    account = world.row("account", anna)
    item = world.row("txv_item", team, txv_about=("account", account))
    assert world.may(anna, "txv_item", item) == INHERITED
    world.change("account", account, ownerid=("systemuser", ben))
    assert world.may(anna, "txv_item", item) == set()
    assert world.may(ben, "txv_item", item) == OWNED


def test_the_owner_goes_down_only_where_reparenting_cascades(world, people):
    anna, _, team = people
    item = world.row("txv_item", anna)
    line = world.row("txv_line", team, txv_itemid=item)
    assert world.may(anna, "txv_line", line) == set()
    account = world.row("account", anna)
    line = world.row("txv_line", team, txv_accountid=account)
    assert world.may(anna, "txv_line", line) == set()


def test_a_moved_child_inherits_from_its_new_parent(world, people):
    anna, ben, _ = people
    shared, other = world.row("account", anna), world.row("account", anna)
    world.share(anna, "account", shared, ben)
    item = world.row("txv_item", anna, txv_about=("account", other))
    part = world.row("txv_item", anna, txv_about=("txv_item", item))
    world.change("txv_item", item, txv_about=("account", shared))
    assert world.may(ben, "txv_item", part) == {"Read"}
    world.change("txv_item", item, txv_about=(None, None))
    assert world.may(ben, "txv_item", part) == set()


def test_rows_that_are_each_others_parents_come_to_an_end(world, people):
    anna, ben, _ = people
    first = world.row("txv_item", anna)
    second = world.row("txv_item", anna, txv_about=("txv_item", first))
    world.change("txv_item", first, txv_about=("txv_item", second))
    world.share(anna, "txv_item", first, ben)
    assert world.may(ben, "txv_item", second) == {"Read"}
    world.revoke(anna, "txv_item", first, ben)
    assert world.seen(ben, "txv_item") == set()


def test_a_row_inherits_by_every_way_down(world, people):
    anna, ben, _ = people
    account = world.row("account", anna)
    item = world.row("txv_item", anna, txv_about=("account", account))
    call = world.row("phonecall", anna, regardingobjectid=account, txv_itemid=item)
    world.share(anna, "txv_item", item, ben, "WriteAccess")
    assert world.may(ben, "phonecall", call) == {"Write"}
    world.share(anna, "account", account, ben)
    assert world.may(ben, "phonecall", call) == {"Read", "Write"}
    world.revoke(anna, "txv_item", item, ben)
    assert world.may(ben, "phonecall", call) == {"Read"}


def test_shares_go_with_the_row_and_with_the_principal(world, people):
    anna, ben, team = people
    first, second = world.row("account", anna), world.row("account", anna)
    for row in (first, second):
        for principal in (ben, team):
            world.share(anna, "account", row, principal)
    world.delete("account", first)
    assert len(world.seen(anna, "principalobjectaccess")) == 2
    world.delete("team", team)
    assert len(world.seen(anna, "principalobjectaccess")) == 1


def test_shared_principals_are_listed_without_what_they_inherit(world, people):
    anna, ben, team = people
    account = world.row("account", anna)
    item = world.row("txv_item", anna, txv_about=("account", account))
    world.share(anna, "account", account, team)
    world.share(anna, "txv_item", item, ben, "WriteAccess,ReadAccess")
    body = world.call("RetrieveSharedPrincipalsAndAccess", anna, Target={"@odata.id": f"txv_items({item})"})
    assert body == {
        "PrincipalAccesses": [
            {
                "AccessMask": "ReadAccess, WriteAccess",
                "Principal": {
                    "@odata.type": "#Microsoft.Dynamics.CRM.systemuser",
                    "systemuserid": ben,
                    "ownerid": ben,
                },
            }
        ]
    }
    (found,) = world.call("RetrieveSharedPrincipalsAndAccess", ben, Target={"@odata.id": f"accounts({account})"})[
        "PrincipalAccesses"
    ]
    assert found["Principal"] == {"@odata.type": "#Microsoft.Dynamics.CRM.team", "teamid": team, "ownerid": team}


def test_masks_are_written_and_read():
    assert write_mask(0) == "None"
    assert write_mask(852023) == ", ".join(f"{name}Access" for name in RIGHTS)
    assert read_mask(write_mask(OWNER)) == OWNER
    assert read_mask("None") == 0


def test_an_unknown_right_is_refused(world, people):
    anna, ben, _ = people
    row = world.row("account", anna)
    for mask in ("Read", "ReadAccess,FlyAccess", "", None, 1, "ReadAccess;WriteAccess"):
        with pytest.raises(DataverseError, match="AccessMask"):
            world.share(anna, "account", row, ben, mask)


@pytest.mark.parametrize(
    "target",
    [
        None,
        "accounts(x)",
        {},
        {"@odata.id": 1},
        {"@odata.id": "accounts(not-a-guid)"},
        {"@odata.id": "Accounts(00000000-0000-4000-8000-000000000001)"},
        {"@odata.type": "account"},
        {"@odata.type": "Microsoft.Dynamics.CRM.account"},
        {"@odata.type": "Microsoft.Dynamics.CRM.nosuch", "accountid": "00000000-0000-4000-8000-000000000001"},
        {"@odata.type": "Microsoft.Dynamics.CRM.account", "accountid": 7},
    ],
)
def test_a_target_that_names_no_row_is_refused(world, people, target):
    with pytest.raises(DataverseError) as caught:
        world.call("RetrievePrincipalAccess", people[0], ("systemuser", people[0]), Target=target)
    assert caught.value.status == 400


def test_a_target_may_be_a_url_of_any_length(world, people):
    anna, *_ = people
    row = world.row("account", anna)
    for url in (f"accounts({row})", f"/accounts({row.upper()})", f"https://x.test/api/data/v9.2/accounts({row})"):
        assert world.call("RetrievePrincipalAccess", anna, ("systemuser", anna), Target={"@odata.id": url})


def test_a_target_that_is_not_there_is_not_found(world, people):
    with pytest.raises(DataverseError) as caught:
        world.may(people[0], "account", people[0])
    assert caught.value.status == 404


def test_a_row_of_the_organization_cannot_be_shared(world, people):
    row = world.put("txv_config", name="x")
    with pytest.raises(DataverseError, match="cannot be shared"):
        world.share(people[0], "txv_config", row, people[1])
    account = world.row("account", people[0])
    with pytest.raises(DataverseError, match="neither a user nor a team"):
        world.call(
            "RevokeAccess",
            people[0],
            Target={"@odata.id": f"accounts({account})"},
            Revokee={"@odata.id": f"accounts({account})"},
        )


def test_what_one_of_many_sharers_has_is_found_at_once(db):
    """Whoever has ten thousand rows shared with them is not looked through for each of them."""
    statement = "select 1 from principalobjectaccess where objectid = ? and principalid = ?"
    (plan,) = db.execute(f"explain query plan {statement}", ("", "")).fetchall()
    assert "(objectid=? AND principalid=?)" in plan[3] or "(principalid=? AND objectid=?)" in plan[3]
