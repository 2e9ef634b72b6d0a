"""The SQLite file behind the emulator: one writer at a time, readers beside it.

A file carries our application id, so that `--data` never writes into somebody else's database, and is locked, so that
two emulators never share one.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from queue import Empty, Full, LifoQueue

from emulator.filelock import FileLock
from emulator.gate import Gate

APPLICATION_ID = 0x44564D55
FORMAT = 1
_IDLE = 8  # connections that are kept open while nobody uses them
_CACHE_KIB = 4096  # for each connection
_LONGEST_LOG = 64 * 2**20  # bytes that the write-ahead log keeps on disk after it was larger
Prepare = tuple[Callable[[sqlite3.Connection], None], ...]


class ForeignFile(Exception):
    """The file given with `--data` is not one of ours, of another format, in use, or cannot be opened."""


def _nothing() -> None:
    return None


class Store:
    """Connections to one database. Without a path the data lives in a temporary folder and goes with `close`."""

    def __init__(self, path: Path | None = None, prepare: Prepare = ()) -> None:
        self._folder = None if path else Path(tempfile.mkdtemp(prefix="dataverse-emulator-"))
        self.path = path or Path(self._folder or ".") / "data.sqlite"
        self._prepare = prepare
        self._idle: LifoQueue[sqlite3.Connection] = LifoQueue(_IDLE)
        self._closed = False
        self._writer = threading.Lock()
        self._gate = Gate()
        self._lock = self._locked() if path else None
        try:
            self.is_new = self._claim()
        except sqlite3.OperationalError as error:
            self.close()
            raise ForeignFile(f"{self.path} cannot be used: {error}.") from error
        except sqlite3.DatabaseError as error:
            self.close()
            raise ForeignFile(f"{self.path} is not a database of the emulator ({error}).") from error
        except ForeignFile:
            self.close()
            raise

    def _locked(self) -> FileLock:
        try:
            return FileLock(self.path)
        except BlockingIOError as error:
            raise ForeignFile(f"{error} Stop that one, or choose another file.") from error
        except OSError as error:
            raise ForeignFile(f"{self.path} cannot be used: {error.strerror}.") from error

    def _claim(self) -> bool:
        db = self._connect()
        try:
            found = db.execute("PRAGMA application_id").fetchone()[0]
            filled = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] > 0
            if filled and found != APPLICATION_ID:
                raise ForeignFile(f"{self.path} is an SQLite database, but not one of the emulator.")
            if filled and (version := db.execute("PRAGMA user_version").fetchone()[0]) != FORMAT:
                raise ForeignFile(f"{self.path} has format {version}; this emulator reads format {FORMAT}.")
            if not filled:
                db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                db.execute(f"PRAGMA user_version = {FORMAT}")
            db.execute("PRAGMA journal_mode = WAL")
            return not filled
        finally:
            db.close()

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(
            self.path, isolation_level=None, check_same_thread=False, timeout=30, cached_statements=512
        )
        try:
            db.execute(f"PRAGMA synchronous = {'OFF' if self._folder else 'NORMAL'}")
            db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            db.execute(f"PRAGMA journal_size_limit = {_LONGEST_LOG}")
            for prepare in self._prepare:
                prepare(db)
        except sqlite3.Error:
            db.close()
            raise
        return db

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            db = self._idle.get_nowait()
        except Empty:
            db = self._connect()
        try:
            yield db
        finally:
            self._keep(db)

    def _keep(self, db: sqlite3.Connection) -> None:
        try:
            self._idle.put_nowait(db)
        except Full:
            db.close()
        if self._closed:  # meanwhile: nobody else comes to close it
            self._close_idle()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A snapshot: what is written meanwhile is not seen."""
        with self._gate.shared(), self._connection() as db:
            db.execute("BEGIN")
            try:
                yield db
            finally:
                db.execute("ROLLBACK")

    @contextmanager
    def writing(self, kept: Callable[[], None] = _nothing, undone: Callable[[], None] = _nothing
                ) -> Iterator[sqlite3.Connection]:  # fmt: skip
        """A transaction: kept when the block ends, undone when it raises. One at a time; `kept` and `undone` are called
        before the next one starts."""
        with self._gate.shared(), self._writer, self._connection() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:  # SQLite itself has ended it where the disk is full
                    db.execute("ROLLBACK")
                undone()
                raise
            kept()

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Whatever is done in the block sees the same data, not what `exchanging` puts in its place."""
        with self._gate.shared():
            yield

    @contextmanager
    def exchanging(self) -> Iterator[sqlite3.Connection]:
        """A connection without a transaction, while there is no other: it waits for those who are at work, and those
        who come wait for it."""
        with self._gate.alone():
            self._close_idle()
            with closing(self._connect()) as db:
                yield db

    def copy_to(self, file: Path) -> None:
        """Writes the data as it is now into a file of its own."""
        with self.reading() as db, closing(sqlite3.connect(file)) as copy:
            db.backup(copy)

    def _close_idle(self) -> None:
        with suppress(Empty):
            while True:
                self._idle.get_nowait().close()

    def close(self) -> None:
        """Closes the connections, those in use as soon as they are free, and lets go of the file; temporary data is
        deleted."""
        self._closed = True
        self._close_idle()
        if self._lock:
            self._lock.close()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
