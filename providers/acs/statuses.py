"""What Communication Services says of a text, and what the codes in its delivery details mean.

https://learn.microsoft.com/azure/event-grid/communication-services-telephony-sms-events: Delivered and Failed are all
the words there are. Codes: the "SMS error codes" of Communication Services, at the head of `deliveryStatusDetails`.
"""

from __future__ import annotations

from collections.abc import Mapping

from messaging.status import FailureReason as Why
from messaging.status import Status

STATUSES: Mapping[str, tuple[Status, Why | None]] = {
    "delivered": (Status.DELIVERED, None),
    "failed": (Status.UNDELIVERED, Why.UNKNOWN),  # unless the code says more
}

CODES: Mapping[str, tuple[Status, Why | None]] = {  # of reports that do not say Delivered
    "4000": (Status.FAILED, Why.BLOCKED),  # fraud detection
    "4001": (Status.FAILED, Why.INVALID_SENDING_PARAMETERS),  # the sender
    "4002": (Status.FAILED, Why.INVALID_SENDING_PARAMETERS),  # the recipient
    "4003": (Status.UNDELIVERED, Why.BLOCKED),  # a destination that is not supported
    "4004": (Status.UNDELIVERED, Why.UNREACHABLE),  # the number does not exist
    "4005": (Status.UNDELIVERED, Why.BLOCKED),
    "4006": (Status.UNDELIVERED, Why.UNREACHABLE),
    "4007": (Status.UNDELIVERED, Why.OPTED_OUT),
    "4008": (Status.FAILED, Why.TOO_MANY),
    "4009": (Status.FAILED, Why.ACCOUNT_PROBLEM),  # Microsoft's entitlement system, mostly after fraud
    "4010": (Status.UNDELIVERED, Why.SENDER_NOT_ALLOWED),  # toll-free and not verified
    "5000": (Status.FAILED, Why.PROVIDER_ERROR),
    "5001": (Status.UNDELIVERED, Why.PROVIDER_ERROR),
    "5002": (Status.SENT, None),  # the carrier gives no reports: it may well have arrived
    "9999": (Status.FAILED, Why.UNKNOWN),
}

# The wording for opt-outs in the SMS FAQ, which has no code.
OPTED_OUT_TEXT = "sender blocked for given recipient"
OPTED_OUT = (Status.UNDELIVERED, Why.OPTED_OUT)
