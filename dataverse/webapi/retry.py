"""When a call is made again, and how long to wait before it: rules without a clock and without I/O.

| outcome                                | repeatable | not repeatable                    |
| -------------------------------------- | ---------- | --------------------------------- |
| the connection was not made            | again      | again                             |
| 429, or 503 with Retry-After           | again      | again: it was not carried out     |
| 502, 503, 504                          | again      | uncertain: someone in between gave up |
| sent, and the answer was lost          | again      | uncertain                         |
| any other answer                       | final      | final                             |

The client keeps to this for a call as a whole; for the parts of a batch that was answered, `BatchAnswer.put_off` does.

Sources: Microsoft Learn, "Service protection API limits"; RFC 9110 §9.2.2 and §10.2.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

BUSY = frozenset({429, 502, 503, 504})
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds for making a connection, for silence while an answer is awaited, and for a call with all its attempts and
    pauses; and the number of attempts. Changing metadata takes Dataverse minutes: give it more than rows need."""

    connect: float = 5.0
    read: float = 60.0
    total: float = 120.0
    attempts: int = 5


DEFAULT_LIMITS = Limits()


def may_repeat(status: int, *, repeatable: bool, retry_after: float | None) -> bool:
    """Whether a call may be made again after an answer with a status of `BUSY`."""
    return repeatable or status == 429 or (status == 503 and retry_after is not None)


def pause(attempt: int, *, retry_after: float | None, jitter: float) -> float:
    """Seconds to wait after the `attempt`-th failure; `jitter` is a random number from 0 to 1.

    Never less than Retry-After, and never the same for everyone, so that those who were refused together do not come
    back together.
    """
    if retry_after is not None:
        return retry_after + jitter
    return min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** (attempt - 1)) * (0.5 + jitter / 2)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that an answer asks to wait for, None where it doesn't say, or not readably.

    A date is counted from the `Date` of the same answer, so that a wrong clock on this side does no harm.
    """
    value = headers.get("retry-after", "").strip()
    try:
        if value.isascii() and value.isdigit():
            return float(value)
        return max(0.0, (parsedate_to_datetime(value) - parsedate_to_datetime(headers["date"])).total_seconds())
    except (ValueError, KeyError, TypeError):  # no date, or one with a time zone and one without
        return None
