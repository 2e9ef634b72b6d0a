"""Events of Dataverse get lost: every night the conversations that belong to somebody else than the owner of their
record are found, and those that wait without a record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

import pytest
import requests

from dataverse.store.inbox import Inbox
from dataverse.store.tables import owner_path, path, regarding
from messaging.errors import Conflict, PrivilegeMissing, Refused
from messaging.records import Table
from messaging.row_changes import PHONE_NUMBER, TEXT_CONVERSATION

NOTHING, ALL = frozenset(), frozenset({"conversation", "texts"})


@pytest.fixture
def roles(texting):
    return (texting,)


@pytest.fixture
def unheard(world, seller, arrives):
    """A conversation on my record and on a colleague's number, put elsewhere without anybody hearing of it: me, the
    colleague, the text, and how to put it elsewhere."""
    me, colleague, customer = seller(), seller(), world.customer()
    world.record(Table.CONTACT, me, telephone1=customer)
    event = arrives(world.number(colleague), customer)
    talk = UUID(str(world.conversation(event)["activityid"]))

    def put(table: Table, record=None) -> UUID:
        target = f"/{path(record)}" if record else None
        world.update(f"txv_textconversations({talk})", {f"{regarding(table)}@odata.bind": target})
        return talk

    return me, colleague, event, put


@pytest.mark.parametrize("table", list(Table))
def test_a_conversation_that_was_moved_unheard_is_mended_at_night(world, seller, sight, unheard, table: Table) -> None:
    me, colleague, event, put = unheard
    heir = seller()
    put(table, world.record(table, heir))
    assert sight(me, event) == ALL

    world.repair_visibility()

    assert [sight(who, event) for who in (me, heir, colleague)] == [NOTHING, ALL, ALL]


def test_a_conversation_whose_record_was_deleted_unheard_is_mended_at_night(world, sight, unheard) -> None:
    me, colleague, event, _ = unheard
    home = world.home(event)
    world.remove(home)

    world.repair_visibility()

    assert [sight(who, event) for who in (me, colleague)] == [NOTHING, ALL]


def test_a_night_on_which_all_is_well_only_reads(world, unheard) -> None:
    world.repair_visibility()
    world.forget_requests()

    world.repair_visibility()

    assert {each["method"] for request in world.requests() for each in request["operations"] or [request]} == {"GET"}


def test_who_was_allowed_to_have_texts_and_is_so_no_longer_is_asked_about_anew(world, sight, unheard) -> None:
    """A yes is remembered for five minutes, and Dataverse refuses the row meanwhile."""
    _, colleague, event, put = unheard
    heir, visibility = world.seller(), world.visibility()
    talk = put(Table.CONTACT, world.record(Table.CONTACT, heir))
    assert visibility.privileges.may_receive([heir]) == {heir: True}
    world.take_role(heir)

    visibility.bring_up_to_date(TEXT_CONVERSATION, [talk])

    assert world.conversation(event)["_ownerid_value"] == str(colleague.id)
    assert (sight(heir, event), sight(colleague, event)) == (NOTHING, ALL)


@contextmanager
def _failing(
    world, status: int, code: str, method: str, path: str = "txv_textconversations", **which: int
) -> Iterator[None]:
    """One kind of operation fails as long as this lasts."""
    target = {"target": "operation", "path": path, "method": method, **which}
    fault = {"fault": "error", "status": status, "code": code, **target}
    requests.post(f"{world.url}/_emulator/faults", json=fault, timeout=5).raise_for_status()
    try:
        yield
    finally:
        requests.delete(f"{world.url}/_emulator/faults", timeout=5)


def test_what_dataverse_refuses_twice_is_told(world, seller, unheard) -> None:
    _, _, _, put = unheard
    talk = put(Table.CONTACT, world.record(Table.CONTACT, seller()))

    with _failing(world, 403, "0x80040220", "PATCH"), pytest.raises(PrivilegeMissing):
        world.visibility().bring_up_to_date(TEXT_CONVERSATION, [talk])


def test_what_is_refused_for_one_conversation_keeps_nobody_from_the_others(world, seller, arrives) -> None:
    """Not even from those of the batches after it."""
    heir, our = seller(), world.number(seller())
    events = []
    for _ in range(2):
        world.record(Table.CONTACT, seller(), telephone1=world.customer())
        events.append(arrives(our, world.customers[-1]))
        home, elsewhere = world.home(events[-1]), world.record(Table.CONTACT, heir)
        talk = world.conversation(events[-1])["activityid"]
        target = f"/{path(elsewhere)}"
        world.update(f"txv_textconversations({talk})", {f"{regarding(home.table)}@odata.bind": target})
    talks = [UUID(str(world.conversation(event)["activityid"])) for event in events]

    visibility = replace(world.visibility(), at_once=1)
    with _failing(world, 400, "0x80040203", "PATCH", nth=1), pytest.raises(Refused):
        visibility.bring_up_to_date(TEXT_CONVERSATION, talks)

    assert [world.conversation(event)["_ownerid_value"] for event in events].count(str(heir.id)) == 1


def test_a_conversation_that_somebody_changes_meanwhile_is_left_to_the_next_look(world, seller, unheard) -> None:
    _, _, event, put = unheard
    heir = seller()
    talk = put(Table.CONTACT, world.record(Table.CONTACT, heir))

    with _failing(world, 412, "0x80060882", "PATCH"), pytest.raises(Conflict):
        world.visibility().bring_up_to_date(TEXT_CONVERSATION, [talk])
    world.visibility().bring_up_to_date(TEXT_CONVERSATION, [talk])

    assert world.conversation(event)["_ownerid_value"] == str(heir.id)


@pytest.mark.parametrize("at", ["RetrieveSharedPrincipalsAndAccess", "txv_textconversations"])
def test_a_conversation_that_is_deleted_meanwhile_needs_nothing(world, seller, unheard, at: str) -> None:
    _, _, _, put = unheard
    talk = put(Table.CONTACT, world.record(Table.CONTACT, seller()))
    method = "GET" if at.startswith("Retrieve") else "PATCH"

    with _failing(world, 404, "0x80040217", method, at):
        assert world.visibility().bring_up_to_date(TEXT_CONVERSATION, [talk]) == 0


def test_numbers_of_teams_are_looked_at_too(world, seller, team, sight, unheard) -> None:
    """Texts that wait belong to the team whose number it is."""
    me, colleague, event, put = unheard
    put(Table.CONTACT)
    member = seller()
    (number,) = world.rows(
        f"txv_phonenumbers?$select=txv_phonenumberid&$filter=txv_number eq '%2B{event.recipient.digits}'"
    )
    world.update(
        f"txv_phonenumbers({number['txv_phonenumberid']})", {"ownerid@odata.bind": f"/{owner_path(team(member))}"}
    )

    world.repair_visibility()

    assert [sight(who, event) for who in (me, colleague, member)] == [NOTHING, NOTHING, ALL]


def test_a_text_at_work_while_its_number_is_given_away_is_shared_with_the_former_owner_until_the_second_look(
    world, seller, arrives, sight
) -> None:
    former, heir, owner, customer = seller(), seller(), seller(), world.customer()
    world.record(Table.CONTACT, owner, telephone1=customer)
    our = world.number(former)
    arrives(our, customer)
    (row,) = world.rows(f"txv_phonenumbers?$select=txv_phonenumberid&$filter=txv_digits eq '{our.digits}'")
    number = UUID(str(row["txv_phonenumberid"]))
    text = world.text(our, customer, "Blue tulip")

    class GivenAwayMeanwhile(Inbox):
        def store(self, *incoming) -> None:
            world.update(f"txv_phonenumbers({number})", {"ownerid@odata.bind": f"/{owner_path(heir)}"})
            world.hint(PHONE_NUMBER, number)
            super().store(*incoming)

    replace(world.ingestion(), inbox=GivenAwayMeanwhile(world.service, world.now)).ingest(text)
    assert sight(former, text) == ALL

    world.hint(PHONE_NUMBER, number)

    assert [sight(who, text) for who in (former, heir, owner)] == [NOTHING, ALL, ALL]
