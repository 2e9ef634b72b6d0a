"""A lead becomes an account, a contact and an opportunity."""

from __future__ import annotations

import pytest

LEAD = {
    "firstname": "Nora", "lastname": "Kask", "companyname": "Kask Ltd", "subject": "Ten bicycles",
    "mobilephone": "+1 555 0100", "emailaddress1": "nora@example.com", "industrycode": 31, "numberofemployees": 12,
    "estimatedamount": 900, "description": "Met at the fair", "jobtitle": "Buyer", "address1_city": "Oslo",
}  # fmt: skip
ALL = {"CreateAccount": True, "CreateContact": True, "CreateOpportunity": True, "Status": 3}
NONE = {"CreateAccount": False, "CreateContact": False, "CreateOpportunity": False, "Status": -1}


@pytest.fixture
def lead(web):
    return web.create("leads", LEAD)


def qualify(web, lead, **more):
    return web.post(f"leads({lead})/Microsoft.Dynamics.CRM.QualifyLead", {**ALL, **more})


def test_a_lead_becomes_three_rows_that_know_each_other(web, lead):
    answer = qualify(web, lead)
    assert answer.status_code == 200
    account, contact, deal = (web.row(f"{name}({row})") for name, row in made(answer))
    assert (account["name"], account["industrycode"], account["numberofemployees"]) == ("Kask Ltd", 31, 12)
    assert (contact["fullname"], contact["mobilephone"], contact["jobtitle"]) == ("Nora Kask", "+1 555 0100", "Buyer")
    assert (account["address1_city"], contact["address1_city"]) == ("Oslo", "Oslo")
    assert contact["_parentcustomerid_value"] == account["accountid"]
    assert (deal["name"], deal["estimatedvalue"], deal["emailaddress"]) == ("Ten bicycles", 900, "nora@example.com")
    assert (deal["_customerid_value"], deal["_parentcontactid_value"]) == (account["accountid"], contact["contactid"])
    assert {row["_originatingleadid_value"] for row in (account, contact, deal)} == {lead}
    closed = web.row(f"leads({lead})")
    assert (closed["statecode"], closed["statuscode"]) == (1, 3)
    assert (closed["_parentaccountid_value"], closed["_parentcontactid_value"]) == (
        account["accountid"],
        contact["contactid"],
    )
    assert web.get(f"leads({lead})/contact_originating_lead").json()["value"][0]["contactid"] == contact["contactid"]


def made(answer):
    for row in answer.json()["value"]:
        kind = row["@odata.type"].removeprefix("#Microsoft.Dynamics.CRM.")
        yield {"opportunity": "opportunities"}.get(kind, kind + "s"), row[f"{kind}id"]


def test_only_what_was_asked_for_is_made(web, lead):
    assert qualify(web, lead, **NONE).json()["value"] == []
    assert web.row(f"leads({lead})")["statuscode"] == 3


def test_an_opportunity_belongs_to_the_customers_that_the_lead_has(web, new_id):
    account, contact = web.create("accounts", {"name": "A"}), web.create("contacts", {"lastname": "C"})
    parents = {
        "parentaccountid@odata.bind": f"/accounts({account})",
        "parentcontactid@odata.bind": f"/contacts({contact})",
    }
    ((_, deal),) = made(qualify(web, web.create("leads", {**LEAD, **parents}), **{**NONE, "CreateOpportunity": True}))
    found = web.row(f"opportunities({deal})")
    assert (found["_parentaccountid_value"], found["_parentcontactid_value"]) == (account, contact)
    named = {"@odata.type": "Microsoft.Dynamics.CRM.contact", "contactid": contact}
    wanted = {**NONE, "CreateOpportunity": True, "OpportunityCustomerId": named}
    ((_, deal),) = made(qualify(web, web.create("leads", LEAD), **wanted))
    assert web.row(f"opportunities({deal})")["_customerid_value"] == contact


@pytest.mark.parametrize(
    "wrong",
    [
        {"Status": 7},
        {"Status": 1},
        {"Status": "3"},
        {"CreateContact": 1},
        {"CreateAccount": None},
        {"OpportunityCustomerId": {"@odata.type": "Microsoft.Dynamics.CRM.lead"}},
    ],
)
def test_what_does_not_fit_leaves_everything_as_it_was(web, lead, wrong):
    assert qualify(web, lead, **wrong).status_code == 400
    assert web.row(f"leads({lead})")["statecode"] == 0
    assert web.get(f"leads({lead})/contact_originating_lead").json()["value"] == []


def test_a_lead_is_qualified_once(web, lead, new_id):
    assert qualify(web, lead).status_code == 200
    assert qualify(web, lead).status_code == 400
    assert qualify(web, new_id()).status_code == 404


def test_the_caller_must_be_allowed_to_make_what_is_made(web, say, lead):
    seller = web.as_user(web.user(role=say.salesperson))
    assert qualify(seller, lead).status_code == 403
    own = seller.create("leads", LEAD)
    assert qualify(seller, own).status_code == 200
    assert seller.get("opportunities/$count").text == "1"
