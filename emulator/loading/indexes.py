"""Indexes during a load: beyond some rows it is faster to build them once than to keep them row by row."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

_WORTH_IT = 50_000  # rows


class SetAside:
    """Indexes that were dropped, to be made again. Unique ones stay: they are what refuses a row."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._seen: set[str] = set()
        self._statements: list[str] = []

    def consider(self, table: str, new: int, columns: Iterable[str]) -> None:
        """Drops the indexes over these columns when so many rows are new that the table consists of them mostly."""
        if table in self._seen or new < _WORTH_IT:
            return
        self._seen.add(table)
        if self._db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] > 2 * new:
            return
        found = self._db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ?", (table,))
        for name, statement in found.fetchall():
            if statement and "UNIQUE" not in statement and any(f'"{each}"' in statement for each in columns):
                self._db.execute(f'DROP INDEX "{name}"')
                self._statements.append(statement)

    def put_back(self) -> Iterator[str]:
        """Builds what was dropped, one with each step."""
        for statement in self._statements:
            self._db.execute(statement)
            yield statement
