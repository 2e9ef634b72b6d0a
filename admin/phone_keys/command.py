"""`phone-keys backfill` and `phone-keys status`."""

from __future__ import annotations

from datetime import datetime

import typer
from rich.text import Text

from admin.exits import Exit, Stopped
from admin.phone_keys.progress import Progress
from admin.root import session_of
from dataverse.store.phone_index.counts import about
from dataverse.store.phone_index.fill import Fill
from dataverse.store.phone_index.state import IndexState, read_state
from messaging.errors import NotFound
from messaging.phone_keys import RULES
from messaging.records import PHONE_COLUMNS

_INDEX = "txv_phonekey"


def backfill(context: typer.Context) -> Exit:
    """Enter the numbers of all records into the phone index.

    All contacts, accounts and leads are read. Until that is done once, texts find their record by the usual spellings
    of a number only; afterwards by any. It may be interrupted at any moment and goes on where it was when it is run
    again, here or elsewhere; texts are taken in meanwhile. What changes later is kept up by the service, and compared
    every night.

    Examples:
      python -m admin phone-keys backfill --url https://contoso.crm.dynamics.com
    """
    session = session_of(context)
    client, clock = session.client, session.machine.monotonic
    total = sum(about(client, [table.value for table in PHONE_COLUMNS]).values())
    with session.output.progress("Entering numbers", total) as tell:
        try:
            state = Fill(client, session.machine.now, Progress(tell, total, clock)).run()
        except NotFound:
            raise Stopped(
                "The phone index has no place in this environment yet.", "Run: python -m admin provision"
            ) from None
    session.output.put("state", _row(state), Text("The phone index is complete: texts find their records by it."))
    session.output.advise("It is used within five minutes. See: python -m admin phone-keys status")
    return Exit.FINE


def tell_status(context: typer.Context) -> Exit:
    """Say whether the phone index is complete, and how large it is.

    Entries are counted by Dataverse, once a day. Exit code 1: it is not complete, so texts find their record by the
    usual spellings of a number only.

    Examples:
      python -m admin phone-keys status
    """
    session = session_of(context)
    state = read_state(session.client)
    entries = about(session.client, [_INDEX])[_INDEX]
    session.output.put("state", _row(state), *map(Text, _told(state)))
    session.output.put("entries", entries, Text(f"Entries: about {entries:,}, as of the last day."))
    if not state.complete:
        session.output.advise("Fill it: python -m admin phone-keys backfill")
    return Exit.FINE if state.complete else Exit.FOUND


def _told(state: IndexState) -> list[str]:
    if state.complete_on is None:
        told = ["The phone index has never been filled to the end: texts find their records by usual spellings."]
    elif state.complete:
        told = [f"The phone index is complete, since {_moment(state.complete_on)}."]
    else:
        told = [f"The phone index was filled on {_moment(state.complete_on)}, by the rules of another release."]
    if state.filling is not None:
        at = state.filling
        since = f"A filling that began on {_moment(at.began_on)} is under way or was cut off"
        told.append(f"{since}: {at.records:,} records so far.")
    return told


def _moment(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M} UTC"


def _row(state: IndexState) -> dict[str, object]:
    return {
        "complete": state.complete,
        "complete_on": state.complete_on and state.complete_on.isoformat(),
        "rules": state.rules,
        "rules_of_this_release": RULES,
        "filling_since": state.filling and state.filling.began_on.isoformat(),
        "records_so_far": state.filling and state.filling.records,
    }
