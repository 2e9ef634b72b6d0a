"""`python -m admin.document FILE`: writes the manual page of the commands anew, from the commands themselves."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from admin.commands import app
from admin.exits import MEANINGS
from admin.program import PROGRAM

_OPENING = f"""# The administrator's commands

Generated from the commands: `python -m admin.document docs/commands.md` renews this page.

`python3 dev.py admin …` sets itself up and runs any of them; with the packages of `requirements.txt` and
`requirements-admin.txt` installed, `{PROGRAM} …` is the same.

| exit code | meaning |
| --- | --- |
{{codes}}

With `--json` a command prints one JSON document on standard output, errors included, and nothing else: `command`,
`exit`, what it found under names of its own, `next` (what to do next) and, where it failed, `error` with `message` and
`next`. What goes on meanwhile is told on standard error. No command prints a secret or the text of a message, and
none but `simulate` the number of a customer, to whoever may read it."""


def page() -> str:
    """The whole page."""
    codes = "\n".join(f"| {int(code)} | {meaning} |" for code, meaning in MEANINGS.items())
    return "\n\n".join([_OPENING.format(codes=codes), *_section(get_command(app), PROGRAM, 2)]) + "\n"


def main(arguments: list[str]) -> int:
    """Runs the command; returns its exit code."""
    if len(arguments) != 1:
        print("usage: python -m admin.document FILE", file=sys.stderr)
        return 2
    Path(arguments[0]).write_text(page(), encoding="utf-8")
    return 0


def _section(command: Any, path: str, level: int) -> Iterator[str]:
    """What a command says of itself, and then those that stand below it."""
    usage = [path, *(each.metavar for each in command.params if each.param_type_name == "argument")]
    yield f"{'#' * level} `{' '.join(usage)}`"
    yield from _text(command.help)
    if rows := [_row(each) for each in command.params if each.name != "help"]:
        yield "\n".join(["| argument or option | meaning |", "| --- | --- |", *rows])
    below = getattr(command, "commands", {})
    for name in command.list_commands(None) if below else ():
        yield from _section(below[name], f"{path} {name}", level + (level < 3))


def _text(text: str) -> Iterator[str]:
    """Paragraphs; lists, and examples, keep their lines."""
    for paragraph in text.split("\n\n"):
        _, is_list, told = paragraph.rpartition("\b\n")
        if not is_list:
            yield told
            continue
        heading, *lines = told.splitlines()
        if heading != "Examples:":
            yield heading
        yield "\n".join(f"    {line.removeprefix('  ')}" for line in lines)


def _row(param: Any) -> str:
    name = param.metavar if param.param_type_name == "argument" else ", ".join([*param.opts, *param.secondary_opts])
    choices = param.type_descriptor.choices
    value = "|".join(map(str, choices)) if choices else param.metavar
    shown = f"`{name}{f' {value}' if value and value != name and param.param_type_name == 'option' else ''}`"
    return f"| {shown.replace('|', chr(92) + '|')} | {param.help.replace('|', chr(92) + '|')}{_default(param)} |"


def _default(param: Any) -> str:
    if param.required:
        return " (required)"
    return f" (default: `{param.default}`)" if param.default not in (None, "", False) else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
