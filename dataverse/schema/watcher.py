"""Who looks on while the schema is applied: a progress bar, a log, nobody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from dataverse.schema.steps import Step


class Watcher(Protocol):
    """Is told what goes on, in the thread that does it; an error that it raises ends the run there."""

    def planned(self, steps: Sequence[Step]) -> None:
        """These steps follow, publishing at their end. Told again where there turns out to be more to do."""

    def started(self, step: Step) -> None:
        """A step is about to be carried out."""

    def waiting(self, why: str) -> None:
        """Nothing can be done for a while; `why` is a sentence."""


class Silent:
    """A watcher that does not care."""

    def planned(self, steps: Sequence[Step]) -> None:
        """Nothing."""

    def started(self, step: Step) -> None:
        """Nothing."""

    def waiting(self, why: str) -> None:
        """Nothing."""


SILENT: Watcher = Silent()
