"""The pages in a real browser, over the emulator, as sellers. One emulator and one browser serve all tests of a run."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from urllib.parse import quote, urlencode
from uuid import UUID, uuid4

import pytest
import requests
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from dataverse.schema.apply import apply
from dataverse.schema.roles import USER
from dataverse.store.choices import DIRECTIONS, STATUSES, Direction
from dataverse.store.running_settings import RunningSettings
from dataverse.store.tables import owner_path
from dataverse.store.writes import stamp
from dataverse.webapi.auth import StaticToken
from dataverse.webapi.request import Request
from emulator.server import Server as Emulator
from function_app.dataverse_client import connect
from local.pane.site import PANE, site
from local.server import Server
from messaging import ids
from messaging.events import MessageReceived
from messaging.numbers import Address, read_address
from messaging.records import Principal, Record
from messaging.status import Status
from pipeline.ingest import Ingestion
from tests.stores.organization import Organization

CHROMIUM = [
    "--headless",
    "--no-sandbox",  # it may run as root, in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--force-prefers-reduced-motion",
    "--lang=en-GB",
]
PATIENCE_S = 20.0


@dataclass
class Company(Organization):
    """An organization whose customers text, and who answer."""

    url: str = ""
    looked: int = 0

    def seller(self, *, texts: bool = True, **columns: object) -> Principal:
        """A seller with the role for text messages as it is declared, or without it."""
        seller = super().seller(texts=False, **columns)
        if texts:
            self.link(f"{owner_path(seller)}/systemuserroles_association", f"roles({USER.id})")
        return seller

    def text(
        self,
        our: Address,
        customer: str,
        body: str = "Hello",
        settings: Callable[[], RunningSettings] = RunningSettings,
        **facts: object,
    ) -> MessageReceived:
        """A customer texts; the text takes the whole way in."""
        plain = {
            "account": "twilio-demo",
            "provider": "twilio",
            "message_id": f"SM{uuid4().hex}",
            "sender": read_address(customer),
            "recipient": our,
            "body": body,
            "received_at": self.now(),
        }
        event = MessageReceived(**{**plain, **facts})
        ingestion = Ingestion(
            directory=self.directory(),
            inbox=self.inbox(),
            privileges=self.privileges(),
            clock=self.now,
            settings=settings,
        )
        ingestion.ingest(event)
        return event

    def conversation(self, event: MessageReceived) -> UUID:
        row = ids.message_id(event.account, event.message_id)
        [found] = self.rows(f"txv_textmessages?$select=_txv_conversationid_value&$filter=txv_textmessageid eq {row}")
        return UUID(str(found["_txv_conversationid_value"]))

    def answer(self, conversation: UUID, body: str, status: Status, owner: Principal, **columns: object) -> UUID:
        """A text of ours, as sending leaves it."""
        row, now = uuid4(), self.now()
        facts = {
            "txv_name": "Text",
            "txv_direction": DIRECTIONS[Direction.OUTGOING],
            "txv_status": STATUSES[status],
            "txv_body": body,
            "txv_conversationid@odata.bind": f"/txv_textconversations({conversation})",
            "txv_sentbyid@odata.bind": f"/{owner_path(owner)}",
            "txv_arrivedon": stamp(now),
            "txv_arrivedms": now.microsecond // 1000,
            "ownerid@odata.bind": f"/{owner_path(owner)}",
        }
        self.create(f"txv_textmessages({row})", {**facts, **columns})
        return row

    def row(self, table: str, **columns: object) -> UUID:
        row = uuid4()
        self.create(f"{table}({row})", columns)
        return row

    def let_read(self, conversation: UUID, reader: Principal) -> None:
        self._share(_target(conversation), reader, "ReadAccess")

    def lend(self, record: Record, user: Principal) -> None:
        table = record.table.value
        named = {f"{table}id": str(record.id), "@odata.type": f"Microsoft.Dynamics.CRM.{table}"}
        self._share({"Target": named}, user, "ReadAccess,AppendToAccess")

    def show_accounts(self, user: Principal) -> None:
        """Let a seller read the accounts of colleagues, and put activities on them."""
        role = self.role(())
        privileges = [
            {"PrivilegeId": row["privilegeid"], "Depth": "Local"}
            for name in ("prvReadAccount", "prvAppendToAccount")
            for row in self.rows(f"privileges?$select=privilegeid&$filter=name eq '{name}'")
        ]
        path, body = f"roles({role})/Microsoft.Dynamics.CRM.AddPrivilegesRole", {"Privileges": privileges}
        self.client.send(Request(method="POST", path=path, body=body, repeatable=True))
        self.link(f"{owner_path(user)}/systemuserroles_association", f"roles({role})")

    def _share(self, target: dict[str, object], user: Principal, rights: str) -> None:
        body = {**target, "PrincipalAccess": {"AccessMask": rights, "Principal": _user(user)}}
        self.client.send(Request(method="POST", path="GrantAccess", body=body, repeatable=True))

    def take_away(self, conversation: UUID, reader: Principal) -> None:
        body = {**_target(conversation), "Revokee": _user(reader)}
        self.client.send(Request(method="POST", path="RevokeAccess", body=body, repeatable=True))

    def unread(self, conversation: UUID) -> int:
        [found] = self.rows(f"txv_textconversations?$select=txv_unreadcount&$filter=activityid eq {conversation}")
        return int(str(found["txv_unreadcount"]))

    def pass_by(self, span: timedelta) -> None:
        self.clock_shift += span

    def trouble(self, **rule: object) -> None:
        """What happens to requests from now on."""
        requests.post(f"{self.url}/_emulator/faults", json=rule, timeout=10).raise_for_status()

    def no_trouble(self) -> None:
        requests.delete(f"{self.url}/_emulator/faults", timeout=10)

    def asked(self) -> list[str]:
        """What the Web API was asked since the last look."""
        log = f"{self.url}/_emulator/requests?since={self.looked}"
        found = requests.get(log, timeout=10).json()
        self.looked = max((each["number"] for each in found), default=self.looked)
        return [f"{each['method']} {each['path'].partition('/v9.2/')[2].partition('?')[0]}" for each in found]


def _target(conversation: UUID) -> dict[str, object]:
    named = {"activityid": str(conversation), "@odata.type": "Microsoft.Dynamics.CRM.txv_textconversation"}
    return {"Target": named}


def _user(user: Principal) -> dict[str, object]:
    return {"systemuserid": str(user.id), "@odata.type": "Microsoft.Dynamics.CRM.systemuser"}


@pytest.fixture(scope="session")
def _company() -> Iterator[Company]:
    with Emulator() as emulator, connect(emulator.url, StaticToken(emulator.url, "service")) as client:
        apply(client, sleep=time.sleep)
        numbers = (f"+1206555{last:04}" for last in count(100))
        company = Company(client, numbers, url=emulator.url)
        emulator.service.clock = company.now
        yield company


@pytest.fixture
def company(_company: Company) -> Iterator[Company]:
    _company.begin()
    yield _company
    _company.no_trouble()


@pytest.fixture
def maya(company: Company) -> Principal:
    return company.seller(firstname="Maya", lastname="Lindqvist")


@pytest.fixture
def our(company: Company, maya: Principal) -> Address:
    """Maya's number."""
    return company.number(maya)


@pytest.fixture
def customer(company: Company) -> str:
    return company.customer()


@dataclass
class Browser:
    """A browser in which a seller is signed in to Dynamics, as far as our pages are concerned."""

    chrome: Chrome
    dataverse_url: str
    running: ExitStack
    home: str = ""

    def sign_in(self, user: Principal) -> None:
        server = Server(site(self.dataverse_url, user.id), 0)
        server.start()
        self.running.callback(server.stop)
        self.home = server.url

    def open_on_form(self, page: str, table: str, row: UUID | str) -> None:
        """A web resource on a form: this is what Dynamics passes to it."""
        given = {"type": "10000", "typename": table, "id": f"{{{str(row).upper()}}}", "userlcid": "1033"}
        self.chrome.get(f"{self.home}/WebResources/txv_/{page}?{urlencode(given, quote_via=quote)}")

    def open_by_command(self, **data: object) -> None:
        """The pane that a button opens."""
        self.open_with_data(quote(json.dumps(data), safe=""))

    def open_with_data(self, data: str) -> None:
        """The same, with what a button handed to Dynamics."""
        self.chrome.get(f"{self.home}/WebResources/txv_/conversation.html?data={quote(data, safe='')}")

    def run_script(self, name: str) -> None:
        """Load a script into the page, as Dynamics does for its buttons."""
        source = (PANE / name.rpartition("/")[2]).read_text("utf-8")
        self.chrome.execute_script(f"{source}; window.Textverse = Textverse")

    def permit(self, name: str, setting: str) -> None:
        """What a page may do with the clipboard and the like."""
        for each in (name, "clipboard-read"):
            chosen = setting if each == name else "granted"
            given = {"origin": self.home, "permission": {"name": each}, "setting": chosen}
            self.chrome.execute_cdp_cmd("Browser.setPermission", given)

    def pasted(self) -> str:
        return str(self.chrome.execute_async_script("navigator.clipboard.readText().then(arguments[0], arguments[0])"))

    def look_again(self) -> None:
        """The page has been hidden and is looked at once more."""
        self.chrome.execute_script("document.dispatchEvent(new Event('visibilitychange'))")

    def hide(self, *, is_hidden: bool = True) -> None:
        shown = "hidden" if is_hidden else "visible"
        script = "Object.defineProperty(document, 'visibilityState', { value: arguments[0], configurable: true })"
        self.chrome.execute_script(script, shown)
        self.look_again()

    def click(self, selector: str) -> None:
        self.chrome.find_element("css selector", selector).click()

    def press(self, selector: str, key: str) -> None:
        self.chrome.find_element("css selector", selector).send_keys(key)

    def choose(self, selector: str, part: str) -> None:
        """Choose the one of a list in which this is to be read."""
        [found] = [
            option
            for option in self.chrome.find_elements("css selector", f"{selector} option")
            if part in str(option.get_attribute("textContent"))
        ]
        found.click()

    def spoken(self) -> str:
        """What a screen reader has to say about the page."""
        nodes = self.chrome.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        heard = [node["name"].get("value", "") for node in nodes if not node["ignored"] and "name" in node]
        return "\n".join(filter(None, heard))

    def texts(self, selector: str) -> list[str]:
        """What is to be read in the elements that are to be seen."""
        script = """return [...document.querySelectorAll(arguments[0])]
            .filter((each) => each.checkVisibility()).map((each) => each.innerText.trim())"""
        return list(self.chrome.execute_script(script, selector))

    def until(self, condition: Callable[[], object]) -> object:
        deadline = time.monotonic() + PATIENCE_S
        while not (found := condition()):
            assert time.monotonic() < deadline, f"it did not become so in time: {self.texts('body')}"
            time.sleep(0.05)
        return found

    def media(self, **features: str) -> None:
        """What the system of the reader prefers: colours, contrast."""
        shown = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": shown})

    def complaints(self) -> list[str]:
        """What the browser found wrong since the last look: defects, breaches of the content security policy."""
        return [entry["message"] for entry in self.chrome.get_log("browser")]


@pytest.fixture(scope="session")
def _chrome() -> Iterator[Chrome]:
    options = ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in CHROMIUM:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    chrome = Chrome(options, Service(shutil.which("chromedriver")))
    chrome.set_window_size(420, 800)
    yield chrome
    chrome.quit()


@pytest.fixture
def browser(_chrome: Chrome, company: Company) -> Iterator[Browser]:
    with ExitStack() as running:
        browser = Browser(_chrome, company.url, running)
        browser.media()
        yield browser
        _chrome.get("about:blank")
        browser.complaints()
