"""The life of a message as a lattice: reports may come late, twice and in any order, and the result is the same.

`merge` is commutative, associative and idempotent. A report never moves a message backwards, and the first reason for
a failure is kept, whatever comes later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """The statuses of a message, as the choice column `txv_status` has them."""

    SCHEDULED = "Scheduled"
    QUEUED = "Queued"
    SENDING = "Sending"
    UNCONFIRMED = "Unconfirmed"  # the provider's answer was lost and has not been settled yet
    SENT = "Sent"
    FAILED = "Failed"  # the provider or we refused it; it never left
    UNDELIVERED = "Undelivered"  # it reached the network, not the phone
    DELIVERED = "Delivered"  # proof from the phone: stronger than any failure report, before or after
    RECEIVED = "Received"  # incoming: no report concerns it


_RANK = {status: rank for rank, status in enumerate(Status)}
FAILURES = frozenset({Status.FAILED, Status.UNDELIVERED})


class FailureReason(StrEnum):
    """Why a message did not arrive, as a machine word (column `txv_failurereason`)."""

    INVALID_SENDING_PARAMETERS = "InvalidSendingParameters"  # a number or the content that cannot be sent
    OPTED_OUT = "OptedOut"
    UNREACHABLE = "Unreachable"  # handset off, out of coverage, number not in service
    NOT_A_MOBILE = "NotAMobile"  # landline, or a number that takes no texts
    BLOCKED = "Blocked"  # by the carrier, the provider or the country's rules
    SPAM_FILTERED = "SpamFiltered"
    SENDER_NOT_ALLOWED = "SenderNotAllowed"  # unregistered, unverified or not ours
    TOO_MANY = "TooMany"  # a rate or quota
    EXPIRED = "Expired"
    ACCOUNT_PROBLEM = "AccountProblem"  # suspended, wrong credentials, no credit
    PROVIDER_ERROR = "ProviderError"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure as it was reported: our word, the provider's own code and text, and when (UTC)."""

    reason: FailureReason
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a message stands: its furthest status and the first failure reported for it, whose words then count
    instead of `detail`."""

    status: Status
    detail: str = ""
    failure: Failure | None = None


def merge(one: Progress, other: Progress) -> Progress:
    """Both reports taken together: the further status, and the earlier failure that says most."""
    furthest = max(one, other, key=lambda progress: (_RANK[progress.status], progress.detail))
    failures = [progress.failure for progress in (one, other) if progress.failure is not None]
    if failures:
        return Progress(furthest.status, "", min(failures, key=_failure_order))
    return Progress(furthest.status, furthest.detail)


def _failure_order(failure: Failure) -> tuple[bool, datetime, str, str]:
    # A report without a reason must not hide one that has it (chatwoot #14149).
    return failure.reason is FailureReason.UNKNOWN, failure.at, failure.reason, failure.detail
