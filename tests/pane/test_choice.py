"""Whose texts these are, where routing left it open: a seller chooses in the conversation page."""

from __future__ import annotations

import json
from functools import partial

import pytest
from selenium.webdriver import Keys

from dataverse.store.running_settings import RunningSettings
from messaging import ids
from messaging.records import Table
from routing.candidate import Candidate
from routing.explain import explanation
from routing.rank import decide

pytestmark = pytest.mark.browser

NO_LEADS = partial(RunningSettings, new_leads=False)
COLUMNS = "_regardingobjectid_value,_ownerid_value"
# A page of Dynamics, with the dialog in which records are looked up, round the frame of our page.
DIALOG = """
const lookupObjects = async (options) => {
  window.seen = options.entityTypes;
  return window.chosen;
};
window.Xrm = { Utility: { lookupObjects } };
"""


@pytest.fixture
def text(company, our, customer):
    """A text that waits on a conversation without a record."""
    return company.text(our, customer, "Is it mended?", settings=NO_LEADS)


@pytest.fixture
def ada(company, maya, text, customer):
    return company.record(Table.CONTACT, maya, firstname="Ada", lastname="Quist", mobilephone=customer)


@pytest.fixture
def lead(company, maya, text, customer):
    names = {"firstname": "Ada", "lastname": "Quist", "companyname": "Quist & Daughters"}
    return company.record(Table.LEAD, maya, **names, mobilephone=customer)


@pytest.fixture
def ask(company, text):
    """Routing leaves it open between these records."""

    def between(*records, outcome="asked", event=text):
        now = company.now()
        candidates = [
            Candidate(record=each, owner=None, active=True, modified_on=now, found_by=("mobilephone",))
            for each in records
        ]
        stored = explanation(decide(candidates, None), event.sender)
        row = ids.message_id(event.account, event.message_id)
        company.update(f"txv_textmessages({row})", {"txv_routing": json.dumps({**stored, "outcome": outcome})})
        return company.conversation(event)

    return between


@pytest.fixture
def opened(browser, maya, ask, ada, lead):
    talk = ask(ada, lead)
    browser.sign_in(maya)
    browser.open_on_form("conversation.html", "txv_textconversation", talk)
    browser.until(lambda: len(browser.texts(".candidate")) == 2)
    browser.talk = talk
    return browser


def home(company, talk):
    [row] = company.rows(f"txv_textconversations?$select={COLUMNS}&$filter=activityid eq {talk}")
    return tuple(row[column] for column in COLUMNS.split(","))


def pick(browser, name):
    [button] = [each for each in browser.chrome.find_elements("css selector", ".candidate") if name in each.text]
    button.click()


def test_the_candidates_are_offered_with_what_tells_them_apart(opened):
    names, facts = opened.texts(".candidate .name"), opened.texts(".candidate .facts")

    assert sorted(names) == ["It is Ada Quist (contact)", "It is Ada Quist (lead)"]
    assert all("owned by Maya Lindqvist · updated " in line for line in facts)
    assert facts[names.index("It is Ada Quist (lead)")].startswith("Quist & Daughters · ")
    assert opened.texts("#question") == ["Whose texts are these?"]
    assert opened.texts("#another") == []  # there is no dialog of Dynamics here
    assert opened.complaints() == []


def test_choosing_puts_the_conversation_on_the_record_and_gives_it_to_its_owner(company, opened, lead, maya):
    pick(opened, "(lead)")

    opened.until(lambda: opened.texts("#chosen") == ["The texts are with Ada Quist now."])
    assert home(company, opened.talk) == (str(lead.id), str(maya.id))
    opened.until(lambda: opened.texts("h1") == ["Ada Quist"])
    assert opened.texts("#choice") == []
    assert opened.texts(".bubble") == ["Is it mended?"]


def test_the_keyboard_chooses_and_the_ear_hears_the_question_and_what_was_done(opened):
    heard = opened.spoken()
    assert "Whose texts are these?" in heard
    assert "It is Ada Quist (contact)" in heard

    opened.press(".candidate", Keys.ENTER)

    opened.until(lambda: "The texts are with Ada Quist now." in opened.spoken())
    assert opened.chrome.execute_script("return document.activeElement.id") == "chosen"


def test_two_clicks_choose_once(company, opened):
    company.trouble(fault="delay", method="PATCH", path="^txv_textconversations", seconds=1, next=1)
    company.asked()
    script = "const all = document.querySelectorAll('.candidate'); all[0].click(); all[0].click(); all[1].click()"
    opened.chrome.execute_script(script)

    assert opened.texts("#choosing") == ["Putting the texts with Ada Quist …"]
    opened.until(lambda: opened.texts("#chosen"))
    assert [line for line in company.asked() if line.startswith("PATCH")] == [
        f"PATCH txv_textconversations({opened.talk})"
    ]


def test_one_whose_list_is_out_of_date_is_told_that_somebody_else_was_first(company, opened, ada, lead):
    bound = {"regardingobjectid_lead_txv_textconversation@odata.bind": f"/leads({lead.id})"}
    company.update(f"txv_textconversations({opened.talk})", bound)

    pick(opened, "(contact)")

    opened.until(
        lambda: "Somebody else was first: the texts are with Ada Quist now." in " ".join(opened.texts("#chosen"))
    )
    assert home(company, opened.talk)[0] == str(lead.id)
    assert opened.texts("#choice") == []


def test_somebody_who_chooses_between_reading_and_writing_stays_the_one_who_chose(company, opened, lead):
    company.trouble(fault="delay", method="GET", path="^(contacts|leads)", seconds=2, next=1)
    company.asked()
    pick(opened, "(contact)")
    opened.until(lambda: any(line.startswith("GET contacts(") for line in company.asked()))
    bound = {"regardingobjectid_lead_txv_textconversation@odata.bind": f"/leads({lead.id})"}

    company.update(f"txv_textconversations({opened.talk})", bound)

    opened.until(lambda: "Somebody else was first" in " ".join(opened.texts("#chosen")))
    assert home(company, opened.talk)[0] == str(lead.id)


def test_a_text_that_comes_between_reading_and_writing_hinders_nobody(company, opened, ada):
    company.trouble(fault="delay", method="GET", path="^(contacts|leads)", seconds=2, next=1)
    company.asked()
    pick(opened, "(contact)")
    opened.until(lambda: any(line.startswith("GET contacts(") for line in company.asked()))

    company.update(f"txv_textconversations({opened.talk})", {"txv_unreadcount": 7})

    opened.until(lambda: opened.texts("#chosen") == ["The texts are with Ada Quist now."])
    assert home(company, opened.talk)[0] == str(ada.id)


def test_what_somebody_else_chose_is_told_without_a_click(company, opened, ada):
    bound = {"regardingobjectid_contact_txv_textconversation@odata.bind": f"/contacts({ada.id})"}
    company.update(f"txv_textconversations({opened.talk})", bound)
    opened.look_again()

    opened.until(
        lambda: "Somebody else was first: the texts are with Ada Quist now." in " ".join(opened.texts("#chosen"))
    )
    assert opened.texts("#choice") == []


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"fault": "503"}, "Dynamics is busy. Choose again in a moment."),
        ({"fault": "reset"}, "it is not known whether the texts are with Ada Quist."),
        ({"fault": "error", "status": 401, "code": "0x80040220"}, "Load the page again to sign in, then choose again."),
        (
            {"fault": "error", "status": 403, "code": "0x80040220", "message": "No."},
            "You may not put these texts with Ada Quist. Choose another record, or ask your administrator.",
        ),
        (
            {"fault": "error", "status": 400, "code": "0x80040203", "message": "It rains"},
            "Dynamics refuses: It rains. Choose another record, or ask your administrator.",
        ),
    ],
)
def test_a_refused_choice_says_why_and_what_to_do_next_and_can_be_made_again(company, opened, ada, fault, sentence):
    company.trouble(**fault, method="PATCH", path="^txv_textconversations")
    pick(opened, "(contact)")
    opened.until(lambda: sentence in " ".join(opened.texts("#refused")))
    assert home(company, opened.talk)[0] is None
    company.no_trouble()

    pick(opened, "(contact)")

    opened.until(lambda: opened.texts("#chosen") == ["The texts are with Ada Quist now."])
    assert home(company, opened.talk)[0] == str(ada.id)


def test_an_answer_that_was_lost_is_found_when_the_page_looks_again(company, opened, ada):
    company.trouble(fault="lost", method="PATCH", path="^txv_textconversations", next=1)

    pick(opened, "(contact)")

    opened.until(lambda: opened.texts("#chosen") == ["The texts are with Ada Quist now."])
    assert home(company, opened.talk)[0] == str(ada.id)


def test_a_conversation_that_is_given_away_says_to_whom_it_went(company, browser, maya, ask, lead, customer):
    tom = company.seller(firstname="Tom", lastname="Okafor")
    other = company.record(Table.ACCOUNT, tom, name="Engines", telephone1=customer)
    company.show_accounts(maya)
    talk = ask(other, lead)
    browser.sign_in(maya)
    browser.open_on_form("conversation.html", "txv_textconversation", talk)
    browser.until(lambda: len(browser.texts(".candidate")) == 2)

    pick(browser, "Engines")

    browser.until(lambda: browser.texts("#chosen") == ["The texts are with Engines now."])
    assert home(company, talk) == (str(other.id), str(tom.id))
    browser.until(lambda: "They belong to the owner of that record now." in " ".join(browser.texts("#instead")))
    assert browser.texts("#choice") == []


def test_only_candidates_that_the_seller_may_read_are_offered(company, browser, maya, ask, ada, customer):
    secret = company.record(Table.ACCOUNT, company.seller(), name="Secret Ltd", telephone1=customer)
    talk = ask(ada, secret)
    browser.sign_in(maya)
    browser.open_on_form("conversation.html", "txv_textconversation", talk)
    browser.until(lambda: browser.texts(".candidate"))

    assert browser.texts(".candidate .name") == ["It is Ada Quist (contact)"]
    assert browser.texts("#unseen") == ["1 more record carries this number; you may not see it."]
    assert "Secret" not in browser.chrome.page_source


@pytest.mark.parametrize("outcome", ["record", "lead"])
def test_nothing_is_asked_where_nothing_was_left_open(company, browser, maya, ask, ada, outcome):
    talk = ask(ada, outcome=outcome)
    browser.sign_in(maya)
    company.asked()
    browser.open_on_form("conversation.html", "txv_textconversation", talk)

    browser.until(lambda: any(line.startswith("GET txv_textmessages(") for line in company.asked()))
    browser.look_again()
    browser.until(lambda: f"GET txv_textconversations({talk})" in company.asked())
    assert browser.texts("#choice") == []


def test_a_text_that_waits_although_records_carry_its_number_asks_too(browser, maya, ask, ada, lead):
    talk = ask(ada, lead, outcome="waits")
    browser.sign_in(maya)
    browser.open_on_form("conversation.html", "txv_textconversation", talk)

    browser.until(lambda: len(browser.texts(".candidate")) == 2)


@pytest.fixture
def in_dynamics(browser):
    """A page beside which Dynamics has its dialog in which records are looked up; `answers` is what is chosen there."""
    added = []

    def answers(*chosen):
        source = f"{DIALOG} window.chosen = {json.dumps(chosen)};"
        added.append(browser.chrome.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": source}))

    yield answers
    for each in added:
        browser.chrome.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", each)


def test_another_record_is_looked_up_in_dynamics(in_dynamics, company, browser, maya, ask, ada):
    wick, talk = company.record(Table.ACCOUNT, maya, name="Wick & Sons"), ask(ada)
    in_dynamics({"entityType": "account", "id": f"{{{str(wick.id).upper()}}}", "name": "Wick & Sons"})
    browser.sign_in(maya)
    browser.open_on_form("conversation.html", "txv_textconversation", talk)
    browser.until(lambda: browser.texts("#another"))

    browser.click("#another")

    browser.until(lambda: browser.texts("#chosen") == ["The texts are with Wick & Sons now."])
    assert browser.chrome.execute_script("return window.seen") == ["contact", "account", "lead", "opportunity"]
    assert home(company, talk) == (str(wick.id), str(maya.id))


def test_one_who_closes_the_dialog_has_chosen_nothing(in_dynamics, company, browser, maya, ask, ada):
    talk = ask(ada)
    in_dynamics()
    browser.sign_in(maya)
    browser.open_on_form("conversation.html", "txv_textconversation", talk)
    browser.until(lambda: browser.texts("#another"))

    browser.click("#another")

    browser.until(lambda: browser.chrome.execute_script("return window.seen"))
    assert browser.texts(".candidate .name") == ["It is Ada Quist (contact)"]
    assert home(company, talk)[0] is None


def test_one_who_may_only_look_is_told_that_choosing_is_not_for_them(company, browser, ask, ada, lead):
    reader = company.seller()
    talk = ask(ada, lead)
    company.let_read(talk, reader)
    for record in (ada, lead):
        company.lend(record, reader)
    browser.sign_in(reader)
    browser.open_on_form("conversation.html", "txv_textconversation", talk)
    browser.until(lambda: len(browser.texts(".candidate")) == 2)

    pick(browser, "(contact)")

    browser.until(lambda: "You may not put these texts with Ada Quist." in " ".join(browser.texts("#refused")))
    assert home(company, talk)[0] is None


def test_the_question_fits_the_narrowest_pane(opened):
    opened.chrome.set_window_size(300, 700)
    try:
        script = "return [document.documentElement, document.getElementById('choice')].map((e) => e.scrollWidth)"
        assert max(opened.chrome.execute_script(script)) <= 300
    finally:
        opened.chrome.set_window_size(420, 800)
