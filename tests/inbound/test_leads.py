"""New leads: wanted or not, for each number of ours, so many an hour; and what becomes of one that was qualified."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from dataverse.schema.choices import NEW_LEADS as OPTIONS
from dataverse.schema.views import WAITING_CONVERSATIONS
from dataverse.store.running_settings import AMBIGUOUS_TEXTS, LEADS_PER_HOUR, NEW_LEADS, change_setting
from dataverse.store.tables import regarding
from dataverse.webapi.request import Request
from messaging.errors import TransientError
from messaging.numbers import read_address
from messaging.records import Record, Table

AS_THE_ORGANIZATION, ALWAYS, NEVER = (option.value for option in OPTIONS)


@pytest.fixture
def world(world):
    """The world with the variables of the settings, without a value, and a phone index that is complete."""
    world.define_settings()
    world.define_index_state()
    yield world
    world.define_settings()
    world.forget_index_state()


@pytest.fixture
def our(world):
    return world.number(world.seller())


def _take(world, our, customer=None, ingestion=None, **facts):
    event = replace(world.text(our, customer or world.customer()), **facts)
    (ingestion or world.ingestion()).ingest(event)
    if (home := world.home(event)) is not None:
        world.follow(home)
    return event


def _becomes(world, event) -> tuple[object, object]:
    said = json.loads(str(world.message(event)["txv_routing"]))
    return said["outcome"], said.get("waits_because")


def _say(world, our, value) -> None:
    (row,) = world.rows(f"txv_phonenumbers?$select=txv_phonenumberid&$filter=txv_digits eq '{our.digits}'")
    world.update(f"txv_phonenumbers({row['txv_phonenumberid']})", {"txv_newleads": value})


def _made(world, events) -> list[bool]:
    return [world.home(event) is not None for event in events]


@pytest.mark.parametrize(
    ("organization", "number", "made", "because"),
    [
        ("yes", None, "lead", None),
        ("yes", AS_THE_ORGANIZATION, "lead", None),
        ("yes", NEVER, "waits", "new leads are turned off for this number"),
        ("no", None, "waits", "new leads are turned off"),
        ("no", AS_THE_ORGANIZATION, "waits", "new leads are turned off"),
        ("no", ALWAYS, "lead", None),
    ],
)
def test_a_number_says_for_itself_whether_it_makes_leads(world, our, organization, number, made, because) -> None:
    change_setting(world.client, NEW_LEADS, organization)
    _say(world, our, number)

    event = _take(world, our)

    assert _becomes(world, event) == (made, because)
    assert (world.home(event) is None) is (made == "waits")


@pytest.mark.parametrize("sender", ["24273", "Contoso"])
def test_short_codes_and_names_never_make_leads_whatever_the_number_says(world, our, sender) -> None:
    _say(world, our, ALWAYS)

    event = _take(world, our, sender=read_address(sender))

    assert _becomes(world, event) == ("waits", "short codes and names make no leads")
    assert world.home(event) is None


def test_a_number_makes_so_many_leads_an_hour_and_the_rest_waits_and_is_told(world) -> None:
    seller = world.seller()
    our, customers = world.number(seller), [world.customer() for _ in range(4)]
    change_setting(world.client, LEADS_PER_HOUR, "2")

    events = [_take(world, our, customer) for customer in customers]

    assert _made(world, events) == [True, True, False, False]
    assert _becomes(world, events[2]) == ("waits", "2 leads were made for this number within the last hour")
    assert sorted(world.bell(seller)) == sorted(f"Text from {customer}" for customer in customers)
    assert world.conversation(events[3])["_ownerid_value"] == str(seller.id)


def test_what_waits_costs_no_read_more_and_stands_in_one_view(world, our) -> None:
    change_setting(world.client, LEADS_PER_HOUR, "1")
    ingestion = world.ingestion()
    lead = _take(world, our, ingestion=ingestion)
    world.forget_requests()

    waits = world.text(our, world.customer())
    ingestion.ingest(waits)

    # conversation, message; notification, mark
    assert [len(request["operations"]) for request in world.requests()] == [6, 4]
    request = Request(method="GET", path=f"txv_textconversations?fetchXml={WAITING_CONVERSATIONS.fetch}")
    shown = {row["activityid"] for row in world.client.send(request).json()["value"]}
    assert world.conversation(waits)["activityid"] in shown
    assert world.conversation(lead)["activityid"] not in shown


def test_after_an_hour_the_next_text_makes_the_lead_and_takes_along_what_waited(world, our) -> None:
    change_setting(world.client, LEADS_PER_HOUR, "1")
    customer = world.customer()
    _take(world, our)
    waited = _take(world, our, customer)
    world.clock_shift = timedelta(minutes=59)
    still = _take(world, our, customer)
    assert _made(world, [waited, still]) == [False, False]
    world.clock_shift = timedelta(hours=1, seconds=2)

    event = _take(world, our, customer)

    assert world.home(waited) == world.home(event) is not None
    other = _take(world, our)
    assert _becomes(world, other)[0] == "waits", "a lead counts from when it was made, not its conversation"


def test_a_known_number_is_not_held_up_by_the_guard(world) -> None:
    seller, customer = world.seller(), world.customer()
    our = world.number(seller)
    change_setting(world.client, LEADS_PER_HOUR, "1")
    _take(world, our)
    contact = world.record(Table.CONTACT, seller, mobilephone=customer)
    world.follow(contact)

    assert world.home(_take(world, our, customer)) == contact


def test_each_number_counts_by_itself_and_without_a_limit_none_does(world) -> None:
    seller = world.seller()
    one, other = world.number(seller), world.number(seller)
    change_setting(world.client, LEADS_PER_HOUR, "1")
    assert _made(world, [_take(world, our) for our in (one, one, other)]) == [True, False, True]
    change_setting(world.client, LEADS_PER_HOUR, "0")

    assert _made(world, [_take(world, one) for _ in range(2)]) == [True, True]


def test_a_flood_makes_as_many_leads_as_are_allowed_and_one_more_for_each_text_at_the_same_moment(world, our) -> None:
    most, workers = 3, 4
    change_setting(world.client, LEADS_PER_HOUR, str(most))
    events, ingestion = [world.text(our, world.customer()) for _ in range(20)], world.ingestion()
    ingestion.settings()

    def patiently(event) -> None:
        for _ in range(20):
            try:
                return ingestion.ingest(event)
            except TransientError:
                continue
        raise AssertionError("never came to an end")

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(patiently, events))

    made = sum(_made(world, events))
    assert most <= made <= most + workers - 1
    assert all(world.message(event)["txv_notifiedon"] for event in events), "nothing is lost"
    assert _made(world, [_take(world, our)]) == [False]


def _qualify(world, lead: Record, *tables: Table) -> dict[Table, Record]:
    wanted = {f"Create{table.name.capitalize()}": table in tables for table in (*Table,) if table is not Table.LEAD}
    request = Request(
        method="POST", path=f"leads({lead.id})/Microsoft.Dynamics.CRM.QualifyLead", body={**wanted, "Status": -1}
    )
    world.client.send(request)
    made = {}
    for table in tables:
        key, name = (f"{table.value}id", {Table.OPPORTUNITY: "opportunities"}.get(table, f"{table.value}s"))
        (row,) = world.rows(f"{name}?$select={key}&$filter=_originatingleadid_value eq {lead.id}")
        made[table] = Record(table, type(lead.id)(str(row[key])))
    for record in (lead, *(one for one in made.values() if one.table is not Table.OPPORTUNITY)):
        world.follow(record)
    return made


def _found_by(world, event, record: Record) -> list[str]:
    said = json.loads(str(world.message(event)["txv_routing"]))["candidates"]
    return next((one["found_by"] for one in said if one["id"] == str(record.id)), [])


def test_a_new_lead_that_the_index_lacks_is_found_though_its_conversation_was_put_on_no_record(world, our) -> None:
    customer = world.customer()
    first, second = (world.text(our, customer) for _ in range(2))
    world.ingestion().ingest(first)
    talk = world.conversation(first)
    world.update(f"txv_textconversations({talk['activityid']})", {f"{regarding(Table.LEAD)}@odata.bind": None})

    world.ingestion().ingest(second)

    (lead,) = world.rows(f"leads?$select=leadid&$filter=mobilephone eq '%2B{customer[1:]}'")
    assert world.home(second) == Record(Table.LEAD, UUID(str(lead["leadid"])))
    assert world.conversation(second)["activityid"] == talk["activityid"], "it is taken along"


def test_a_text_follows_a_lead_that_was_qualified_to_its_contact(world, our) -> None:
    customer = world.customer()
    lead = world.home(_take(world, our, customer))
    contact = _qualify(world, lead, Table.CONTACT)[Table.CONTACT]

    event = _take(world, our, customer)

    assert world.home(event) == contact
    assert _found_by(world, event, contact) == ["mobilephone", "the lead that it came from"]
    assert _found_by(world, event, lead) == [], "it is no candidate any more"


def test_it_follows_there_though_another_record_of_the_number_would_come_first(world, our) -> None:
    customer = world.customer()
    lead = world.home(_take(world, our, customer))
    contact = _qualify(world, lead, Table.CONTACT)[Table.CONTACT]
    (number,) = world.rows(f"txv_phonenumbers?$select=_ownerid_value&$filter=txv_digits eq '{our.digits}'")
    rival = world.record(
        Table.CONTACT, None, mobilephone=customer, **{"ownerid@odata.bind": f"/systemusers({number['_ownerid_value']})"}
    )
    world.follow(rival)

    event = _take(world, our, customer)

    assert world.home(event) == contact != rival
    assert json.loads(str(world.message(event)["txv_routing"]))["decided_by"] == "latest_conversation"


def test_of_contact_account_and_opportunity_of_one_lead_the_contact_is_followed_and_nobody_is_asked(world, our) -> None:
    change_setting(world.client, AMBIGUOUS_TEXTS, "ask")
    customer = world.customer()
    lead = world.home(_take(world, our, customer))
    made = _qualify(world, lead, Table.CONTACT, Table.ACCOUNT, Table.OPPORTUNITY)

    event = _take(world, our, customer)

    assert world.home(event) == made[Table.CONTACT]
    assert _becomes(world, event) == ("record", None)
    assert "the lead that it came from" in _found_by(world, event, made[Table.OPPORTUNITY])


def test_a_lead_that_was_qualified_into_nothing_is_followed_itself(world, our) -> None:
    customer = world.customer()
    lead = world.home(_take(world, our, customer))
    _qualify(world, lead)

    assert world.home(_take(world, our, customer)) == lead
