"""Which changes are posted, when, and to whom: asynchronous steps."""

from __future__ import annotations


def test_a_created_row_is_posted(fresh, receiver, register):
    register(receiver.url, "Create", "contact")
    row = fresh.create("contacts", {"lastname": "Kask"})
    assert fresh.service.settle()
    (post,) = receiver.posts
    assert post.target()["lastname"] == "Kask"
    assert post.target()["contactid"] == post.body["PrimaryEntityId"] == row
    assert (post.path, post.headers["content-type"]) == ("/hook", "application/json; charset=utf-8")


def test_an_update_is_posted_with_its_columns_only(fresh, receiver, register):
    row = fresh.create("contacts", {"lastname": "Kask", "mobilephone": "555-0101", "jobtitle": "Buyer"})
    register(receiver.url, "Update", "contact")
    assert fresh.patch(f"contacts({row})", {"mobilephone": "555-0102"}).status_code == 204
    assert fresh.service.settle()
    assert set(receiver.posts[0].target()) == {
        "mobilephone", "modifiedon", "modifiedby", "modifiedonbehalfby", "contactid",
    }  # fmt: skip


def test_a_column_that_is_emptied_is_posted_as_null(fresh, receiver, register):
    row = fresh.create("contacts", {"lastname": "Kask", "mobilephone": "555-0101"})
    register(receiver.url, "Update", "contact")
    fresh.patch(f"contacts({row})", {"mobilephone": None})
    assert fresh.service.settle()
    assert receiver.targets("mobilephone") == [None]
    assert "mobilephone" in receiver.posts[0].target()


def test_only_the_message_and_the_table_of_the_step_are_posted(fresh, receiver, register):
    register(receiver.url, "Update", "contact")
    contact, account = fresh.create("contacts", {"lastname": "A"}), fresh.create("accounts", {"name": "B"})
    fresh.patch(f"accounts({account})", {"name": "C"})
    fresh.patch(f"contacts({contact})", {"lastname": "D"})
    fresh.delete(f"contacts({contact})")
    assert fresh.service.settle()
    assert receiver.targets("lastname") == ["D"]


def test_a_step_without_a_table_hears_of_all_tables(fresh, receiver, register):
    register(receiver.url, "Create", "contact", **{"sdkmessagefilterid@odata.bind": None})
    fresh.create("contacts", {"lastname": "A"})
    fresh.create("accounts", {"name": "B"})
    assert fresh.service.settle()
    assert [post.body["PrimaryEntityName"] for post in receiver.posts] == ["contact", "account"]


def test_filtering_attributes_are_looked_for_in_the_request(fresh, receiver, register):
    row = fresh.create("contacts", {"lastname": "A", "mobilephone": "1"})
    register(receiver.url, "Update", "contact", filteringattributes="mobilephone, ownerid,fullname,modifiedon")
    fresh.patch(f"contacts({row})", {"lastname": "B"})  # full name and time follow, but were not asked for
    fresh.patch(f"contacts({row})", {"lastname": "C", "mobilephone": "1"})  # the same value counts: it was sent
    fresh.patch(f"contacts({row})", {"ownerid@odata.bind": f"/systemusers({fresh.user()})"})
    assert fresh.service.settle()
    assert receiver.targets("lastname") == ["C", None]


def test_a_disabled_step_hears_nothing_until_it_is_enabled(fresh, receiver, register):
    step = register(receiver.url, "Create", "contact")
    for state, name in ((1, "A"), (0, "B")):
        fresh.patch(f"sdkmessageprocessingsteps({step})", {"statecode": state, "statuscode": state + 1})
        fresh.create("contacts", {"lastname": name})
    assert fresh.service.settle()
    assert receiver.targets("lastname") == ["B"]


def test_rows_of_bulk_operations_are_posted_one_by_one(fresh, receiver, register):
    register(receiver.url, "Create", "contact")
    register(receiver.url, "Update", "contact")
    kind = {"@odata.type": "Microsoft.Dynamics.CRM.contact"}
    path = "contacts/Microsoft.Dynamics.CRM."
    ids = fresh.post(path + "CreateMultiple", {"Targets": [{**kind, "lastname": name} for name in "AB"]}).json()["Ids"]
    changes = [{**kind, "contactid": row, "lastname": "C"} for row in ids]
    assert fresh.post(path + "UpdateMultiple", {"Targets": changes}).status_code == 204
    new = {**kind, "contactid": "11111111-1111-4111-8111-111111111111", "lastname": "D"}
    assert fresh.post(path + "UpsertMultiple", {"Targets": [new]}).status_code == 204
    assert fresh.service.settle()
    messages = [(post.body["MessageName"], post.target()["lastname"]) for post in receiver.posts]
    assert sorted(messages) == [("Create", "A"), ("Create", "B"), ("Create", "D"), ("Update", "C"), ("Update", "C")]
    parents = {post.body["ParentContext"]["MessageName"] for post in receiver.posts}
    assert parents == {"CreateMultiple", "UpdateMultiple", "UpsertMultiple"}
    assert len({post.body["RequestId"] for post in receiver.posts}) == 3
    assert len({post.body["OperationId"] for post in receiver.posts}) == 5


def test_what_a_cascade_deletes_is_posted_with_the_delete_that_caused_it(fresh, receiver, register, read):
    register(receiver.url, "Delete", "task")
    contact = fresh.create("contacts", {"lastname": "A"})
    about = {"subject": "Call", "regardingobjectid_contact_task@odata.bind": f"/contacts({contact})"}
    task = fresh.create("tasks", about)
    fresh.delete(f"contacts({contact})")
    assert fresh.service.settle()
    (post,) = receiver.posts
    assert post.body["PrimaryEntityId"] == task
    parent = post.body["ParentContext"]
    assert (parent["MessageName"], parent["PrimaryEntityName"], parent["PrimaryEntityId"]) == (
        "Delete", "contact", contact,
    )  # fmt: skip
    assert read.pairs(parent["InputParameters"])["Target"]["Id"] == contact


def test_a_lookup_that_a_delete_empties_is_an_update(fresh, receiver, register):
    register(receiver.url, "Update", "account")
    contact = fresh.create("contacts", {"lastname": "A"})
    fresh.create("accounts", {"name": "B", "primarycontactid@odata.bind": f"/contacts({contact})"})
    fresh.delete(f"contacts({contact})")
    assert fresh.service.settle()
    assert "primarycontactid" in receiver.posts[0].target()
    assert receiver.targets("primarycontactid") == [None]


def test_a_notification_is_a_created_row(fresh, receiver, register, say):
    register(receiver.url, "Create", "appnotification")
    recipient = f"/systemusers({say.administrator})"
    assert fresh.post("SendAppNotification", {"Title": "New text", "Recipient": recipient}).status_code == 200
    assert fresh.service.settle()
    assert receiver.targets("title") == ["New text"]
    assert receiver.posts[0].body["ParentContext"]["MessageName"] == "SendAppNotification"


def test_a_change_set_is_posted_when_it_is_kept_and_not_when_it_is_undone(fresh, receiver, register):
    register(receiver.url, "Create", "contact")
    fresh.batch([("POST", "contacts", {"lastname": "A"}), ("POST", "contacts", {"nothing": "B"})])
    fresh.batch([("POST", "contacts", {"lastname": "C"}), ("POST", "contacts", {"lastname": "D"})])
    assert fresh.service.settle()
    assert receiver.targets("lastname") == ["C", "D"]


def test_a_refused_write_is_not_posted(fresh, receiver, register):
    register(receiver.url, "Create", "contact")
    assert fresh.post("contacts", {"contactid": "x"}).status_code == 400
    row = fresh.create("contacts", {"lastname": "A"})
    assert fresh.post("contacts", {"contactid": row, "lastname": "B"}).status_code == 412
    assert fresh.service.settle()
    assert receiver.targets("lastname") == ["A"]


def test_posts_to_one_endpoint_keep_the_order_of_the_commits(fresh, receiver, register):
    register(receiver.url, "Create", "contact")
    names = [f"n{number}" for number in range(25)]
    for name in names:
        fresh.create("contacts", {"lastname": name})
    assert fresh.service.settle()
    assert receiver.targets("lastname") == names


def test_what_a_post_tells_is_there_to_be_read_when_it_arrives(fresh, receiver, register):
    seen = []
    receiver.during = lambda post: seen.append(fresh.get(f"contacts({post.body['PrimaryEntityId']})").status_code)
    register(receiver.url, "Create", "contact")
    fresh.create("contacts", {"lastname": "A"})
    assert fresh.service.settle()
    assert seen == [200]


def test_a_receiver_may_write_back(fresh, receiver, register, say):
    other = say.web(fresh.origin)
    receiver.during = lambda post: other.create("tasks", {"subject": post.body["PrimaryEntityId"]})
    register(receiver.url, "Create", "contact")
    row = fresh.create("contacts", {"lastname": "A"})
    assert fresh.service.settle()
    assert [task["subject"] for task in fresh.row("tasks?$select=subject")["value"]] == [row]
