"""What people see and what programs read, in a terminal and elsewhere."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from admin.output import Output

ROOT = Path(__file__).parents[2]
LONG = "https://sms.contoso.com/api/callbacks/twilio-main/inbound#rc=5&rp=5xx,ct,rt&" + "x" * 120


def in_a_terminal(script, **environment):
    """What a script of ours writes to a terminal of 80 columns."""
    master, slave = pty.openpty()
    variables = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "COLUMNS": "80", **environment}
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, env=variables, stdin=slave, stdout=slave, stderr=slave
    ) as process:
        os.close(slave)
        written = b""
        while True:
            try:
                piece = os.read(master, 4096)
            except OSError:
                break
            if not piece:
                break
            written += piece
        process.wait(20)
    os.close(master)
    return written.decode()


FAILING = "from admin.output import Output; Output(as_json=False).fail('It failed.')"
ASKING = (
    "from admin.output import Output; output = Output(as_json=False)\n"
    "with output.progress('Doing', 3) as tell: tell('one thing', 1); tell('another', 2, 4)\n"
    "print(output.can_ask)"
)


def test_colours_are_for_terminals_and_no_color_is_heeded():
    assert "\x1b[1;31mError: " in in_a_terminal(FAILING)
    assert "\x1b[31m" not in in_a_terminal(FAILING, NO_COLOR="1")
    assert ";31m" not in in_a_terminal(FAILING, NO_COLOR="1")


def test_in_a_terminal_a_bar_moves_and_questions_can_be_asked():
    written = in_a_terminal(ASKING)

    assert "another" in written
    assert "2/4" in written
    assert written.rstrip().endswith("True")


def test_elsewhere_each_step_is_a_line_and_nobody_can_be_asked(capsys):
    output = Output(as_json=False)
    with output.progress("Doing", 3) as tell:
        tell("one thing", 1)
        tell("one thing", 1)
        tell("another", 2, 4)

    assert capsys.readouterr().err == "[1/3] one thing\n[2/4] another\n"
    assert not output.can_ask


def test_nothing_is_broken_into_lines_or_cut_off_where_it_is_written_to_a_file(capsys):
    output = Output(as_json=False)
    output.say(LONG)
    output.table("rows", [{"url": LONG, "on": True, "list": ["a", "b"], "none": None}], HEADINGS, nothing="")
    said = capsys.readouterr().out

    assert said.count(LONG) == 2
    assert "\x1b" not in said
    assert [word for word in said.split() if word in {"yes", "a,", "b"}] == ["yes", "a,", "b"]


HEADINGS = {"url": "URL", "on": "On", "list": "List", "none": "Nothing"}


def test_a_table_without_rows_is_a_sentence(capsys):
    Output(as_json=False).table("rows", [], HEADINGS, nothing="There are none.")

    assert capsys.readouterr().out == "There are none.\n"


def test_everything_that_has_a_name_stands_in_the_document_and_nothing_else_is_written(capsys):
    output = Output(as_json=True)
    output.command = "numbers list"
    output.say("only for people")
    output.put("count", 1, "only for people")
    output.table("rows", [{"url": "u", "more": "m"}], HEADINGS, nothing="")
    output.advise("Do this.", "Do that.")
    output.fail("It failed.", "Mend it.")
    output.close(1)
    written = capsys.readouterr()

    assert written.err == ""
    assert json.loads(written.out) == {
        "command": "numbers list",
        "exit": 1,
        "count": 1,
        "rows": [{"url": "u", "more": "m"}],
        "next": ["Do this.", "Do that."],
        "error": {"message": "It failed.", "next": "Mend it."},
    }


@pytest.mark.parametrize("text", ["[bold]not markup[/bold]", ":smile:", "ä ö ü › 中"])
def test_what_people_wrote_is_shown_as_they_wrote_it(capsys, text):
    output = Output(as_json=False)
    output.say(text)
    output.table("rows", [{"url": text}], {"url": text}, nothing="")

    assert capsys.readouterr().out.count(text) == 3
