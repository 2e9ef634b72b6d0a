"""What changed since the last time: pages, deletions, the link to keep, and the one that was kept too long."""

from __future__ import annotations

from uuid import UUID

import pytest
import responses
from responses import matchers

from dataverse.webapi import errors
from dataverse.webapi.changes import changes
from dataverse.webapi.client import Client
from messaging.errors import Refused

BASE = "https://contoso.crm4.dynamics.com"
SERVICE = BASE + "/api/data/v9.2/"
QUERY = "contacts?$select=mobilephone"
KEPT = "contacts?$select=mobilephone&$deltatoken=919042%2108%2f22%2f2026%2008%3a10%3a44"
LATER = "contacts?$select=mobilephone&$deltatoken=919058%2108%2f22%2f2026%2008%3a21%3a20"
GONE = "2e451703-c686-4711-80e5-00155db19e6d"
DELETION = {"@odata.context": f"{SERVICE}$metadata#contacts/$deletedEntity", "id": GONE, "reason": "deleted"}


def answer(web: responses.RequestsMock, path: str, body: dict[str, object], status: int = 200) -> None:
    table, _, query = path.partition("?")
    web.get(SERVICE + table, status=status, json=body, match=[matchers.query_string_matcher(query)])


def test_the_first_time_every_row_comes_and_a_link_to_keep(web: responses.RequestsMock, client: Client) -> None:
    second = "contacts?$select=mobilephone&$skiptoken=2"
    answer(web, QUERY, {"value": [{"n": 1}, {"n": 2}], "@odata.nextLink": SERVICE + second})
    answer(web, second, {"value": [{"n": 3}], "@odata.deltaLink": SERVICE + KEPT})

    first, last = changes(client, QUERY, page_size=2)

    assert (first.rows, first.keep) == (({"n": 1}, {"n": 2}), None)
    assert (last.rows, last.deleted, last.keep) == (({"n": 3},), (), KEPT)
    preferences = [call.request.headers["prefer"] for call in web.calls]
    assert preferences == ["odata.track-changes,odata.maxpagesize=2"] * 2


def test_later_the_kept_link_brings_changes_and_deletions(web: responses.RequestsMock, client: Client) -> None:
    answer(web, KEPT, {"value": [{"n": 4}, DELETION], "@odata.deltaLink": SERVICE + LATER})

    (page,) = changes(client, KEPT)

    assert page.rows == ({"n": 4},)
    assert page.deleted == (UUID(GONE),)
    assert page.keep == LATER
    assert web.calls[0].request.headers["prefer"] == "odata.track-changes"


def test_where_nothing_changed_the_place_is_kept(web: responses.RequestsMock, client: Client) -> None:
    answer(web, KEPT, {})

    (page,) = changes(client, KEPT)

    assert (page.rows, page.deleted, page.keep) == ((), (), KEPT)


def test_a_link_that_was_kept_too_long_is_told_apart(web: responses.RequestsMock, client: Client) -> None:
    sentence = "Version stamp associated with the client has expired. Please perform a full sync."
    answer(web, KEPT, {"error": {"code": "0x80044352", "message": sentence}}, status=400)

    with pytest.raises(errors.ChangesExpired, match="GET contacts: 400 0x80044352"):
        list(changes(client, KEPT))
    assert len(web.calls) == 1


def test_a_table_that_does_not_track_changes_is_no_empty_success(web: responses.RequestsMock, client: Client) -> None:
    answer(web, QUERY, {"value": [{"n": 1}]})

    with pytest.raises(Refused, match="does not track changes"):
        list(changes(client, QUERY))


def test_a_link_to_keep_never_leads_elsewhere(web: responses.RequestsMock, client: Client) -> None:
    answer(web, QUERY, {"value": [], "@odata.deltaLink": "https://evil.example/api/data/v9.2/contacts?$deltatoken=1"})

    with pytest.raises(Refused, match="another address"):
        list(changes(client, QUERY))
