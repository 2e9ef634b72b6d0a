"""Service endpoints keep their secret to themselves: it can be set, and asked whether it is."""

from __future__ import annotations

from emulator.context import Context
from emulator.seams import Change


def tell_whether_secret_is_set(context: Context, change: Change) -> None:
    """An observer: `isauthvalueset` follows `authvalue`, which cannot be read (Learn: serviceendpoint)."""
    if change.table.logical_name == "serviceendpoint" and "authvalue" in change.values:
        statement = "UPDATE serviceendpoint SET isauthvalueset = authvalue IS NOT NULL WHERE serviceendpointid = ?"
        context.db.execute(statement, (change.row_id,))
