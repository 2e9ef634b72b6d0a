"""`replay`: what was set aside, and back with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from admin.exits import Exit, Stopped
from admin.output import Output, table
from admin.replay.put_back import Found, look, put_back
from admin.replay.set_aside import QUEUES, SUFFIX, SetAside
from admin.root import session_of
from admin.storage import HELD_S, Storage

_HEADINGS = {
    "id": "Id",
    "set_aside": "Set aside (UTC)",
    "event": "Event",
    "account": "Account",
    "attempts": "Attempts",
    "queue": "Queue",
}


def replay(
    context: typer.Context,
    *,
    every: Annotated[bool, typer.Option("--all", help="Put back every event.")] = False,
    ids: Annotated[
        list[str] | None, typer.Option("--id", metavar="ID", help="Put back this event; may be given again.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be put back, and change nothing.")] = False,
) -> Exit:
    """Put back texts and reports that could not be handled.

    An event (a text, a delivery report, an opt-out) that fails for a day, or cannot succeed, is set aside with its
    reason and kept for good. Without an option they are listed, by reason: mend that first, then put them back. An
    event that goes twice does no harm. Neither texts nor phone numbers are shown.

    Needs AzureWebJobsStorage, from --settings or the environment. Exit code 1: events are set aside.

    Examples:
      python -m admin replay --settings settings.json
      python -m admin replay --settings settings.json --id 2f0c2a52-…
      python -m admin replay --settings settings.json --all --dry-run
      python -m admin replay --settings settings.json --all
    """
    if every and ids:
        raise Stopped("Either --all or --id, not both.", exit_code=Exit.USAGE)
    session = session_of(context)
    wanted = frozenset(ids or ())

    def is_wanted(one: SetAside) -> bool:
        return every or one.held.id in wanted

    if (every or wanted) and not dry_run:
        total = _length(session.storage) if every else len(wanted)
        with session.output.progress("Putting back") as tell:
            found = put_back(session.storage, is_wanted, lambda done: tell("events", done, total))
        return _told_put_back(session.output, found, wanted)
    return _told(
        session.output, session.storage, look(session.storage, is_wanted), wanted, chosen=every or bool(wanted)
    )


def _told_put_back(output: Output, found: Found, wanted: Collection[str]) -> Exit:
    output.put("put_back", [one.row for one in found.chosen], Text(f"Put back: {_events(len(found.chosen))}."))
    output.put("left", len(found.others))
    missing = _missing(output, found, wanted)
    if found.chosen:
        output.advise("They are handled at once. See in a minute whether any came back: python -m admin replay")
    return Exit.FOUND if missing else Exit.FINE


def _told(output: Output, storage: Storage, found: Found, wanted: Collection[str], *, chosen: bool) -> Exit:
    shown = found.chosen if chosen else found.others
    what = "would be put back" if chosen else "set aside"
    output.put(
        "events", [one.row for one in shown], Text(f"{_events(len(shown)).capitalize()} {what}."), *_by_reason(shown)
    )
    hidden = max(0, _length(storage) - len(found))
    output.put("held_by_others", hidden)
    missing = _missing(output, found, wanted)
    if hidden:
        output.advise(f"Look again in {HELD_S // 60} minutes: somebody else is looking at {_events(hidden)}.")
    if shown and not chosen:
        output.advise("Mend the reason, then put them back: python -m admin replay --all, or --id <id>")
    return Exit.FOUND if shown or hidden or missing else Exit.FINE


def _missing(output: Output, found: Found, wanted: Collection[str]) -> list[str]:
    missing = sorted(set(wanted) - {one.held.id for one in found.chosen})
    output.put(
        "not_found",
        missing,
        *(Text(f"There is no event {each}: it was put back, or somebody else looks at it.") for each in missing),
    )
    return missing


def _length(storage: Storage) -> int:
    return sum(storage.length(queue + SUFFIX) or 0 for queue in QUEUES)


def _by_reason(those: Iterable[SetAside]) -> Iterator[RenderableType]:
    by_reason = sorted(those, key=lambda one: (one.reason, one.held.since))
    for reason, group in groupby(by_reason, key=lambda one: one.reason):
        yield Text(f"\n{reason}", "bold")
        yield table([one.row for one in group], _HEADINGS)


def _events(number: int) -> str:
    return "no event" if number == 0 else "1 event" if number == 1 else f"{number} events"
