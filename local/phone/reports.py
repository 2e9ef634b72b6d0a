"""What can become of a text of ours, provider by provider: the delivery reports that the site can send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from messaging.status import Status


@dataclass(frozen=True, slots=True)
class Outcome:
    """A report to choose; `code` is the provider's own error code, where it has one for this."""

    key: str
    label: str
    status: Status
    code: str | None = None


_DELIVERED = Outcome("delivered", "Delivered", Status.DELIVERED)
_SENT = Outcome("sent", "Sent", Status.SENT)

# Codes: the tables of the providers' documentation, as providers/*/statuses.py has them with their meaning.
OUTCOMES: Mapping[str, tuple[Outcome, ...]] = {
    "twilio": (
        _SENT,
        _DELIVERED,
        Outcome("off", "Undelivered: phone off", Status.UNDELIVERED, "30003"),
        Outcome("gone", "Undelivered: no such number", Status.UNDELIVERED, "30005"),
        Outcome("spam", "Undelivered: filtered as spam", Status.UNDELIVERED, "30007"),
        Outcome("stop", "Failed: customer opted out", Status.FAILED, "21610"),
    ),
    "acs": (
        _DELIVERED,
        Outcome("off", "Undelivered: phone off", Status.UNDELIVERED, "4006"),
        Outcome("gone", "Undelivered: no such number", Status.UNDELIVERED, "4004"),
        Outcome("stop", "Undelivered: customer opted out", Status.UNDELIVERED, "4007"),
        Outcome("failed", "Failed: no reason given", Status.FAILED, "9999"),
    ),
    "telesign": (
        _SENT,
        _DELIVERED,
        Outcome("off", "Undelivered: phone off", Status.UNDELIVERED, "210"),
        Outcome("late", "Undelivered: expired on the way", Status.UNDELIVERED, "221"),
        Outcome("blocked", "Failed: blocked by TeleSign", Status.FAILED, "230"),
    ),
}
