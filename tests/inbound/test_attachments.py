"""Attachments as notes of their text, over the emulator: each once, and never in the way of its text."""

from __future__ import annotations

from base64 import b64decode
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Barrier, Thread

import pytest
import requests

from dataverse.store.attachments import Attachments
from local.queues import SqliteQueues
from messaging import ids
from messaging.envelope import Envelope, decode, encode
from messaging.errors import Conflict, NotFound, Refused, TransientError, Unavailable
from messaging.events import Media, MediaWaiting
from messaging.media import MOST_BYTES, File, Missing, NotFetched, Slot
from messaging.records import Table
from pipeline.accept import PROVIDER_EVENTS
from pipeline.attach import Attaching
from pipeline.process import POISON, Processing

PNG = b"\x89PNG\r\n\x1a\n picture"
FACTS = "subject,filename,mimetype,isdocument,filesize,documentbody,notetext"


@dataclass
class Provider:
    """What the provider hands out, by URL; what is not there yet, or never will be, is an error."""

    there: dict[str, bytes | Exception] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def fetch(self, event: MediaWaiting) -> File:
        self.asked.append(event.media.url)
        found = self.there.get(event.media.url, Unavailable("the provider is down"))
        if isinstance(found, Exception):
            raise found
        return File(content_type=event.media.content_type, content=found)


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def attaching(world, provider) -> Attaching:
    return Attaching(source=provider, attachments=Attachments(world.service))


@pytest.fixture
def queues():
    with closing(SqliteQueues(Path(":memory:"))) as made:
        yield made


@pytest.fixture
def processing(world, attaching, queues) -> Processing:
    return Processing(
        received=world.ingestion().ingest,
        media_waiting=attaching.attach,
        reported=world.tracking().track,
        opted_out=world.consenting().note,
        queue=queues,
    )


@pytest.fixture
def fault(world):
    """Makes the next write of a note go wrong in Dataverse."""

    def strike(kind: str, **facts: object) -> None:
        rule = {"fault": kind, "method": "PATCH", "path": "annotations", "nth": 1, **facts}
        requests.post(f"{world.url}/_emulator/faults", json=rule, timeout=5).raise_for_status()

    yield strike
    requests.delete(f"{world.url}/_emulator/faults", timeout=5)


@pytest.fixture
def mms(world):
    """A text with so many pictures, to a seller who has a contact with the number."""

    def make_one(count: int = 1):
        seller, customer = world.seller(), world.customer()
        world.record(Table.CONTACT, seller, mobilephone=customer)
        media = tuple(Media(f"https://api.twilio.com/{number}", "image/png") for number in range(count))
        return world.text(world.number(seller), customer, media=media)

    return make_one


@pytest.fixture
def stored(world, mms):
    """An attachment whose text is stored."""
    event = mms()
    world.ingestion().ingest(event)
    return _waiting(event)


def _waiting(event, position: int = 0) -> MediaWaiting:
    return MediaWaiting(
        account=event.account,
        provider=event.provider,
        message_id=event.message_id,
        position=position,
        media=event.media[position],
        received_at=event.received_at,
    )


def _notes(world, event) -> list[dict[str, object]]:
    text = ids.message_id(event.account, event.message_id)
    return world.rows(f"annotations?$select={FACTS}&$filter=_objectid_value eq {text}&$orderby=subject")


def _run(processing: Processing, queues: SqliteQueues, event=None) -> None:
    """What the Functions host does, without waiting for what is put off."""
    if event is not None:
        processing.process(encode(Envelope(event=event)))
    while messages := queues.receive(PROVIDER_EVENTS, lease_s=60):
        for message in messages:
            processing.process(message.text)
            queues.delete(message)


def test_all_attachments_are_stored_with_their_text(world, provider, processing, queues, mms) -> None:
    event = mms(10)
    provider.there = {media.url: PNG + bytes([number]) for number, media in enumerate(event.media)}

    _run(processing, queues, event)

    notes = {note["subject"]: note for note in _notes(world, event)}
    assert len(notes) == 10
    for number in range(10):
        note = notes[f"Attachment {number + 1}"]
        assert b64decode(str(note["documentbody"])) == PNG + bytes([number])
        assert note["filename"] == f"attachment-{number + 1}.png"
        assert (note["mimetype"], note["isdocument"], note["notetext"]) == ("image/png", True, None)
        assert note["filesize"] == len(PNG) + 1


def test_an_attachment_is_stored_once_however_often_its_text_comes(world, provider, processing, queues, mms) -> None:
    event = mms(2)
    provider.there = dict.fromkeys((media.url for media in event.media), PNG)

    for _ in range(3):
        _run(processing, queues, event)

    assert (len(_notes(world, event)), len(provider.asked)) == (2, 2)


def test_attachments_delay_neither_the_text_nor_its_notification(world, provider, processing, queues, mms) -> None:
    event = mms()
    provider.there[event.media[0].url] = NotFetched(Missing.GONE)

    processing.process(encode(Envelope(event=event)))  # and no more: the attachment is still queued

    assert (world.message(event)["txv_mediacount"], provider.asked) == (1, [])
    assert world.message(event)["txv_notifiedon"] is not None
    _run(processing, queues)
    assert (provider.asked, queues.count(POISON)) == ([event.media[0].url], 1)


def test_one_attachment_that_fails_keeps_no_other_from_being_stored(world, provider, processing, queues, mms) -> None:
    event = mms(3)
    provider.there = {
        event.media[0].url: PNG,
        event.media[1].url: NotFetched(Missing.TOO_LARGE),
        event.media[2].url: PNG,
    }

    _run(processing, queues, event)

    assert [note["isdocument"] for note in _notes(world, event)] == [True, False, True]


def test_a_run_that_was_cut_off_between_storing_and_queueing_loses_no_attachment(
    world, provider, processing, queues, mms
) -> None:
    event = mms()
    provider.there[event.media[0].url] = PNG
    world.ingestion().ingest(event)  # here it was cut off

    _run(processing, queues, event)

    assert [note["isdocument"] for note in _notes(world, event)] == [True]


def test_a_failed_fetch_leaves_a_sentence_that_becomes_the_document(world, provider, attaching, stored) -> None:
    for _ in range(2):
        with pytest.raises(TransientError):
            attaching.attach(stored, last=False)
    (note,) = _notes(world, stored)
    assert (note["notetext"], note["isdocument"], note["documentbody"]) == (Missing.NOT_YET, False, None)
    assert (note["subject"], note["filename"]) == ("Attachment 1", None)

    provider.there[stored.media.url] = PNG
    attaching.attach(stored, last=False)

    (note,) = _notes(world, stored)
    assert (note["notetext"], note["isdocument"], note["filename"]) == (None, True, "attachment-1.png")


def test_a_failed_fetch_comes_back_through_the_queue(world, provider, processing, queues, stored) -> None:
    processing.process(encode(Envelope(event=stored)))

    assert queues.count(PROVIDER_EVENTS) == 1
    assert [note["notetext"] for note in _notes(world, stored)] == [Missing.NOT_YET]


def test_what_never_can_be_fetched_is_set_aside_and_can_be_brought_back(
    world, provider, processing, queues, stored
) -> None:
    provider.there[stored.media.url] = NotFetched(Missing.WITHHELD)
    _run(processing, queues, stored)
    assert [note["notetext"] for note in _notes(world, stored)] == [Missing.WITHHELD]
    (kept,) = queues.peek(POISON)
    assert decode(kept.text).reason == f"NotFetched: {Missing.WITHHELD}"

    provider.there[stored.media.url] = PNG
    _run(processing, queues, decode(kept.text).event)

    assert [note["isdocument"] for note in _notes(world, stored)] == [True]


def test_the_document_never_becomes_a_sentence(world, provider, attaching, stored) -> None:
    provider.there[stored.media.url] = PNG
    attaching.attach(stored, last=False)
    slot, store = Slot.of(stored), Attachments(world.service)

    provider.there[stored.media.url] = NotFetched(Missing.GONE)
    attaching.attach(stored, last=True)
    with pytest.raises(Conflict):
        store.say(slot, Missing.GIVEN_UP, None)

    assert [note["isdocument"] for note in _notes(world, stored)] == [True]


def test_two_runs_at_once_store_one_document(world, stored) -> None:
    together, outcomes = Barrier(2), []

    class Slow(Provider):
        def fetch(self, event: MediaWaiting) -> File:
            together.wait(5)
            return File(content_type="image/png", content=PNG)

    def attach() -> None:
        try:
            Attaching(source=Slow(), attachments=Attachments(world.service)).attach(stored, last=False)
            outcomes.append("stored")
        except Conflict:
            outcomes.append("conflict")

    threads = [Thread(target=attach) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (sorted(outcomes), len(_notes(world, stored))) == (["conflict", "stored"], 1)


def test_the_largest_attachment_goes_through(world, provider, attaching, stored) -> None:
    provider.there[stored.media.url] = PNG.ljust(MOST_BYTES, b"\0")

    attaching.attach(stored, last=False)

    (note,) = _notes(world, stored)
    assert note["filesize"] == MOST_BYTES


def test_a_document_that_dataverse_refuses_leaves_a_sentence(world, provider, attaching, fault, stored) -> None:
    """Too large for the limit of the organization, say, or of an ending that it blocks."""
    provider.there[stored.media.url] = PNG
    fault("error", status=400, code="0x80040203")

    with pytest.raises(Refused):
        attaching.attach(stored, last=False)

    assert [(note["notetext"], note["isdocument"]) for note in _notes(world, stored)] == [(Missing.REFUSED, False)]


def test_an_attachment_of_a_text_that_was_deleted_is_done_with(world, provider, attaching, stored) -> None:
    text = ids.message_id(stored.account, stored.message_id)
    world.delete(f"txv_textmessages({text})")
    provider.there[stored.media.url] = PNG

    attaching.attach(stored, last=False)

    assert _notes(world, stored) == []


def test_attachments_go_with_their_text(world, provider, attaching, stored) -> None:
    provider.there[stored.media.url] = PNG
    attaching.attach(stored, last=False)

    world.delete(f"txv_textmessages({ids.message_id(stored.account, stored.message_id)})")

    with pytest.raises(NotFound):
        world.delete(f"annotations({Slot.of(stored).id})")


def test_a_sentence_that_someone_deletes_meanwhile_is_written_again(world, provider, attaching, stored) -> None:
    with pytest.raises(Unavailable):
        attaching.attach(stored, last=False)
    store = Attachments(world.service)
    there = store.find(Slot.of(stored))
    world.delete(f"annotations({Slot.of(stored).id})")

    with pytest.raises(Conflict):
        store.store(Slot.of(stored), File(content_type="image/png", content=PNG), there)
    provider.there[stored.media.url] = PNG
    attaching.attach(stored, last=False)

    assert [note["isdocument"] for note in _notes(world, stored)] == [True]


def test_an_attachment_costs_one_read_and_one_write(world, provider, attaching, stored) -> None:
    provider.there[stored.media.url] = PNG
    world.forget_requests()

    attaching.attach(stored, last=False)

    assert [request["method"] for request in world.requests()] == ["GET", "PATCH"]
    world.forget_requests()
    attaching.attach(stored, last=False)
    assert [request["method"] for request in world.requests()] == ["GET"]


def test_a_text_with_attachments_costs_no_more_than_one_without(world, mms) -> None:
    ingestion, event = world.ingestion(), mms(10)
    ingestion.ingest(world.text(event.recipient, event.sender.value))
    world.forget_requests()

    ingestion.ingest(event)

    assert [len(request["operations"]) for request in world.requests()] == [6, 4]


def test_an_answer_that_was_lost_stores_one_document(world, provider, attaching, fault, stored) -> None:
    provider.there[stored.media.url] = PNG
    fault("lost")

    with pytest.raises(Conflict):
        attaching.attach(stored, last=False)
    attaching.attach(stored, last=False)

    assert ([note["isdocument"] for note in _notes(world, stored)], len(provider.asked)) == ([True], 1)
