"""What a text costs, read off the emulator's own log of requests."""

from __future__ import annotations

from messaging.records import Table


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


def test_every_operation_is_a_post_to_batch(world) -> None:
    seller, customer = world.seller(), world.customer()
    event, ingestion = world.text(world.number(seller), customer), world.ingestion()
    ingestion.settings()  # a question of its own, every five minutes

    world.forget_requests()
    ingestion.ingest(event)

    assert {(request["method"], str(request["path"]).rpartition("/")[2]) for request in world.requests()} == {
        ("POST", "$batch")
    }
