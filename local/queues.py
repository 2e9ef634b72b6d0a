"""Queues in one SQLite file, which behave as those of Azure Storage do and survive a restart.

A message that is handed out is hidden for a while, not removed: whoever holds it deletes it when the work is done, and
it comes back by itself if that never happens. So a message may be seen twice, and nothing promises an order.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock

from messaging.envelope import MAX_BYTES
from messaging.errors import Unavailable

_TABLE = """
CREATE TABLE IF NOT EXISTS message (
    sequence      INTEGER PRIMARY KEY AUTOINCREMENT,
    queue         TEXT NOT NULL,
    text          TEXT NOT NULL,
    inserted_at   REAL NOT NULL,
    visible_at    REAL NOT NULL,
    dequeue_count INTEGER NOT NULL DEFAULT 0,
    pop_receipt   TEXT,
    expires_at    REAL
);
CREATE INDEX IF NOT EXISTS message_next ON message (queue, visible_at, sequence);
"""
_NEXT = """
SELECT sequence, queue, text, inserted_at, dequeue_count + ? FROM message
WHERE queue = ? AND visible_at <= ? AND (expires_at IS NULL OR expires_at > ?) ORDER BY visible_at, sequence LIMIT ?
"""
_COUNT = "SELECT count(*) FROM message WHERE queue = ? AND (expires_at IS NULL OR expires_at > ?)"


@dataclass(frozen=True, slots=True)
class QueueMessage:
    """A message as it was handed out for the `dequeue_count`th time; `inserted_at` in seconds since 1970.

    `pop_receipt` proves that it was this hand-out: the next one gets another, and with an old one nothing can be done.
    """

    sequence: int
    queue: str
    text: str = field(repr=False)
    inserted_at: float
    dequeue_count: int
    pop_receipt: str = field(default="", repr=False)


class SqliteQueues:
    """All queues, in the file at `path`. Safe to use from many threads, and from other processes at the same time.

    Raises Unavailable for a file that is something else, or cannot be made.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = Lock()
        try:
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
            self._prepare()
        except sqlite3.Error as error:
            raise Unavailable(f"{path} cannot be used for queues: {error}") from None

    def send(self, queue: str, text: str, *, delay_s: float = 0.0, lifetime_s: float | None = None) -> None:
        """Put a message into a queue; nobody sees it for `delay_s` seconds, and after `lifetime_s` it is gone.

        Raises Unavailable if the file cannot be written, and ValueError for a text that Azure would not take either.
        """
        if len(text.encode()) > MAX_BYTES:
            raise ValueError(f"a queue message holds {MAX_BYTES} bytes")
        now = self._clock()
        with self._transaction() as db:
            db.execute(
                "INSERT INTO message (queue, text, inserted_at, visible_at, expires_at) VALUES (?, ?, ?, ?, ?)",
                (queue, text, now, now + delay_s, None if lifetime_s is None else now + lifetime_s),
            )
            db.execute("DELETE FROM message WHERE expires_at <= ?", (now,))

    def receive(self, queue: str, *, lease_s: float, limit: int = 1) -> list[QueueMessage]:
        """Up to `limit` messages, each hidden from everyone else for `lease_s` seconds."""
        now = self._clock()
        with self._transaction() as db:
            taken = [
                replace(QueueMessage(*row), pop_receipt=secrets.token_hex(8))
                for row in db.execute(_NEXT, (1, queue, now, now, limit)).fetchall()
            ]
            db.executemany(
                "UPDATE message SET visible_at = ?, dequeue_count = ?, pop_receipt = ? WHERE sequence = ?",
                [(now + lease_s, message.dequeue_count, message.pop_receipt, message.sequence) for message in taken],
            )
        return taken

    def delete(self, message: QueueMessage) -> bool:
        """Remove a message for good; False if it has been handed out again since."""
        return self._change("DELETE FROM message WHERE sequence = ? AND pop_receipt = ?", message)

    def renew(self, message: QueueMessage, lease_s: float) -> bool:
        """Hide a message for `lease_s` seconds from now; False if it has been handed out again since."""
        until = self._clock() + lease_s
        return self._change("UPDATE message SET visible_at = ? WHERE sequence = ? AND pop_receipt = ?", message, until)

    def release(self, message: QueueMessage, delay_s: float = 0.0) -> bool:
        """Give a message back, to be handed out again after `delay_s` seconds; False if that has happened already."""
        again = "UPDATE message SET visible_at = ?, pop_receipt = NULL WHERE sequence = ? AND pop_receipt = ?"
        return self._change(again, message, self._clock() + delay_s)

    def peek(self, queue: str, limit: int = 32) -> list[QueueMessage]:
        """The messages that `receive` would hand out next, left as they are."""
        now = self._clock()
        with self._transaction() as db:
            return [QueueMessage(*row) for row in db.execute(_NEXT, (0, queue, now, now, limit))]

    def count(self, queue: str) -> int:
        """How many messages a queue holds, those included that are hidden."""
        with self._transaction() as db:
            row: tuple[int] = db.execute(_COUNT, (queue, self._clock())).fetchone()
            return row[0]

    def close(self) -> None:
        """Close the file; the messages stay in it."""
        with self._lock:
            self._db.close()

    def _prepare(self) -> None:
        try:
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.executescript(_TABLE)
            self._add_what_older_files_lack()
        except sqlite3.Error:
            self._db.close()
            raise

    def _add_what_older_files_lack(self) -> None:
        if "expires_at" not in {row[1] for row in self._db.execute("PRAGMA table_info(message)")}:
            self._db.execute("ALTER TABLE message ADD COLUMN expires_at REAL")

    def _change(self, statement: str, message: QueueMessage, *values: float) -> bool:
        with self._transaction() as db:
            return db.execute(statement, (*values, message.sequence, message.pop_receipt)).rowcount == 1

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._lock, self._db:
                self._db.execute("BEGIN IMMEDIATE")
                yield self._db
        except sqlite3.Error as error:
            raise Unavailable(f"the queue file cannot be used: {type(error).__name__}") from error
