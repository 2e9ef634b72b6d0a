"""Delta links: what a round tells, and what its answers look like (Learn: "Use change tracking …")."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest


def test_the_first_round_tells_every_row_and_ends_with_a_delta_link(fresh, mirror):
    rows = {fresh.create("contacts", {"lastname": name}) for name in "ABC"}
    contacts = mirror(query="?$select=lastname,jobtitle")
    contacts.read_round()
    assert set(contacts.rows) == rows
    (page,) = contacts.pages
    assert page["@odata.context"] == f"{fresh.root}$metadata#contacts(lastname,jobtitle)"
    assert set(page["value"][0]) == {"@odata.etag", "lastname", "jobtitle", "contactid"}
    assert contacts.link.startswith(f"{fresh.root}contacts?$select=lastname,jobtitle&$deltatoken=")
    token = unquote(contacts.link.partition("$deltatoken=")[2])
    assert re.match(r"\d+!\d\d/\d\d/\d{4} \d\d:\d\d:\d\d!", token)


def test_the_preferences_are_confirmed(fresh):
    answer = fresh.get("contacts", Prefer="odata.maxpagesize=10,odata.track-changes")
    assert answer.headers["Preference-Applied"] == "odata.track-changes,odata.maxpagesize=10"


def test_a_round_tells_what_was_created_changed_and_deleted_since(fresh, mirror):
    stays, changes, goes = (fresh.create("contacts", {"lastname": name}) for name in "ABC")
    contacts = mirror(query="?$select=lastname")
    contacts.read_round()
    new = fresh.create("contacts", {"lastname": "D"})
    fresh.patch(f"contacts({changes})", {"lastname": "E"})
    fresh.delete(f"contacts({goes})")
    items = contacts.read_round()
    assert [item.get("lastname") for item in items] == ["D", "E", None]
    assert items[-1] == {
        "@odata.context": f"{fresh.root}$metadata#contacts/$deletedEntity", "id": goes, "reason": "deleted",
    }  # fmt: skip
    assert contacts.pages[-1]["@odata.context"] == f"{fresh.root}$metadata#contacts(lastname)/$delta"
    assert set(contacts.rows) == {stays, changes, new}


def test_a_row_that_changed_often_is_told_once_as_it_is_now(fresh, mirror):
    row = fresh.create("contacts", {"lastname": "A"})
    contacts = mirror(query="?$select=lastname")
    contacts.read_round()
    for name in "BCD":
        fresh.patch(f"contacts({row})", {"lastname": name})
    assert [item["lastname"] for item in contacts.read_round()] == ["D"]


def test_without_changes_a_round_is_empty_and_goes_on(fresh, mirror):
    fresh.create("contacts", {"lastname": "A"})
    contacts = mirror()
    contacts.read_round()
    fresh.create("accounts", {"name": "B"})
    assert contacts.read_round() == []
    fresh.create("contacts", {"lastname": "C"})
    assert len(contacts.read_round()) == 1


def test_an_old_link_can_be_followed_again(fresh, mirror):
    contacts = mirror()
    contacts.read_round()
    link = contacts.link
    row = fresh.create("contacts", {"lastname": "A"})
    for _ in range(2):
        contacts.link = link
        assert [item["contactid"] for item in contacts.read_round()] == [row]


def test_a_delta_link_needs_no_preference(fresh, mirror):
    contacts = mirror()
    contacts.read_round()
    row = fresh.create("contacts", {"lastname": "A"})
    answer = fresh.get(contacts.link)
    assert [item["contactid"] for item in answer.json()["value"]] == [row]
    assert "Preference-Applied" not in answer.headers


def test_a_row_that_came_and_went_between_two_rounds_is_told_as_deleted(fresh, mirror):
    contacts = mirror()
    contacts.read_round()
    row = fresh.create("contacts", {"lastname": "A"})
    fresh.delete(f"contacts({row})")
    assert [(item["id"], item["reason"]) for item in contacts.read_round()] == [(row, "deleted")]
    assert contacts.read_round() == []


def test_a_row_that_went_and_came_back_is_there(fresh, mirror):
    row = fresh.create("contacts", {"lastname": "A"})
    contacts = mirror(query="?$select=lastname")
    contacts.read_round()
    fresh.delete(f"contacts({row})")
    fresh.post("contacts", {"contactid": row, "lastname": "B"})
    assert [item.get("lastname") for item in contacts.read_round()] == ["B"]


def test_what_a_cascade_deletes_or_changes_is_told(fresh, mirror):
    contact = fresh.create("contacts", {"lastname": "A"})
    account = fresh.create("accounts", {"name": "B", "primarycontactid@odata.bind": f"/contacts({contact})"})
    about = {"subject": "C", "regardingobjectid_contact_task@odata.bind": f"/contacts({contact})"}
    task = fresh.create("tasks", about)
    tasks, accounts = mirror("tasks", "activityid"), mirror("accounts", "accountid")
    activities = mirror("activitypointers", "activityid")
    for each in (tasks, accounts, activities):
        each.read_round()
    fresh.delete(f"contacts({contact})")
    assert [item["id"] for item in tasks.read_round()] == [task]
    assert [item["id"] for item in activities.read_round()] == [task]
    assert [item["accountid"] for item in accounts.read_round()] == [account]


def test_what_was_undone_is_not_told(fresh, mirror):
    row = fresh.create("contacts", {"lastname": "A"})
    contacts = mirror()
    contacts.read_round()
    fresh.batch([("DELETE", f"contacts({row})"), ("POST", "contacts", {"nothing": 1})])
    assert contacts.read_round() == []


def test_annotations_come_along(fresh, mirror):
    contacts = mirror()
    contacts.prefer += ',odata.include-annotations="*"'
    fresh.create("contacts", {"lastname": "A"})
    (row,) = contacts.read_round()
    assert row["statecode@OData.Community.Display.V1.FormattedValue"] == "Active"


def test_a_count_of_the_changes(fresh, mirror):
    rows = [fresh.create("contacts", {"lastname": name}) for name in "ABC"]
    contacts = mirror()
    contacts.read_round()
    token = contacts.link.partition("$deltatoken=")[2]
    assert fresh.get(f"contacts/$count?$deltatoken={token}").text == "0"
    fresh.create("contacts", {"lastname": "D"})
    fresh.patch(f"contacts({rows[0]})", {"lastname": "E"})
    fresh.delete(f"contacts({rows[1]})")
    answer = fresh.get(f"contacts/$count?$deltatoken={token}")
    assert (answer.text, answer.headers["Content-Type"].split(";")[0]) == ("3", "text/plain")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_rounds_come_in_pages(fresh, mirror, size):
    rows = [fresh.create("contacts", {"lastname": f"n{number}"}) for number in range(6)]
    contacts = mirror(query="?$select=lastname", page_size=size)
    assert len(contacts.read_round()) == 6
    fresh.patch(f"contacts({rows[0]})", {"lastname": "x"})
    fresh.create("contacts", {"lastname": "y"})
    for row in rows[3:]:
        fresh.delete(f"contacts({row})")
    contacts.pages.clear()
    items = contacts.read_round()
    assert [item.get("reason", "") for item in items] == ["", "", "deleted", "deleted", "deleted"]
    assert [len(page["value"]) for page in contacts.pages] == [size] * (5 // size) + [5 % size] * (5 % size > 0)
    links = [page.get("@odata.nextLink") for page in contacts.pages[:-1]]
    assert all("istracking%3D%22True%22" in link and "$select=lastname" in link for link in links)
    assert all("$deltatoken" not in link for link in links)
    assert all(page["@odata.context"].endswith("/$delta") for page in contacts.pages)


def test_what_changes_while_pages_are_read_comes_in_the_next_round(fresh, mirror):
    rows = [fresh.create("contacts", {"lastname": f"n{number}"}) for number in range(4)]
    contacts = mirror(query="?$select=lastname", page_size=2)
    assert not contacts.read_page()
    fresh.patch(f"contacts({rows[0]})", {"lastname": "told already"})
    fresh.patch(f"contacts({rows[3]})", {"lastname": "not told yet"})
    fresh.delete(f"contacts({rows[1]})")
    fresh.delete(f"contacts({rows[2]})")
    contacts.read_round()
    contacts.read_round()
    assert {row: item["lastname"] for row, item in contacts.rows.items()} == {
        rows[0]: "told already", rows[3]: "not told yet",
    }  # fmt: skip
