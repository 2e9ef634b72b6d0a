"""`WinOpportunity` and `LoseOpportunity`: the only way to close one. The activity opportunityclose is not kept."""

from __future__ import annotations

from collections.abc import Mapping

from emulator.errors import DataverseError, bad_query
from emulator.operations import Json, Target, action
from emulator.records.links import existing
from emulator.records.rows import fetch
from emulator.records.states import settle
from emulator.records.values import written
from emulator.records.writing import write
from emulator.seams import Work

WON, LOST = 1, 2


@action("WinOpportunity")
def win(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None:
    """Closes an opportunity as won; `Status` is a status of that state, -1 its default."""
    _close(work, arguments, WON)
    return None


@action("LoseOpportunity")
def lose(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None:
    """Closes an opportunity as lost; `Status` is a status of that state, -1 its default."""
    _close(work, arguments, LOST)
    return None


def _close(work: Work, arguments: Mapping[str, object], state: int) -> None:
    close, status = arguments.get("OpportunityClose"), arguments.get("Status")
    link = close.get("opportunityid@odata.bind") if isinstance(close, Mapping) else None
    if not isinstance(link, str) or isinstance(status, bool) or not isinstance(status, int):
        raise bad_query("Give OpportunityClose with its opportunityid@odata.bind, and Status.")
    address = existing(work.context, link)
    table, row_id = address.table, str(address.row_id)
    work.parts.security.check(work.context, table, row_id, "Write")
    before = fetch(work.context.db, table, row_id)
    if table.logical_name != "opportunity" or before is None:
        raise bad_query(f"'{link}' is no opportunity.")
    if before["statecode"] != 0:
        raise DataverseError(400, "0x80040515", "The opportunity is already closed.")
    given = {"statecode": state, "statuscode": None if status == -1 else status}
    values = {**settle(table, given, 0, row_id), "actualclosedate": written(work.context.now())[:10]}
    write(work, table, row_id, values, before)
