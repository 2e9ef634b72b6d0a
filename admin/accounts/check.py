"""`providers check`: the part of the doctor that is about the provider accounts."""

from __future__ import annotations

import typer

from admin.doctor import entra
from admin.doctor.check import examine
from admin.doctor.command import show, situation_of
from admin.doctor.table import CHECKS
from admin.doctor.web import Web, open_session
from admin.exits import Exit
from admin.root import session_of

NAMES = ("sign-in", "accounts", "providers in Dynamics", "credentials", "configuration at the provider")


def check_providers(context: typer.Context) -> Exit:
    """Ask each provider whether it takes the credentials, and calls us.

    What doctor says of the provider accounts, and nothing else: whether PROVIDERS is written as it has to be, whether
    Dynamics shows the same, whether the provider takes the credentials, has your numbers and calls the URLs that
    providers urls tells, as far as it shows that. Changes nothing. Exit code 1: something is wrong.

    Examples:
      python -m admin providers check --settings settings.json
    """
    session = session_of(context)
    checks = [check for check in CHECKS if check.name in NAMES]
    with open_session() as http, session.output.progress("Asking", len(checks)) as tell:
        situation = situation_of(session, Web(http, entra.token))
        result = examine(situation, checks, lambda check: tell(check.name, checks.index(check)))
    show(session.output, result)
    return result.exit_code
