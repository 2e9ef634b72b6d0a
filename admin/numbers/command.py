"""`numbers list` and `numbers add`."""

from __future__ import annotations

from typing import Annotated

import typer

from admin import people
from admin.exits import Exit
from admin.numbers import adding
from admin.numbers.number import read
from admin.numbers.rows import HEADINGS, row, unanswered
from admin.roles import RoleName, role_id
from admin.root import session_of
from admin.session import Session
from dataverse.store.choices import NumberType
from dataverse.store.numbers import numbers
from dataverse.store.running_settings import read_settings, running

Number = Annotated[
    str,
    typer.Argument(
        metavar="NUMBER", help="With + and country code, or as it is written in --region or DEFAULT_REGION."
    ),
]
Region = Annotated[
    str, typer.Option(metavar="COUNTRY", help="The country (ISO 3166) of a NUMBER without country code, such as US.")
]
Owner = Annotated[
    str, typer.Option(metavar="USER|TEAM", help="Who answers it: e-mail address, sign-in name, full name, team or id.")
]
Kind = Annotated[
    NumberType | None, typer.Option("--type", help="What kind of number it is; else seen from the number.")
]


def list_numbers(context: typer.Context) -> Exit:
    """List the numbers, and whether somebody answers them.

    Texts to a number are for its owner, or for the members of the team that owns it. To be told of them they need the
    role Text Messaging User, and have to be enabled.

    Examples:
      python -m admin numbers list
      python -m admin numbers list --json
    """
    session = session_of(context)
    found = numbers(session.client, role_id(RoleName.USER))
    session.output.table("numbers", [row(each) for each in found], HEADINGS, nothing="There are no numbers.")
    if not found:
        session.output.advise("Add one: python -m admin numbers add +12065550100 --provider ID --owner NAME")
    for each in found:
        if not each.is_answered:
            session.output.advise(unanswered(each))
    return Exit.FINE


def add_number(
    context: typer.Context,
    number: Number,
    *,
    provider: Annotated[str, typer.Option(metavar="ID", help="The provider account: its id in PROVIDERS.")],
    owner: Owner,
    name: Annotated[str, typer.Option(metavar="NAME", help="What to call it; else the number itself.")] = "",
    kind: Kind = None,
    region: Region = "",
) -> Exit:
    """Add a number that you have at a provider, and say who answers it.

    Texts to it then go to its owner, a user or a team. Safe to repeat.

    Examples:
      python -m admin numbers add +12065550100 --provider twilio-main --owner "Maya Lindqvist"
      python -m admin numbers add "(206) 555-0100" --region US --provider acs-main --owner "West coast sales"
      python -m admin numbers add 24273 --type short-code --provider twilio-main --owner maya@contoso.com
    """
    session = session_of(context)
    address = read(number, kind, region or region_of(session, number))
    holder = people.find(session.client, owner)
    added = adding.add(session.client, address, kind=kind, name=name, provider=provider, owner=holder)
    told = f"{added.number.number} at {provider}; its owner is {added.number.owner}"
    session.output.put("number", row(added.number))
    session.output.put("new", added.is_new)
    session.output.say(f"+ Added {told}." if added.is_new else f"= There already: {told}.")
    if not added.number.is_answered:
        session.output.advise(unanswered(added.number))
    session.output.advise(f"See what to enter at the provider: python -m admin providers urls {provider}")
    return Exit.FINE


def region_of(session: Session, number: str) -> str:
    """Where a number without a country code is read: as the running setting says, else the app setting."""
    if number.lstrip().startswith("+"):
        return ""
    return running(read_settings(session.client)).default_region or session.settings.default_region
