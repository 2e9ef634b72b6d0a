"""`python -m admin doctor`."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from admin.doctor import entra
from admin.doctor.check import Examination, examine
from admin.doctor.finding import Finding, Verdict
from admin.doctor.situation import Situation
from admin.doctor.table import CHECKS
from admin.doctor.web import Web, open_session
from admin.exits import Exit, Stopped
from admin.output import Output
from admin.root import session_of
from admin.session import Session
from function_app.settings import Settings

_STYLES = {Verdict.OK: "green", Verdict.WARNING: "yellow", Verdict.PROBLEM: "bold red", Verdict.SKIPPED: "dim"}
_COUNTED = {
    Verdict.PROBLEM: "wrong",
    Verdict.WARNING: "doubtful",
    Verdict.OK: "in order",
    Verdict.SKIPPED: "not looked at",
}


def doctor(
    context: typer.Context,
    *,
    app: Annotated[str, typer.Option(help="The unique name of the app that sellers work in.")] = "",
    app_user: Annotated[
        str, typer.Option(help="The application user that the function app is, if not that of DATAVERSE_CLIENT_ID.")
    ] = "",
) -> Exit:
    """Look at everything, and say what is wrong and how to mend it.

    Changes nothing, in Dataverse or anywhere else. With --settings it looks at the function app, its queues and the
    providers as well. Exit code 0: no problem was found. 1: some were. 3: Dataverse cannot be reached.

    Examples:
      python -m admin doctor --url https://contoso.crm4.dynamics.com --settings settings.json
      python -m admin doctor --url https://contoso.crm4.dynamics.com --app msdynce_saleshub
    """
    session = session_of(context)
    with open_session() as http:
        situation = situation_of(session, Web(http, entra.token), app=app, app_user=app_user)
        with session.output.progress("Looking", len(CHECKS)) as tell:
            order = {check.name: place for place, check in enumerate(CHECKS)}
            result = examine(situation, CHECKS, lambda check: tell(check.name, order[check.name]))
    show(session.output, result)
    return result.exit_code


def situation_of(session: Session, web: Web, *, app: str = "", app_user: str = "") -> Situation:
    """What there is to look at from here. Raises Stopped where no environment is named, or none can be signed in to."""
    settings, misread = Settings.read({}), None
    try:
        settings = session.settings
    except Stopped as reason:
        misread = reason
    return Situation(
        client=session.client,
        app_settings=session.app_settings,
        settings=settings,
        misread=misread,
        storage=session.storage if settings.storage else None,
        web=web,
        now=session.machine.now,
        app=app,
        app_user=app_user,
    )


def show(output: Output, result: Examination) -> None:
    """Print the findings, each with its fix below it, and count them."""
    findings = [
        {"check": one.check, "verdict": str(one.verdict), "what": one.what, "fix": one.fix} for one in result.findings
    ]
    output.put("findings", findings, *map(_line, result.findings))
    counts = {verdict: sum(one.verdict is verdict for one in result.findings) for verdict in _COUNTED}
    told = ", ".join(f"{counts[verdict]} {word}" for verdict, word in _COUNTED.items() if counts[verdict])
    output.put("counts", {str(verdict): count for verdict, count in counts.items()}, Text(f"\n{told}", "bold"))


def _line(finding: Finding) -> Text:
    line = Text.assemble(
        (f"{finding.verdict:>7}  ", _STYLES[finding.verdict]), (finding.check, "bold"), f": {finding.what}"
    )
    return line.append("\n      →  ", "bold").append(finding.fix) if finding.fix else line
