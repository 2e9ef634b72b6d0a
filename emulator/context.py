"""What a request carries with it through the emulator: the database, the tables, and who asks."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from emulator.metadata.model import Schema, Table

Sql = tuple[str, Sequence[object]]
# Tables whose new rows are seen only when they are published.
HIDDEN = frozenset({"appmodule", "appsetting"})


class Access(Protocol):
    """Row-level security for one caller."""

    def visible(self, table: Table, alias: str) -> Sql:
        """A condition over the rows of `table` under the SQL `alias`: those that the caller may read."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One request's surroundings. `url` is the service root with a trailing slash, `preferences` the Prefer header's
    entries with lower-case names, `now` the emulator's clock in UTC. `user_id` is who the request acts as,
    `real_user_id` who sent it, where that is somebody else. `bypassed` holds the business logic that the request goes
    round (`bypass.py`), `tag` what it was marked with (`?tag=`): for observers. `metadata_version` grows with every
    customization. `published_only` leaves out what was never published."""

    db: sqlite3.Connection
    schema: Schema
    user_id: str
    access: Access
    url: str
    preferences: dict[str, str]
    now: Callable[[], datetime]
    real_user_id: str | None = None
    bypassed: frozenset[str] = frozenset()
    tag: str | None = None
    metadata_version: int = 0
    published_only: bool = True

    def visible(self, table: Table, alias: str) -> Sql:
        """The condition for the rows of `table` under the SQL `alias` that a query may show."""
        sql, parameters = self.access.visible(table, alias)
        if self.published_only and table.logical_name in HIDDEN:
            return f"(({sql}) and {alias}.componentstate = 0)", parameters
        return sql, parameters
