"""Do sellers hear of every text?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from admin.doctor.finding import Finding, ok, problem
from admin.doctor.situation import Situation
from dataverse.store.untold import Untold
from pipeline.sweep import LATELY

LOOKED_BACK = timedelta(days=7)
MOST = 100


def untold(situation: Situation) -> Iterator[Finding]:
    """Texts of the last week that were stored and that nobody was told of, although the sweep has had an hour."""
    now = situation.now()
    found = Untold(situation.client).find(now - LOOKED_BACK, now - LATELY, MOST)
    if not found:
        yield ok("Somebody was told of every text of the last week, or there was nobody to tell")
        return
    _, latest = found[0]
    many = f"{MOST} texts or more" if len(found) == MOST else f"{len(found)} texts" if len(found) > 1 else "A text"
    what = f"{many} of the last week nobody was told of, the latest of {latest.received_at:%Y-%m-%d %H:%M} UTC"
    page = "Azure portal › the function app › Functions › sweep › Invocations"
    yield problem(f"{what}: they are in Dynamics", f"See that it runs, and why notifications are refused: {page}")
