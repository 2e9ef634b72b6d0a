"""Queries that take too long are given up: links between columns that are not unique multiply their rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from emulator.fetchxml.refusals import SQL_TIMEOUT, refused

_SECONDS = 30.0
_STEPS = 100_000


@contextmanager
def time_limit(db: sqlite3.Connection, seconds: float | None = None) -> Iterator[None]:
    """Raises `DataverseError` 400 when the statements of the block have taken this long.

    Dataverse gives its SQL two minutes; the code is the one that it has for this, its status is not documented.
    """
    end = monotonic() + (_SECONDS if seconds is None else seconds)
    db.set_progress_handler(lambda: monotonic() > end, _STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if str(error) == "interrupted":
            raise refused(SQL_TIMEOUT) from error
        raise
    finally:
        db.set_progress_handler(None, _STEPS)
