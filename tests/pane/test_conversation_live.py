"""The conversation page while it is looked at: new texts, trouble, rights that change, other conversations."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dataverse.store.tables import owner_path
from messaging.records import Table
from messaging.status import Status

pytestmark = pytest.mark.browser

FASTER = "const wait = window.setTimeout; window.setTimeout = (work, ms) => wait(work, ms / 40);"


@pytest.fixture
def ada(company, maya, customer):
    return company.record(Table.CONTACT, maya, firstname="Ada", lastname="Quist", telephone1=customer)


@pytest.fixture
def talk(company, our, customer, ada):
    return company.conversation(company.text(our, customer, "Hello"))


@pytest.fixture
def opened(browser, maya, talk):
    browser.sign_in(maya)
    browser.open_on_form("conversation.html", "txv_textconversation", talk)
    browser.until(lambda: browser.texts(".bubble"))
    return browser


@pytest.fixture
def impatient(browser):
    """A page whose ten seconds are a quarter of one."""
    added = browser.chrome.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": FASTER})
    yield browser
    browser.chrome.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


def test_a_text_that_comes_while_one_looks_appears_is_spoken_and_counts_as_read(
    impatient, company, opened, our, customer, talk
):
    opened.until(lambda: company.unread(talk) == 0)

    company.text(our, customer, "Are you there?")

    opened.until(lambda: opened.texts(".bubble") == ["Hello", "Are you there?"])
    opened.until(lambda: company.unread(talk) == 0)
    assert "Ada Quist: Are you there?" in opened.spoken()


def test_a_delivery_report_shows_without_anybody_doing_anything(impatient, company, opened, maya, talk):
    sent = company.answer(talk, "Here I am", Status.SENT, maya)
    opened.until(lambda: opened.texts(".status") == ["Sent"])

    company.update(f"txv_textmessages({sent})", {"txv_status": 471_100_005})

    opened.until(lambda: opened.texts(".status") == ["Delivered"])


def test_what_stays_the_same_is_left_alone(company, opened):
    script = "window.kept = document.querySelector('.bubble'); document.querySelector('details').open = true"
    opened.chrome.execute_script(script)
    company.asked()

    opened.look_again()

    opened.until(lambda: any(line.startswith("GET txv_textmessages") for line in company.asked()))
    opened.until(lambda: opened.texts(".reasons"))
    assert opened.chrome.execute_script("return window.kept === document.querySelector('.bubble')")


def test_a_page_that_is_hidden_asks_nothing_and_reads_nothing(impatient, company, opened, our, customer, talk):
    opened.until(lambda: company.unread(talk) == 0)
    opened.hide()
    company.text(our, customer, "Psst")
    company.asked()

    opened.chrome.execute_async_script("setTimeout(arguments[0], 40000)")  # four times as long as it waits

    assert company.asked() == []
    assert company.unread(talk) == 1
    opened.hide(is_hidden=False)
    opened.until(lambda: opened.texts(".new ~ li .bubble") == ["Psst"])
    opened.until(lambda: company.unread(talk) == 0)


def test_one_who_may_only_look_changes_nothing_and_tries_once(impatient, company, talk):
    reader = company.seller()
    company.let_read(talk, reader)
    impatient.sign_in(reader)
    company.asked()

    impatient.open_on_form("conversation.html", "txv_textconversation", talk)

    asked = []
    impatient.until(lambda: asked.extend(company.asked()) or asked.count(f"GET txv_textconversations({talk})") > 2)
    assert [line for line in asked if line.startswith("PATCH")] == [f"PATCH txv_textconversations({talk})"]
    assert company.unread(talk) == 1
    assert impatient.texts("#banner") == []


def test_a_text_that_came_between_reading_and_marking_stays_unread(company, browser, maya, our, customer, talk):
    company.trouble(fault="delay", method="GET", path="^txv_textmessages", seconds=3, next=1)
    company.asked()
    browser.sign_in(maya)
    browser.open_on_form("conversation.html", "txv_textconversation", talk)
    browser.until(lambda: f"GET txv_textconversations({talk})" in company.asked())

    company.update(f"txv_textconversations({talk})", {"txv_unreadcount": 2})

    assert company.asked().count(f"PATCH txv_textconversations({talk})") == 1  # ours; the page has marked nothing yet
    browser.until(lambda: f"PATCH txv_textconversations({talk})" in company.asked())
    assert company.unread(talk) == 2


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"fault": "503"}, "Dynamics is busy."),
        ({"fault": "429"}, "Dynamics is busy."),
        ({"fault": "reset"}, "Dynamics cannot be reached."),
        ({"fault": "502"}, "Dynamics cannot be reached."),
        ({"fault": "error", "status": 401, "code": "0x80040220"}, "You are signed out."),
        (
            {"fault": "error", "status": 400, "code": "0x80040203", "message": "It rains."},
            "Dynamics refuses: It rains.",
        ),
    ],
)
def test_trouble_is_told_beside_the_texts_and_goes_when_it_is_over(company, opened, fault, sentence):
    company.trouble(**fault)
    opened.look_again()
    opened.until(lambda: sentence in " ".join(opened.texts("#banner")))
    assert opened.texts(".bubble") == ["Hello"]

    company.no_trouble()
    opened.click("#again")

    opened.until(lambda: opened.texts("#banner") == [])


def test_trouble_from_the_start_is_told_in_place_of_texts(company, browser, maya, talk):
    company.trouble(fault="503")
    browser.sign_in(maya)
    browser.open_on_form("conversation.html", "txv_textconversation", talk)

    browser.until(lambda: browser.texts("#instead") == ["The texts cannot be shown right now."])

    company.no_trouble()
    browser.click("#again")
    browser.until(lambda: browser.texts(".bubble") == ["Hello"])


def test_what_is_not_for_a_seller_to_see_is_not_shown(company, browser, talk):
    browser.sign_in(company.seller())
    browser.open_on_form("conversation.html", "txv_textconversation", talk)

    browser.until(lambda: "not for you to see" in " ".join(browser.texts("#instead")))


def test_without_the_role_a_seller_is_told_whom_to_ask(company, browser, talk):
    browser.sign_in(company.seller(texts=False))
    browser.open_on_form("conversation.html", "txv_textconversation", talk)

    browser.until(lambda: "security role Text Messaging User" in " ".join(browser.texts("#instead")))


def test_texts_vanish_with_the_right_to_see_them(company, browser, talk):
    reader = company.seller()
    company.let_read(talk, reader)
    browser.sign_in(reader)
    browser.open_on_form("conversation.html", "txv_textconversation", talk)
    browser.until(lambda: browser.texts(".bubble") == ["Hello"])

    company.take_away(talk, reader)
    browser.look_again()

    browser.until(lambda: "not for you to see" in " ".join(browser.texts("#instead")))
    assert "Hello" not in browser.chrome.page_source
    assert browser.texts("header") == []


def test_related_conversations_are_those_with_the_customer_and_of_the_contacts_opportunities(
    company, browser, maya, our, customer, ada, talk
):
    refit = company.opportunity(ada, maya)
    company.change(refit, name="Fog bell refit")
    elsewhere = company.customer()
    company.pass_by(timedelta(minutes=1))
    other = company.conversation(company.text(our, elsewhere, "About the bell"))
    bound = {"regardingobjectid_opportunity_txv_textconversation@odata.bind": f"/opportunities({refit.id})"}
    company.update(f"txv_textconversations({other})", bound)
    company.conversation(company.text(our, company.customer(), "Somebody else"))
    browser.sign_in(maya)
    browser.open_on_form("conversation.html", "txv_textconversation", talk)
    browser.until(lambda: browser.texts(".bubble") == ["Hello"])
    options = browser.chrome.execute_script("return [...document.querySelectorAll('option')].map((o) => o.text)")
    assert options == [f"Fog bell refit · opportunity · on {our.value}", f"Ada Quist · contact · on {our.value}"]

    browser.choose("#related", "Fog bell refit")

    browser.until(lambda: browser.texts(".bubble") == ["About the bell"])
    assert browser.texts("h1") == ["Fog bell refit"]


def test_a_conversation_without_texts_says_so(company, browser, maya):
    empty = company.row("txv_textconversations", subject="Empty", **{"ownerid@odata.bind": f"/{owner_path(maya)}"})
    browser.sign_in(maya)
    browser.open_on_form("conversation.html", "txv_textconversation", empty)

    browser.until(lambda: browser.texts("#instead") == ["There are no texts in this conversation yet."])


def test_a_form_that_is_not_saved_yet_asks_nothing(company, browser, maya):
    browser.sign_in(maya)
    company.asked()
    browser.open_on_form("conversation.html", "txv_textconversation", "")

    browser.until(lambda: "once it has been saved" in " ".join(browser.texts("#instead")))
    assert company.asked() == []
