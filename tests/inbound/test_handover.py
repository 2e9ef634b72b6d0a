"""A number gets another owner: who sees its conversations then, asked of Dataverse as those users."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
import requests

from dataverse.schema.roles.administrator import ADMINISTRATOR
from dataverse.store import sharing
from dataverse.store.handover import AT_ONCE, HandingOver, hand_over
from dataverse.store.tables import owner_path
from dataverse.webapi.request import Request
from messaging.errors import NotFound, PrivilegeMissing
from messaging.numbers import Address
from messaging.records import Principal, Table


def _number_id(world, our: Address) -> UUID:
    (row,) = world.rows(f"txv_phonenumbers?$select=txv_phonenumberid&$filter=txv_digits eq '{our.digits}'")
    return UUID(str(row["txv_phonenumberid"]))


def _owner_of(world, our: Address) -> str:
    (row,) = world.rows(f"txv_phonenumbers?$select=_ownerid_value&$filter=txv_digits eq '{our.digits}'")
    return str(row["_ownerid_value"])


def _seen(world, seller: Principal, our: Address) -> tuple[int, int]:
    """How many conversations of the number, and how many of its texts, a seller sees."""
    talks = world.rows(f"txv_textconversations?$select=activityid&$filter=txv_ourdigits eq '{our.digits}'", seller)
    texts = world.rows(f"txv_textmessages?$select=txv_textmessageid&$filter=txv_to eq '%2B{our.digits}'", seller)
    return len(talks), len(texts)


def _shares(world, our: Address) -> dict[UUID, dict[Principal, frozenset[str]]]:
    talks = world.rows(f"txv_textconversations?$select=activityid&$filter=txv_ourdigits eq '{our.digits}'")
    ids = [UUID(str(row["activityid"])) for row in talks]
    answers = world.client.batch([sharing.shares(each) for each in ids]).parts
    return {each: sharing.shared_with(answer.json()) for each, answer in zip(ids, answers, strict=True)}


def _texts(world, our: Address, record_owner: Principal, conversations: int) -> None:
    """Texts to the number, each on another contact of `record_owner`."""
    ingestion = world.ingestion()
    for _ in range(conversations):
        customer = world.customer()
        world.record(Table.CONTACT, record_owner, mobilephone=customer)
        ingestion.ingest(world.text(our, customer))


def _by_hand(world, our: Address, principal: Principal, mask: str) -> None:
    for talk in _shares(world, our):
        body: Any = sharing.share(talk, principal).body
        access = {**body["PrincipalAccess"], "AccessMask": mask}
        world.client.send(Request(method="POST", path="GrantAccess", body={**body, "PrincipalAccess": access}))


@pytest.mark.parametrize("to_a_team", [False, True])
@pytest.mark.parametrize("from_a_team", [False, True])
def test_the_new_owner_sees_the_conversations_and_the_former_one_no_longer(
    world, from_a_team: bool, to_a_team: bool
) -> None:
    before, after, colleague = world.seller(), world.seller(), world.seller()
    holder = world.team(before) if from_a_team else before
    heir = world.team(after) if to_a_team else after
    our = world.number(holder)
    _texts(world, our, colleague, 2)
    assert [_seen(world, who, our) for who in (before, after, colleague)] == [(2, 2), (0, 0), (2, 2)]

    told = hand_over(world.client, _number_id(world, our), heir)

    assert told == HandingOver(conversations=2, done=2, shared=2, withdrawn=2)
    assert _owner_of(world, our) == str(heir.id)
    assert [_seen(world, who, our) for who in (before, after, colleague)] == [(0, 0), (2, 2), (2, 2)]


def test_the_administrators_role_is_enough(world) -> None:
    before, after = world.seller(), world.seller()
    our = world.number(before)
    _texts(world, our, world.seller(), 1)

    with world.client_for(f"user:{world.employ(ADMINISTRATOR, lastname='Administrator')}") as client:
        hand_over(client, _number_id(world, our), after)

    assert [_seen(world, who, our) for who in (before, after)] == [(0, 0), (1, 1)]


def test_running_it_again_changes_nothing(world) -> None:
    before, after = world.seller(), world.seller()
    our = world.number(before)
    _texts(world, our, world.seller(), 2)
    number = _number_id(world, our)
    hand_over(world.client, number, after)
    shares = _shares(world, our)
    world.forget_requests()

    assert hand_over(world.client, number, after) == HandingOver(conversations=2, done=2)
    assert _shares(world, our) == shares
    methods = [each["method"] for request in world.requests() for each in request["operations"] or [request]]
    assert {*methods} == {"GET"}


def test_where_the_number_was_assigned_in_dynamics_already_the_conversations_follow(world) -> None:
    before, after = world.seller(), world.seller()
    our = world.number(before)
    _texts(world, our, world.seller(), 1)
    number = _number_id(world, our)
    world.update(f"txv_phonenumbers({number})", {"ownerid@odata.bind": f"/{owner_path(after)}"})
    assert [_seen(world, who, our) for who in (before, after)] == [(1, 1), (0, 0)]

    hand_over(world.client, number, after)

    assert [_seen(world, who, our) for who in (before, after)] == [(0, 0), (1, 1)]


def test_who_owns_the_record_goes_on_seeing_its_conversation(world) -> None:
    before, after = world.seller(), world.seller()
    our = world.number(before)
    _texts(world, our, before, 1)
    _texts(world, our, after, 1)

    hand_over(world.client, _number_id(world, our), after)

    assert [_seen(world, who, our) for who in (before, after)] == [(1, 1), (2, 2)]
    # The owner of a conversation has it anyway, and is not given it.
    assert sorted(len(held) for held in _shares(world, our).values()) == [0, 1]


def test_what_was_shared_by_hand_stays(world) -> None:
    before, after, reader, deputy = world.seller(), world.seller(), world.seller(), world.seller()
    our = world.number(before)
    _texts(world, our, world.seller(), 1)
    _by_hand(world, our, reader, "ReadAccess")
    _by_hand(world, our, deputy, ",".join({*sharing.OUR_RIGHTS, "ShareAccess"}))
    _by_hand(world, our, after, "ReadAccess")

    told = hand_over(world.client, _number_id(world, our), after)

    assert (told.shared, told.withdrawn) == (1, 1)
    assert [_seen(world, who, our) for who in (before, after, reader, deputy)] == [(0, 0), *[(1, 1)] * 3]
    (held,) = _shares(world, our).values()
    assert held[reader] == {"ReadAccess"}
    assert held[deputy] == {*sharing.OUR_RIGHTS, "ShareAccess"}
    assert held[after] == sharing.OUR_RIGHTS


def test_other_numbers_are_left_alone(world) -> None:
    before, after = world.seller(), world.seller()
    our, other = world.number(before), world.number(before)
    _texts(world, our, world.seller(), 1)
    _texts(world, other, world.seller(), 1)

    hand_over(world.client, _number_id(world, our), after)

    assert (_seen(world, before, other), _seen(world, after, other), _owner_of(world, other)) == (
        (1, 1),
        (0, 0),
        str(before.id),
    )


def test_a_conversation_that_is_older_than_the_row_of_its_number_follows_too(world) -> None:
    before, after = world.seller(), world.seller()
    our = world.number(before)
    _texts(world, our, world.seller(), 1)
    (talk,) = _shares(world, our)
    world.update(f"txv_textconversations({talk})", {"txv_phonenumberid@odata.bind": None})

    hand_over(world.client, _number_id(world, our), after)

    assert [_seen(world, who, our) for who in (before, after)] == [(0, 0), (1, 1)]


def test_who_may_not_read_texts_is_refused_before_anything_is_changed(world) -> None:
    before, gone = world.seller(), Principal(world.seller().kind, uuid4())
    our = world.number(before)
    _texts(world, our, world.seller(), 1)

    for heir in (world.seller(texts=False), world.team(texts=False), gone):
        with pytest.raises(PrivilegeMissing, match="give them the security role Text Messaging User first"):
            hand_over(world.client, _number_id(world, our), heir)

    assert (_owner_of(world, our), _seen(world, before, our)) == (str(before.id), (1, 1))


def test_a_number_that_is_not_there_is_not_found(world) -> None:
    with pytest.raises(NotFound):
        hand_over(world.client, uuid4(), world.seller())


@pytest.mark.parametrize("operation", ["RetrieveSharedPrincipalsAndAccess", "GrantAccess"])
def test_a_conversation_that_is_deleted_meanwhile_keeps_nobody_from_the_others(world, operation: str) -> None:
    before, after = world.seller(), world.seller()
    our = world.number(before)
    _texts(world, our, world.seller(), 3)
    fault = {"fault": "error", "status": 404, "code": "0x80040217", "target": "operation", "path": operation, "nth": 2}
    requests.post(f"{world.url}/_emulator/faults", json=fault, timeout=5)
    try:
        told = hand_over(world.client, _number_id(world, our), after)
    finally:
        requests.delete(f"{world.url}/_emulator/faults", timeout=5)

    assert told == HandingOver(conversations=3, done=3, shared=2, withdrawn=2)
    assert _seen(world, after, our) == (2, 2)


def test_progress_tells_the_total_first_and_then_batch_by_batch(world) -> None:
    before, after = world.seller(), world.seller()
    our = world.number(before)
    _texts(world, our, world.seller(), AT_ONCE + 1)
    heard: list[HandingOver] = []

    hand_over(world.client, _number_id(world, our), after, heard.append)

    assert [(each.done, each.conversations, each.shared) for each in heard] == [
        (0, AT_ONCE + 1, 0),
        (AT_ONCE, AT_ONCE + 1, AT_ONCE),
        (AT_ONCE + 1, AT_ONCE + 1, AT_ONCE + 1),
    ]


class Interrupted(BaseException):
    """Somebody presses Ctrl+C."""


class Interrupts(requests.Session):
    """Ends everything at the request with this number: before it leaves, or after it was carried out."""

    def __init__(self, at: int, *, carried_out: bool) -> None:
        super().__init__()
        self.left, self.carried_out = at, carried_out

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        self.left -= 1
        if self.left < 0 and not self.carried_out:
            raise Interrupted
        answer = super().send(request, **kwargs)
        if self.left < 0:
            answer.close()
            raise Interrupted
        return answer


@pytest.mark.parametrize("carried_out", [False, True])
def test_interrupted_at_any_request_and_run_again_it_comes_to_the_same(world, carried_out: bool) -> None:
    one, other, colleague, reader = world.seller(), world.team(world.seller()), world.seller(), world.seller()
    our = world.number(one)
    _texts(world, our, colleague, AT_ONCE + 1)
    _by_hand(world, our, reader, "ReadAccess")
    number = _number_id(world, our)

    for at in count():
        heir = other if _owner_of(world, our) == str(one.id) else one
        finished = _interrupted(world, number, heir, Interrupts(at, carried_out=carried_out))
        assert _seen(world, colleague, our) == (AT_ONCE + 1, AT_ONCE + 1)

        # Either the same again, or somebody changes his mind after all: both must come to their end.
        heir = heir if at % 2 else (one if heir is other else other)
        hand_over(world.client, number, heir)

        assert _owner_of(world, our) == str(heir.id)
        expected = {heir: sharing.OUR_RIGHTS, reader: frozenset({"ReadAccess"})}
        assert [*_shares(world, our).values()] == [expected] * (AT_ONCE + 1)
        if finished:
            break
    assert at >= 7  # privileges, number, assignment, conversations, and two batches of two


def _interrupted(world, number: UUID, heir: Principal, session: Interrupts) -> bool:
    """Whether it came to its end before it could be interrupted."""
    factory: Callable[[], requests.Session] = lambda: session  # noqa: E731
    with world.client_for("service", factory) as client:
        try:
            hand_over(client, number, heir)
        except Interrupted:
            return False
    return True
