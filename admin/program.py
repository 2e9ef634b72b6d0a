"""What the commands are called where they were started, for whoever is told to run another one."""

from __future__ import annotations

from typing import Any, TextIO

from function_app.settings import environment

STANDARD = "python -m admin"
"""How all sentences write it; dev.py, which sets itself up, is told of instead where it started the command."""

PROGRAM = environment().get("TEXTVERSE_ADMIN", STANDARD)


def renamed(text: str) -> str:
    """A text with the commands by the name that they have here."""
    return text.replace(STANDARD, PROGRAM)


class Renaming:
    """A stream on which the commands have the name that they have here."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(renamed(text))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever a stream has
        return getattr(self._stream, name)
