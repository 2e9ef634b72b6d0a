"""What to enter at a provider for an account, as a page to work through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from providers.setup import setup_steps
from providers.setup_step import SetupStep

_INDENT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """An account, and where its provider shall call."""

    id: str
    type: str
    inbound_url: str
    status_url: str

    def document(self) -> dict[str, object]:
        """The account with its steps, for programs."""
        return asdict(self) | {"steps": [asdict(step) for step in self._steps()]}

    def shown(self) -> Iterator[RenderableType]:
        """The same for people. What is to be pasted stands on a line of its own, and is not broken."""
        yield Text(f"\n{self.id} ({self.type})", "bold")
        for number, step in enumerate(self._steps(), 1):
            yield Text.assemble(f"\n  {number}. ", (step.title, "bold"))
            yield Padding(Text(step.where, "cyan"), (0, 0, 0, _INDENT), expand=False)
            yield Padding(Text(step.what), (0, 0, 0, _INDENT), expand=False)
            if step.value:
                yield Text(f"{' ' * _INDENT}{step.value}", "green")

    def _steps(self) -> tuple[SetupStep, ...]:
        return setup_steps(self.type, self.inbound_url, self.status_url)
