"""The files of the pages: all of them are web resources, complete, and without anything from elsewhere."""

from __future__ import annotations

import json
import re

import pytest

from dataverse.schema.commands import COMMANDS
from dataverse.schema.desired import TEXTVERSE
from dataverse.schema.web_resources import WEB_RESOURCES
from local.pane.site import PANE
from messaging.records import Table

FILES = sorted(path.name for path in PANE.iterdir() if path.name != "package.json")
SCRIPTS = [name for name in FILES if name.endswith(".js")]
PAGES = [name for name in FILES if name.endswith(".html")]


def _text(name: str) -> str:
    return (PANE / name).read_text("utf-8")


def test_every_file_is_a_web_resource_under_our_prefix():
    assert sorted(resource.file for resource in WEB_RESOURCES) == FILES
    assert all(resource.name == f"txv_/{resource.file}" for resource in WEB_RESOURCES)
    assert all(re.fullmatch(r"[a-z_]+\.(html|css|js|svg)", name) for name in FILES)
    assert len({resource.display for resource in WEB_RESOURCES}) == len(FILES)


def test_everything_that_the_files_name_is_there_and_nothing_comes_from_elsewhere():
    named = {
        found.removeprefix("./")
        for name in FILES
        for found in re.findall(r"""(?:src|href|from)\s*[= ]\s*"([^"]+)\"""", _text(name))
    }

    assert named
    assert named <= set(FILES)
    elsewhere = re.compile(r"url\(|@import|import\(|https?://(?!www\.w3\.org)")
    assert [name for name in FILES if name != "setup_steps.js" and elsewhere.search(_text(name))] == []


def test_every_module_is_used():
    used = {found for name in FILES for found in re.findall(r'"(?:\./)?([a-z_]+\.(?:js|css))"', _text(name))}

    assert set(SCRIPTS) - used == set()


def test_no_text_can_become_markup():
    risky = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|setAttribute\(\"on")

    assert [name for name in FILES if risky.search(_text(name))] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_works_under_a_strict_policy(page):
    markup = _text(page)

    assert re.search(r"\son[a-z]+=|\sstyle=|<style|<script(?![^>]+src=)|javascript:", markup) is None
    assert '<html lang="en">' in markup


@pytest.mark.parametrize(
    ("page", "scripts"), [("conversation.html", ("view.js", "choice.js")), ("setup.html", ("setup.js",))]
)
def test_every_element_that_a_script_looks_for_is_in_its_page(page, scripts):
    ids = set(re.findall(r'\bid="([\w-]+)"', _text(page)))
    lists = [found for name in scripts for found in re.findall(r"\[((?:\s*\"[\w-]+\",?)+)\s*\]", _text(name))]
    wanted = {each for found in lists for each in re.findall(r'"([\w-]+)"', found)}

    assert len(wanted) >= 6
    assert wanted <= ids


def test_no_file_is_longer_than_300_lines():
    assert [name for name in FILES if len(_text(name).splitlines()) > 300] == []


def test_the_buttons_stand_where_there_is_such_a_number():
    where = {(command.function.partition(".")[2], command.table) for command in COMMANDS}
    mobile, business = (Table.CONTACT, Table.LEAD), (Table.CONTACT, Table.ACCOUNT, Table.LEAD)

    assert where == {
        *(("textBusinessPhone", table) for table in business),
        *(("textMobilePhone", table) for table in mobile),
        ("textMessages", Table.OPPORTUNITY),
        ("move", "txv_textconversation"),
    }


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_button_says_what_it_does_and_is_given_its_form(command):
    assert json.loads(command.parameters) == [{"type": 5}]
    assert command.library in WEB_RESOURCES
    assert re.fullmatch(r"[A-Z][a-z ]{3,30}", command.label)
    assert re.fullmatch(r"[A-Z].{10,}\.", command.tooltip)
    assert re.fullmatch(r"txv_[a-z_]+", command.name)


def test_the_names_and_ids_of_buttons_are_their_own():
    assert len({command.name for command in COMMANDS}) == len({command.id for command in COMMANDS}) == len(COMMANDS)
    assert TEXTVERSE.components.commands == COMMANDS
