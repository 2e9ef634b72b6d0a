"""All commands, in the order in which an administrator needs them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping

import typer

from admin.accounts.check import check_providers
from admin.accounts.command import list_providers, tell_urls
from admin.doctor.command import doctor
from admin.exits import Exit
from admin.numbers.command import add_number, list_numbers
from admin.phone_keys.command import backfill, tell_status
from admin.provision.command import provision
from admin.replay.command import replay
from admin.root import PROGRAM, Root, begin, overview
from admin.running.command import get_settings, set_setting
from admin.users.command import grant_role, list_users

_EVERYWHERE = (
    f"With every command: --url, --auth, --tenant, --settings, --json. They are explained by: {PROGRAM} --help"
)


def _group(name: str, about: str, commands: Mapping[str, Callable[..., Exit | None]]) -> None:
    group = typer.Typer()
    group.callback(invoke_without_command=True)(overview)
    for each, command in commands.items():
        group.command(each, help=_help(command), epilog=_EVERYWHERE)(command)
    app.add_typer(group, name=name, help=about)


def _command(name: str, command: Callable[..., Exit | None]) -> None:
    app.command(name, help=_help(command), epilog=_EVERYWHERE)(command)


def _help(command: Callable[..., Exit | None]) -> str:
    """The docstring; its examples keep their lines."""
    return (inspect.getdoc(command) or "").replace("\n\nExamples:\n", "\n\n\b\nExamples:\n")


app = typer.Typer(cls=Root, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
app.callback(invoke_without_command=True, help=_help(begin))(begin)

_command("provision", provision)
_group(
    "providers",
    "The accounts at providers of text messages.",
    {"list": list_providers, "urls": tell_urls, "check": check_providers},
)
_group("users", "Who may text: list and give roles.", {"list": list_users, "grant": grant_role})
_group("numbers", "The numbers that you text from.", {"list": list_numbers, "add": add_number})
_command("doctor", doctor)
_group("settings", "Settings that change while it runs.", {"get": get_settings, "set": set_setting})
_group("phone-keys", "The index that finds records by numbers.", {"backfill": backfill, "status": tell_status})
_command("replay", replay)


def main() -> None:
    """Carry out the command line of this process."""
    app(prog_name=PROGRAM)
