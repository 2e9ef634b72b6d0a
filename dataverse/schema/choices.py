"""All choices: their values count up from the publisher's option prefix, in the order written here."""

from __future__ import annotations

from dataverse.schema.model import Choice, Option
from dataverse.schema.names import FIRST_OPTION, ChoiceName


def _options(*labels: str) -> tuple[Option, ...]:
    return tuple(Option(FIRST_OPTION + position, label) for position, label in enumerate(labels))


DIRECTION = Choice(
    ChoiceName.DIRECTION,
    "Direction",
    "Whether a text came in or went out.",
    _options("Incoming", "Outgoing"),
)

STATUS = Choice(
    ChoiceName.STATUS,
    "Message status",
    "How far a text has got.",
    _options(
        "Received",
        "Scheduled",
        "Queued",
        "Sending",
        "Sent",
        "Delivered",
        "Undelivered",
        "Failed",
        "Unconfirmed",
    ),
)

NUMBER_TYPES = _options("Geographic", "Short code", "Toll free", "Alphanumeric")

NEW_LEADS = _options("As the organization says", "Always", "Never")

CONSENT_CHOICES = _options("Opted out", "Opted in")
