"""What is said of an attachment, when, and that a document is never taken away for a sentence."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from messaging.errors import ConfigurationError, Conflict, NotFound, PrivilegeMissing, Refused, Throttled, Unavailable
from messaging.events import Media, MediaWaiting
from messaging.media import File, Missing, NotFetched, Slot, Standing
from pipeline.attach import Attaching

PICTURE = File(content_type="image/png", content=b"\x89PNG")


@dataclass
class Provider:
    """Hands out a picture, or fails as it is told to."""

    failure: Exception | None = None
    asked: int = 0

    def fetch(self, event: MediaWaiting) -> File:
        self.asked += 1
        if self.failure is not None:
            raise self.failure
        return PICTURE


@dataclass
class Notes:
    """Attachments in memory, under the contract of the port; `refusal` is what the next document meets."""

    rows: dict[object, Standing] = field(default_factory=dict)
    files: dict[object, File] = field(default_factory=dict)
    written: int = 0
    refusal: Exception | None = None
    text_is_gone: bool = False

    def find(self, slot: Slot) -> Standing | None:
        return self.rows.get(slot.id)

    def store(self, slot: Slot, file: File, there: Standing | None) -> None:
        if self.refusal is not None:
            raise self.refusal
        self._write(slot, there, is_document=True, sentence="")
        self.files[slot.id] = file

    def say(self, slot: Slot, missing: Missing, there: Standing | None) -> None:
        self._write(slot, there, is_document=False, sentence=missing.value)

    def _write(self, slot: Slot, there: Standing | None, *, is_document: bool, sentence: str) -> None:
        if self.text_is_gone:
            raise NotFound("no such text")
        if self.rows.get(slot.id) != there:
            raise Conflict("changed since")
        self.written += 1
        self.rows[slot.id] = Standing(is_document=is_document, sentence=sentence, etag=str(self.written))


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def attaching(provider, notes) -> Attaching:
    return Attaching(source=provider, attachments=notes)


@pytest.fixture
def event(now) -> MediaWaiting:
    media = Media("https://api.twilio.com/1", "image/png")
    return MediaWaiting(
        account="twilio-demo", provider="twilio", message_id="MM1", position=0, media=media, received_at=now
    )


def _said(notes: Notes, event: MediaWaiting) -> str:
    return notes.rows[Slot.of(event).id].sentence


def test_an_attachment_that_was_fetched_is_stored(attaching, notes, event) -> None:
    attaching.attach(event, last=False)

    assert notes.files == {Slot.of(event).id: PICTURE}


def test_what_is_stored_is_not_fetched_again(attaching, provider, notes, event) -> None:
    for _ in range(2):
        attaching.attach(event, last=False)

    assert (provider.asked, notes.written) == (1, 1)


@pytest.mark.parametrize("error", [Unavailable("down"), Throttled("busy"), ConfigurationError("wrong password")])
def test_a_failed_fetch_that_is_tried_again_says_so_at_once_and_once(
    attaching, provider, notes, event, error: Exception
) -> None:
    provider.failure = error

    for _ in range(3):
        with pytest.raises(type(error)):
            attaching.attach(event, last=False)

    assert (_said(notes, event), notes.written) == (Missing.NOT_YET, 1)


def test_the_sentence_becomes_the_document_when_a_later_fetch_succeeds(attaching, provider, notes, event) -> None:
    provider.failure = Unavailable("down")
    with pytest.raises(Unavailable):
        attaching.attach(event, last=False)
    provider.failure = None

    attaching.attach(event, last=False)

    assert notes.rows[Slot.of(event).id] == Standing(is_document=True, etag="2")


def test_the_document_never_becomes_a_sentence(attaching, provider, notes, event) -> None:
    attaching.attach(event, last=False)
    provider.failure = NotFetched(Missing.GONE)

    attaching.attach(event, last=True)

    assert notes.rows[Slot.of(event).id].is_document


def test_a_document_that_another_run_stored_meanwhile_stays(attaching, provider, notes, event) -> None:
    class Slow(Provider):
        def fetch(self, waiting: MediaWaiting) -> File:
            Attaching(source=Provider(), attachments=notes).attach(waiting, last=False)
            raise Unavailable("down")

    with pytest.raises(Conflict):
        Attaching(source=Slow(), attachments=notes).attach(event, last=True)

    assert notes.rows[Slot.of(event).id].is_document


def test_after_the_last_attempt_the_sentence_says_that_no_other_follows(attaching, provider, notes, event) -> None:
    provider.failure = Unavailable("down")

    for last in (False, True):
        with pytest.raises(Unavailable):
            attaching.attach(event, last=last)

    assert _said(notes, event) == Missing.GIVEN_UP


@pytest.mark.parametrize("missing", [one for one in Missing if one not in (Missing.NOT_YET, Missing.GIVEN_UP)])
def test_what_never_can_be_fetched_says_why_for_good(attaching, provider, notes, event, missing: Missing) -> None:
    provider.failure = NotFetched(missing)

    with pytest.raises(NotFetched):
        attaching.attach(event, last=False)

    assert _said(notes, event) == missing


def test_a_document_that_dataverse_refuses_leaves_a_sentence(attaching, notes, event) -> None:
    notes.refusal = Refused("too large here")

    with pytest.raises(Refused):
        attaching.attach(event, last=False)

    assert _said(notes, event) == Missing.REFUSED


@pytest.mark.parametrize("error", [Unavailable("Dataverse is away"), PrivilegeMissing("no Create on notes")])
def test_what_keeps_dataverse_from_storing_says_nothing_about_the_attachment(
    attaching, notes, event, error: Exception
) -> None:
    notes.refusal = error

    with pytest.raises(type(error)):
        attaching.attach(event, last=False)

    assert notes.rows == {}


@pytest.mark.parametrize("failure", [None, Unavailable("down")])
def test_an_attachment_of_a_text_that_was_deleted_is_done_with(attaching, provider, notes, event, failure) -> None:
    notes.text_is_gone, provider.failure = True, failure

    attaching.attach(event, last=False)

    assert notes.rows == {}
