"""`providers list` and `providers urls`."""

from __future__ import annotations

from typing import Annotated

import typer

from admin.accounts.comparison import HEADINGS, compare
from admin.accounts.urls import Called
from admin.callback_urls import INBOUND, STATUS, callback_url
from admin.exits import Exit, Stopped
from admin.provision.installation import shown_accounts
from admin.root import session_of
from admin.session import Session
from dataverse.store.provider_accounts import stored_accounts

Ids = Annotated[
    list[str] | None, typer.Argument(metavar="[ID...]", help="Only these accounts, by their id in PROVIDERS.")
]


def list_providers(context: typer.Context) -> Exit:
    """List the provider accounts, in the settings and in Dataverse.

    The app setting PROVIDERS holds the accounts with their secrets; Dataverse has a row for each, without any, for
    numbers to belong to. Exit code 1: the two do not fit together.

    Examples:
      python -m admin providers list --settings settings.json
    """
    session = session_of(context)
    accounts, stored = session.settings.accounts(), stored_accounts(session.client)
    known = "PROVIDERS" in session.app_settings.values
    rows = [*compare(accounts, shown_accounts(session.settings), stored)]
    if not known:
        for row in rows:
            row |= {"in_settings": None, "remark": ""}
        missing = session.app_settings.missing("PROVIDERS")
        session.output.advise(f"{missing} {missing.advice}")
    session.output.table("accounts", rows, HEADINGS, nothing="There are no provider accounts.")
    return Exit.FOUND if any(row["remark"] for row in rows) else Exit.FINE


def tell_urls(context: typer.Context, ids: Ids = None) -> Exit:
    """Say what to enter at each provider, to be called.

    For each account the pages to go to and what to paste there; the account's form in Dynamics shows the same. Secrets
    are named, not shown. The URLs are below PUBLIC_BASE_URL; without it, as Dataverse shows them.

    Examples:
      python -m admin providers urls --settings settings.json
      python -m admin providers urls twilio-main --settings settings.json
    """
    session = session_of(context)
    found = {each.id: each for each in _called(session)}
    if unknown := [name for name in ids or () if name not in found]:
        raise Stopped(f"There is no provider account {', '.join(unknown)}.", f"There are {', '.join(found) or 'none'}.")
    shown = [found[name] for name in ids or found]
    if not shown:
        raise session.app_settings.missing("PROVIDERS")
    session.output.put(
        "accounts", [each.document() for each in shown], *(part for each in shown for part in each.shown())
    )
    return Exit.FINE


def _called(session: Session) -> list[Called]:
    """The accounts as the settings have them, or, where those lack something, as Dataverse shows them."""
    base, accounts = session.settings.public_base_url, session.settings.providers
    if base and accounts:
        return [
            Called(
                id=each.id,
                type=each.type,
                inbound_url=callback_url(base, each.id, INBOUND),
                status_url=callback_url(base, each.id, STATUS),
            )
            for each in accounts
        ]
    rows = [each for each in stored_accounts(session.client) if each.shown.inbound_url and each.shown.status_url]
    if not rows:
        raise session.app_settings.missing("PUBLIC_BASE_URL" if accounts else "PROVIDERS")
    return [
        Called(
            id=each.callback_id,
            type=each.shown.type,
            inbound_url=str(each.shown.inbound_url),
            status_url=str(each.shown.status_url),
        )
        for each in rows
    ]
