"""The conversation page, as a seller reads it in a browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from selenium.webdriver import Keys

from messaging.events import Media
from messaging.numbers import Address
from messaging.records import Principal, Table
from messaging.status import Status

pytestmark = pytest.mark.browser

HELLO = "مرحبا، كم السعر؟"
CONTRAST = """
const channel = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
const light = ([red, green, blue]) => 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
const behind = (element) => {
  const [red, green, blue, alpha = 1] = numbers(getComputedStyle(element).backgroundColor);
  return alpha > 0 || !element.parentElement ? [red, green, blue] : behind(element.parentElement);
};
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const poor = [];
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
  const [one, other] = [light(numbers(getComputedStyle(element).color)), light(behind(element))];
  const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  if (ratio < 4.5) poor.push(`${walker.currentNode.data.trim()}: ${ratio.toFixed(1)}`);
}
return poor;
"""


@dataclass
class Scene:
    """A conversation of two days, with a text of each fate, of which three texts are new."""

    seller: Principal
    our: Address
    customer: str
    talk: UUID


@pytest.fixture(scope="module")
def scene(_company):
    company = _company
    maya = company.seller(firstname="Maya", lastname="Lindqvist")
    our, customer = company.number(maya), company.customer()
    company.record(Table.CONTACT, maya, firstname="Ada", lastname="Quist", mobilephone=customer)
    company.clock_shift = timedelta(days=-1)
    talk = company.conversation(company.text(our, customer, "Is the lamp still on offer?"))
    company.pass_by(timedelta(minutes=1))
    company.answer(talk, "It is.", Status.DELIVERED, maya)
    off = {"txv_failurereason": "Unreachable", "txv_statusdetail": "twilio:30003 The handset is off."}
    company.answer(talk, "Shall I?", Status.UNDELIVERED, maya, **off)
    company.answer(talk, "Perhaps", Status.UNCONFIRMED, maya)
    company.clock_shift = timedelta()
    company.text(our, customer, HELLO, occurred_at=company.now() - timedelta(hours=3))
    company.text(our, customer, "", media=(Media("https://x/1", "image/jpeg"), Media("https://x/2", "image/jpeg")))
    company.text(our, customer, "<img src=x onerror=document.title='taken'> & \"quotes\"")
    return Scene(maya, our, customer, talk)


@pytest.fixture
def page(browser, company, scene):
    company.update(f"txv_textconversations({scene.talk})", {"txv_unreadcount": 3})
    browser.sign_in(scene.seller)
    browser.open_on_form("conversation.html", "txv_textconversation", scene.talk)
    browser.until(lambda: len(browser.texts(".bubble")) == 7)
    return browser


def test_texts_come_in_order_with_days_between_and_a_line_above_what_is_new(page):
    assert page.texts("#list > li > h2, #list .bubble") == [
        "Yesterday",
        "Is the lamp still on offer?",
        "It is.",
        "Shall I?",
        "Perhaps",
        "Today",
        "New",
        HELLO,
        "No words",
        "<img src=x onerror=document.title='taken'> & \"quotes\"",
    ]
    assert page.complaints() == []


def test_it_says_who_it_is_with_and_on_which_number(page, scene):
    about = f"contact · {scene.customer} · on {scene.our.value} · owned by Maya Lindqvist"

    assert page.texts("h1") == ["Ada Quist"]
    assert page.texts("#about") == [about]
    assert page.chrome.title == "Texts with Ada Quist"


def test_what_is_looked_at_has_been_read(page, company, scene):
    page.until(lambda: company.unread(scene.talk) == 0)


def test_each_text_says_who_sent_it_and_what_became_of_it(page):
    meta = page.texts(".outgoing .meta")

    assert [line.rpartition(" · ")[2] for line in meta] == ["Delivered", "Not delivered", "Perhaps not sent"]
    assert all(line.startswith("Maya Lindqvist · ") for line in meta)
    assert page.texts(".incoming .meta")[0].startswith("Ada Quist · ")


def test_a_text_that_did_not_arrive_says_why_and_what_helps_to_the_eye_and_to_the_ear(page):
    heard = page.spoken()

    for sentence in ("The phone was off or out of reach", "Try again later.", "twilio:30003 The handset is off."):
        assert sentence in page.texts(".trouble")[0]
        assert sentence in heard
    assert "nobody knows yet whether it was sent" in page.texts(".trouble")[1]


def test_the_ear_hears_who_says_what(page):
    heard = page.spoken()

    assert "Text from Ada Quist:" in heard
    assert "Text by Maya Lindqvist:" in heard
    assert "Texts of this conversation" in heard


def test_a_text_from_right_to_left_is_shown_so(page):
    script = "return [...document.querySelectorAll('.bubble')].map((each) => getComputedStyle(each).direction)"

    assert page.chrome.execute_script(script) == ["ltr"] * 4 + ["rtl", "ltr", "ltr"]


def test_attachments_are_counted_and_a_late_text_says_when_it_arrived(page):
    assert page.texts(".attachments") == ["2 attachments, not here yet"]
    assert [" arrived " in line for line in page.texts(".incoming .meta")] == [False, True, False, False]


def test_why_a_text_is_here_is_told_to_the_keyboard_with_the_names_that_the_seller_may_see(browser, company, scene):
    customer = company.customer()
    company.record(Table.ACCOUNT, company.seller(), name="Secret Ltd", telephone1=customer)
    company.record(Table.CONTACT, scene.seller, firstname="Bo", lastname="Brygga", mobilephone=customer)
    talk = company.conversation(company.text(scene.our, customer))
    browser.sign_in(scene.seller)
    browser.open_on_form("conversation.html", "txv_textconversation", talk)
    browser.until(lambda: browser.texts("summary"))

    browser.press("summary", Keys.ENTER)

    browser.until(lambda: browser.texts(".reasons") not in ([], ["Loading …"]))
    [reasons] = browser.texts(".reasons")
    assert "Bo Brygga was chosen because it belongs to the seller" in reasons
    assert "An account that you may not see fell out at “Belongs to the seller”: it does not." in reasons
    assert "It was found by its mobile phone." in reasons
    assert "The owner of the number was told." in reasons
    assert "Secret" not in browser.spoken()


def test_candidate_names_are_shown_only_to_those_who_may_read_those_records(browser, company, scene):
    customer, tom = company.customer(), company.seller()
    secret = company.record(Table.CONTACT, tom, lastname="Secret", mobilephone=customer)
    company.record(Table.CONTACT, scene.seller, firstname="Bo", lastname="Brygga", mobilephone=customer)
    talk = company.conversation(company.text(scene.our, customer))
    company.let_read(talk, tom)

    def told(reader):
        browser.sign_in(reader)
        browser.open_on_form("conversation.html", "txv_textconversation", talk)
        browser.until(lambda: browser.texts("summary"))
        browser.click("summary")
        browser.until(lambda: browser.texts(".reasons") not in ([], ["Loading …"]))
        return browser.texts(".reasons")[0]

    assert "Bo Brygga was chosen" in (maya := told(scene.seller))
    assert "A contact that you may not see fell out" in maya
    assert "A contact that you may not see was chosen" in (others := told(tom))
    assert "Secret fell out" in others
    assert str(secret.id) not in maya + others


def test_one_who_was_passed_over_is_named_to_those_who_may_see_that_user(browser, company, scene):
    away = company.seller(firstname="Ines", lastname="Away", isdisabled=True)
    ada = company.record(Table.CONTACT, scene.seller, lastname="Quist", mobilephone=(customer := company.customer()))
    talk = company.conversation(company.text(company.number(away), customer))
    browser.sign_in(scene.seller)
    browser.open_on_form("conversation.html", "txv_textconversation", talk)
    browser.until(lambda: browser.texts("summary"))
    browser.click("summary")

    browser.until(lambda: "Quist was chosen because it is the only record" in " ".join(browser.texts(".reasons")))
    assert ada and "Ines Away was passed over: disabled.\n" in browser.texts(".reasons")[0]
    assert "The owner of the record was told instead." in browser.texts(".reasons")[0]


def test_older_texts_come_when_they_are_asked_for_and_the_reader_stays_where_he_is(browser, company, scene):
    talk = company.conversation(company.text(scene.our, company.customer(), "first"))
    for number in range(59):
        company.pass_by(timedelta(seconds=1))
        company.answer(talk, f"text {number}", Status.SENT, scene.seller)
    browser.sign_in(scene.seller)
    browser.open_on_form("conversation.html", "txv_textconversation", talk)
    browser.until(lambda: len(browser.texts(".bubble")) == 50)
    seen = browser.texts(".bubble")[0]
    top = "return document.querySelector('.bubble').getBoundingClientRect().top"
    browser.chrome.execute_script("document.getElementById('texts').scrollTop = 0")
    before = browser.chrome.execute_script(top)

    browser.click("#older")

    browser.until(lambda: len(browser.texts(".bubble")) == 60)
    place = browser.texts(".bubble").index(seen)
    script = f"return document.querySelectorAll('.bubble')[{place}].getBoundingClientRect().top"
    assert place == 10
    assert abs(browser.chrome.execute_script(script) - before) < 60
    assert browser.texts("#older") == []
    assert browser.chrome.execute_script("return document.activeElement.id") == "texts"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read_in_light_and_in_dark(page, scheme):
    page.media(prefers_color_scheme=scheme)
    page.click("summary")
    page.until(lambda: "Loading …" not in page.texts(".reasons"))

    assert page.chrome.execute_script(CONTRAST) == []


def test_where_colours_are_forced_every_text_still_has_its_frame(page):
    page.media(forced_colors="active")

    script = "return getComputedStyle(document.querySelector('.bubble')).borderTopColor"
    assert page.chrome.execute_script(script) != "rgba(0, 0, 0, 0)"


def test_it_fits_the_narrowest_pane(page):
    page.chrome.set_window_size(300, 700)
    try:
        script = "return [document.documentElement, document.getElementById('texts')].map((e) => e.scrollWidth)"
        assert max(page.chrome.execute_script(script)) <= 300
    finally:
        page.chrome.set_window_size(420, 800)
