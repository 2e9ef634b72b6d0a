"""A check, and how all of them are carried out: in order, none silencing the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from admin.doctor.finding import Finding, Verdict, problem, skipped
from admin.doctor.situation import Situation
from admin.exits import Exit
from admin.failures import explain


class Need(StrEnum):
    """What a check cannot do without."""

    DATAVERSE = "Dataverse"
    TABLES = "the tables"
    PROVIDERS = "PROVIDERS"
    PUBLIC_BASE_URL = "PUBLIC_BASE_URL"
    STORAGE = "AzureWebJobsStorage"
    EVENTS_SECRETS = "DATAVERSE_EVENTS_SECRETS"


# What is needed → the check that says what is the matter with it.
_TOLD = {
    Need.DATAVERSE: "sign-in",
    Need.TABLES: "tables",
    Need.PROVIDERS: "app settings",
    Need.PUBLIC_BASE_URL: "app settings",
    Need.STORAGE: "app settings",
    Need.EVENTS_SECRETS: "app settings",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One row of the table: its name, what it looks at in a sentence, what it needs, and the generator of its findings.

    If it finds a problem, what needs its `opens` is not looked at.
    """

    name: str
    looks_at: str
    needs: frozenset[Need] = frozenset()
    opens: Need | None = None
    run: Callable[[Situation], Iterable[Finding]]


@dataclass(slots=True)
class Examination:
    """The findings so far. `unreachable` says that Dataverse gave no answer at all: nothing is known of it."""

    findings: list[Finding]
    unreachable: bool = False

    @property
    def exit_code(self) -> Exit:
        """0 without a problem, 3 where Dataverse cannot be reached, else 1."""
        if self.unreachable:
            return Exit.LATER
        found_any = any(finding.verdict is Verdict.PROBLEM for finding in self.findings)
        return Exit.FOUND if found_any else Exit.FINE


def examine(
    situation: Situation, checks: Iterable[Check], on_check: Callable[[Check], None] = lambda check: None
) -> Examination:
    """Carry out checks, in order; `on_check` is called before each.

    Whatever a check raises is a problem that it found: that something cannot be looked at is worth knowing too.
    """
    result = Examination([])
    closed = set(not_given(situation))
    for check in checks:
        on_check(check)
        found = [*_missing(check, closed)] or [*_carried_out(check, situation, result)]
        result.findings += [replace(finding, check=check.name) for finding in found]
        if check.opens and any(finding.verdict is Verdict.PROBLEM for finding in found):
            closed.add(check.opens)
    return result


def not_given(situation: Situation) -> Iterator[Need]:
    """What of the app settings is not at hand."""
    if not situation.accounts:
        yield Need.PROVIDERS
    if not situation.settings.public_base_url:
        yield Need.PUBLIC_BASE_URL
    if situation.storage is None:
        yield Need.STORAGE
    if not situation.settings.events_secrets():
        yield Need.EVENTS_SECRETS


def _missing(check: Check, closed: set[Need]) -> Iterator[Finding]:
    need = next((need for need in Need if need in check.needs & closed), None)
    if need is not None:
        yield skipped(f"Not looked at: it needs {need}", f"See above what is said of “{_TOLD[need]}”")


def _carried_out(check: Check, situation: Situation, result: Examination) -> Iterator[Finding]:
    try:
        yield from check.run(situation)
    except Exception as error:  # noqa: BLE001  # one check that breaks must not silence the others
        failure = explain(error)
        if failure is None:
            what = f"The check itself broke ({type(error).__name__})"
            yield problem(what, "This is a defect of Textverse: report it, with this line")
            return
        if check.opens is Need.DATAVERSE and failure.exit_code is Exit.LATER:
            result.unreachable = True
        yield problem(failure.sentence, failure.advice or "Run it again; if it stays, look the ids up with Microsoft")
