"""What was asked of the emulator: for tests that count round trips and operations."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import asdict, dataclass, field

Operation = dict[str, object]
_KEPT = 10_000


@dataclass(slots=True, kw_only=True)
class Entry:
    """One HTTP request; `operations` are the parts of a batch, empty otherwise. `affinity`: the client returned the
    cookie that ties it to one web server."""

    method: str
    path: str
    affinity: bool = False
    status: int = 0
    operations: list[Operation] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        return asdict(self)


class RequestLog:
    """The latest requests, oldest first."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self._lock = threading.Lock()

    def add(self, entry: Entry) -> None:
        with self._lock:
            self._entries.append(entry)

    def entries(self) -> list[dict[str, object]]:
        with self._lock:
            return [entry.as_json() for entry in self._entries]

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
