"""What change tracking refuses: options, tables, callers, tokens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

TRACK = {"Prefer": "odata.track-changes"}


@pytest.mark.parametrize(
    "option", ["$filter=lastname eq 'A'", "$orderby=lastname", "$expand=primarycontactid", "$top=5"]
)
def test_options_but_select_are_refused_in_its_own_words(web, say, option):
    name = option.partition("=")[0]
    for answer in (web.get(f"accounts?{option}", **TRACK), web.get(f"accounts?{option}&$deltatoken=1")):
        assert (answer.status_code, say.code(answer)) == (400, "0x80060888")
        assert answer.json()["error"]["message"] == (
            f'The "{name}" query parameter isn\'t supported when Change Tracking is enabled.'
        )


@pytest.mark.parametrize("option", ["$count=true", "$apply=aggregate($count as n)", "$nothing=1"])
def test_other_options_are_refused_too(web, option):
    assert web.get(f"accounts?{option}", **TRACK).status_code == 400


@pytest.mark.parametrize("entity_set", ["solutions", "teammemberships", "webresourceset", "new_channels"])
def test_tables_that_are_not_tracked_are_refused(custom, say, entity_set):
    answer = custom.get(entity_set, **TRACK)
    assert (answer.status_code, say.code(answer)) == (400, "0x80072491")


def test_a_custom_table_is_tracked_if_its_definition_says_so_and_for_ever(fresh, say, mirror):
    assert fresh.post("EntityDefinitions", say.table("new_Plain")).status_code == 204
    assert fresh.post("EntityDefinitions", say.table("new_Tracked", ChangeTrackingEnabled=True)).status_code == 204
    path = "EntityDefinitions(LogicalName='new_{}')"
    shown = {name: fresh.row(path.format(name))["ChangeTrackingEnabled"] for name in ("plain", "tracked")}
    assert shown == {"plain": False, "tracked": True}
    before = fresh.create("new_plains", {"new_name": "A"})
    on, off = ({**say.table("new_Plain"), "ChangeTrackingEnabled": value} for value in (True, False))
    assert fresh.put(path.format("plain"), on).status_code == 204
    plains = mirror("new_plains", "new_plainid")
    assert [row["new_plainid"] for row in plains.read_round()] == [before]
    fresh.delete(f"new_plains({before})")
    assert [item["id"] for item in plains.read_round()] == [before]
    assert fresh.put(path.format("plain"), off).status_code == 400
    assert fresh.put(path.format("plain"), say.table("new_Plain")).status_code == 204
    assert fresh.row(path.format("plain"))["ChangeTrackingEnabled"] is True


def test_definitions_can_be_asked_which_tables_are_tracked(web):
    tracked = web.row("EntityDefinitions?$select=LogicalName&$filter=ChangeTrackingEnabled eq true")["value"]
    names = {each["LogicalName"] for each in tracked}
    assert {"contact", "account", "lead", "opportunity", "phonecall"} <= names
    assert not {"teammembership", "solution", "owner"} & names


def test_only_those_who_read_the_whole_table_may_ask(fresh, say):
    seller = fresh.as_user(fresh.user(role=say.salesperson))
    answer = seller.get("contacts", **TRACK)
    assert (answer.status_code, say.code(answer)) == (403, "0x80040220")
    assert seller.get("queues", **TRACK).status_code == 200
    assert seller.get("webresourceset", **TRACK).status_code == 400


def test_a_caller_who_no_longer_reads_the_whole_table_cannot_go_on(fresh, say):
    link = fresh.row("contacts?$select=lastname")["@odata.context"]
    assert link
    delta = fresh.get("contacts", **TRACK).json()["@odata.deltaLink"]
    assert fresh.as_user(fresh.user(role=say.salesperson)).get(delta, **TRACK).status_code == 403


@pytest.mark.parametrize(
    "token", ["", "1", "1!today", "x!01/01/2024 00:00:00!y", "1!13/45/2024 00:00:00!y", "1!01/01/2024 00:00:00", "%27"]
)
def test_a_token_that_is_none_is_refused(web, say, token):
    answer = web.get(f"contacts?$deltatoken={token}", **TRACK)
    assert (answer.status_code, say.code(answer)) == (400, "0x80060888")


@pytest.mark.parametrize(
    "cookie", ["bnVsbA==", "W10=", "WzEsIDIsIDMsIDQsICJ4IiwgNl0=", "WzEsIG51bGwsICJhIiwgImIiLCAyLCBmYWxzZV0=", "====="]
)
def test_a_page_that_is_none_is_refused(web, say, cookie):
    token = f'<cookie pagenumber="2" pagingcookie="{cookie}" istracking="True" />'
    answer = web.session.get(web.root + "contacts", params={"$skiptoken": token}, headers=TRACK)
    assert (answer.status_code, say.code(answer)) == (400, "0x80060888")


def test_pages_of_another_reading_are_refused(fresh, say):
    for name in "AB":
        fresh.create("contacts", {"lastname": name})
    link = fresh.get("contacts", Prefer="odata.maxpagesize=1").json()["@odata.nextLink"]
    answer = fresh.get(link, **TRACK)
    assert (answer.status_code, say.code(answer)) == (400, "0x80060888")


@pytest.fixture
def clock(fresh):
    """Moves the emulator's clock."""
    start = datetime(2024, 5, 1, 12, tzinfo=UTC)
    fresh.service.clock = lambda: start

    def move(**more):
        fresh.service.clock = lambda: start + timedelta(**more)

    return move


def test_tokens_expire_after_the_days_of_the_organization(fresh, say, clock):
    delta = fresh.get("contacts", **TRACK).json()["@odata.deltaLink"]
    clock(days=7)
    assert fresh.get(delta, **TRACK).status_code == 200
    clock(days=7, seconds=1)
    answer = fresh.get(delta, **TRACK)
    assert (answer.status_code, say.code(answer)) == (400, "0x80044352")
    assert answer.json()["error"]["message"].endswith("Please perform a full sync.")
    organization = fresh.row("organizations")["value"][0]["organizationid"]
    assert fresh.patch(f"organizations({organization})", {"expirechangetrackingindays": 30}).status_code == 204
    assert fresh.get(delta, **TRACK).status_code == 200


def test_a_round_gives_its_tokens_a_new_lease(fresh, clock):
    delta = fresh.get("contacts", **TRACK).json()["@odata.deltaLink"]
    for days in (5, 10, 15):
        clock(days=days)
        delta = fresh.get(delta, **TRACK).json()["@odata.deltaLink"]
