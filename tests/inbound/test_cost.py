"""What a text costs, read off the emulator's own log of requests. `python3 dev.py bench inbound` prints the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from messaging.events import Media, MessageReceived
from messaging.records import Table

MOST = {"round trips": 2, "reads": 6, "writes": 6}


def _cost(world, event) -> list[int]:
    """The operations of each round trip."""
    ingestion = world.ingestion()
    ingestion.ingest(world.text(event.recipient, event.sender.value))  # who may receive is known from here on
    world.forget_requests()
    ingestion.ingest(event)
    return [len(request["operations"]) for request in world.requests()]


def test_a_warm_text_costs_two_round_trips(world) -> None:
    seller, customer = world.seller(), world.customer()
    world.record(Table.CONTACT, seller, mobilephone=customer)

    reads, writes = _cost(world, world.text(world.number(seller), customer))

    # conversation, message; notification, mark
    assert (reads, writes) == (6, 4)


def test_a_first_text_from_an_unknown_number_costs_two_round_trips_when_warm(world) -> None:
    seller = world.seller()
    our, ingestion = world.number(seller), world.ingestion()
    ingestion.ingest(world.text(our, world.customer()))
    world.forget_requests()

    ingestion.ingest(world.text(our, world.customer()))

    # lead, conversation, message; notification, mark
    assert [len(request["operations"]) for request in world.requests()] == [6, 5]


def test_a_text_on_a_colleagues_record_is_shared_in_the_same_round_trip(world) -> None:
    seller, colleague, customer = world.seller(), world.seller(), world.customer()
    our, ingestion = world.number(seller), world.ingestion()
    world.record(Table.CONTACT, colleague, mobilephone=customer)
    other = world.customer()
    world.record(Table.CONTACT, colleague, mobilephone=other)
    ingestion.ingest(world.text(our, other))
    world.forget_requests()

    ingestion.ingest(world.text(our, customer))

    # conversation, share, message; notification, mark
    assert [len(request["operations"]) for request in world.requests()] == [6, 5]

    world.forget_requests()
    ingestion.ingest(world.text(our, customer))
    # And again: the number may have been given to someone else since.
    assert [len(request["operations"]) for request in world.requests()] == [6, 5]


def test_a_repeated_text_costs_three_round_trips_and_writes_nothing(world) -> None:
    seller, customer = world.seller(), world.customer()
    event, ingestion = world.text(world.number(seller), customer), world.ingestion()
    ingestion.ingest(event)
    world.forget_requests()

    ingestion.ingest(event)

    assert [request["status"] for request in world.requests()] == [200, 412, 200]
    # What is around the text; conversation and message, refused; the same again, the message, the leads of the number
    assert [len(request["operations"]) for request in world.requests()] == [6, 2, 8]


def _known_contact(world) -> Callable[[], MessageReceived]:
    seller, customer = world.seller(), world.customer()
    world.record(Table.CONTACT, seller, mobilephone=customer)
    our = world.number(seller)
    return lambda: world.text(our, customer)


def _shared_number(world) -> Callable[[], MessageReceived]:
    """A contact, an account with its opportunity and a lead, texted on the number of a team of two."""
    seller, colleague, customer = world.seller(), world.seller(), world.customer()
    account = world.record(Table.ACCOUNT, colleague, telephone1=customer)
    world.record(Table.CONTACT, colleague, telephone1=customer)
    world.record(Table.LEAD, colleague, mobilephone=customer)
    world.opportunity(account, seller)
    our = world.number(world.team(seller, colleague))
    return lambda: world.text(our, customer)


def _colleagues_record(world) -> Callable[[], MessageReceived]:
    customer = world.customer()
    world.record(Table.CONTACT, world.seller(), mobilephone=customer)
    our = world.number(world.seller())
    return lambda: world.text(our, customer)


def _unknown_number(world) -> Callable[[], MessageReceived]:
    our = world.number(world.seller())
    return lambda: world.text(our, world.customer())


def _unknown_number_of_a_team(world) -> Callable[[], MessageReceived]:
    our = world.number(world.team(world.seller(), world.seller()))
    return lambda: world.text(our, world.customer())


def _short_code(world) -> Callable[[], MessageReceived]:
    our = world.number(world.seller())
    return lambda: world.text(our, "72345")


def _mms(world) -> Callable[[], MessageReceived]:
    known = _known_contact(world)
    customer, our = known().sender.value, known().recipient
    pictures = tuple(Media(url=f"https://media.example/{place}", content_type="image/jpeg") for place in range(2))
    return lambda: world.text(our, customer, media=pictures)


@pytest.mark.parametrize(
    "texts",
    [
        _known_contact,
        _shared_number,
        _colleagues_record,
        _unknown_number,
        _unknown_number_of_a_team,
        _short_code,
        _mms,
    ],
)
def test_a_warm_text_costs_at_most_two_round_trips_six_reads_and_six_writes(world, texts) -> None:
    text, ingestion = texts(world), world.ingestion()
    ingestion.ingest(text())  # who may receive is known from here on, and so are the settings
    event = text()
    world.forget_requests()

    ingestion.ingest(event)

    trips = world.requests()
    methods = [operation["method"] for trip in trips for operation in trip["operations"] or [trip]]
    reads = methods.count("GET")
    cost = {"round trips": len(trips), "reads": reads, "writes": len(methods) - reads}
    assert {what: number for what, number in cost.items() if number > MOST[what]} == {}
    assert world.message(event)["txv_notifiedon"] is not None


def test_every_operation_is_a_post_to_batch(world) -> None:
    seller, customer = world.seller(), world.customer()
    event, ingestion = world.text(world.number(seller), customer), world.ingestion()
    ingestion.settings()  # a question of its own, every five minutes

    world.forget_requests()
    ingestion.ingest(event)

    assert {(request["method"], str(request["path"]).rpartition("/")[2]) for request in world.requests()} == {
        ("POST", "$batch")
    }
