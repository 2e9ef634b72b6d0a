"""The manual page of the commands, and what the commands say of themselves."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from admin.commands import app
from admin.document import main, page
from admin.exits import MEANINGS, Exit
from admin.root import ORDER

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"
ROOT: Any = get_command(app)
COMMANDS = {
    f"{name} {below}".strip(): command
    for name, group in ROOT.commands.items()
    for below, command in getattr(group, "commands", {"": group}).items()
}


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(), "renew it: python -m admin.document docs/commands.md"


def test_it_is_written_by_the_command_that_it_names(tmp_path, capsys):
    assert main([str(tmp_path / "commands.md")]) == 0
    assert (tmp_path / "commands.md").read_text(encoding="utf-8") == page()
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err


def test_every_command_has_its_place_in_the_order(admin):
    assert sorted(ROOT.commands) == sorted(ORDER)


def test_the_exit_codes_are_told_in_the_help(admin):
    said = admin("--help").out

    assert set(MEANINGS) == set(Exit)
    assert all(f"    {int(code)}  {meaning}\n" in said for code, meaning in MEANINGS.items())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_teaches_by_examples_that_can_be_understood(admin, name):
    help_text = admin(*name.split(), "--help").out
    examples = re.findall(r"^ +python -m admin (.*)$", COMMANDS[name].help, re.MULTILINE)

    assert "Examples:\n" in help_text
    assert "With every command: --url" in help_text
    assert examples
    assert all(example.startswith(name) for example in examples)
    assert max(map(len, help_text.splitlines())) <= 110


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_said_in_a_line_of_the_overview(admin, name):
    first = COMMANDS[name].help.partition("\n\n")[0]

    assert "\n" not in first
    assert len(first) < 70
    assert all(param.help for param in COMMANDS[name].params if param.name != "help")
