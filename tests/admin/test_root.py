"""The options of every command, errors as sentences, exit codes, one JSON document."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from admin.root import options_first

URL = "https://contoso.crm4.dynamics.com"
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (["replay", "--all", "--json"], ["--json", "replay", "--all"]),
        (
            ["replay", "--url", "https://a.crm.dynamics.com", "--all"],
            ["--url", "https://a.crm.dynamics.com", "replay", "--all"],
        ),
        (["replay", "--auth=device-code"], ["--auth=device-code", "replay"]),
        (["--json", "replay", "--", "--json"], ["--json", "replay", "--", "--json"]),
        (["replay", "--url"], ["--url"]),
        (["replay", "--urls", "x"], ["replay", "--urls", "x"]),
    ],
)
def test_the_options_of_every_command_may_stand_anywhere(given, read):
    assert options_first(given) == read


def test_without_a_command_the_commands_are_shown_in_the_order_in_which_they_are_needed(admin):
    ran = admin()

    assert ran.code == 0
    assert "Look after Textverse" in ran.out
    assert ran.out.index("Commands:") < ran.out.index("replay")


def test_a_group_without_a_command_shows_its_commands(admin):
    ran = admin("numbers")

    assert ran.code == 0
    assert "assign" in ran.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["repaly"], "Did you mean 'replay'?"),
        (["replay", "--everything"], "No such option: --everything"),
        (["replay", "--auth", "password"], "'--auth': 'password' is not one of 'azure-cli',"),
        (["replay", "--url"], "--url"),
    ],
)
def test_a_command_line_that_cannot_be_understood_is_explained_with_exit_code_2(admin, words, said):
    ran = admin(*words)

    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "--help" in ran.err


def test_an_error_is_one_json_document_too(admin):
    ran = admin("replay", "--everything", "--json")

    assert ran.code == ran.document["exit"] == 2
    assert ran.document["error"]["message"] == "No such option: --everything"
    assert ran.document["error"]["next"] == "See python -m admin replay --help."
    assert ran.err == ""


def test_without_any_environment_it_asks_for_one(admin):
    ran = admin("users", "list", "--json")

    assert ran.code == 2
    assert ran.document["command"] == "users list"
    assert "DATAVERSE_URL" in ran.document["error"]["message"]
    assert "--url" in ran.document["error"]["next"]


def test_a_defect_of_ours_is_not_dressed_up(admin):
    admin.environment = None

    with pytest.raises(AttributeError):
        admin("replay")


def test_an_interrupt_says_that_it_can_be_run_again(admin):
    class Interrupting(dict):
        def get(self, *_):
            raise KeyboardInterrupt

    admin.environment = Interrupting()
    ran = admin(
        "numbers", "add", "+12065550100", "--provider", "a", "--owner", "b", "--auth", "client-secret", "--url", URL
    )

    assert ran.code == 130
    assert "Run the same command again" in ran.err


def test_a_python_without_the_packages_is_told_which_command_sets_itself_up():
    script = (
        "import sys, runpy; sys.modules['typer'] = None; sys.argv[1:] = ['replay', '--all']; runpy.run_module('admin')"
    )
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)

    assert ran.returncode == 1
    assert ran.stderr.endswith("  python3 dev.py admin replay --all\n")


def test_started_by_the_command_that_sets_itself_up_it_is_called_so_in_help_and_advice():
    command = [sys.executable, "-m", "admin", "numbers"]
    environment = {"PATH": os.environ["PATH"], "TEXTVERSE_ADMIN": "python3 dev.py admin"}
    ran, helped = (
        subprocess.run([*command, *words], cwd=ROOT, capture_output=True, text=True, check=False, env=environment)
        for words in (["add"], ["add", "--help"])
    )

    assert ran.stderr.endswith("Next: See python3 dev.py admin numbers add --help.\n")
    assert "  python3 dev.py admin numbers add +12065550100" in helped.stdout
    assert "python -m admin" not in ran.stderr + helped.stdout


def test_as_a_process_it_exits_with_its_code_and_writes_nothing_but_the_document(tmp_path):
    command = [sys.executable, "-m", "admin", "replay", "--json", "--settings", str(tmp_path / "none.json")]
    ran = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]}
    )

    assert (ran.returncode, ran.stderr) == (2, "")
    assert "none.json cannot be read" in json.loads(ran.stdout)["error"]["message"]
