"""The messages that delivery reports are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from dataverse.store.choices import STATUS_OF, STATUSES
from dataverse.store.queries import get
from dataverse.store.rows import Row, moment_or_none, rows
from dataverse.store.writes import stamp
from dataverse.webapi.client import Client
from dataverse.webapi.literals import quote_literal
from dataverse.webapi.request import Request
from messaging.status import Failure, FailureReason, Progress, Status
from messaging.tracking import SentMessage

_COLUMNS = "txv_textmessageid,txv_status,txv_statusdetail,txv_failurereason,txv_failedon,txv_provideraccount"
_MOST_DETAIL = 1000


@dataclass(frozen=True, slots=True)
class Reports:
    """Finds sent messages and notes where they stand."""

    client: Client

    def find(self, account: str, provider_message_id: str, reference: str | None) -> SentMessage | None:
        """The message by our own id, where the provider gave it back, else by the provider's (one round trip)."""
        same_account = f"txv_provideraccount eq {quote_literal(account)}"
        where = f"(txv_providermessageid eq {quote_literal(provider_message_id)} and {same_account})"
        if ours := _uuid(reference):
            # Our id comes back from outside: it must be a message of the same account, or of none yet.
            where += f" or (txv_textmessageid eq {ours} and ({same_account} or txv_provideraccount eq null))"
        query = f"txv_textmessages?$select={_COLUMNS}&$filter={where}"
        found = rows(self.client.send(get(query)).json())
        return next((_sent(row) for row in found), None)

    def record(self, message: SentMessage, progress: Progress) -> None:
        """Note where the message stands now, at the version that was read (one round trip)."""
        failure = progress.failure
        body: Mapping[str, object] = {
            "txv_status": STATUSES[progress.status],
            "txv_statusdetail": (failure.detail if failure else progress.detail)[:_MOST_DETAIL],
            "txv_failurereason": failure and failure.reason.value,
            "txv_failedon": failure and stamp(failure.at),
        }
        self.client.send(
            Request(
                method="PATCH",
                path=f"txv_textmessages({message.id})",
                headers={"If-Match": message.etag},
                body=body,
                repeatable=True,
            )
        )


def _sent(row: Row) -> SentMessage:
    detail = str(row.get("txv_statusdetail") or "")
    failed_on = moment_or_none(row.get("txv_failedon"))
    reason = row.get("txv_failurereason")
    failure = Failure(_reason(str(reason)), detail, failed_on) if reason and failed_on else None
    # Others write rows too: one without a status of ours is at the very beginning.
    status = STATUS_OF.get(row["txv_status"], Status.SCHEDULED)
    return SentMessage(
        id=UUID(str(row["txv_textmessageid"])),
        etag=str(row["@odata.etag"]),
        progress=Progress(status, "" if failure else detail, failure),
    )


def _reason(word: str) -> FailureReason:
    try:
        return FailureReason(word)
    except ValueError:
        return FailureReason.UNKNOWN


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
