"""The forms as they are declared: every table has one, and it shows what is there."""

from __future__ import annotations

import pytest

from dataverse.schema.components import Field, Form, SubGrid, WebPage
from dataverse.schema.desired import TEXTVERSE
from dataverse.schema.forms import CONVERSATION, FORMS
from dataverse.schema.names import ColumnName
from dataverse.schema.web_resources import WEB_RESOURCES

TABLES = {table.name: table for table in TEXTVERSE.tables}
FROM_DATAVERSE = {"createdon", "ownerid", "regardingobjectid"}
HIDDEN = {  # what only the service needs; why
    ColumnName.OUR_DIGITS: "the number is shown by its name",
    ColumnName.CUSTOMER_DIGITS: "the number is shown as people read it",
    ColumnName.ARRIVED_MS: "tells texts of one second apart, and says nothing to people",
    ColumnName.NOTICES: "who was told what, in JSON",
}


def cells(form: Form) -> list[Field | WebPage | SubGrid]:
    return [cell for tab in form.tabs for section in tab.sections for cell in section.cells]


def test_every_table_has_one_main_form() -> None:
    assert sorted(form.table for form in FORMS) == sorted(TABLES)
    assert len({form.id for form in FORMS}) == len(FORMS)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.table)
def test_a_form_shows_every_column_of_its_table_once(form: Form) -> None:
    table = TABLES[form.table]
    ours = {table.primary.name, *(each.name for each in table.columns), *(each.name for each in table.lookups)}
    shown = [cell.column for cell in cells(form) if isinstance(cell, Field)]

    assert len(shown) == len(set(shown))
    assert set(shown) - FROM_DATAVERSE <= ours
    assert ours - set(shown) - set(HIDDEN) == set()


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.table)
def test_the_pages_and_grids_of_a_form_are_there_and_have_names_of_their_own(form: Form) -> None:
    pages = [cell for cell in cells(form) if isinstance(cell, WebPage)]
    grids = [cell for cell in cells(form) if isinstance(cell, SubGrid)]
    lookups = {(table.name, lookup.relationship): lookup for table in TEXTVERSE.tables for lookup in table.lookups}

    assert {page.web_resource for page in pages} <= {resource.name for resource in WEB_RESOURCES}
    assert len({*(page.name for page in pages), *(grid.name for grid in grids)}) == len(pages) + len(grids)
    assert all(grid.view.table == grid.table for grid in grids)
    assert all(lookups[grid.table, grid.relationship].target == form.table for grid in grids)


def test_a_conversation_opens_with_its_texts() -> None:
    [page] = CONVERSATION.tabs[0].sections[0].cells

    assert isinstance(page, WebPage)
    assert page.web_resource == "txv_/conversation.html"
    assert page.rows >= 24


def test_nobody_edits_what_the_service_writes() -> None:
    edited = {
        (form.table, cell.column)
        for form in FORMS
        for cell in cells(form)
        if isinstance(cell, Field) and not cell.read_only
    }

    assert {column for table, column in edited if table == "txv_textmessage"} == set()
    assert {column for table, column in edited if table == "txv_phonekey"} == set()
    assert ("txv_textconversation", ColumnName.UNREAD_COUNT) not in edited
