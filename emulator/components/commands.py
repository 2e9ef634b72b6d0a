"""Modern commands as Dataverse takes them: a unique name with a publisher's prefix."""

from __future__ import annotations

from emulator.context import Context
from emulator.errors import DataverseError
from emulator.seams import Change


def check_command(context: Context, change: Change) -> None:
    """An observer: refuses a unique name without a prefix with 0x800608ad."""
    if change.table.logical_name != "appaction" or change.message != "Create":
        return
    prefix, _, rest = str(change.values.get("uniquename") or "").partition("_")
    statement = "SELECT 1 FROM publisher WHERE lower(customizationprefix) = ?"
    if not rest or context.db.execute(statement, (prefix.lower(),)).fetchone() is None:
        message = "Export key attribute uniquename for component appaction must start with a valid customization prefix"
        raise DataverseError(400, "0x800608ad", message)
