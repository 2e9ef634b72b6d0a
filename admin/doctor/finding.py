"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How bad it is: as it should be, working but not as it should be, not working, or not looked at."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at: `what` was found, and the exact command, page or setting that is the `fix`, which
    is empty only where all is well. No secret is in either. `check` is the name of the check, which the run fills in.
    """

    check: str = ""
    verdict: Verdict
    what: str
    fix: str = ""


def ok(what: str) -> Finding:
    """It is as it should be."""
    return Finding(verdict=Verdict.OK, what=what)


def warning(what: str, fix: str) -> Finding:
    """It works, and is not as it should be."""
    return Finding(verdict=Verdict.WARNING, what=what, fix=fix)


def problem(what: str, fix: str) -> Finding:
    """It does not work."""
    return Finding(verdict=Verdict.PROBLEM, what=what, fix=fix)


def skipped(what: str, fix: str) -> Finding:
    """It could not be looked at."""
    return Finding(verdict=Verdict.SKIPPED, what=what, fix=fix)
