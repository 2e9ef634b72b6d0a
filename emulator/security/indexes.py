"""Indexes behind the questions that are asked for every row and request."""

from __future__ import annotations

import sqlite3

# Whoever looks for what a user has on a row must not go through all rows of that user: so both are in one index.
_INDEXED = {
    "principalobjectaccess": (("objectid", "principalid"), ("principalid", "objectid")),
    "systemuserroles": (("systemuserid",), ("roleid",)),
    "teamroles": (("teamid",), ("roleid",)),
    "roleprivileges": (("roleid",), ("privilegeid",)),
    "teammembership": (("systemuserid",), ("teamid",)),
}


def create_security_indexes(db: sqlite3.Connection) -> None:
    """Make the indexes of the tables that security is kept in, unless they are there."""
    for table, indexes in _INDEXED.items():
        for columns in indexes:
            name, listed = ".".join([table, *columns, "security"]), ", ".join(columns)
            db.execute(f'create index if not exists "{name}" on "{table}" ({listed})')
