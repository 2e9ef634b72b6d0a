"""A server with a few accounts and contacts of made-up people, and short ways to ask it in FetchXML."""

from types import SimpleNamespace
from urllib.parse import quote

import pytest

from emulator.server import Server

ALL = 'odata.include-annotations="*"'
ACCOUNTS = {
    "contoso": {"name": "Contoso Pharmaceuticals", "address1_city": "Redmond", "numberofemployees": 1500},
    "fabrikam": {"name": "Fabrikam", "address1_city": "Lynnwood", "numberofemployees": 2700},
    "blue": {"name": "Blue Yonder Airlines", "address1_city": "Los Angeles", "numberofemployees": 2900},
    "city": {"name": "City Power & Light", "address1_city": "Redmond", "numberofemployees": 2900, "revenue": 20000.5},
    "datum": {"name": "A. Datum", "address1_city": "redmond", "numberofemployees": 6200, "revenue": 10000},
    "empty": {"name": "Example Account"},
}
CONTACTS = {
    "yvonne": {"firstname": "Yvonne", "lastname": "McKay", "jobtitle": "Coffee Master", "annualincome": 45000},
    "susanna": {"firstname": "Susanna", "lastname": "Stubberod", "jobtitle": "Purchasing Manager"},
    "nancy": {"firstname": "Nancy", "lastname": "Anderson", "donotphone": True, "numberofchildren": 2},
    "maria": {"firstname": "María", "lastname": "Campbell", "emailaddress1": "maria@example.com"},
    "double": {"firstname": "Alex", "lastname": "alex", "birthdate": "1990-05-01"},
    "loose": {"firstname": "Sidney", "lastname": "Higa"},
}


class Asking:
    """Queries of one caller; `rows` and `refused` expect that they are answered, or not."""

    def __init__(self, web):
        self.web = web

    def ask(self, entity_set, xml, prefer=None, more="", option="fetchXml"):
        headers = {"Prefer": prefer} if prefer else {}
        return self.web.get(f"{entity_set}?{option}={quote(xml, safe='')}{more}", **headers)

    def body(self, entity_set, xml, prefer=None, more=""):
        answer = self.ask(entity_set, xml, prefer, more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def rows(self, entity_set, xml, prefer=None):
        return self.body(entity_set, xml, prefer)["value"]

    def names(self, entity_set, inside):
        """The primary names of the rows that an entity's filters and links leave, sorted."""
        table, name = {"accounts": ("account", "name"), "contacts": ("contact", "fullname")}[entity_set]
        xml = f"<fetch><entity name='{table}'><attribute name='{name}'/>{inside}</entity></fetch>"
        return sorted(row[name] for row in self.rows(entity_set, xml))

    def refused(self, entity_set, xml, **more):
        answer = self.ask(entity_set, xml, **more)
        error = answer.json()["error"]
        assert error["message"]
        return answer.status_code, error["code"]


@pytest.fixture(scope="session")
def filled():
    """The server, and the ids of its rows by the names above."""
    with Server() as running:
        yield SimpleNamespace(url=running.url, ids={})


@pytest.fixture
def people(filled, say):
    """Asks as the application user, who may read everything."""
    web = say.web(filled.url)
    if not filled.ids:
        fill(web, filled.ids)
    yield Asking(web)
    web.session.close()


@pytest.fixture
def ids(people, filled):
    return filled.ids


def fill(web, ids):
    ids |= {key: web.create("accounts", values) for key, values in ACCOUNTS.items()}
    ids |= {key: web.create("contacts", values) for key, values in CONTACTS.items()}
    for account, contact in (("contoso", "yvonne"), ("fabrikam", "susanna"), ("blue", "susanna")):
        link = {"primarycontactid@odata.bind": f"/contacts({ids[contact]})"}
        assert web.patch(f"accounts({ids[account]})", link).status_code == 204
    for contact, account in (("yvonne", "contoso"), ("nancy", "contoso"), ("maria", "fabrikam")):
        link = {"parentcustomerid_account@odata.bind": f"/accounts({ids[account]})"}
        assert web.patch(f"contacts({ids[contact]})", link).status_code == 204
    assert web.patch(f"contacts({ids['maria']})", {"statecode": 1, "statuscode": 2}).status_code == 204


@pytest.fixture
def everything():
    """The preference for all annotations."""
    return ALL


@pytest.fixture
def asking():
    return Asking
