"""Timer triggers: functions that are called at times which NCRONTAB describes, in UTC."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from azure.functions import timer as worker

from local.functions import TimerFunction

logger = logging.getLogger(__name__)
_RANGES = (range(60), range(60), range(24), range(1, 32), range(1, 13), range(7))
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Second, minute, hour, day of the month, month and day of the week (0 is Sunday), each with its values."""

    fields: tuple[frozenset[int], ...]

    @classmethod
    def parse(cls, text: str) -> Schedule:
        """Read six fields of `*`, `n`, `a-b`, `*/n` and lists of them. Raises ValueError for anything else."""
        parts = text.split()
        if len(parts) != len(_RANGES):
            raise ValueError(f"'{text}' is no NCRONTAB of six fields")
        return cls(tuple(_values(part, range_, text) for part, range_ in zip(parts, _RANGES, strict=True)))

    def matches(self, moment: datetime) -> bool:
        """Whether a function is due in this second."""
        when = (moment.second, moment.minute, moment.hour, moment.day, moment.month, moment.isoweekday() % 7)
        return all(value in field for value, field in zip(when, self.fields, strict=True))


class Timers:
    """Calls functions when they are due, each in a thread of its own, and never twice at the same time."""

    def __init__(
        self, functions: Sequence[TimerFunction], clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._clock = clock
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(function, Schedule.parse(function.schedule)), name=function.name)
            for function in functions
        ]

    def start(self) -> None:
        """From now on. What was missed before is not made up for."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Returns when the functions that were running have ended."""
        self._stopping.set()
        for thread in self._threads:
            if thread.ident is not None:  # it was started
                thread.join()

    def _work(self, function: TimerFunction, schedule: Schedule) -> None:
        seen = self._clock().replace(microsecond=0)
        while not self._stopping.wait(0.2):
            now = self._clock().replace(microsecond=0)
            while seen < now:
                seen += SECOND
                if schedule.matches(seen):
                    self._call(function)
                    seen = self._clock().replace(microsecond=0)

    def _call(self, function: TimerFunction) -> None:
        make: Callable[..., object] = worker.TimerRequest  # as the worker makes them
        try:
            function.handler(**{function.parameter: make(past_due=False)})
        except Exception:  # whatever a function raises, its next time comes
            logger.exception("Executed '%s' (Failed)", function.name)
            return
        logger.info("Executed '%s' (Succeeded)", function.name)


def _values(part: str, allowed: range, text: str) -> frozenset[int]:
    values: set[int] = set()
    for each in part.split(","):
        span, _, step = each.partition("/")
        first, _, last = span.partition("-")
        try:
            bounds = (allowed[0], allowed[-1]) if span == "*" else (int(first), int(last or first))
            found = set(range(bounds[0], bounds[1] + 1, int(step or 1)))
        except ValueError:
            found = set()
        if not found or not found <= set(allowed):
            raise ValueError(f"'{text}' is no NCRONTAB that this host understands: '{each}'")
        values |= found
    return frozenset(values)
