"""Indexes behind the questions that are asked for every row and request."""

from __future__ import annotations

import sqlite3

_INDEXED = {
    "principalobjectaccess": ("objectid", "principalid"),
    "systemuserroles": ("systemuserid", "roleid"),
    "teamroles": ("teamid", "roleid"),
    "roleprivileges": ("roleid", "privilegeid"),
    "teammembership": ("systemuserid", "teamid"),
}


def create_security_indexes(db: sqlite3.Connection) -> None:
    """Make the indexes of the tables that security is kept in, unless they are there."""
    for table, columns in _INDEXED.items():
        for column in columns:
            db.execute(f'create index if not exists "{table}.{column}.security" on "{table}" ("{column}")')
