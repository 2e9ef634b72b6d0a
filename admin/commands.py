"""All commands, in the order in which an administrator needs them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping

import typer

from admin.about import ABOUT
from admin.accounts.check import check_providers
from admin.accounts.command import list_providers, tell_urls
from admin.doctor.command import doctor
from admin.exits import Exit
from admin.numbers.assigning import assign_number
from admin.numbers.command import add_number, list_numbers
from admin.phone_keys.command import backfill, tell_status
from admin.program import PROGRAM, renamed
from admin.provision.command import provision
from admin.replay.command import replay
from admin.root import Root, begin, overview
from admin.running.command import get_settings, set_setting
from admin.simulate.command import simulate
from admin.users.command import grant_role, list_users

EVERYWHERE = f"With every command: --url, --auth, --tenant, --settings, --json. They are explained by: {PROGRAM} --help"


def _group(name: str, about: str, commands: Mapping[str, Callable[..., Exit | None]]) -> None:
    group = typer.Typer()
    group.callback(invoke_without_command=True)(overview)
    for each, command in commands.items():
        group.command(each, help=_help(inspect.getdoc(command)), epilog=EVERYWHERE)(command)
    app.add_typer(group, name=name, help=about)


def _command(name: str, command: Callable[..., Exit | None]) -> None:
    app.command(name, help=_help(inspect.getdoc(command)), epilog=EVERYWHERE)(command)


def _help(text: str | None) -> str:
    """A text as Typer is to show it: paragraphs with indented lines are lists, and keep their lines."""
    paragraphs = renamed(text or "").split("\n\n")
    return "\n\n".join(f"\b\n{each}" if "\n  " in each else each for each in paragraphs)


app = typer.Typer(cls=Root, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
app.callback(invoke_without_command=True, help=_help(ABOUT))(begin)

_command("provision", provision)
_group(
    "providers",
    "The accounts at providers of text messages.",
    {"list": list_providers, "urls": tell_urls, "check": check_providers},
)
_group("users", "Who may text: list and give roles.", {"list": list_users, "grant": grant_role})
_group("numbers", "The numbers that you text from.", {"list": list_numbers, "add": add_number, "assign": assign_number})
_command("doctor", doctor)
_group("settings", "Settings that change while it runs.", {"get": get_settings, "set": set_setting})
_group("phone-keys", "The index that finds records by numbers.", {"backfill": backfill, "status": tell_status})
_command("simulate", simulate)
_command("replay", replay)


def main() -> None:
    """Carry out the command line of this process."""
    app(prog_name=PROGRAM)
