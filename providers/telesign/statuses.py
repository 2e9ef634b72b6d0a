"""TeleSign's status codes of texts.

https://developer.telesign.com/enterprise/docs/all-status-and-error-codes: 2xx and 5xx are of SMS, 3xxx of Messaging,
which says the same things again. The descriptions come with the callback.
"""

from __future__ import annotations

from collections.abc import Mapping

from messaging.status import FailureReason as Why
from messaging.status import Status

Outcome = tuple[Status, Why | None]

QUEUED: Outcome = (Status.QUEUED, None)
SENDING: Outcome = (Status.SENDING, None)
SENT: Outcome = (Status.SENT, None)
DELIVERED: Outcome = (Status.DELIVERED, None)


def _failed(why: Why) -> Outcome:
    return Status.FAILED, why


def _undelivered(why: Why) -> Outcome:
    return Status.UNDELIVERED, why


STATUSES: Mapping[str, Outcome] = {
    # SMS
    "200": DELIVERED,
    "201": SENT,  # completed, but the number looks suspicious: no word of the phone
    "203": SENT,  # to the gateway; more may follow
    "207": _undelivered(Why.UNKNOWN),
    "210": _undelivered(Why.UNREACHABLE),  # for now: off, or its memory full
    "211": _undelivered(Why.NOT_A_MOBILE),  # for good: cannot take texts
    "220": _undelivered(Why.UNREACHABLE),  # no route
    "221": _undelivered(Why.EXPIRED),
    "222": _undelivered(Why.NOT_A_MOBILE),  # texts are not supported by phone, plan or carrier
    "229": _failed(Why.BLOCKED),  # by our own request
    "230": _failed(Why.BLOCKED),  # by TeleSign's global list
    "231": _failed(Why.INVALID_SENDING_PARAMETERS),  # the content
    "233": _failed(Why.BLOCKED),  # the number's risk score
    "234": _failed(Why.BLOCKED),
    "235": _failed(Why.BLOCKED),
    "236": _failed(Why.BLOCKED),
    "237": _failed(Why.BLOCKED),  # the country, at our own request
    "238": _failed(Why.BLOCKED),  # the prefix, at our own request
    "250": SENT,  # the final status cannot be determined: neither arrival nor failure is known
    "251": SENT,  # passed on, no receipt within 12 hours
    "290": QUEUED,
    "292": SENDING,  # queued by the gateway
    "295": QUEUED,  # status delayed
    "500": _failed(Why.PROVIDER_ERROR),  # not attempted
    "501": _failed(Why.ACCOUNT_PROBLEM),
    "502": _failed(Why.SENDER_NOT_ALLOWED),  # the campaign of the short code
    "503": _undelivered(Why.PROVIDER_ERROR),  # carrier, for now
    "504": _undelivered(Why.BLOCKED),  # carrier, for good
    "505": _undelivered(Why.PROVIDER_ERROR),
    "506": _undelivered(Why.PROVIDER_ERROR),
    "507": _failed(Why.INVALID_SENDING_PARAMETERS),  # the number
    "508": _failed(Why.INVALID_SENDING_PARAMETERS),  # the sender
    "509": _failed(Why.INVALID_SENDING_PARAMETERS),
    # Blocked by the subscriber: by plan, by request or for this sender. That is no word about consent to us.
    "510": _undelivered(Why.BLOCKED),
    "511": _undelivered(Why.UNREACHABLE),  # the customer has no credit
    "512": _undelivered(Why.UNREACHABLE),  # roaming
    "513": _undelivered(Why.UNREACHABLE),  # a ported number
    "514": _undelivered(Why.UNREACHABLE),
    "515": _undelivered(Why.SPAM_FILTERED),
    "517": _failed(Why.SENDER_NOT_ALLOWED),  # India's DLT registration
    "520": _undelivered(Why.SPAM_FILTERED),  # content that the carrier does not permit
    "521": _failed(Why.SENDER_NOT_ALLOWED),
    "599": QUEUED,  # no status to be had at the moment
    # Messaging
    "3000": DELIVERED,
    "3001": QUEUED,
    "3002": SENT,
    "3003": _undelivered(Why.UNKNOWN),
    "3004": SENT,  # no receipts in this region
    "3005": DELIVERED,  # read
    "3006": _failed(Why.ACCOUNT_PROBLEM),  # no channel is switched on
    "3030": _undelivered(Why.UNREACHABLE),
    "3031": _undelivered(Why.NOT_A_MOBILE),
    "3032": _undelivered(Why.UNREACHABLE),
    "3033": _undelivered(Why.EXPIRED),
    "3034": _undelivered(Why.NOT_A_MOBILE),
    "3035": _failed(Why.INVALID_SENDING_PARAMETERS),
    "3036": _failed(Why.INVALID_SENDING_PARAMETERS),  # dearer than the maximum price
    "3037": _failed(Why.BLOCKED),
    "3038": _failed(Why.BLOCKED),
    "3039": SENT,  # the final status cannot be determined
    "3040": SENDING,
    "3041": _undelivered(Why.PROVIDER_ERROR),
    "3042": _undelivered(Why.BLOCKED),
    "3043": _undelivered(Why.PROVIDER_ERROR),
    "3044": _undelivered(Why.PROVIDER_ERROR),
    "3045": _failed(Why.INVALID_SENDING_PARAMETERS),
    "3046": _undelivered(Why.BLOCKED),  # as 510
    "3047": _undelivered(Why.UNREACHABLE),
    "3048": _undelivered(Why.UNREACHABLE),
    "3049": _undelivered(Why.UNREACHABLE),
    "3050": _undelivered(Why.UNREACHABLE),
    "3051": _undelivered(Why.SPAM_FILTERED),
    "3052": _failed(Why.BLOCKED),
    "3053": _failed(Why.BLOCKED),
    "3056": SENDING,  # not confirmed in the time of this channel, the next one is tried
    "3057": _failed(Why.INVALID_SENDING_PARAMETERS),
    "3061": _failed(Why.INVALID_SENDING_PARAMETERS),  # the size of the media
    "3062": _failed(Why.INVALID_SENDING_PARAMETERS),  # MMS is not supported
    "3071": _failed(Why.ACCOUNT_PROBLEM),  # a trial account, a number that was not verified
    "3072": _failed(Why.BLOCKED),
    "3073": _failed(Why.ACCOUNT_PROBLEM),  # the prepaid wallet is empty
    "3101": _failed(Why.INVALID_SENDING_PARAMETERS),  # the number
    "3102": _failed(Why.INVALID_SENDING_PARAMETERS),
    "3108": _failed(Why.INVALID_SENDING_PARAMETERS),  # the content
    "3109": _failed(Why.INVALID_SENDING_PARAMETERS),  # the sender
    "3110": _failed(Why.INVALID_SENDING_PARAMETERS),
    "3115": _failed(Why.UNREACHABLE),  # not in coverage
    "3204": _failed(Why.TOO_MANY),
    "3205": _failed(Why.TOO_MANY),
    "3207": _failed(Why.TOO_MANY),  # the hard cap of the product
    "3400": _failed(Why.ACCOUNT_PROBLEM),
    "3406": _failed(Why.ACCOUNT_PROBLEM),  # suspended
    "3500": _failed(Why.PROVIDER_ERROR),
}
