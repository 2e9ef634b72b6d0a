"""The commands as an administrator types them, in this process, against an emulator that runs as long as the tests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from admin.commands import app
from admin.root import PROGRAM
from admin.session import Machine


@dataclass(frozen=True)
class Ran:
    """A command that has ended: its exit code, and what it wrote to standard output and standard error."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, object]:
        return json.loads(self.out)


class Console:
    """Where commands are typed: with environment variables, and answers for what they ask."""

    def __init__(self) -> None:
        self.environment: dict[str, str] = {}

    def __call__(self, *words: str) -> Ran:
        machine = Machine(environment=self.environment, now=lambda: datetime.now(UTC), sleep=lambda seconds: None)
        result = CliRunner().invoke(app, list(words), obj=machine, prog_name=PROGRAM, catch_exceptions=False)
        return Ran(result.exit_code, result.stdout, result.stderr)


@pytest.fixture
def admin() -> Console:
    return Console()
