"""How SQLite goes about the queries of the whole emulator: through indexes, however many rows there are."""

import json
import re

import pytest

from emulator.exchange import Call
from emulator.odata.read import retrieve_multiple
from emulator.seeds import ADMINISTRATOR

ID = "00000000-0000-4000-8000-000000000001"
IN = "Microsoft.Dynamics.CRM.In"
PHONES = f"PropertyValues={['+14255550110', '+14255550111']}".replace("+", "%2B")


@pytest.fixture
def plan(service):
    """The steps of a query's statement: which tables it goes through, and by which index."""

    def explain(set_name, query):
        statements = []
        with service.store.reading() as db:
            context = service.work(db, Call(method="GET", path=""), ADMINISTRATOR, "http://x/").context
            db.set_trace_callback(statements.append)
            retrieve_multiple(context, context.schema.by_set(set_name), query)
            db.set_trace_callback(None)
            (statement,) = [each for each in statements if re.match(r"select (?!1)", each)]
            return [row[3] for row in db.execute(f"explain query plan {statement}")]

    return explain


@pytest.mark.parametrize(
    ("set_name", "text", "index"),
    [
        ("contacts", "mobilephone eq '%2B14255550110'", "contact.mobilephone.folded"),
        ("contacts", "mobilephone eq '%2B14255550110' and statecode eq 0", "contact.mobilephone.folded"),
        ("contacts", "mobilephone eq '%2B14255550110' and statecode eq 1", "contact.mobilephone.folded"),
        ("contacts", "modifiedon ge 2026-01-01 and telephone1 eq '1'", "contact.telephone1.folded"),
        ("leads", "address1_telephone1 eq '%2B14255550110'", "lead.address1_telephone1.folded"),
        (
            "contacts",
            f"{IN}(PropertyName='mobilephone',{PHONES})",
            "contact.mobilephone.folded",
        ),
        (
            "contacts",
            " or ".join(f"{IN}(PropertyName='{name}',{PHONES})" for name in ("mobilephone", "telephone2")),
            "contact.telephone2.folded",
        ),
        ("contacts", "startswith(fullname,'kim')", "contact.fullname.folded (<expr>>? AND <expr><?)"),
        ("contacts", "startswith(mobilephone,'%2B1425')", "contact.mobilephone.folded (<expr>>? AND <expr><?)"),
        ("contacts", "emailaddress1 eq 'kim@example.com'", "contact.emailaddress1.folded"),
        ("contacts", f"_parentcustomerid_value eq {ID}", "contact.parentcustomerid"),
        ("contacts", f"_parentcustomerid_value eq {ID} and statecode eq 1", "contact.parentcustomerid"),
        ("contacts", f"parentcustomerid_account/accountid eq {ID}", "sqlite_autoindex_account_1"),
        ("contacts", f"contactid eq {ID}", "sqlite_autoindex_contact_1"),
        ("contacts", f"{IN}(PropertyName='contactid',PropertyValues=['{ID}'])", "contact_1"),
        ("phonecalls", f"_regardingobjectid_value eq {ID}", "phonecall.regardingobjectid"),
        ("activitypointers", f"_regardingobjectid_value eq {ID}", "activitypointer.regardingobjectid"),
        ("contacts", "modifiedon ge 2026-03-01T00:00:00Z and modifiedon lt 2026-03-02T00:00:00Z", "contact.modified"),
        ("contacts", "Microsoft.Dynamics.CRM.Today(PropertyName='modifiedon')", "contact.modified"),
        ("contacts", "Microsoft.Dynamics.CRM.EqualUserId(PropertyName='ownerid')", "contact.ownerid"),
        (
            "accounts",
            f"Microsoft.Dynamics.CRM.UnderOrEqual(PropertyName='accountid',PropertyValue='{ID}')",
            "account.parentaccountid",
        ),
        ("accounts", "contact_customer_accounts/any(c:c/mobilephone eq '1')", "contact.mobilephone.folded"),
        (
            "accounts",
            f"accountid eq {ID} and contact_customer_accounts/any(c:c/statecode eq 0)",
            "contact.parentcustomerid",
        ),
        ("accounts", f"accountid eq {ID} and not contact_customer_accounts/any()", "contact.parentcustomerid"),
        (
            "accounts",
            f"accountid eq {ID} and contact_customer_accounts/all(c:c/mobilephone eq '1')",
            "contact.parentcustomerid",
        ),
        ("queues", f"queueid eq {ID} and queue_entries/any(e:e/title ne 'x')", "queueitem.queueid"),
        ("teams", f"teammembership_association/any(u:u/systemuserid eq {ID})", "teammembership"),
    ],
)
def test_a_filter_goes_through_an_index(plan, set_name, text, index):
    steps = plan(set_name, f"$filter={text}&$orderby=createdon desc&$top=5")
    assert any(step.startswith("SEARCH") and index in step for step in steps), steps
    assert [step for step in steps if step.startswith("SCAN") and step not in ("SCAN tree", "SCAN CONSTANT ROW")] == []


@pytest.mark.parametrize(
    ("options", "steps"),
    [
        ("$top=5", ["SCAN t0 USING INDEX sqlite_autoindex_contact_1"]),
        ("$filter=statecode eq 0&$top=5", ["SCAN t0 USING INDEX sqlite_autoindex_contact_1"]),
        ("$filter=statecode eq 1&$top=5", ["SCAN t0 USING INDEX contact.closed"]),
        (
            "$filter=modifiedon ge 2026-03-01T00:00:00Z&$orderby=modifiedon,contactid&$top=5",
            ["SEARCH t0 USING INDEX contact.modified (modifiedon>?)"],
        ),
        ("$orderby=modifiedon,contactid", ["SCAN t0 USING INDEX contact.modified"]),
        (
            "$orderby=fullname&$top=5",
            ["SCAN t0 USING INDEX contact.fullname.folded", "USE TEMP B-TREE FOR RIGHT PART OF ORDER BY"],
        ),
    ],
)
def test_rows_in_order_come_in_the_order_of_an_index(plan, options, steps):
    assert plan("contacts", f"$select=fullname&{options}") == steps


def test_a_later_page_begins_where_the_one_before_ended(get, post, plan):
    for name in "abc":
        post("contacts", {"lastname": name})
    options = "$select=lastname&$orderby=modifiedon"
    link = get("contacts", options, prefer="odata.maxpagesize=1").payload["@odata.nextLink"]
    steps = plan("contacts", link.partition("?")[2])
    assert "SEARCH t0 USING INDEX contact.modified (modifiedon>?)" in steps


def test_a_single_line_of_a_custom_table_is_found_through_an_index(service, plan, say):
    for path, body in (
        ("EntityDefinitions", say.table("new_Talk")),
        ("EntityDefinitions(LogicalName='new_talk')/Attributes", say.column("String", "new_Digits", MaxLength=50)),
        ("RelationshipDefinitions", say.one_to_many("new_talk_contact", "contact", "new_talk", "new_ContactId")),
    ):
        call = Call(method="POST", path=path, body=json.dumps(body).encode())
        assert service.answer(call, ADMINISTRATOR, "http://x/").status == 204
    steps = plan("new_talks", "$filter=new_digits eq '14255550110' and statecode eq 0&$orderby=createdon desc&$top=5")
    assert "SEARCH t0 USING INDEX new_talk.new_digits.folded (<expr>=?)" in steps
    steps = plan("contacts", "$filter=new_talk_contact/any(t:t/new_digits eq '14255550110')")
    assert any("new_talk.new_digits.folded" in step for step in steps)
    steps = plan("contacts", f"$filter=contactid eq {ID} and new_talk_contact/any(t:t/statecode eq 0)")
    assert any("new_talk.new_contactid" in step for step in steps)
    assert [step for step in steps if step.startswith("SCAN")] == []
