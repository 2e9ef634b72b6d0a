"""How a command ends: exit codes, and the one exception that ends it with a sentence and the next step."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes; `MEANINGS` says them in words."""

    FINE = 0
    FOUND = 1
    USAGE = 2
    LATER = 3


MEANINGS = {
    Exit.FINE: "done, and nothing is wrong",
    Exit.FOUND: "something was found that needs you, or was refused: it says what",
    Exit.USAGE: "the command line cannot be understood: nothing was done",
    Exit.LATER: "something cannot be reached now: run the same command again later",
}


class Stopped(Exception):
    """The command ends here: what is the matter, and `advice`, what to do next. Neither holds a secret."""

    def __init__(self, sentence: str, advice: str = "", *, exit_code: Exit = Exit.FOUND) -> None:
        super().__init__(sentence)
        self.advice = advice
        self.exit_code = exit_code
