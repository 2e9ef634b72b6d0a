"""Twilio's words for what became of a text, and what its error codes mean.

Statuses: the enumeration of the Message resource (https://www.twilio.com/docs/messaging/api/message-resource).
Codes: https://www.twilio.com/docs/api/errors. The callback carries the code alone, so the sentences are here.
"""

from __future__ import annotations

from collections.abc import Mapping

from messaging.status import FailureReason as Why
from messaging.status import Status

STATUSES: Mapping[str, tuple[Status, Why | None]] = {
    "scheduled": (Status.SCHEDULED, None),
    "accepted": (Status.QUEUED, None),  # by a Messaging Service, which has not chosen a sender yet
    "queued": (Status.QUEUED, None),
    "sending": (Status.SENDING, None),
    "sent": (Status.SENT, None),
    "delivered": (Status.DELIVERED, None),
    "read": (Status.DELIVERED, None),  # RCS and WhatsApp only; to us it has arrived
    "partially_delivered": (Status.SENT, None),  # some segments are missing: not proof that it arrived
    "undelivered": (Status.UNDELIVERED, Why.UNKNOWN),  # the reason is in the code
    "failed": (Status.FAILED, Why.UNKNOWN),
    "canceled": (Status.FAILED, Why.UNKNOWN),  # a scheduled text that was withdrawn: it never left
}

INCOMING = frozenset({"receiving", "received"})  # words of the same enumeration for texts to us

REASONS: Mapping[str, tuple[Why, str]] = {
    "14400": (Why.TOO_MANY, "Too many texts of this sender are waiting."),
    "21211": (Why.INVALID_SENDING_PARAMETERS, "The number is not a valid phone number."),
    "21212": (Why.INVALID_SENDING_PARAMETERS, "The sender is not a valid phone number or sender name."),
    "21408": (Why.BLOCKED, "Texting to this country is not switched on in the Twilio account."),
    "21602": (Why.INVALID_SENDING_PARAMETERS, "The text is empty."),
    "21606": (Why.SENDER_NOT_ALLOWED, "The sender cannot text this number, or is not ours."),
    "21608": (Why.ACCOUNT_PROBLEM, "A trial account can only text numbers that were verified."),
    "21610": (Why.OPTED_OUT, "The customer opted out of texts from this sender."),
    "21611": (Why.TOO_MANY, "Too many texts of this sender are waiting."),
    "21612": (Why.UNREACHABLE, "There is no route from this sender to this number."),
    "21614": (Why.NOT_A_MOBILE, "The number is not a mobile number."),
    "21617": (Why.INVALID_SENDING_PARAMETERS, "The text is longer than 1600 characters."),
    "21620": (Why.INVALID_SENDING_PARAMETERS, "The address of the attachment is not valid."),
    "21703": (Why.SENDER_NOT_ALLOWED, "The Messaging Service has no sender for this number."),
    "30001": (Why.TOO_MANY, "The queue of texts overflowed."),
    "30002": (Why.ACCOUNT_PROBLEM, "The Twilio account is suspended."),
    "30003": (Why.UNREACHABLE, "The phone is switched off or out of coverage."),
    "30004": (Why.BLOCKED, "The number is blocked from receiving this text."),  # by carrier or subscriber: not consent
    "30005": (Why.UNREACHABLE, "The number is unknown or no longer in service."),
    "30006": (Why.NOT_A_MOBILE, "The number is a landline, or its carrier cannot be reached."),
    "30007": (Why.SPAM_FILTERED, "The text was filtered as spam by a carrier or by Twilio."),
    "30008": (Why.UNKNOWN, "The carrier gave no reason."),
    "30010": (Why.INVALID_SENDING_PARAMETERS, "The price exceeds the maximum that was set for the text."),
    "30011": (Why.INVALID_SENDING_PARAMETERS, "The number cannot receive attachments."),
    "30017": (Why.PROVIDER_ERROR, "The network of the carrier is congested."),
    "30018": (Why.SENDER_NOT_ALLOWED, "The carrier wants the sender to be registered first."),
    "30019": (Why.INVALID_SENDING_PARAMETERS, "The attachment is larger than the carrier allows."),
    "30022": (Why.TOO_MANY, "The rate for US A2P 10DLC texts is exceeded."),
    "30023": (Why.TOO_MANY, "The daily number of US A2P 10DLC texts is reached."),
    "30024": (Why.SENDER_NOT_ALLOWED, "The carrier does not know the sender."),
    "30027": (Why.TOO_MANY, "The daily number of texts to T-Mobile is reached."),
    "30032": (Why.SENDER_NOT_ALLOWED, "The toll-free sender is not verified."),
    "30034": (Why.SENDER_NOT_ALLOWED, "The sender is not registered for US A2P 10DLC."),
    "30410": (Why.PROVIDER_ERROR, "Twilio's carrier did not answer in time."),
    "63018": (Why.TOO_MANY, "The rate of the channel is exceeded."),
}
