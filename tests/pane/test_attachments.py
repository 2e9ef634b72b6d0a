"""What came with a text, in the conversation page: pictures, files, sentences in their place."""

from __future__ import annotations

import base64
import struct
import zlib
from uuid import UUID, uuid4

import pytest

from messaging import ids
from messaging.events import Media
from messaging.records import Table

pytestmark = pytest.mark.browser

MARKUP = "<script>document.title = 'taken'</script><svg xmlns='http://www.w3.org/2000/svg' onload='top.taken=1'/>"
# Instead of a dialog of the browser: what is handed to the person, kept in `links` and `blobs`.
KEPT = """
[window.links, window.blobs] = [[], []];
const address = URL.createObjectURL;
URL.createObjectURL = (blob) => window.blobs.push(blob) && address.call(URL, blob);
HTMLAnchorElement.prototype.click = function () { window.links.push(this); };
"""
HANDED = """
const [[link], [blob], done] = [window.links, window.blobs, arguments[0]];
blob.text().then((text) => done([link.download, link.href.slice(0, 5), blob.type, text]));
"""


def png(width=60, height=40):
    """A picture in two colours."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(
        b"\0" + bytes([15, 108, 189] * (width // 2) + [240, 178, 102] * (width // 2)) for _ in range(height)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.fixture
def receive(company, maya, our):
    """A text with so many attachments comes; the id of its row, and its conversation."""
    customer = company.customer()
    company.record(Table.CONTACT, maya, firstname="Ada", lastname="Quist", mobilephone=customer)

    def come(count, body="Look"):
        media = tuple(Media(f"https://media.example/{each}", "image/png") for each in range(count))
        event = company.text(our, customer, body, media=media)
        return ids.message_id(event.account, event.message_id), company.conversation(event)

    return come


@pytest.fixture
def note(company):
    """A note on a text, as fetching leaves it."""

    def write(message: UUID, place: int, content: bytes | str, kind: str = "", name: str = "") -> UUID:
        row = uuid4()
        about = {
            "subject": f"Attachment {place}",
            "objectid_txv_textmessage@odata.bind": f"/txv_textmessages({message})",
        }
        if isinstance(content, str):
            body = {"isdocument": False, "notetext": content}
        else:
            body = {"isdocument": True, "mimetype": kind, "filename": name, "documentbody": _base64(content)}
        company.create(f"annotations({row})", {**about, **body})
        return row

    return write


def _base64(content):
    return base64.b64encode(content).decode()


@pytest.fixture
def look(browser, maya):
    def at(talk):
        browser.sign_in(maya)
        browser.open_on_form("conversation.html", "txv_textconversation", talk)
        browser.until(lambda: browser.texts(".bubble"))
        return browser

    return at


def widths(browser):
    script = (
        "return [...document.querySelectorAll('.thumbnail img')].filter((i) => i.complete).map((i) => i.naturalWidth)"
    )
    return browser.chrome.execute_script(script)


def test_a_picture_is_shown_with_a_text_for_those_who_do_not_see_it_and_its_name_and_size(receive, note, look):
    message, talk = receive(1)
    note(message, 1, png(), "image/png", "attachment-1.png")

    page = look(talk)

    page.until(lambda: widths(page) == [60])
    assert "Picture attachment-1.png" in page.spoken() or "Enlarge the picture attachment-1.png" in page.spoken()
    assert page.texts(".attachments .link")[0].endswith(f"attachment-1.png ({len(png())} bytes)")
    assert page.complaints() == []


def test_a_picture_can_be_enlarged_and_made_small_again(receive, note, look):
    message, talk = receive(1)
    note(message, 1, png(2000, 900), "image/png", "attachment-1.png")
    page = look(talk)
    page.until(lambda: widths(page) == [2000])
    size = "const e = document.querySelector('.thumbnail'); return [e.offsetWidth, e.getAttribute('aria-expanded')]"
    small = page.chrome.execute_script(size)

    page.click(".thumbnail")

    large = page.chrome.execute_script(size)
    assert (small, large[1]) == ([160, "false"], "true")
    assert 300 < large[0] <= 420
    assert page.chrome.execute_script("return document.getElementById('texts').scrollWidth") <= 420
    page.click(".thumbnail")
    assert page.chrome.execute_script(size) == small


def test_what_came_with_all_texts_is_asked_for_once_and_files_only_when_they_are_seen(company, receive, note, look):
    first, talk = receive(1, "the first")
    early = note(first, 1, png(), "image/png", "early.png")
    for number in range(20):
        receive(0, f"text {number}\n\n\n")
    last, _ = receive(2, "the last")
    late, document = note(last, 1, png(), "image/png", "late.png"), note(last, 2, b"%PDF-", "application/pdf", "x.pdf")
    company.update(f"txv_textconversations({talk})", {"txv_unreadcount": 0})
    company.asked()

    page = look(talk)
    page.until(lambda: 60 in widths(page))

    asked = [line for line in company.asked() if "annotations" in line]
    assert asked == ["GET annotations", f"GET annotations({late})"]
    page.chrome.execute_script("document.getElementById('texts').scrollTop = 0")
    page.until(lambda: widths(page) == [60, 60])
    page.look_again()
    page.until(lambda: "GET txv_textmessages" in company.asked() or page.texts(".bubble"))
    assert [line for line in company.asked() if f"({document})" in line or f"({late})" in line] == []
    assert early


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/xhtml+xml", "image/png,text/html"])
def test_an_unsafe_file_is_never_rendered_only_handed_on_without_its_type(receive, note, look, kind):
    message, talk = receive(1)
    note(message, 1, MARKUP.encode(), kind, "page.html")
    page = look(talk)
    page.until(lambda: page.texts(".attachments .link"))
    page.chrome.execute_script(KEPT)

    page.click(".attachments .link")

    page.until(lambda: page.chrome.execute_script("return window.links.length"))
    handed = page.chrome.execute_async_script(HANDED)
    assert handed == ["page.html", "blob:", "application/octet-stream", MARKUP]
    assert page.texts(".thumbnail, .attachments svg, iframe, object, embed") == []
    assert "taken" not in page.chrome.title


def test_markup_that_calls_itself_a_picture_is_no_picture_and_runs_nothing(receive, note, look):
    message, talk = receive(1)
    note(message, 1, MARKUP.encode(), "image/png", "attachment-1.png")

    page = look(talk)

    page.until(lambda: "This picture cannot be shown:" in " ".join(page.texts(".attachments .bad")))
    assert page.texts(".thumbnail") == []
    assert page.texts(".attachments .link")
    assert page.chrome.execute_script("return [window.taken ?? null, document.title]") == [None, "Texts with Ada Quist"]


def test_a_sentence_stands_in_the_place_of_an_attachment_until_it_is_there(company, receive, note, look):
    message, talk = receive(2)
    row = note(message, 1, "The attachment could not be fetched yet; it is tried again.")
    page = look(talk)
    page.until(lambda: len(page.texts(".attachments li")) == 2)
    assert page.texts(".attachments li") == [
        "The attachment could not be fetched yet; it is tried again.",
        "1 attachment, not here yet",
    ]
    file = {
        "isdocument": True,
        "mimetype": "image/png",
        "filename": "a.png",
        "documentbody": _base64(png()),
        "notetext": None,
    }

    company.update(f"annotations({row})", file)
    page.look_again()

    page.until(lambda: widths(page) == [60])
    assert page.texts(".attachments li")[1:] == ["1 attachment, not here yet"]


def test_a_file_that_cannot_be_had_says_so_and_can_be_tried_again(company, receive, note, look):
    message, talk = receive(1)
    row = note(message, 1, b"BEGIN:VCARD", "text/vcard", "attachment-1.vcf")
    page = look(talk)
    page.until(lambda: page.texts(".attachments .link"))
    page.chrome.execute_script(KEPT)
    company.trouble(fault="503", path=f"^annotations.{row}")
    page.click(".attachments .link")
    page.until(lambda: page.texts(".attachments .bad") == ["Dynamics is busy. Try again in a moment."])
    company.no_trouble()

    page.click(".attachments .link")

    page.until(lambda: page.chrome.execute_script("return window.links.length"))
    assert page.texts(".attachments .bad") in ([], [""])


def test_texts_are_shown_also_where_attachments_cannot_be_had(company, receive, note, look):
    message, talk = receive(1)
    note(message, 1, png(), "image/png", "a.png")
    company.trouble(fault="503", path="^annotations")

    page = look(talk)

    assert page.texts(".bubble") == ["Look"]
    assert page.texts(".attachments li") == ["1 attachment, not here yet"]
    assert page.texts("#banner") == []


def test_one_who_may_not_see_notes_is_told_that_there_are_some(company, browser, receive, note):
    message, talk = receive(1)
    note(message, 1, png(), "image/png", "a.png")
    reader = company.seller(texts=False)
    company.give_role(reader)  # texts, and no notes
    company.let_read(talk, reader)
    browser.sign_in(reader)
    browser.open_on_form("conversation.html", "txv_textconversation", talk)

    browser.until(lambda: browser.texts(".attachments li"))
    assert browser.texts(".attachments li") == ["1 attachment, not for you to see. Ask your administrator."]


def test_a_file_on_its_way_does_not_move_what_is_read(receive, note, look):
    message, talk = receive(1)
    note(message, 1, png(), "image/png", "a.png")
    page = look(talk)
    height = "return document.querySelector('.thumbnail').offsetHeight"
    page.until(lambda: page.texts(".attachments .link"))
    before = page.chrome.execute_script(height)

    page.until(lambda: widths(page) == [60])

    assert page.chrome.execute_script(height) == before == 120
