"""Every view, on the emulator, for readers of different rights."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from dataverse.schema import views
from dataverse.schema.desired import TEXTVERSE
from dataverse.schema.views import VIEWS

MINE = "Maya's, three unread"
BY_NUMBER = "Maya's record, the team's number"
BY_RECORD = "Maya's record, Olga's number"
SHARED = "Shared with Tom alone"
COMMON = {"activityid", "createdon", "modifiedon", "ownerid", "statecode", "subject", "regardingobjectid"}


def test_my_text_messages_are_those_of_my_records_and_of_my_numbers_unread_first(company):
    seen, view = company.grids.seen, views.MY_CONVERSATIONS

    assert seen(view, company.maya) == [MINE, BY_NUMBER, BY_RECORD]


def test_my_text_messages_are_also_those_of_my_teams_but_not_what_is_only_shared_with_me(company):
    seen, view = company.grids.seen, views.MY_CONVERSATIONS

    assert seen(view, company.tom) == [BY_NUMBER, "Without a number"]


def test_a_number_of_mine_brings_conversations_of_other_peoples_records(company):
    seen, view = company.grids.seen, views.MY_CONVERSATIONS

    assert seen(view, company.olga) == [SHARED, "Olga's", BY_RECORD]


def test_all_text_conversations_are_those_that_i_may_see_the_latest_first(company):
    seen, view = company.grids.seen, views.ALL_CONVERSATIONS

    assert seen(view, company.tom) == [SHARED, "Without a number", BY_NUMBER]
    assert seen(view) == [SHARED, "Olga's", "Without a number", BY_RECORD, BY_NUMBER, MINE]


def test_a_conversation_is_shown_with_the_name_of_its_number(company):
    rows = company.grids.raw(views.ALL_CONVERSATIONS)

    assert [row.get("number.txv_name") for row in rows] == ["East", "East", None, "East", "Harbour", "West"]


def test_unread_text_conversations_have_unread_texts(company):
    seen, view = company.grids.seen, views.UNREAD_CONVERSATIONS

    assert seen(view) == [SHARED, "Olga's", BY_NUMBER, MINE]
    assert seen(view, company.maya) == [BY_NUMBER, MINE]


def test_failed_text_messages_come_by_reason_the_newest_first(company):
    seen, view = company.grids.seen, views.FAILED_MESSAGES
    failed = ["answer lost", "opted out", "switched off, again", "switched off, before"]

    assert seen(view) == seen(view, company.tom) == failed
    assert seen(view, company.olga) == []


def test_all_text_messages_come_the_newest_first(company):
    seen, view = company.grids.seen, views.ALL_MESSAGES

    assert seen(view, company.maya)[:3] == ["sent", "answer lost", "switched off, again"]
    assert len(seen(view, company.maya)) == 7


def test_my_phone_numbers_are_mine_and_my_teams(company):
    seen = company.grids.seen

    assert seen(views.PHONE_NUMBERS) == ["East", "Harbour", "West"]
    assert seen(views.MY_PHONE_NUMBERS, company.tom) == ["Harbour"]
    assert seen(views.MY_PHONE_NUMBERS, company.maya) == ["West"]


def test_providers_are_shown_with_their_callback_urls(company):
    acs, twilio = company.grids.raw(views.PROVIDERS)

    assert (acs["txv_name"], acs["txv_statusurl"]) == ("ACS", "https://x/status")
    assert (twilio["txv_name"], twilio["txv_inboundurl"]) == ("Twilio", "https://x/inbound")


def test_templates_are_mine_or_shared(company):
    seen = company.grids.seen

    assert seen(views.MY_TEMPLATES, company.maya) == ["Maya's for all", "Maya's own"]
    assert seen(views.SHARED_TEMPLATES) == seen(views.SHARED_TEMPLATES, company.tom)
    assert seen(views.SHARED_TEMPLATES) == ["Olga's for all", "Maya's for all"]


def test_opted_out_numbers_are_only_those(company):
    assert company.grids.seen(views.OPTED_OUT) == ["out last", "out first"]


def test_the_phone_index_comes_by_number(company):
    assert company.grids.seen(views.PHONE_INDEX) == ["first", "second"]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_view_in_dynamics_shows_what_it_is_declared_to(company, view):
    shown = company.grids.raw(view, asked=f"savedQuery={view.id}")

    assert shown == company.grids.raw(view)
    assert shown or view.name.startswith("My ")  # the service has nothing of its own


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_view_asks_for_every_column_that_it_shows_and_the_columns_are_there(view):
    [table] = [table for table in TEXTVERSE.tables if table.name == view.table]
    ours = {table.primary.name, *(each.name for each in table.columns), *(each.name for each in table.lookups)}
    entity = ET.fromstring(view.fetch)[0]
    asked = {each.get("name") for each in entity.findall("attribute")} | {
        f"{link.get('alias')}.{each.get('name')}" for link in entity.findall("link-entity") for each in link
    }
    shown = {column.name for column in view.columns}

    assert view.columns[0].name == table.primary.name  # which opens the row
    assert shown <= asked
    assert {name for name in shown if "." not in name} <= ours | COMMON
    assert len(shown) == len(view.columns)
    assert all(50 <= column.width <= 300 for column in view.columns)


def test_the_names_and_ids_of_views_are_their_own():
    assert len({view.name for view in VIEWS}) == len({view.id for view in VIEWS}) == len(VIEWS)


def test_every_table_of_ours_has_a_view():
    assert {view.table for view in VIEWS} == {table.name for table in TEXTVERSE.tables}
