"""How a filling goes on, for whoever waits: records a second, and how long the rest will take."""

from __future__ import annotations

from collections.abc import Callable

from admin.output import Tell
from messaging.records import Table

_NEWS_S = 5.0
_PLURALS = {Table.CONTACT: "contacts", Table.ACCOUNT: "accounts", Table.LEAD: "leads"}


class Progress:
    """Tells every few seconds. `total` is about how many records there are; `clock` counts seconds."""

    def __init__(self, tell: Tell, total: int, clock: Callable[[], float]) -> None:
        self._tell = tell
        self._total = total
        self._clock = clock
        self._began: tuple[float, int] | None = None
        self._told: tuple[float, str] = (-_NEWS_S, "")
        self._entries = 0

    def entered(self, table: Table, records: int) -> None:
        """So many records have been entered, all in all."""
        now = self._clock()
        if self._began is None:
            self._began = (now, records)
        since, before = self._began
        rate = (records - before) / (now - since) if now > since else 0.0
        self._say(now, f"entering {_PLURALS[table]}{pace(rate, self._total - records)}", records, self._total)

    def looked_through(self, table: Table, entries: int) -> None:
        """So many more entries have been looked through."""
        self._entries += entries
        self._say(self._clock(), f"looking through the entries of {_PLURALS[table]}", self._entries, 0)

    def _say(self, now: float, doing: str, done: int, total: int) -> None:
        last, said = self._told
        if now - last >= _NEWS_S:
            self._told = (now, doing)
            said = doing
        self._tell(said, done, max(done, total) if total else 0)


def pace(rate: float, left: int) -> str:
    """`: 1,200 a second, 14 min left`; nothing where that is not known."""
    if rate <= 0:
        return ""
    return f": {rate:,.0f} a second" + (f", {_duration(left / rate)} left" if left > 0 else "")


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute"
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"
