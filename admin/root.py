"""The root of the commands: options that every command has, errors as sentences, exit codes."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from admin.exits import Exit
from admin.failures import explain
from admin.output import Output
from admin.program import PROGRAM
from admin.session import Machine, Session, Wanted
from admin.signin import Auth

_TAKE_A_VALUE = ("--url", "--auth", "--tenant", "--settings")
_INTERRUPTED = 130  # what Typer makes of a Ctrl+C, as shells do
_FLAGS = ("--json",)
ORDER = ("provision", "providers", "users", "numbers", "doctor", "settings", "phone-keys", "simulate", "replay")


class Root(TyperGroup):
    """Takes the options of every command from wherever they stand, and turns errors into sentences and exit codes."""

    def main(self, args: Sequence[str] | None = None, *more: Any, obj: Machine | None = None, **named: Any) -> NoReturn:
        """Carry out one command line and exit. `obj` is the machine to work on, for tests."""
        words = options_first(sys.argv[1:] if args is None else args)
        output = Output(as_json="--json" in words)
        # Libraries write warnings where there is no handler; what they know of is said by us.
        logging.getLogger().addHandler(logging.NullHandler())
        given = named | {"standalone_mode": False, "obj": (obj or Machine(), output)}
        try:
            code = int(super().main(words, *more, **given) or Exit.FINE)
            if code == _INTERRUPTED:
                output.fail("Interrupted.", "Run the same command again: what is done stays done.")
        except typer.TyperException as error:
            output.fail(error.format_message().replace("Value error, ", ""), f"See {_path(error)} --help.")
            code = error.exit_code
        except typer.Abort:
            output.fail("Nothing was done: it was not confirmed.")
            code = Exit.FOUND
        except Exception as error:
            failure = explain(error)
            if failure is None:
                raise
            output.fail(failure.sentence, failure.advice)
            code = failure.exit_code
        output.close(code)
        sys.exit(code)

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of the commands in the order in which an administrator needs them."""
        return sorted(super().list_commands(ctx), key=ORDER.index)


def options_first(words: Sequence[str]) -> list[str]:
    """The command line with the options of every command in front, wherever they stood before `--`."""
    first: list[str] = []
    rest: list[str] = []
    ahead = list(words)
    while ahead and ahead[0] != "--":
        word = ahead.pop(0)
        if word in _FLAGS or word.partition("=")[0] in _TAKE_A_VALUE:
            first.append(word)
            if word in _TAKE_A_VALUE:
                if not ahead:
                    return first  # which is refused for the lack of a value, and not for its place
                first.append(ahead.pop(0))
        else:
            rest.append(word)
    return [*first, *rest, *ahead]


def begin(
    context: typer.Context,
    *,
    url: Annotated[
        str,
        typer.Option(
            metavar="URL", help="The environment: the start of your sales app's address. Else: DATAVERSE_URL."
        ),
    ] = "",
    auth: Annotated[
        Auth | None,
        typer.Option(
            help="How to sign in there. Else: development for an emulator on this machine, azure-cli elsewhere."
        ),
    ] = None,
    tenant: Annotated[
        str,
        typer.Option(metavar="TENANT", help="The directory to sign in to: its id, or a domain. Else: the usual one."),
    ] = "",
    settings: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The app settings of the function app: a local.settings.json, or what az functionapp config "
            "appsettings list prints. Else: the environment variables.",
        ),
    ] = None,
    as_json: Annotated[  # noqa: ARG001  # `main` has looked for it already
        bool, typer.Option("--json", help="Print one JSON document on standard output, errors included.")
    ] = False,
) -> None:
    """Take the options of every command, and say what there is where no command is named."""
    machine, output = context.obj
    session = Session(Wanted(url=url, auth=auth, tenant=tenant, settings=settings), output, machine)
    context.obj = session
    output.command = context.invoked_subcommand or ""
    context.call_on_close(session.close)
    overview(context)


def overview(context: typer.Context) -> None:
    """What a group of commands does where none of them is named: shows which there are."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def session_of(context: typer.Context) -> Session:
    """The session of the command that runs."""
    session: Session = context.obj
    session.output.command = context.command_path.removeprefix(f"{PROGRAM} ")
    return session


def _path(error: typer.TyperException) -> str:
    return str(getattr(getattr(error, "ctx", None), "command_path", PROGRAM))
