"""All commands, in the order in which an administrator needs them."""

from __future__ import annotations

import typer

from admin.doctor.command import doctor
from admin.replay.command import replay
from admin.root import PROGRAM, Root, begin

_EVERYWHERE = (
    f"With every command: --url, --auth, --tenant, --settings, --json. They are explained by: {PROGRAM} --help"
)

app = typer.Typer(cls=Root, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
app.callback(invoke_without_command=True)(begin)
app.command(epilog=_EVERYWHERE)(doctor)
app.command(epilog=_EVERYWHERE)(replay)


def main() -> None:
    """Carry out the command line of this process."""
    app(prog_name=PROGRAM)
