"""What a SQLite connection must know before the emulator uses it."""

from __future__ import annotations

import sqlite3

from emulator.odata.collation import COLLATION, as_compared, compare, fold
from emulator.odata.fiscal import period_number
from emulator.odata.wildcards import like


def register(db: sqlite3.Connection) -> None:
    """Teach a connection the collation `DATAVERSE` and the functions `dataverse_folded(value)`,
    `dataverse_like(pattern, value)` and `dataverse_fiscal_period(date, month, day, months)`.

    Every connection needs it before it queries or writes: the indexes of text columns hold what is folded.
    """
    db.create_collation(COLLATION, compare)
    db.create_function(as_compared("")[:-2], 1, fold, deterministic=True)
    db.create_function("dataverse_like", 2, like, deterministic=True)
    db.create_function("dataverse_fiscal_period", 4, period_number, deterministic=True)
