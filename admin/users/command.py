"""`users`: who holds the security roles, and whom to give them to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from admin import people
from admin.exits import Exit, Stopped
from admin.output import Output
from admin.roles import TITLES, RoleName, role_id
from admin.root import session_of
from dataverse.store.people import Holding, RoleMissing, grant, holders
from dataverse.webapi.client import Client

_HEADINGS = {
    "name": "Name",
    "known_by": "Known by",
    "kind": "Kind",
    "title": "Role",
    "by": "By way of",
    "enabled": "Enabled",
}


def list_users(
    context: typer.Context,
    *,
    role: Annotated[RoleName | None, typer.Option(help="Only those who hold this role.")] = None,
) -> Exit:
    """List who holds the security roles.

    Users hold a role themselves or by way of a team, and then hear of texts to numbers that are theirs or their team's.

    Examples:
      python -m admin users list
      python -m admin users list --role admin
    """
    session = session_of(context)
    rows = [row for each in ([role] if role else RoleName) for row in _rows(session.client, each)]
    session.output.table(
        "users", rows, _HEADINGS, nothing="Nobody holds it." if role else "Nobody holds any of the roles."
    )
    if not rows:
        session.output.advise('Give the role to whoever texts: python -m admin users grant "Maya Lindqvist"')
    return Exit.FINE


def grant_role(
    context: typer.Context,
    names: Annotated[
        list[str],
        typer.Argument(metavar="NAME...", help="Users and teams: e-mail address, sign-in name, full name, team or id."),
    ],
    *,
    role: Annotated[RoleName, typer.Option(help="Whom the role is for.")] = RoleName.USER,
) -> Exit:
    """Give users and teams a security role.

    user is for whoever texts (Text Messaging User), admin for whoever looks after numbers, providers and settings (Text
    Messaging Administrator), service for the application user of the function app (Text Messaging Service). The
    members of a team that holds a role hold it too. Safe to repeat.

    Examples:
      python -m admin users grant "Maya Lindqvist" noah@contoso.com
      python -m admin users grant "West coast sales"
      python -m admin users grant alex@contoso.com --role admin
      python -m admin users grant 2d3f7a10-5c0b-4d8e-9d35-0f6f7a0c1b11 --role service
    """
    session = session_of(context)
    given, failed = [], []
    for name in names:
        try:
            given.append(_grant(session.client, session.output, name, role))
        except Stopped as error:
            failed.append({"name": name, "message": str(error), "next": error.advice})
            session.output.say(f"! {error} {error.advice}", "red")
    session.output.put("granted", given)
    session.output.put("failed", failed)
    return Exit.FOUND if failed else Exit.FINE


def _rows(client: Client, role: RoleName) -> Iterator[dict[str, object]]:
    for holding in holders(client, role_id(role)):
        yield people.row(holding.holder) | {"role": role.value, "title": TITLES[role], "by": _by(holding)}


def _by(holding: Holding) -> str:
    return f"team {holding.team.name}" if holding.team else ""


def _grant(client: Client, output: Output, name: str, role: RoleName) -> dict[str, object]:
    holder = people.find(client, name)
    try:
        is_new = grant(client, holder, role_id(role))
    except RoleMissing:
        raise Stopped(
            f"There is no role {TITLES[role]} in this environment.", "Run: python -m admin provision"
        ) from None
    output.say(f"{'+' if is_new else '='} {holder} {'now holds' if is_new else 'already holds'} {TITLES[role]}.")
    if not holder.enabled:
        output.advise(f"Enable {holder.name}: a disabled user neither sends nor hears of texts.")
    return people.row(holder) | {"role": role.value, "new": is_new}
