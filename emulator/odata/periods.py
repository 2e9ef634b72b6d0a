"""The stretches of time that Dataverse's date functions mean, in UTC.

Hours and minutes count from now; days are whole days, so that `LastXDays` reaches back to a midnight. Each stretch
begins at its first moment and ends before its second; None leaves a side open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta

Period = tuple[datetime | None, datetime | None]


def _midnight(now: datetime, days: int = 0) -> datetime:
    return datetime.combine(now.date() + timedelta(days=days), time(), now.tzinfo)


def _until(now: datetime) -> datetime:
    """Just after now: stored moments have whole seconds."""
    return now.replace(microsecond=0) + timedelta(seconds=1)


def _days(first: int, after: int) -> Callable[[datetime], Period]:
    return lambda now: (_midnight(now, first), _midnight(now, after))


FIXED: Mapping[str, Callable[[datetime], Period]] = {
    "Today": _days(0, 1),
    "Yesterday": _days(-1, 0),
    "Tomorrow": _days(1, 2),
    "Last7Days": lambda now: (_midnight(now, -7), _until(now)),
    "Next7Days": lambda now: (now, _midnight(now, 8)),
}
COUNTED: Mapping[str, Callable[[datetime, int], Period]] = {
    "LastXHours": lambda now, count: (now - timedelta(hours=count), _until(now)),
    "LastXDays": lambda now, count: (_midnight(now, -count), _until(now)),
    "NextXHours": lambda now, count: (now, _until(now + timedelta(hours=count))),
    "NextXDays": lambda now, count: (now, _midnight(now, count + 1)),
    "OlderThanXMinutes": lambda now, count: (None, now - timedelta(minutes=count)),
    "OlderThanXHours": lambda now, count: (None, now - timedelta(hours=count)),
    "OlderThanXDays": lambda now, count: (None, _midnight(now, -count)),
}
GIVEN: Mapping[str, Callable[[datetime], Period]] = {
    "On": lambda day: (_midnight(day), _midnight(day, 1)),
    "OnOrAfter": lambda day: (_midnight(day), None),
    "OnOrBefore": lambda day: (None, _midnight(day, 1)),
}
