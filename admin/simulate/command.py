"""`simulate`."""

from __future__ import annotations

from typing import Annotated

import typer

from admin.exits import Exit, Stopped
from admin.root import session_of
from admin.simulate.one_text import look_ahead
from admin.simulate.past_texts import look_back
from admin.simulate.rules import rules

_LONGEST = 3_650

Number = Annotated[
    str,
    typer.Option(metavar="NUMBER", help="What a text from this number would do now; also a short code or a name."),
]
To = Annotated[
    str,
    typer.Option(
        metavar="OUR_NUMBER",
        help="The number of yours that is texted; may be left out with --days, and where there is only one.",
    ),
]
Days = Annotated[
    int | None,
    typer.Option(min=1, max=_LONGEST, metavar="N", help="Which of the texts of the last N days would move."),
]
Tiers = Annotated[
    str,
    typer.Option(
        metavar="TIER,…", help="Another order of the tiers. Those that are not named follow as in the order in force."
    ),
]


def simulate(context: typer.Context, *, number: Number = "", to: To = "", days: Days = None, tiers: Tiers = "") -> Exit:
    """Show where texts would go, and why, without writing anything.

    With --number: which records a text from it may belong to, which one would be chosen at which tier, what would
    happen then, and who would be told. It is taken in as the service does it, by the rules in force, but for the
    writing.

    With --days: which of the texts that are stored would be on another record, judged by the explanation that was
    stored with each. Where somebody has moved a conversation by hand since, that is not looked at. Without --tiers it
    says what an order that was changed meanwhile would do to earlier texts.

    The tiers decide in their order, each only among the records that are still tied:
      latest_conversation  holds the latest conversation of the customer with this number
      owned_by_seller      belongs to the user who owns this number
      owned_by_team        belongs to the team that owns this number, or to a member of it
      table                contact before account before opportunity before lead
      active               active before inactive
      modified             updated most recently
      lowest_id            has the lowest id: always the last

    You see what you may read yourself: sign in as somebody who may read all records, or the service sees more than
    you. Numbers of customers are shown, texts are not.

    Examples:
      python -m admin simulate --number +12065550187
      python -m admin simulate --number "(206) 555-0187" --to +12065550100
      python -m admin simulate --number +12065550187 --tiers owned_by_seller,owned_by_team
      python -m admin simulate --days 30 --tiers active
      python -m admin simulate --days 7 --to +12065550100 --json
    """
    if bool(number) == (days is not None):
        raise Stopped(
            "Name either a number (--number) or how many days to look back (--days).",
            "For example: python -m admin simulate --number +12065550187, or: python -m admin simulate --days 30",
            exit_code=Exit.USAGE,
        )
    session = session_of(context)
    held = rules(session, tiers)
    if days is None:
        look_ahead(session, held, number, to)
    else:
        look_back(session, held, days, to)
    session.output.advise(*held.problems())
    return Exit.FINE
