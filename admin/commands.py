"""All commands, in the order in which an administrator needs them."""

from __future__ import annotations

import typer

from admin.root import Root, begin

app = typer.Typer(cls=Root, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
app.callback(invoke_without_command=True)(begin)


def main() -> None:
    """Carry out the command line of this process."""
    app(prog_name="admin")
