"""Who takes part in an activity: rows of activityparty, written only together with their activity."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from emulator.metadata.model import Table
from emulator.records.payload import Submission
from emulator.records.rows import insert
from emulator.records.values import payload_error
from emulator.seams import Work


def replace(work: Work, table: Table, activity: str, submissions: Sequence[Submission]) -> None:
    """Puts these parties in the place of the activity's parties."""
    party = work.context.schema.tables["activityparty"]
    work.context.db.execute("DELETE FROM activityparty WHERE activityid = ?", (activity,))
    for submission in submissions:
        _check(table, submission)
        insert(work.context.db, party, {**submission.values, "activitypartyid": str(uuid4()), "activityid": activity})


def _check(table: Table, submission: Submission) -> None:
    given = submission.values
    if given.get("participationtypemask") is None:
        raise payload_error(table, "An activity party needs its participationtypemask.")
    if not (given.get("partyid") or given.get("addressused") or given.get("unresolvedpartyname")):
        raise payload_error(table, "An activity party needs a partyid, or an addressused.")
