"""What was asked of the emulator: for tests that count round trips and operations. No token and no body is kept."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

Operation = dict[str, object]
_MOST_ENTRIES = 10_000
_MOST_OPERATIONS = 200_000  # of all batches together


@dataclass(slots=True, kw_only=True)
class Entry:
    """One HTTP request, by a number that rises from 1.

    `at`: when it came, in UTC. `status`: 0 while it is worked on, or when the connection was reset before anything was
    done. `user`: who sent it. `acting`: as whom else it, or an operation of a batch, acts. `faults`: the rules that hit
    it. `affinity`: the client returned the cookie that ties it to one web server. `operations`: the parts of a batch,
    empty otherwise.
    """

    number: int = 0
    at: str = ""
    method: str
    path: str
    status: int = 0
    milliseconds: float = 0.0
    user: str | None = None
    acting: list[str] = field(default_factory=list)
    client_request_id: str | None = None
    service_request_id: str | None = None
    affinity: bool = False
    faults: list[int] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        return asdict(self)


class RequestLog:
    """The latest requests, oldest first."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._entries: deque[Entry] = deque()
        self._operations: dict[int, int] = {}  # how many an entry has, by its number
        self._total = 0
        self._clock = clock
        self._count = 0
        self._lock = threading.Lock()

    def begin(self, method: str, path: str, headers: Mapping[str, str], *, affinity: bool) -> Entry:
        """Takes a request down; what comes of it is filled in later."""
        entry = Entry(
            at=self._clock().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            method=method,
            path=path,
            client_request_id=headers.get("x-ms-client-request-id"),
            affinity=affinity,
        )
        with self._lock:
            self._count += 1
            entry.number = self._count
            self._entries.append(entry)
            if len(self._entries) > _MOST_ENTRIES:
                self._forget_oldest()
        return entry

    def end(self, entry: Entry) -> None:
        """All that is to be told of a request is known now. Where it is much, fewer of the earlier ones are kept."""
        if not entry.operations:
            return
        with self._lock:
            if self._entries and entry.number >= self._entries[0].number:
                self._operations[entry.number] = len(entry.operations)
                self._total += len(entry.operations)
            while self._total > _MOST_OPERATIONS and len(self._entries) > 1:
                self._forget_oldest()

    def _forget_oldest(self) -> None:
        self._total -= self._operations.pop(self._entries.popleft().number, 0)

    def entries(self, since: int = 0) -> list[dict[str, object]]:
        """Those with a higher number than `since`."""
        with self._lock:
            return [entry.as_json() for entry in self._entries if entry.number > since]

    def clear(self) -> None:
        """Forgets them; numbers go on rising."""
        with self._lock:
            self._entries.clear()
            self._operations.clear()
            self._total = 0
