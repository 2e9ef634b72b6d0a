"""Rows nested in a row: made with it, in one transaction, each with its own checks."""

from __future__ import annotations

import pytest

BAD_PAYLOAD = "0x80048d19"


def children(web, path, column):
    return [row[column] for row in web.get(f"{path}?$select={column}&$orderby={column}").json()["value"]]


def test_the_documented_example(web):
    body = {
        "name": "Sample Account",
        "primarycontactid": {"firstname": "John", "lastname": "Smith"},
        "opportunity_customer_accounts": [
            {"name": "Deal", "Opportunity_Tasks": [{"subject": "One"}, {"subject": "Two"}]},
        ],
    }
    account = web.create("accounts", body)
    assert web.get(f"accounts({account})/primarycontactid").json()["fullname"] == "John Smith"
    (deal,) = web.get(f"accounts({account})/opportunity_customer_accounts").json()["value"]
    assert (deal["name"], deal["_customerid_value"]) == ("Deal", account)
    assert children(web, f"opportunities({deal['opportunityid']})/Opportunity_Tasks", "subject") == ["One", "Two"]


def test_rows_that_are_there_are_put_into_a_collection(web):
    tasks = [web.create("tasks", {"subject": subject}) for subject in "ab"]
    body = {"name": "A", "Account_Tasks@odata.bind": [f"/tasks({tasks[0]})", f"{web.root}tasks({tasks[1]})"]}
    query = "accounts?$select=name&$expand=Account_Tasks($select=subject;$orderby=subject)"
    answer = web.post(query, body, Prefer="return=representation")
    assert [task["subject"] for task in answer.json()["Account_Tasks"]] == ["a", "b"]


def test_new_members_of_a_many_to_many_relationship(web, say):
    unit = {"businessunitid@odata.bind": f"/businessunits({say.business_unit})"}
    user = web.user()
    new = {"lastname": "New", **unit}
    members = {"teammembership_association": [new], "teammembership_association@odata.bind": [f"/systemusers({user})"]}
    team = web.create("teams", {"name": "T", **unit, **members})
    assert children(web, f"teams({team})/teammembership_association", "lastname") == ["Demo", "New"]


def test_a_party_brings_its_contact(web):
    party = {"participationtypemask": 2, "partyid_contact": {"lastname": "P"}}
    call = web.create("phonecalls", {"subject": "x", "phonecall_activity_parties": [party]})
    (found,) = web.get(f"phonecalls({call})/phonecall_activity_parties").json()["value"]
    assert web.row(f"contacts({found['_partyid_value']})")["lastname"] == "P"


def test_rows_are_nested_in_the_targets_of_create_multiple(web):
    kind = {"@odata.type": "Microsoft.Dynamics.CRM.account"}
    targets = [
        {**kind, "name": "A", "contact_customer_accounts": [{"lastname": "a"}]},
        {**kind, "name": "B", "primarycontactid": {"lastname": "b"}},
    ]
    first, second = web.post("accounts/Microsoft.Dynamics.CRM.CreateMultiple", {"Targets": targets}).json()["Ids"]
    assert children(web, f"accounts({first})/contact_customer_accounts", "lastname") == ["a"]
    assert web.get(f"accounts({second})/primarycontactid").json()["lastname"] == "b"


def test_an_upsert_that_creates_makes_the_nested_rows_too(web, new_id):
    account = new_id()
    web.patch(f"accounts({account})", {"name": "A", "primarycontactid": {"lastname": "a"}})
    assert web.get(f"accounts({account})/primarycontactid").json()["lastname"] == "a"


def test_the_content_id_stands_for_the_outer_row_and_reaches_nested_links(web):
    _, parts = web.batch(
        [
            ("POST", "accounts", {"name": "A", "primarycontactid": {"lastname": "inner"}}),
            ("POST", "contacts", {"lastname": "B", "Contact_Tasks": [
                {"subject": "x", "regardingobjectid_account_task@odata.bind": "$1"}]}),
            ("POST", "accounts", {"name": "C", "contact_customer_accounts@odata.bind": ["$2"]}),
        ]
    )  # fmt: skip
    assert [status for status, _, _ in parts] == [204] * 3
    account = web.row(parts[0][1]["OData-EntityId"])["accountid"]
    parent = web.row(parts[2][1]["OData-EntityId"])["accountid"]
    contact = web.row(parts[1][1]["OData-EntityId"])
    assert contact["_parentcustomerid_value"] == parent
    assert web.row(f"accounts({account})")["name"] == "A"
    (task,) = web.get(f"contacts({contact['contactid']})/Contact_Tasks").json()["value"]
    assert task["_regardingobjectid_value"] == contact["contactid"]


@pytest.mark.parametrize(
    ("nested", "status", "error"),
    [
        ({"contact_customer_accounts": [{"lastname": 1}]}, 400, BAD_PAYLOAD),
        ({"contact_customer_accounts": [{"lastname": "A"}, "x"]}, 400, BAD_PAYLOAD),
        ({"contact_customer_accounts": {"lastname": "A"}}, 400, BAD_PAYLOAD),
        ({"contact_customer_accounts@odata.bind": "/contacts"}, 400, BAD_PAYLOAD),
        ({"primarycontactid": [{"lastname": "A"}]}, 400, BAD_PAYLOAD),
        ({"primarycontactid": "0b000000-0000-4000-8000-0000000000ff"}, 400, BAD_PAYLOAD),
        ({"primarycontactid": {"LastName": "A"}}, 400, BAD_PAYLOAD),
        ({"PrimaryContactId": {"lastname": "A"}}, 400, BAD_PAYLOAD),
        ({"ownerid": {"lastname": "A"}}, 400, BAD_PAYLOAD),
        ({"Account_Tasks": [{"subject": "x" * 201}]}, 400, "0x80044331"),
        ({"opportunity_customer_accounts": [{"statecode": 0, "statuscode": 3}]}, 400, "0x80048408"),
        ({"account_owning_nothing": [{}]}, 400, BAD_PAYLOAD),
    ],
)
def test_a_nested_row_that_is_refused_undoes_the_whole(web, say, new_id, nested, status, error):
    account, contact = new_id(), new_id()
    body = {"accountid": account, "name": "A", "Account_Annotation": [{"subject": "S"}]}
    answer = web.post("accounts", {**body, "parentaccountid": {"accountid": contact, "name": "P"}, **nested})
    assert (answer.status_code, say.code(answer)) == (status, error)
    assert web.get(f"accounts({account})").status_code == web.get(f"accounts({contact})").status_code == 404


def test_the_caller_must_be_allowed_to_make_each_row(web, say, new_id):
    seller, account = web.as_user(web.user(role=say.salesperson)), new_id()
    denied = {"accountid": account, "name": "A", "contact_customer_accounts": [{"lastname": "A"}]}
    denied["contact_customer_accounts"][0]["ownerid@odata.bind"] = f"/systemusers({say.administrator})"
    assert seller.post("accounts", denied).status_code == 403
    assert web.get(f"accounts({account})").status_code == 404
    assert seller.post("accounts", {"name": "A", "contact_customer_accounts": [{"lastname": "A"}]}).status_code == 204


@pytest.mark.parametrize(
    "body",
    [
        {"primarycontactid": {"lastname": "New"}},
        {"contact_customer_accounts": [{"lastname": "New"}]},
        {"contact_customer_accounts": []},
        {"contact_customer_accounts@odata.bind": ["/contacts(0b000000-0000-4000-8000-0000000000ff)"]},
    ],
)
def test_related_rows_are_not_changed_with_a_row(web, say, body):
    account = web.create("accounts", {"name": "A"})
    answer = web.patch(f"accounts({account})", {"name": "B", **body})
    assert (answer.status_code, say.code(answer)) == (400, BAD_PAYLOAD)
    assert web.row(f"accounts({account})")["name"] == "A"


def test_parties_are_replaced_but_bring_no_rows_then(web, say):
    call = web.create("phonecalls", {"subject": "x"})
    path = f"phonecalls({call})/phonecall_activity_parties"
    user = {"participationtypemask": 1, "partyid_systemuser@odata.bind": f"/systemusers({say.administrator})"}
    assert web.put(path, {"value": [user]}).status_code == 204
    deep = {"participationtypemask": 2, "partyid_contact": {"lastname": "P"}}
    assert say.code(web.put(path, {"value": [deep]})) == BAD_PAYLOAD
    assert len(web.get(path).json()["value"]) == 1
    contact = web.create("contacts", {"lastname": "A"})
    assert web.put(f"contacts({contact})/contact_activity_parties", {"value": []}).status_code == 405


def test_columns_of_the_platform_are_not_bound_either(web, say, new_id):
    user = web.user()
    bind = dict.fromkeys(("createdby@odata.bind", "owninguser@odata.bind"), f"/systemusers({user})")
    contact = web.create("contacts", {"lastname": "A", **bind})
    web.patch(f"contacts({contact})", {"lastname": "B", "createdby@odata.bind": f"/systemusers({user})"})
    found = web.row(f"contacts({contact})")
    assert (found["_createdby_value"], found["_owninguser_value"]) == (say.application_user, say.application_user)
