"""Who sees a text after its record, its number or its conversation has changed: asked as sellers, once the service has
heard of it (docs/architecture.md, "Who sees what")."""

from __future__ import annotations

import json
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from dataverse.store import sharing
from dataverse.store.handover import hand_over
from dataverse.store.tables import owner_path, path, regarding
from dataverse.webapi.request import Request
from messaging.numbers import Address
from messaging.records import Principal, Record, Table
from messaging.row_changes import PHONE_NUMBER, TEXT_CONVERSATION, Change

NOTHING, ALL = frozenset(), frozenset({"conversation", "texts"})


@pytest.fixture
def roles(texting):
    return (texting,)


@pytest.fixture
def others(seller):
    """The owner of the number and the owner of the record, where those are somebody else."""
    return seller(), seller()


@pytest.fixture
def moved(world) -> Callable[..., None]:
    """A conversation is put on another record by hand, and the service hears of it."""

    def move(event, record: Record | None, table: Table = Table.CONTACT) -> None:
        where = regarding(record.table if record else table)
        talk = _talk(world, event)
        world.update(f"txv_textconversations({talk})", {f"{where}@odata.bind": f"/{path(record)}" if record else None})
        world.hint(TEXT_CONVERSATION, talk)

    return move


def _talk(world, event) -> UUID:
    return UUID(str(world.conversation(event)["activityid"]))


def _number(world, our: Address) -> UUID:
    (row,) = world.rows(f"txv_phonenumbers?$select=txv_phonenumberid&$filter=txv_digits eq '{our.digits}'")
    return UUID(str(row["txv_phonenumberid"]))


def _give(world, target: str, owner: Principal) -> None:
    world.update(target, {"ownerid@odata.bind": f"/{owner_path(owner)}"})


def _give_number(world, our: Address, owner: Principal) -> None:
    """As in Dynamics' own form, and the service hears of it."""
    number = _number(world, our)
    _give(world, f"txv_phonenumbers({number})", owner)
    world.hint(PHONE_NUMBER, number)


def _merge(world, kept: Record, merged: Record) -> None:
    def named(record: Record) -> dict[str, object]:
        key = f"{record.table.value}id"
        return {key: str(record.id), "@odata.type": f"Microsoft.Dynamics.CRM.{record.table.value}"}

    body = {"Target": named(kept), "Subordinate": named(merged), "PerformParentingChecks": False}
    world.client.send(Request(method="POST", path="Merge", body=body, repeatable=True))


def _on(world, owner: Principal, customer: str, table: Table = Table.CONTACT) -> Record:
    return world.record(table, owner, telephone1=customer)


# A record gets another owner.


@pytest.mark.parametrize("table", list(Table))
def test_who_gives_a_record_away_and_owns_the_number_goes_on_seeing_its_texts(
    world, seller, arrives, sight, moved, table: Table
) -> None:
    me, colleague, customer = seller(), seller(), world.customer()
    contact = _on(world, me, customer)
    event = arrives(world.number(me), customer)
    record = contact if table is Table.CONTACT else world.record(table, me)
    moved(event, record)

    _give(world, path(record), colleague)
    world.follow(record)

    assert (sight(me, event), sight(colleague, event)) == (ALL, ALL)


def test_a_record_that_is_given_to_a_team_is_seen_by_its_members(world, seller, team, others, arrives, sight) -> None:
    me, mate, customer = seller(), seller(), world.customer()
    contact = _on(world, me, customer)
    event = arrives(world.number(others[0]), customer)

    _give(world, path(contact), team(mate))
    world.follow(contact)

    assert [sight(who, event) for who in (me, mate, *others)] == [NOTHING, ALL, ALL, NOTHING]


# A conversation is put on another record.


@pytest.mark.parametrize("table", list(Table))
def test_a_conversation_that_is_moved_belongs_to_the_owner_of_its_record(
    world, seller, others, arrives, sight, moved, table: Table
) -> None:
    me, colleague, customer = seller(), seller(), world.customer()
    _on(world, me, customer)
    event = arrives(world.number(others[0]), customer)

    moved(event, world.record(table, colleague))

    assert world.conversation(event)["_ownerid_value"] == str(colleague.id)
    assert [sight(who, event) for who in (me, colleague, *others)] == [NOTHING, ALL, ALL, NOTHING]


def test_a_conversation_that_is_taken_off_its_record_belongs_to_the_owner_of_the_number(
    world, seller, others, arrives, sight, moved
) -> None:
    me, customer = seller(), world.customer()
    _on(world, me, customer)
    event = arrives(world.number(others[0]), customer)

    moved(event, None)

    assert [sight(who, event) for who in (me, *others)] == [NOTHING, ALL, NOTHING]


def test_a_conversation_that_is_given_to_somebody_goes_back_to_the_owner_of_its_record(
    world, seller, others, arrives, sight
) -> None:
    me, customer = seller(), world.customer()
    _on(world, me, customer)
    event = arrives(world.number(others[0]), customer)

    _give(world, f"txv_textconversations({_talk(world, event)})", others[1])
    world.hint(TEXT_CONVERSATION, _talk(world, event))

    assert [sight(who, event) for who in (me, *others)] == [ALL, ALL, NOTHING]


def test_a_conversation_that_a_seller_begins_on_a_colleagues_record_is_seen_by_both(
    world, me, mine, colleague, first_text, acting
) -> None:
    """Its number is theirs, so it is shared with them once it belongs to the colleague."""
    our, customer = world.number(me), world.customer()
    record = world.record(Table.CONTACT, me)
    talk, text, change = first_text(our, customer, record)
    answer = mine.batch([change])
    for part in answer.parts:
        answer.raise_for(part)
    world.update(path(record), {"ownerid@odata.bind": f"/{owner_path(colleague)}"})
    _give(world, f"txv_textconversations({talk})", me)

    world.hint(TEXT_CONVERSATION, UUID(talk), Change.CREATE)

    for who in (me, colleague):
        query = f"txv_textmessages?$select=txv_textmessageid&$filter=_txv_conversationid_value eq {talk}"
        assert [row["txv_textmessageid"] for row in world.rows(query, who)] == [text]


# A number gets another owner.


@pytest.mark.parametrize("way", ["user to user", "user to team", "team to user", "team to team"])
def test_a_number_that_is_given_away_in_dynamics_takes_its_conversations_along(
    world, seller, team, others, arrives, sight, way: str
) -> None:
    me, heir, customer = seller(), seller(), world.customer()
    _on(world, others[1], customer)
    our = world.number(team(me) if way.startswith("team") else me)
    event = arrives(our, customer)

    _give_number(world, our, team(heir) if way.endswith("team") else heir)

    assert [sight(who, event) for who in (me, heir, others[1])] == [NOTHING, ALL, ALL]


@pytest.mark.parametrize("by", ["the service", "the command"])
def test_who_gives_a_number_away_no_longer_reads_what_they_wrote_on_it(
    world, seller, others, arrives, acting, by: str
) -> None:
    me, heir, customer = seller(), seller(), world.customer()
    _on(world, others[1], customer)
    our = world.number(me)
    talk, answer = _talk(world, arrives(our, customer)), uuid4()
    bound = {"txv_conversationid@odata.bind": f"/txv_textconversations({talk})", "txv_body": "At ten"}
    target = f"txv_textmessages({answer})"
    new = {"If-None-Match": "*"}
    acting(me).send(Request(method="PATCH", path=target, headers=new, body=bound, repeatable=True))
    query = f"txv_textmessages?$select=txv_body&$filter=txv_textmessageid eq {answer}"
    assert len(world.rows(query, me)) == 1

    if by == "the service":
        _give_number(world, our, heir)
    else:
        hand_over(world.client, _number(world, our), heir)

    assert [len(world.rows(query, who)) for who in (me, heir, others[1])] == [0, 1, 1]


def test_texts_that_wait_without_a_record_go_along_with_their_number(
    world, seller, arrives, sight, moved, others
) -> None:
    me, heir, customer = seller(), seller(), world.customer()
    _on(world, others[1], customer)
    our = world.number(me)
    event = arrives(our, customer)
    moved(event, None)

    _give_number(world, our, heir)

    assert [sight(who, event) for who in (me, heir, others[1])] == [NOTHING, ALL, NOTHING]


def test_a_conversation_older_than_the_row_of_its_number_goes_along_too(world, seller, arrives, sight, others) -> None:
    me, heir, customer = seller(), seller(), world.customer()
    _on(world, others[1], customer)
    our = world.number(me)
    event = arrives(our, customer)
    world.update(f"txv_textconversations({_talk(world, event)})", {"txv_phonenumberid@odata.bind": None})

    _give_number(world, our, heir)

    assert [sight(who, event) for who in (me, heir, others[1])] == [NOTHING, ALL, ALL]


def test_what_was_shared_by_hand_stays_shared(world, seller, others, arrives, sight) -> None:
    me, heir, deputy, customer = seller(), seller(), seller(), world.customer()
    _on(world, others[1], customer)
    our = world.number(me)
    event = arrives(our, customer)
    share = sharing.share(_talk(world, event), deputy)
    body = json.loads(json.dumps(share.body))
    body["PrincipalAccess"]["AccessMask"] = "ReadAccess"
    world.client.send(Request(method="POST", path=share.path, body=body))

    _give_number(world, our, heir)

    assert [sight(who, event) for who in (me, heir, deputy)] == [NOTHING, ALL, ALL]


# A team changes.


@pytest.mark.parametrize("of", ["number", "record"])
def test_one_who_joins_the_team_sees_its_texts_and_one_who_leaves_no_longer(
    world, seller, team, others, arrives, sight, of: str
) -> None:
    """Without anybody's doing: rows are the team's, or shared with it."""
    me, newcomer, customer = seller(), seller(), world.customer()
    ours = team(me)
    _on(world, ours if of == "record" else others[1], customer)
    event = arrives(world.number(ours if of == "number" else others[0]), customer)
    assert (sight(me, event), sight(newcomer, event)) == (ALL, NOTHING)

    world.link(f"{owner_path(ours)}/teammembership_association", owner_path(newcomer))
    world.delete(f"{owner_path(ours)}/teammembership_association({me.id})/$ref")

    assert (sight(me, event), sight(newcomer, event)) == (NOTHING, ALL)


def test_a_team_that_may_not_read_texts_is_given_none_and_the_owner_of_the_number_has_them(
    world, seller, others, arrives, sight, moved
) -> None:
    me, member, customer = seller(), world.seller(texts=False), world.customer()
    _on(world, me, customer)
    event = arrives(world.number(others[0]), customer)

    moved(event, world.record(Table.CONTACT, world.team(member, texts=False)))

    assert world.conversation(event)["_ownerid_value"] == str(others[0].id)
    assert [sight(who, event) for who in (me, others[0], member)] == [NOTHING, ALL, NOTHING]


def test_a_number_that_is_given_to_a_team_that_may_not_read_texts_is_shared_with_nobody(
    world, seller, others, arrives, sight
) -> None:
    me, customer = seller(), world.customer()
    _on(world, others[1], customer)
    our = world.number(me)
    event = arrives(our, customer)
    member = world.seller(texts=False)

    _give_number(world, our, world.team(member, texts=False))

    assert [sight(who, event) for who in (me, member, others[1])] == [NOTHING, NOTHING, ALL]


def test_texts_that_nobody_may_be_given_are_kept_by_the_service(world, seller, arrives, sight, moved) -> None:
    me, customer = seller(), world.customer()
    _on(world, me, customer)
    our = world.number(me)
    event = arrives(our, customer)
    _give_number(world, our, world.seller(texts=False))

    moved(event, world.record(Table.CONTACT, world.seller(texts=False)))

    (service,) = world.rows("systemusers?$select=systemuserid&$filter=lastname eq 'Service'")
    assert world.conversation(event)["_ownerid_value"] == service["systemuserid"]
    assert sight(me, event) == NOTHING


# Records are merged.


@pytest.mark.parametrize("heard_of", ["the one that is left", "the one that was merged"])
@pytest.mark.parametrize("table", [Table.CONTACT, Table.ACCOUNT, Table.LEAD])
def test_the_texts_of_a_merged_record_belong_to_the_owner_of_the_one_that_is_left(
    world, seller, others, arrives, sight, table: Table, heard_of: str
) -> None:
    me, colleague, customer = seller(), seller(), world.customer()
    merged, kept = _on(world, me, customer, table), _on(world, colleague, world.customer(), table)
    our = world.number(others[0])
    event = arrives(our, customer)

    _merge(world, kept, merged)
    world.follow(kept if heard_of == "the one that is left" else merged)

    assert world.home(event) == kept
    assert [sight(who, event) for who in (me, colleague, others[0])] == [NOTHING, ALL, ALL]


def test_the_next_text_after_a_merge_joins_the_conversation_that_moved(world, seller, others, arrives) -> None:
    customer = world.customer()
    merged, kept = _on(world, seller(), customer), _on(world, seller(), world.customer())
    our = world.number(others[0])
    event = arrives(our, customer)
    _merge(world, kept, merged)
    world.follow(merged)

    later = arrives(our, customer)

    assert (world.home(later), _talk(world, later)) == (kept, _talk(world, event))


# A record is deleted.


@pytest.mark.parametrize("table", list(Table))
def test_a_record_that_is_deleted_leaves_its_texts_behind(
    world, seller, others, arrives, sight, moved, table: Table
) -> None:
    me, stranger, customer = seller(), seller(), world.customer()
    contact = _on(world, me, customer)
    event = arrives(world.number(others[0]), customer)
    record = contact if table is Table.CONTACT else world.record(table, me)
    moved(event, record)

    world.remove(record)
    world.hint(TEXT_CONVERSATION, _talk(world, event))

    assert world.home(event) is None
    assert [sight(who, event) for who in (me, others[0], stranger)] == [NOTHING, ALL, NOTHING]


# How it is kept.


def _counts(world, work: Callable[[], object]) -> tuple[int, set[str]]:
    """Round trips, and the methods of what was asked in them."""
    world.forget_requests()
    work()
    requests = world.requests()
    return len(requests), {each["method"] for request in requests for each in request["operations"] or [request]}


def test_what_is_as_it_should_be_is_read_and_not_written(world, seller, others, arrives) -> None:
    customer = world.customer()
    contact = _on(world, seller(), customer)
    arrives(world.number(others[0]), customer)
    visibility = world.visibility()
    visibility.bring_up_to_date("contact", [contact.id])

    assert _counts(world, lambda: visibility.bring_up_to_date("contact", [contact.id])) == (2, {"GET"})


def test_a_record_without_texts_costs_one_round_trip(world, seller) -> None:
    contact = world.record(Table.CONTACT, seller())

    assert _counts(world, lambda: world.follow(contact)) == (2, {"GET"})  # the phone index looks, too
