"""Which attachments are stored, and under which names."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging import ids
from messaging.events import Media, MediaWaiting, MessageReceived
from messaging.media import EXTENSIONS, MOST_BYTES, File, Missing, NotFetched, Slot, file, storable_type, waiting
from messaging.numbers import read_address

# Endings that Dataverse blocks by default (organization.blockedattachments) and that open in a browser.
DANGEROUS = {
    "js",
    "jse",
    "html",
    "htm",
    "svg",
    "xml",
    "exe",
    "bat",
    "cmd",
    "com",
    "hta",
    "jar",
    "lnk",
    "msi",
    "vbs",
    "ps1",
}
PNG = b"\x89PNG\r\n\x1a\n"
AT = datetime(2026, 11, 20, 9, 22, 45, tzinfo=UTC)


def _event(*media: Media) -> MessageReceived:
    return MessageReceived(
        account="twilio-demo",
        provider="twilio",
        message_id="MM1",
        sender=read_address("+12065550187"),
        recipient=read_address("+12065550100"),
        body="",
        media=media,
        received_at=AT,
    )


def _why(call) -> Missing:
    with pytest.raises(NotFetched) as refused:
        call()
    return refused.value.missing


def test_every_attachment_of_a_text_waits_by_itself() -> None:
    first, second = Media("https://a.example/1", "image/png"), Media("https://a.example/2", "text/vcard")

    assert waiting(_event(first, second)) == tuple(
        MediaWaiting(
            account="twilio-demo",
            provider="twilio",
            message_id="MM1",
            position=position,
            media=media,
            received_at=AT,
        )
        for position, media in enumerate((first, second))
    )
    assert waiting(_event()) == ()


def test_an_attachment_has_one_row_for_its_place_however_often_it_comes() -> None:
    first, second = map(Slot.of, waiting(_event(Media("https://a.example/1"), Media("https://a.example/2"))))

    assert (first, first.message_id) == (
        Slot(ids.attachment_id("twilio-demo", "MM1", 0), ids.message_id("twilio-demo", "MM1"), 0),
        second.message_id,
    )
    assert len({first.id, second.id, first.message_id}) == 3
    assert (first.title, second.title) == ("Attachment 1", "Attachment 2")


@given(st.integers(0, 99), st.sampled_from(sorted(EXTENSIONS)))
def test_a_file_name_is_of_our_making_and_says_what_the_file_is(position: int, content_type: str) -> None:
    name = Slot(UUID(int=1), UUID(int=2), position).file_name(content_type)

    assert re.fullmatch(r"attachment-[0-9]+\.[a-z0-9]{2,4}", name)
    assert name.rpartition(".")[2] == EXTENSIONS[content_type]
    assert name.rpartition(".")[2] not in DANGEROUS


@given(st.text(max_size=60), st.text(max_size=60), st.binary(min_size=1, max_size=60))
def test_whatever_is_served_either_has_a_type_that_is_stored_or_is_not_stored(served, announced, content) -> None:
    try:
        found = file(content, served_as=served, announced_as=announced)
    except NotFetched as error:
        assert error.missing is Missing.WRONG_TYPE
    else:
        assert found.content_type in EXTENSIONS


@pytest.mark.parametrize(
    "content_type",
    ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/javascript", "text/javascript",
     "application/zip", "application/x-msdownload", "application/msword", "text/rtf", "image", ""],
)  # fmt: skip
def test_what_a_browser_or_an_office_program_might_run_is_not_stored(content_type: str) -> None:
    assert _why(lambda: storable_type(content_type, "")) is Missing.WRONG_TYPE


def test_the_type_that_an_attachment_comes_with_counts_before_the_one_that_was_announced() -> None:
    assert storable_type("image/PNG ; charset=binary", "image/gif") == "image/png"
    assert _why(lambda: storable_type("text/html", "image/gif")) is Missing.WRONG_TYPE


@pytest.mark.parametrize("nothing", ["", "application/octet-stream", "binary/octet-stream"])
def test_the_announced_type_stands_in_where_an_attachment_comes_without_one(nothing: str) -> None:
    assert storable_type(nothing, "image/jpeg") == "image/jpeg"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\n \t", b"\0"])
def test_markup_that_calls_itself_a_picture_is_not_stored(mark: bytes) -> None:
    page = mark + b"<svg onload='alert(1)'/>"

    assert _why(lambda: file(page, served_as="image/png", announced_as="")) is Missing.WRONG_TYPE
    assert file(page, served_as="text/plain", announced_as="").content == page


def test_an_attachment_larger_than_the_limit_is_not_stored() -> None:
    just = PNG.ljust(MOST_BYTES, b"\0")

    assert file(just, served_as="image/png", announced_as="") == File(content_type="image/png", content=just)
    assert _why(lambda: file(just + b"\0", served_as="image/png", announced_as="")) is Missing.TOO_LARGE


@pytest.mark.parametrize("missing", Missing)
def test_what_is_missing_is_said_in_a_sentence_without_address_or_number(missing: Missing) -> None:
    assert re.fullmatch(r"[A-Z][^:/]*[^/]*\.", missing.value)
    assert "://" not in missing.value
    assert not re.search(r"\d\d", missing.value)
    assert str(NotFetched(missing)) == missing.value


def test_neither_an_attachment_nor_its_address_shows_in_a_repr() -> None:
    (event,) = waiting(_event(Media("https://secret.example/picture", "image/png")))

    assert "secret.example" not in repr(event)
    assert "PNG" not in repr(File(content_type="image/png", content=PNG))
