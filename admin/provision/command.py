"""`provision`: tables, forms, roles and all the rest, as the settings ask for them."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from admin.exits import Exit, Stopped
from admin.output import Output
from admin.provision.carrying_out import carry_out, make_plan
from admin.provision.installation import Desired, desired
from admin.provision.whole_plan import WholePlan
from admin.root import session_of
from admin.session import Session


def provision(
    context: typer.Context,
    *,
    plan: Annotated[bool, typer.Option("--plan", help="Only show the plan, in full; change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before changes are made.")] = False,
    app: Annotated[
        str,
        typer.Option(
            metavar="UNIQUE_NAME",
            help="The app that sellers work in, to switch its in-app notifications on: msdynce_saleshub is Sales Hub.",
        ),
    ] = "",
) -> Exit:
    """Make what an environment lacks: tables, forms, roles, webhook.

    Reads what is there, shows what is to be created (+) and changed (~), asks, and does it. Nothing is ever deleted or
    shortened, and what you have worded otherwise is left alone. It takes minutes. Interrupted at any point, run it
    again: it finishes. With --settings the webhook and a row for each provider account are part of it.

    You need the role System Administrator in the environment. Exit code 1: something stands in the way.

    Examples:
      python -m admin provision --plan --url https://contoso.crm4.dynamics.com
      python -m admin provision --settings settings.json --app msdynce_saleshub
      python -m admin provision --settings settings.json --yes --json
    """
    session = session_of(context)
    output, wanted = session.output, desired(session.settings, session.app_settings, app)
    must_ask = not plan and _has_to_ask(session, yes=yes)
    output.say(f"Reading {session.url}")
    whole = make_plan(session.metadata_client, wanted)
    _show(output, session.url, whole, wanted, in_full=plan)
    if whole.schema.conflicts:
        return _blocked(output)
    if plan:
        if not whole.is_empty:
            output.advise("To make these changes, run the same command without --plan.")
        return Exit.FINE
    if must_ask and not whole.is_empty:
        typer.confirm(f"Make these changes in {session.url}?", abort=True, err=True)
    with output.progress("Provisioning") as tell:
        done = carry_out(session.metadata_client, wanted, sleep=session.machine.sleep, tell=tell)
    changes = "1 change" if len(done) == 1 else f"{len(done)} changes"
    output.put("done", done, Text(f"\nDone: {changes}." if done else "\nNothing had to be changed."))
    _advise(session, wanted, first=any(what.startswith("+ solution") for what in done))
    return Exit.FINE


def _show(output: Output, url: str, whole: WholePlan, wanted: Desired, *, in_full: bool) -> None:
    output.put("environment", url)
    output.put("plan", whole.document(), *whole.shown(in_full=in_full))
    left_out = [Text(f"  - {each}") for each in wanted.left_out]
    output.put(
        "left_out", list(wanted.left_out), *([Text("\nLeft as it stands", "bold"), *left_out] if left_out else [])
    )
    output.put("summary", whole.summary(), Text(f"\n{whole.summary()}", "bold"))


def _blocked(output: Output) -> Exit:
    output.advise(
        "Nothing was changed. Mend what stands in the way, then run the same command again. Nothing is ever deleted to "
        "make room: where that is needed, it is for you to do."
    )
    return Exit.FOUND


def _has_to_ask(session: Session, *, yes: bool) -> bool:
    if yes or session.on_this_machine:
        return False
    if not session.output.can_ask:
        raise Stopped(
            "Nobody can be asked here whether to change the environment.", "Add --yes to do it.", exit_code=Exit.USAGE
        )
    return True


def _advise(session: Session, wanted: Desired, *, first: bool) -> None:
    output = session.output
    if wanted.left_out:
        output.advise(
            "What was left as it stands can be made later: set what it needs, and run the same command again."
        )
    if first:
        app_user = session.settings.dataverse_client_id or "CLIENT-ID"
        output.advise(
            f"Give the function app's application user its role: python -m admin users grant {app_user} --role service",
            "Enter at the provider what this says: python -m admin providers urls",
            "Say who texts: python -m admin users grant NAME, and from where: python -m admin numbers add",
        )
    output.advise("Look whether it all fits together: python -m admin doctor")
