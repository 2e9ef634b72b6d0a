"""The client against an implementation of the Web API that knows nothing of it: the emulator, over HTTP."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataverse.webapi import errors
from dataverse.webapi.changes import changes
from dataverse.webapi.client import Client
from dataverse.webapi.keys import row_by_key
from dataverse.webapi.literals import in_list, quote_literal
from dataverse.webapi.parallel import in_parallel
from dataverse.webapi.request import ChangeSet, Request, Response

CONTACT = "0b000000-0000-4000-8000-000000000001"


def create(path: str, **body: object) -> Request:
    return Request(method="PATCH", path=path, headers={"If-None-Match": "*"}, body=body, repeatable=True)


def test_who_am_i(emulated: Client) -> None:
    assert "UserId" in emulated.send(Request(method="GET", path="WhoAmI")).json()


def test_a_row_is_created_once_and_changed_only_as_it_was_read(emulated: Client) -> None:
    request = create(f"contacts({CONTACT})", lastname="Ångström")
    emulated.send(request)
    with pytest.raises(errors.AlreadyExists):
        emulated.send(request)
    tag = str(emulated.send(Request(method="GET", path=f"contacts({CONTACT})")).json()["@odata.etag"])
    change = Request(method="PATCH", path=f"contacts({CONTACT})", headers={"If-Match": tag}, body={"lastname": "b"})
    emulated.send(change)
    with pytest.raises(errors.VersionChanged):
        emulated.send(change)


def test_a_row_that_is_not_there_is_not_found(emulated: Client) -> None:
    with pytest.raises(errors.RowNotFound, match=r"^GET contacts: 404 0x80040217"):
        emulated.send(Request(method="GET", path=f"contacts({CONTACT})"))


def test_rows_come_from_all_pages(emulated: Client) -> None:
    names = [f"{number:02}" for number in range(7)]
    answer = emulated.batch([Request(method="POST", path="contacts", body={"lastname": name}) for name in names])
    for part in answer.parts:
        answer.raise_for(part)
    prefer = {"Prefer": "odata.maxpagesize=3"}
    pages = list(emulated.pages("contacts?$select=lastname&$orderby=lastname", headers=prefer))
    assert [len(page["value"]) for page in pages if isinstance(page["value"], list)] == [3, 3, 1]
    rows = emulated.rows("contacts?$select=lastname&$orderby=lastname", headers=prefer)
    assert [row["lastname"] for row in rows] == names


@pytest.mark.parametrize("name", ["O'Brien & Söhne #1/2", '"quoted"', "100% + [x]", "+1 206 555 0187", "a,b", "日本"])
def test_any_value_is_found_by_equality_and_in_a_list(emulated: Client, name: str) -> None:
    emulated.send(create(f"contacts({CONTACT})", lastname=name))
    for condition in (f"lastname%20eq%20{quote_literal(name)}", in_list("lastname", ["other", name])):
        found = list(emulated.rows(f"contacts?$select=lastname&$filter={condition}"))
        assert [row["contactid"] for row in found] == [CONTACT]


def test_a_change_set_is_carried_out_together_or_not_at_all(emulated: Client) -> None:
    account = {"name": "Contoso", "primarycontactid@odata.bind": "$1"}
    good = (create(f"contacts({CONTACT})", lastname="x"), Request(method="POST", path="accounts", body=account))
    missing = Request(method="DELETE", path=f"accounts({CONTACT})")
    bad = (Request(method="POST", path="contacts", body={"lastname": "y"}), missing)
    everyone = Request(method="GET", path="contacts?$select=lastname")
    answer = emulated.batch([ChangeSet(good), ChangeSet(bad), everyone], continue_on_error=True)
    carried_out, failed, rows = answer.parts
    assert isinstance(carried_out, tuple)
    with pytest.raises(errors.RowNotFound, match=r"^DELETE accounts: 404"):
        answer.raise_for(failed)
    assert isinstance(rows, Response)
    assert rows.json()["value"] == [{"@odata.etag": rows_tag(rows), "contactid": CONTACT, "lastname": "x"}]
    stopped = emulated.batch([ChangeSet(bad), everyone])
    assert not stopped.complete
    assert len(stopped.parts) == 1


def test_each_change_set_refers_to_its_own_requests(emulated: Client) -> None:
    def company(name: str) -> ChangeSet:
        account = {"name": name, "primarycontactid@odata.bind": "$1"}
        contact = Request(method="POST", path="contacts", body={"lastname": name})
        return ChangeSet((contact, Request(method="POST", path="accounts", body=account)))

    answer = emulated.batch([company("First"), company("Second")])
    for part in answer.parts:
        answer.raise_for(part)
    assert primary_contacts(emulated) == {"First": "First", "Second": "Second"}


def test_a_row_is_found_by_its_alternate_key_whatever_the_value(emulated: Client) -> None:
    label = {"LocalizedLabels": [{"Label": "Who and how many", "LanguageCode": 1033}]}
    columns = ["jobtitle", "numberofchildren"]
    definition = {"SchemaName": "new_who", "KeyAttributes": columns, "DisplayName": label}
    emulated.send(Request(method="POST", path="EntityDefinitions(LogicalName='contact')/Keys", body=definition))
    titles = ["O'Brien #1", "日本 (x,y)", '"quoted" = ;$@!']
    for number, title in enumerate(titles):
        path = row_by_key("contacts", {"jobtitle": title, "numberofchildren": number})
        emulated.send(Request(method="PATCH", path=path, body={"lastname": title}, repeatable=True))
        assert emulated.send(Request(method="GET", path=path)).json()["lastname"] == title
        account = {"name": title, "primarycontactid@odata.bind": f"/{path}"}
        emulated.send(Request(method="POST", path="accounts", body=account))
    assert primary_contacts(emulated) == {title: title for title in titles}


def mirrored(client: Client, path: str, copy: dict[str, object], page_size: int) -> str:
    """Bring a copy of the contacts' names up to date; the path to keep."""
    for page in changes(client, path, page_size=page_size):
        copy.update({str(row["contactid"]): row["lastname"] for row in page.rows})
        for gone in page.deleted:
            copy.pop(str(gone), None)
    assert page.keep is not None
    return page.keep


def contacts(client: Client) -> dict[str, object]:
    return {str(row["contactid"]): row["lastname"] for row in client.rows("contacts?$select=lastname")}


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 4), st.lists(st.lists(st.integers(0, 5), max_size=6), min_size=1, max_size=4))
def test_a_copy_that_follows_changes_is_the_table(emulated: Client, page_size: int, rounds: list[list[int]]) -> None:
    copy: dict[str, object] = {}
    path = "contacts?$select=lastname"
    for number, touched in enumerate(rounds):
        for which in touched:
            target = f"contacts({CONTACT[:-1]}{which})"
            if touched.count(which) % 2:
                emulated.send(Request(method="PATCH", path=target, body={"lastname": f"{number}"}, repeatable=True))
            else:
                with suppress(errors.RowNotFound):
                    emulated.send(Request(method="DELETE", path=target, repeatable=True))
        path = mirrored(emulated, path, copy, page_size)
        assert copy == contacts(emulated)


def test_a_delta_link_that_was_kept_too_long_says_so_and_a_new_one_can_be_had(emulated: Client) -> None:
    kept = mirrored(emulated, "contacts?$select=lastname", {}, 5)
    [organization] = emulated.rows("organizations?$select=organizationid")
    target = f"organizations({organization['organizationid']})"
    emulated.send(Request(method="PATCH", path=target, body={"expirechangetrackingindays": 0}))

    with pytest.raises(errors.ChangesExpired):
        mirrored(emulated, kept, {}, 5)

    assert mirrored(emulated, "contacts?$select=lastname", {}, 5) != kept


def test_a_table_that_is_not_tracked_is_refused(emulated: Client) -> None:
    with pytest.raises(errors.RequestRefused, match="0x80072491"):
        list(changes(emulated, "privileges?$select=name"))


def test_a_back_fill_runs_as_the_environment_recommends(emulated: Client) -> None:
    batches = (
        [Request(method="POST", path="contacts", body={"lastname": f"{batch:02}-{number}"}) for number in range(10)]
        for batch in range(30)
    )
    answers = list(in_parallel(emulated, emulated.batch, batches))

    assert all(part.status == 204 for answer in answers for part in answer.parts if isinstance(part, Response))
    assert emulated.recommended_calls > 0
    names = [str(name) for name in contacts(emulated).values()]
    assert sorted(names) == [f"{batch:02}-{number}" for batch in range(30) for number in range(10)]


def primary_contacts(emulated: Client) -> dict[object, object]:
    """The accounts' names, each with that of its primary contact."""
    rows = emulated.rows("accounts?$select=name&$expand=primarycontactid($select=lastname)")
    return {row["name"]: contact["lastname"] for row in rows if isinstance(contact := row["primarycontactid"], dict)}


def rows_tag(rows: Response) -> object:
    value = rows.json()["value"]
    assert isinstance(value, list)
    return value[0]["@odata.etag"]
