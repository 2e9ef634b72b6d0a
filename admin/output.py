"""The one way in which commands print: sentences and tables for people, or one JSON document with `--json`.

Whatever is told has a name under which it stands in the document, so that nothing is only for people. What is going on
meanwhile goes to standard error. Colours and moving bars are for terminals, and NO_COLOR is heeded (by rich).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol, TextIO, cast

from rich.box import SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from admin.program import Renaming, renamed

Row = Mapping[str, object]


_UNFOLDED = 10_000  # columns: what is written to a file or a pipe is not broken into lines


class Tell(Protocol):
    """Hears how far something is."""

    def __call__(self, doing: str, done: int, total: int = 0) -> None:
        """What is being done, how much is done, and of how much where that is another number than before."""


class Output:
    """Where one command prints. With `as_json` everything is kept for `close`, which writes the document."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.command = ""
        self._document: dict[str, object] = {}
        self._out, self._err = _console(sys.stdout), _console(sys.stderr)

    @property
    def can_ask(self) -> bool:
        """Whether somebody is there to answer a question."""
        return not self.as_json and sys.stdin.isatty() and self._err.is_terminal

    def say(self, sentence: str = "", style: str = "") -> None:
        """A sentence for people; not in the document."""
        self._show(Text(sentence, style))

    def put(self, name: str, value: object, *shown: RenderableType) -> None:
        """A fact: `value` under `name` in the document, and `shown` for people."""
        self._document[name] = value
        self._show(*shown)

    def table(self, name: str, rows: Sequence[Row], headings: Mapping[str, str], *, nothing: str) -> None:
        """Rows under `name`: all of each in the document, for people the columns of `headings` (key → heading), or the
        sentence `nothing`."""
        self.put(name, [dict(row) for row in rows], table(rows, headings) if rows else Text(nothing))

    def advise(self, *steps: str) -> None:
        """What to do next, a sentence each; under `next` in the document."""
        told = self._document.setdefault("next", [])
        if isinstance(told, list):
            told.extend(steps)
        for step in steps:
            self._show(Text.assemble(("Next: ", "bold"), step))

    @contextmanager
    def progress(self, what: str, total: int = 0) -> Iterator[Tell]:
        """A bar on standard error while something goes on; without a terminal each new sentence is a line."""
        if not self._err.is_terminal:
            yield self._lines(total)
            return
        columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
        with Progress(*columns, console=self._err, transient=True) as bar:
            task = bar.add_task(what, total=total or None)

            def tell(doing: str, done: int, total: int = 0) -> None:
                bar.update(task, description=doing, completed=done, total=total or None)

            yield tell

    def prompt(self, sentence: str) -> None:
        """What somebody has to do before the command can go on, on standard error."""
        self._err.print(Text(sentence, "bold"), soft_wrap=True)

    def fail(self, sentence: str, advice: str = "") -> None:
        """Say what went wrong and what to do next, on standard error; under `error` in the document."""
        self._document["error"] = {"message": sentence, "next": advice}
        if not self.as_json:
            self._err.print(Text.assemble(("Error: ", "bold red"), sentence), soft_wrap=True)
            if advice:
                self._err.print(Text.assemble(("Next: ", "bold"), advice), soft_wrap=True)

    def close(self, code: int) -> None:
        """Write the document, if that was asked for."""
        if self.as_json:
            document = {"command": self.command, "exit": int(code), **self._document}
            sys.stdout.write(renamed(json.dumps(document, ensure_ascii=False, indent=2, default=str)) + "\n")

    def _show(self, *shown: RenderableType) -> None:
        if not self.as_json:
            for one in shown:
                self._out.print(one, soft_wrap=isinstance(one, Text))

    def _lines(self, known: int) -> Tell:
        said: list[str] = []

        def tell(doing: str, done: int, total: int = known) -> None:
            if said[-1:] != [doing]:
                said.append(doing)
                self._err.print(Text(f"[{done}/{total}] {doing}"), soft_wrap=True)

        return tell


def table(rows: Sequence[Row], headings: Mapping[str, str], *, unfolded: int = 1) -> Table:
    """Rows for people: a column for each of `headings` (key → heading), folded rather than cut off; not the first
    ones, by which a row is known."""
    shown = Table(box=SIMPLE_HEAD, pad_edge=False)
    for place, heading in enumerate(headings.values()):
        shown.add_column(heading, overflow="fold", no_wrap=place < unfolded)
    for row in rows:
        shown.add_row(*(_cell(row.get(key)) for key in headings))
    return shown


def _console(stream: TextIO) -> Console:
    console = Console(file=cast(TextIO, Renaming(stream)), highlight=False, emoji=False, markup=False)
    if not console.is_terminal:
        console.width = _UNFOLDED
    return console


def _cell(value: object) -> Text:
    match value:
        case None:
            return Text("")
        case bool():
            return Text("yes" if value else "no")
        case list() | tuple():
            return Text(", ".join(map(str, value)))
        case _:
            return Text(str(value))
