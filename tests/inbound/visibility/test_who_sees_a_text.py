"""A seller sees a text only if the number or the record is theirs or their team's (docs/architecture.md, "Who sees
what"): asked as sellers with the roles of the schema, of texts that came in through the real pipeline."""

from __future__ import annotations

import pytest

from dataverse.store.tables import owner_path, path, regarding
from dataverse.webapi.request import Request
from messaging.errors import PrivilegeMissing
from messaging.records import Record, Table

NOTHING, ALL = frozenset(), frozenset({"conversation", "texts"})


@pytest.fixture
def others(seller):
    """The owner of the number and the owner of the record, where those are somebody else."""
    return seller(), seller()


def _contact(world, owner, customer: str) -> Record:
    return world.record(Table.CONTACT, owner, mobilephone=customer)


def test_number_mine(world, seller, others, arrives, sight) -> None:
    me, customer = seller(), world.customer()
    _contact(world, others[1], customer)

    event = arrives(world.number(me), customer)

    assert (sight(me, event), sight(others[1], event), sight(others[0], event)) == (ALL, ALL, NOTHING)


@pytest.mark.parametrize("table", list(Table))
def test_record_mine(world, seller, others, arrives, sight, table: Table) -> None:
    me, customer = seller(), world.customer()
    if table is Table.OPPORTUNITY:
        record, our = world.opportunity(world.record(Table.CONTACT, mobilephone=customer), me), world.number(others[0])
        world.ingestion().ingest(first := world.text(our, customer))
        _move(world, first, record)
        event = arrives(our, customer)
    else:
        record = world.record(table, me, telephone1=customer)
        event = arrives(world.number(others[0]), customer)

    assert world.home(event) == record
    assert (sight(me, event), sight(others[0], event), sight(others[1], event)) == (ALL, ALL, NOTHING)


def test_number_my_teams(world, seller, team, others, arrives, sight) -> None:
    me, mate, customer = seller(), seller(), world.customer()
    _contact(world, others[1], customer)

    event = arrives(world.number(team(me, mate)), customer)

    assert {who: sight(who, event) for who in (me, mate, *others)} == {
        me: ALL,
        mate: ALL,
        others[1]: ALL,
        others[0]: NOTHING,
    }


def test_record_my_teams(world, seller, team, others, arrives, sight) -> None:
    me, mate, customer = seller(), seller(), world.customer()
    _contact(world, team(me, mate), customer)

    event = arrives(world.number(others[0]), customer)

    assert {who: sight(who, event) for who in (me, mate, *others)} == {
        me: ALL,
        mate: ALL,
        others[0]: ALL,
        others[1]: NOTHING,
    }


def test_neither(world, seller, team, others, arrives, sight) -> None:
    """A colleague of the same business unit, with the same roles, with a team, a number and a record of their own."""
    colleague, customer = seller(), world.customer()
    world.number(team(colleague))
    _contact(world, colleague, world.customer())
    _contact(world, others[1], customer)

    event = arrives(world.number(others[0]), customer)

    assert sight(colleague, event) == NOTHING


def test_neither_where_nobody_owned_the_record_yet(world, seller, arrives, sight) -> None:
    """A new lead belongs to the owner of the number, and its texts do."""
    me, colleague = seller(), seller()

    event = arrives(world.number(me), world.customer())

    assert (sight(me, event), sight(colleague, event)) == (ALL, NOTHING)


@pytest.fixture
def overseers(world, holding, selling, texting):
    """Two who may read all activities: one with the role for texts and one without."""
    role = world.role(("nothing of its own",))
    (row,) = world.rows("privileges?$select=privilegeid&$filter=name eq 'prvReadActivity'")
    body = {"Privileges": [{"PrivilegeId": row["privilegeid"], "Depth": "Global"}]}
    target = f"roles({role})/Microsoft.Dynamics.CRM.ReplacePrivilegesRole"
    world.client.send(Request(method="POST", path=target, body=body, repeatable=True))
    return holding(selling, texting, role), holding(selling, role)


def test_the_privilege_on_activities_shows_the_conversation_and_no_text(
    world, overseers, others, arrives, sight
) -> None:
    customer = world.customer()
    _contact(world, others[1], customer)

    event = arrives(world.number(others[0]), customer)

    assert [sight(one, event) for one in overseers] == [{"conversation"}, {"conversation"}]
    assert "tulip" not in str(world.conversation(event))


def test_one_who_leaves_the_team_sees_no_more(world, seller, team, others, arrives, sight) -> None:
    me, customer = seller(), world.customer()
    ours = team(me)
    _contact(world, others[1], customer)
    event = arrives(world.number(ours), customer)
    assert sight(me, event) == ALL

    world.delete(f"{owner_path(ours)}/teammembership_association({me.id})/$ref")

    assert sight(me, event) == NOTHING


def test_one_who_gives_the_record_away_sees_no_more(world, seller, others, arrives, sight) -> None:
    me, customer = seller(), world.customer()
    contact = _contact(world, me, customer)
    event = arrives(world.number(others[0]), customer)

    world.update(path(contact), {"ownerid@odata.bind": f"/{owner_path(others[1])}"})

    assert (sight(me, event), sight(others[1], event), sight(others[0], event)) == (NOTHING, ALL, ALL)


def test_a_record_with_texts_cannot_be_given_to_one_who_may_not_read_texts(
    world, seller, holding, selling, others, arrives, sight
) -> None:
    """Its conversations and texts go along, and nobody is given what they may not read: so the whole is refused."""
    me, untexting, customer = seller(), holding(selling), world.customer()
    contact = _contact(world, me, customer)
    event = arrives(world.number(others[0]), customer)

    with pytest.raises(PrivilegeMissing):
        world.update(path(contact), {"ownerid@odata.bind": f"/{owner_path(untexting)}"})

    assert (sight(me, event), sight(untexting, event)) == (ALL, NOTHING)


def test_one_who_loses_the_role_sees_no_more(world, holding, selling, texting, others, arrives, sight) -> None:
    me, customer = holding(selling, texting), world.customer()
    _contact(world, me, customer)
    event = arrives(world.number(others[0]), customer)
    assert sight(me, event) == ALL

    world.delete(f"{owner_path(me)}/systemuserroles_association({texting})/$ref")

    assert sight(me, event) == {"conversation"}


def test_a_conversation_that_is_moved_is_seen_by_the_owner_of_its_record(world, seller, others, arrives, sight) -> None:
    me, colleague, customer = seller(), seller(), world.customer()
    _contact(world, me, customer)
    event = arrives(world.number(others[0]), customer)
    elsewhere = _contact(world, colleague, world.customer())

    _move(world, event, elsewhere, colleague)

    assert (sight(colleague, event), sight(me, event), sight(others[0], event)) == (ALL, NOTHING, ALL)


def _move(world, event, record: Record, owner=None) -> None:
    owned = {"ownerid@odata.bind": f"/{owner_path(owner)}"} if owner else {}
    talk = f"txv_textconversations({world.conversation(event)['activityid']})"
    world.update(talk, {f"{regarding(record.table)}@odata.bind": f"/{path(record)}", **owned})
