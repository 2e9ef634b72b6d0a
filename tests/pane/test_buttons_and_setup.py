"""What the buttons open and move, and the page that tells what to enter at a provider, in a browser."""

from __future__ import annotations

import pytest

from dataverse.schema.web_resources import COMMANDS_SCRIPT, CONVERSATION_PAGE, WEB_RESOURCES
from dataverse.store.tables import owner_path
from messaging.records import Table
from providers.setup import SETUP, setup_steps

pytestmark = pytest.mark.browser

INBOUND, STATUS = (
    "https://sms.contoso.com/api/callbacks/main/inbound",
    "https://sms.contoso.com/api/callbacks/main/status",
)
# What Dynamics offers to the functions of buttons, as far as ours use it; rows are read and changed in the emulator.
DYNAMICS = """
window.seen = [];
const headers = { "Content-Type": "application/json", "OData-Version": "4.0", "If-Match": "*" };
const sets = { contact: "contacts", account: "accounts", lead: "leads", opportunity: "opportunities",
  txv_textconversation: "txv_textconversations" };
const rest = async (path, options) => {
  const answer = await fetch(`/api/data/v9.2/${path}`, options);
  if (!answer.ok) throw new Error((await answer.json()).error.message);
  return answer.status === 204 ? null : answer.json();
};
const pane = { navigate: async (page) => seen.push(["navigate", page]), select: () => seen.push(["select"]) };
let opened;
window.Xrm = {
  App: { sidePanes: {
    getPane: (id) => opened,
    createPane: async (options) => { seen.push(["create", options]); opened = pane; return pane; },
  } },
  Navigation: {
    openAlertDialog: async (said) => seen.push(["alert", said.text]),
    openErrorDialog: async (said) => seen.push(["error", said.message]),
  },
  Utility: { lookupObjects: async (options) => { seen.push(["lookup", options.entityTypes]); return window.chosen; } },
  WebApi: {
    retrieveRecord: (table, id, query) => rest(`${sets[table]}(${id})${query}`, {}),
    updateRecord: (table, id, row) =>
      rest(`${sets[table]}(${id})`, { method: "PATCH", headers, body: JSON.stringify(row) }),
  },
};
window.formOf = (table, id, columns) => ({
  data: {
    entity: { getEntityName: () => table, getId: () => id },
    refresh: async () => seen.push(["refresh"]),
  },
  getAttribute: (name) => (name in columns ? { getValue: () => columns[name] } : null),
});
"""
PRESS = """
const [name, [table, id, columns], chosen, done] = arguments;
window.seen.length = 0;
window.chosen = chosen;
Textverse[name](formOf(table, id, columns)).then(() => done(window.seen), (error) => done([["thrown", String(error)]]));
"""


@pytest.fixture
def ada(company, maya, customer):
    typed = f"({customer[2:5]}) {customer[5:8]}-{customer[8:]}"
    return company.record(Table.CONTACT, maya, firstname="Ada", lastname="Quist", telephone1=typed)


@pytest.fixture
def form(browser, maya):
    """A form in Dynamics, with our script."""
    browser.sign_in(maya)
    browser.chrome.get(f"{browser.home}/WebResources/txv_/text.svg")
    browser.chrome.execute_script(DYNAMICS)
    browser.run_script(COMMANDS_SCRIPT.name)

    def press(name, table, row, columns=None, chosen=None):
        shown = [table, f"{{{str(row).upper()}}}" if row else "", columns or {}]
        return browser.chrome.execute_async_script(PRESS, name, shown, chosen)

    return press


def test_text_business_phone_opens_a_pane_with_the_texts_of_that_number(form, browser, company, our, customer, ada):
    company.text(our, customer, "Hello")
    typed = f"({customer[2:5]}) {customer[5:8]}-{customer[8:]}"

    [created, navigated, selected] = form("textBusinessPhone", "contact", ada.id, {"telephone1": typed})

    assert (created[0], created[1]["paneId"], created[1]["canClose"]) == ("create", "textverse", True)
    assert created[1]["imageSrc"].removeprefix("WebResources/") in {resource.name for resource in WEB_RESOURCES}
    page = navigated[1]
    assert (page["pageType"], page["webresourceName"]) == ("webresource", CONVERSATION_PAGE.name)
    assert selected == ["select"]
    browser.open_with_data(page["data"])
    browser.until(lambda: browser.texts(".bubble") == ["Hello"])
    assert browser.texts("h1") == ["Ada Quist"]


def test_a_second_press_uses_the_pane_that_is_open(form, ada):
    form("textBusinessPhone", "contact", ada.id, {"telephone1": "1"})

    assert [step[0] for step in form("textMessages", "contact", ada.id)] == ["navigate", "select"]


def test_a_number_that_is_not_on_the_form_is_read_off_the_row(form, browser, company, our, customer, ada):
    company.text(our, customer, "Hello")

    navigated = form("textBusinessPhone", "contact", ada.id)[-2]

    browser.open_with_data(navigated[1]["data"])
    browser.until(lambda: browser.texts(".bubble") == ["Hello"])


def test_without_a_number_or_a_saved_record_the_seller_is_told(form, ada):
    assert form("textMobilePhone", "contact", ada.id, {"mobilephone": None}) == [
        ["alert", "There is no mobile phone on this record. Enter one first."]
    ]
    assert form("textBusinessPhone", "contact", "")[0][0] == "alert"
    assert form("textMessages", "opportunity", "")[0][0] == "alert"
    assert form("move", "txv_textconversation", "")[0][0] == "alert"


def test_a_record_without_texts_says_so_and_shows_them_when_they_come(browser, company, maya, our, customer, ada):
    browser.sign_in(maya)
    browser.open_by_command(table="contact", id=str(ada.id), number=customer)
    browser.until(
        lambda: f"There are no texts with Ada Quist at {customer} yet." in " ".join(browser.texts("#instead"))
    )
    assert browser.texts("h1") == ["Ada Quist"]

    company.text(our, customer, "Here I am")
    browser.look_again()

    browser.until(lambda: browser.texts(".bubble") == ["Here I am"])


def test_another_number_of_the_same_person_has_texts_of_its_own(browser, company, maya, our, customer, ada):
    company.text(our, customer, "From the office")
    browser.sign_in(maya)
    browser.open_by_command(table="contact", id=str(ada.id), number="+1 206 555 9999")

    browser.until(lambda: "at +1 206 555 9999 yet" in " ".join(browser.texts("#instead")))
    browser.choose("#related", "Ada Quist")
    browser.until(lambda: browser.texts(".bubble") == ["From the office"])


def test_an_opportunity_shows_its_own_texts_and_offers_those_of_its_contact(browser, company, maya, our, customer, ada):
    refit = company.opportunity(ada, maya)
    company.change(refit, name="Fog bell refit")
    company.text(our, customer, "About everything")
    browser.sign_in(maya)
    browser.open_by_command(table="opportunity", id=str(refit.id))
    browser.until(lambda: "no texts with Fog bell refit" in " ".join(browser.texts("#instead")))

    browser.choose("#related", "Ada Quist")

    browser.until(lambda: browser.texts(".bubble") == ["About everything"])


def test_move_puts_a_conversation_on_the_record_that_is_chosen(form, company, maya, our, customer, ada):
    talk = company.conversation(company.text(our, customer, "Hello"))
    engines = company.record(Table.ACCOUNT, maya, name="Engines")
    chosen = [{"entityType": "account", "id": f"{{{str(engines.id).upper()}}}", "name": "Engines"}]

    seen = form("move", "txv_textconversation", talk, chosen=chosen)

    assert seen == [["lookup", ["contact", "account", "lead", "opportunity"]], ["refresh"]]
    assert home(company, talk) == (str(engines.id), str(maya.id))


@pytest.mark.parametrize("texts", [True, False], ids=["with the role for texts", "without it"])
def test_a_moved_conversation_belongs_to_the_owner_of_its_record_if_that_one_may_have_texts(
    form, company, maya, our, customer, ada, texts
):
    talk = company.conversation(company.text(our, customer, "Hello"))
    tom = company.seller(texts=texts, firstname="Tom", lastname="Okafor")
    engines = company.record(Table.ACCOUNT, tom, name="Engines")
    company.lend(engines, maya)

    seen = form("move", "txv_textconversation", talk, chosen=[{"entityType": "account", "id": str(engines.id)}])

    assert seen[1:] == [["refresh"]]
    assert home(company, talk) == (str(engines.id), str(tom.id if texts else maya.id))


def home(company, talk):
    columns = "_regardingobjectid_value,_ownerid_value"
    [row] = company.rows(f"txv_textconversations?$select={columns}&$filter=activityid eq {talk}")
    return tuple(row[column] for column in columns.split(","))


def test_a_move_that_is_refused_says_why_and_one_that_is_given_up_says_nothing(form, company, our, customer, ada):
    talk = company.conversation(company.text(our, customer, "Hello"))
    gone = [{"entityType": "lead", "id": "0b000000-0000-4000-8000-000000000000", "name": "Nobody"}]

    refused = form("move", "txv_textconversation", talk, chosen=gone)

    assert refused[1][0] == "error"
    assert refused[1][1].startswith("The conversation was not moved to Nobody. ")
    assert [step[0] for step in form("move", "txv_textconversation", talk, chosen=[])] == ["lookup"]
    assert [step[0] for step in form("move", "txv_textconversation", talk)] == ["lookup"]


@pytest.fixture
def administrator(company):
    user = company.seller()
    [role] = company.rows("roles?$select=roleid&$filter=name eq 'System Administrator'")
    company.link(f"{owner_path(user)}/systemuserroles_association", f"roles({role['roleid']})")
    return user


@pytest.fixture
def account(company):
    def make(kind, **columns):
        facts = {"txv_name": "Main", "txv_type": kind, "txv_inboundurl": INBOUND, "txv_statusurl": STATUS}
        return company.row("txv_smsproviders", **{**facts, **columns})

    return make


@pytest.mark.parametrize("kind", sorted(SETUP))
def test_the_form_of_an_account_tells_the_steps_that_the_command_line_prints(browser, administrator, account, kind):
    browser.sign_in(administrator)
    browser.open_on_form("setup.html", "txv_smsprovider", account(kind))
    browser.until(lambda: browser.texts("h2"))

    steps = setup_steps(kind, INBOUND, STATUS)
    assert browser.texts("h2") == [step.title for step in steps]
    assert browser.texts(".where") == [step.where for step in steps]
    assert browser.texts("li > p:not(.where)") == [step.what for step in steps]
    assert browser.texts("code") == [step.value for step in steps if step.value]
    assert browser.complaints() == []


def test_all_steps_can_be_reached_in_a_frame_that_does_not_scroll(browser, administrator, account):
    browser.sign_in(administrator)
    browser.open_on_form("setup.html", "txv_smsprovider", account("twilio"))
    browser.until(lambda: browser.texts("h2"))

    script = "return [document.documentElement.scrollHeight - innerHeight, getComputedStyle(arguments[0]).overflowY]"
    main = browser.chrome.find_element("css selector", "main")
    assert browser.chrome.execute_script(script, main) == [0, "auto"]


@pytest.mark.parametrize("setting", ["granted", "denied"])
def test_a_value_is_copied_also_where_the_page_may_not_write_to_the_clipboard(browser, administrator, account, setting):
    browser.sign_in(administrator)
    browser.open_on_form("setup.html", "txv_smsprovider", account("twilio"))
    browser.until(lambda: browser.texts("code"))
    browser.permit("clipboard-write", setting)

    browser.click(".value button")

    browser.until(lambda: browser.texts(".value button")[0] == "Copied")
    assert browser.pasted() == f"{INBOUND}#rc=5&rp=5xx,ct,rt"
    browser.until(lambda: browser.texts(".value button")[0] == "Copy")


def test_the_form_of_a_number_tells_the_same_of_its_account(browser, company, administrator, account):
    bound = {"txv_smsproviderid@odata.bind": f"/txv_smsproviders({account('telesign')})"}
    number = company.row("txv_phonenumbers", txv_name="West", **bound, **owned_by(administrator))
    browser.sign_in(administrator)
    browser.open_on_form("setup.html", "txv_phonenumber", number)

    browser.until(lambda: browser.texts("code") == [INBOUND, STATUS])


def owned_by(user):
    return {"ownerid@odata.bind": f"/{owner_path(user)}"}


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"txv_type": None}, "Enter the type of the provider and save"),
        ({"txv_type": "vonage"}, "There is no provider of the type vonage."),
        ({"txv_inboundurl": None}, "The URLs of this account are not filled in yet."),
    ],
)
def test_what_is_missing_is_told(browser, administrator, account, columns, sentence):
    browser.sign_in(administrator)
    browser.open_on_form("setup.html", "txv_smsprovider", account("acs", **columns))

    browser.until(lambda: sentence in " ".join(browser.texts("#intro")))
    assert browser.texts("#steps li") == []


def test_before_it_is_saved_or_without_an_account_the_page_says_what_to_do(browser, company, administrator):
    number = company.row("txv_phonenumbers", txv_name="West", **owned_by(administrator))
    browser.sign_in(administrator)
    browser.open_on_form("setup.html", "txv_smsprovider", "")
    browser.until(lambda: "Save first" in " ".join(browser.texts("#intro")))

    browser.open_on_form("setup.html", "txv_phonenumber", number)

    browser.until(lambda: "Choose the SMS provider of this number" in " ".join(browser.texts("#intro")))


def test_one_who_may_not_see_accounts_is_told_so(browser, company, account):
    browser.sign_in(company.seller(texts=False))
    browser.open_on_form("setup.html", "txv_smsprovider", account("acs"))

    browser.until(lambda: "You may not see the accounts at providers." in " ".join(browser.texts("#banner")))
