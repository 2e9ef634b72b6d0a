"""Where the setting asks: from the text that is ambiguous to the choice, over the real routing."""

from __future__ import annotations

from functools import partial

import pytest

from dataverse.store.running_settings import RunningSettings
from messaging.records import Table
from routing.outcome import AmbiguousTexts
from tests.pane.test_choice import home, pick

pytestmark = pytest.mark.browser
ASK = partial(RunningSettings, ambiguous_texts=AmbiguousTexts.ASK)


def test_an_ambiguous_text_waits_until_somebody_chooses_and_the_next_one_follows(browser, company):
    maya = company.seller(firstname="Maya", lastname="Lindqvist")
    our, customer = company.number(maya), company.customer()
    company.record(Table.CONTACT, maya, firstname="Ada", lastname="Quist", mobilephone=customer)
    b = company.record(Table.CONTACT, maya, firstname="Bo", lastname="Quist", mobilephone=customer)
    event = company.text(our, customer, "Hi", settings=ASK)
    talk = company.conversation(event)
    assert home(company, talk)[0] is None
    browser.sign_in(maya)
    browser.open_on_form("conversation.html", "txv_textconversation", talk)
    browser.until(lambda: len(browser.texts(".candidate")) == 2)
    browser.click("summary")
    browser.until(lambda: "so a person is asked" in " ".join(browser.texts(".reasons")))
    pick(browser, "Bo")
    browser.until(lambda: browser.texts("#chosen") == ["The texts are with Bo Quist now."])
    assert home(company, talk) == (str(b.id), str(maya.id))
    again = company.text(our, customer, "Again", settings=ASK)
    assert company.conversation(again) == talk
