"""The body of a post, member by member, against the shapes of Learn: "Use webhooks" and of captured posts."""

from __future__ import annotations

import re

import pytest

CONTRACTS = "http://schemas.microsoft.com/xrm/2011/Contracts"
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DATE = re.compile(r"/Date\(\d+\)/")
MEMBERS = {
    "BusinessUnitId", "CorrelationId", "Depth", "InitiatingUserAzureActiveDirectoryObjectId", "InitiatingUserId",
    "InputParameters", "IsExecutingOffline", "IsInTransaction", "IsOfflinePlayback", "IsolationMode", "MessageName",
    "Mode", "OperationCreatedOn", "OperationId", "OrganizationId", "OrganizationName", "OutputParameters",
    "OwningExtension", "ParentContext", "PostEntityImages", "PreEntityImages", "PrimaryEntityId", "PrimaryEntityName",
    "RequestId", "SecondaryEntityName", "SharedVariables", "Stage", "UserAzureActiveDirectoryObjectId", "UserId",
}  # fmt: skip
ENTITY = {"Attributes", "EntityState", "FormattedValues", "Id", "KeyAttributes", "LogicalName", "RelatedEntities",
          "RowVersion"}  # fmt: skip


def reference(table, row):
    return {"Id": row, "KeyAttributes": [], "LogicalName": table, "Name": None, "RowVersion": None}


def typed(kind, **members):
    return {"__type": f"{kind}:{CONTRACTS}", **members}


@pytest.fixture
def posted(fresh, receiver):
    def posted():
        assert fresh.service.settle()
        return receiver.posts[-1]

    return posted


def test_the_members_of_the_context(fresh, receiver, register, posted, say):
    step = register(receiver.url, "Update", "contact")
    row = fresh.create("contacts", {"lastname": "A"})
    fresh.patch(f"contacts({row})?tag=textverse", {"lastname": "B"})
    body = posted().body
    assert set(body) == MEMBERS
    who = fresh.row("WhoAmI")
    guids = {name: body.pop(name) for name in ("CorrelationId", "OperationId", "RequestId")}
    assert all(GUID.fullmatch(value) for value in guids.values())
    assert re.fullmatch(r"/Date\(\d+\+0000\)/", body.pop("OperationCreatedOn"))
    for name in ("InputParameters", "PostEntityImages"):
        body.pop(name)
    nobody = "00000000-0000-0000-0000-000000000000"
    assert body == {
        "BusinessUnitId": who["BusinessUnitId"], "Depth": 1, "InitiatingUserId": say.application_user,
        "InitiatingUserAzureActiveDirectoryObjectId": nobody, "UserAzureActiveDirectoryObjectId": nobody,
        "IsExecutingOffline": False, "IsInTransaction": False, "IsOfflinePlayback": False, "IsolationMode": 1,
        "MessageName": "Update", "Mode": 1, "OrganizationId": who["OrganizationId"], "OrganizationName": "emulator",
        "OutputParameters": [],
        "OwningExtension": {**reference("sdkmessageprocessingstep", step), "Name": "Update of contact"},
        "ParentContext": None, "PreEntityImages": [], "PrimaryEntityId": row, "PrimaryEntityName": "contact",
        "SecondaryEntityName": "none",
        "SharedVariables": [{"key": "IsAutoTransact", "value": True}, {"key": "tag", "value": "textverse"}],
        "Stage": 40, "UserId": say.application_user,
    }  # fmt: skip


def test_the_headers(fresh, receiver, register, posted):
    register(receiver.url, "Create", "account")
    fresh.create("accounts", {"name": "A"})
    post = posted()
    names = ("organization", "entity-name", "request-name")
    assert [post.headers[f"x-ms-dynamics-{name}"] for name in names] == [
        fresh.origin.removeprefix("http://"), "account", "Create",
    ]  # fmt: skip
    assert post.headers["x-ms-correlation-request-id"] == post.body["CorrelationId"]
    assert "x-ms-dynamics-msg-size-exceeded" not in post.headers


def test_values_have_the_shapes_of_their_types(fresh, receiver, register, posted, read, say):
    register(receiver.url, "Create", "opportunity")
    account = fresh.create("accounts", {"name": "Lighthouse"})
    row = fresh.create("opportunities", {
        "name": "Lamps / lenses", "estimatedvalue": 1200.5, "estimatedclosedate": "2024-03-01",
        "customerid_account@odata.bind": f"/accounts({account})",
    })  # fmt: skip
    post = posted()
    target = read.pairs(post.body["InputParameters"])["Target"]
    assert set(target) == {*ENTITY, "__type"}
    assert target["__type"] == f"Entity:{CONTRACTS}"
    assert (target["Id"], target["LogicalName"], target["RowVersion"]) == (row, "opportunity", None)
    values = read.attributes(target)
    assert values["name"] == "Lamps / lenses"
    assert values["opportunityid"] == row
    assert values["estimatedvalue"] == typed("Money", Value=1200.5)
    assert values["estimatedclosedate"] == "/Date(1709251200000)/"
    assert values["customerid"] == typed("EntityReference", **reference("account", account))
    assert values["ownerid"] == typed("EntityReference", **reference("systemuser", say.application_user))
    assert values["statecode"] == typed("OptionSetValue", Value=0)
    assert DATE.fullmatch(values["createdon"])
    formatted = read.pairs(target["FormattedValues"])
    assert (formatted["statecode"], formatted["estimatedvalue"]) == ("Open", "$1,200.50")
    assert "versionnumber" not in values
    assert "customerid__table" not in values
    assert None not in values.values()
    assert post.body["OutputParameters"] == [{"key": "id", "value": row}]


def test_booleans_are_booleans_and_slashes_are_escaped(fresh, receiver, register, posted):
    register(receiver.url, "Create", "contact")
    fresh.create("contacts", {"lastname": "Kask", "donotphone": True, "description": "a/b “ü” 😀"})
    post = posted()
    assert post.target()["donotphone"] is True
    assert post.target()["description"] == "a/b “ü” 😀"
    assert rb"a\/b" in post.raw
    assert rb"\/Date(" in post.raw
    assert "“ü” 😀".encode() in post.raw


def test_the_type_comes_first_since_its_reader_looks_for_it_there(fresh, receiver, register, posted):
    register(receiver.url, "Create", "contact")
    fresh.create("contacts", {"lastname": "A"})
    assert all(b'{"__type":' in part for part in re.findall(rb'.{2}__type":', posted().raw))


def test_the_target_of_a_delete_is_a_reference(fresh, receiver, register, posted, read):
    register(receiver.url, "Delete", "contact")
    row = fresh.create("contacts", {"lastname": "A"})
    fresh.delete(f"contacts({row})")
    body = posted().body
    target = {"Target": typed("EntityReference", **reference("contact", row))}
    assert read.pairs(body["InputParameters"]) == target
    assert body["PostEntityImages"] == []


def test_images_hold_the_row_before_and_after(fresh, receiver, register, posted, read):
    image = {"messagepropertyname": "Target", "attributes": "mobilephone,ownerid,jobtitle"}
    images = (
        {**image, "entityalias": "before", "imagetype": 0},
        {**image, "entityalias": "after", "imagetype": 1},
        {"messagepropertyname": "Target", "entityalias": "all", "imagetype": 2},
    )
    row = fresh.create("contacts", {"lastname": "A", "mobilephone": "555-0101", "jobtitle": "Buyer"})
    register(receiver.url, "Update", "contact", images=images)
    fresh.patch(f"contacts({row})", {"mobilephone": "555-0102", "jobtitle": None})
    body = posted().body
    before, after = read.pairs(body["PreEntityImages"]), read.pairs(body["PostEntityImages"])
    assert set(before) == {"before", "all"}
    assert set(after) == {"after", "all", "AsynchronousStepPrimaryName"}
    assert set(before["before"]) == ENTITY
    assert set(read.attributes(before["before"])) == {"mobilephone", "ownerid", "jobtitle", "contactid"}
    assert read.attributes(before["before"])["mobilephone"] == "555-0101"
    assert set(read.attributes(after["after"])) == {"mobilephone", "ownerid", "contactid"}
    assert read.attributes(after["after"])["mobilephone"] == "555-0102"
    assert read.attributes(after["all"])["lastname"] == "A"
    assert read.attributes(after["AsynchronousStepPrimaryName"]) == {"fullname": "A", "contactid": row}


def test_images_of_creates_and_deletes(fresh, receiver, register, read):
    after = {"messagepropertyname": "Id", "entityalias": "post", "imagetype": 1, "attributes": "lastname"}
    before = {"messagepropertyname": "Target", "entityalias": "pre", "imagetype": 0, "attributes": "lastname"}
    register(receiver.url, "Create", "contact", images=(after,))
    register(receiver.url, "Delete", "contact", images=(before,))
    row = fresh.create("contacts", {"lastname": "A"})
    fresh.delete(f"contacts({row})")
    assert fresh.service.settle()
    bodies = {post.body["MessageName"]: post.body for post in receiver.posts}
    values = {"lastname": "A", "contactid": row}
    assert read.attributes(read.pairs(bodies["Create"]["PostEntityImages"])["post"]) == values
    assert read.attributes(read.pairs(bodies["Delete"]["PreEntityImages"])["pre"]) == values


def test_the_caller_and_the_user_of_the_step_are_told_apart(fresh, receiver, register, posted, say):
    runs_as, caller = fresh.user("Runs"), fresh.user("Calls")
    register(receiver.url, "Create", "contact", **{"impersonatinguserid@odata.bind": f"/systemusers({runs_as})"})
    fresh.as_user(caller).create("contacts", {"lastname": "A"})
    body = posted().body
    assert (body["InitiatingUserId"], body["UserId"]) == (caller, runs_as)


def test_what_is_too_large_is_left_out(fresh, receiver, register, posted):
    register(receiver.url, "Create", "annotation")
    row = fresh.create("annotations", {"subject": "Long", "notetext": "x" * 90_000})
    assert "InputParameters" in posted().body
    row = fresh.create("annotations", {"subject": "Long", "notetext": "ü" * 99_000, "documentbody": "eHh4" * 25_000})
    post = posted()
    assert post.headers["x-ms-dynamics-msg-size-exceeded"] == "true"
    assert set(post.body) == MEMBERS - {"InputParameters", "ParentContext", "PreEntityImages", "PostEntityImages"}
    assert post.body["PrimaryEntityId"] == row
