"""Communication Services' events as Event Grid delivers them: in its own schema, the secret as a delivery property.

https://learn.microsoft.com/azure/event-grid/communication-services-telephony-sms-events
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID

from local.carriers.values import CustomerText, Outcome
from messaging.accounts import ProviderAccount
from messaging.status import Status
from messaging.web import HttpRequest

WORDS: Mapping[Status, str] = {Status.DELIVERED: "Delivered", Status.UNDELIVERED: "Failed", Status.FAILED: "Failed"}
_CODES = {Status.DELIVERED: "2000", Status.UNDELIVERED: "4006", Status.FAILED: "9999"}  # where none is asked for
_DETAILS = {
    "2000": "Message Delivered Successfully.",
    "4004": "Message failed to deliver since Destination/To number doesn't exist.",
    "4005": "Message is blocked by Destination carrier.",
    "4006": "The Destination/To number isn't reachable.",
    "4007": "The Destination/To number has opted out of receiving messages from you.",
    "5002": "Carrier does not support delivery report",
    "9999": "Message failed to deliver due to unknown error/failure.",
}


def new_message_id(made: UUID, at: datetime) -> str:
    """See Carrier.new_message_id."""
    return f"Incoming_{at:%Y%m%d%H%M%S}{made}"


def inbound(account: ProviderAccount, url: str, text: CustomerText) -> HttpRequest:
    """A customer's text, both numbers without a plus sign."""
    data = {
        "messageId": text.message_id,
        "from": text.sender.removeprefix("+"),
        "to": text.recipient.removeprefix("+"),
        "message": text.text,
        "receivedTimestamp": _timestamp(text.at),
        "segmentCount": 1,
    }
    return _delivery(account, url, "SMSReceived", text.recipient, data, text.at)


def report(account: ProviderAccount, url: str, outcome: Outcome) -> HttpRequest:
    """What became of a text of ours; only the customer's number has its plus sign. There are no reports on the way."""
    if outcome.status not in WORDS:
        raise ValueError(f"Communication Services does not report {outcome.status}")
    arrived = outcome.status is Status.DELIVERED
    code = outcome.failure_code or _CODES[outcome.status]
    data: dict[str, object] = {
        "messageId": outcome.message_id,
        "from": outcome.sender.removeprefix("+"),
        "to": outcome.recipient,
        "deliveryStatus": WORDS[outcome.status],
        "deliveryStatusDetails": f"{code}: {_DETAILS.get(code, 'Message failed to deliver.')}",
        "receivedTimestamp": _timestamp(outcome.at),
        "deliveryAttempts": [
            {"timestamp": _timestamp(outcome.at), "segmentsSucceeded": int(arrived), "segmentsFailed": int(not arrived)}
        ],
    }
    if outcome.reference is not None:
        data["Tag"] = f"out:{outcome.reference}"
    return _delivery(account, url, "SMSDeliveryReportReceived", outcome.sender, data, outcome.at)


def _delivery(
    account: ProviderAccount, url: str, kind: str, our_number: str, data: dict[str, object], at: datetime
) -> HttpRequest:
    resource = (urlsplit(account.account).hostname or account.id).split(".")[0]
    event = {
        "id": data["messageId"],
        "topic": "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/demo/providers"
        f"/microsoft.communication/communicationservices/{resource}",
        "subject": f"/phonenumber/{our_number.removeprefix('+')}",
        "eventType": f"Microsoft.Communication.{kind}",
        "data": data,
        "dataVersion": "1.0",
        "metadataVersion": "1",
        "eventTime": _timestamp(at),
    }
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "aeg-event-type": "Notification",
        "aeg-subscription-name": "TEXTVERSE",
        "aeg-delivery-count": "0",
        "X-Callback-Secret": account.callback_secrets[0].secret,
    }
    return HttpRequest(method="POST", url=url, headers=headers, body=json.dumps([event], ensure_ascii=False).encode())


def _timestamp(at: datetime) -> str:
    """With the seven fractional digits of .NET."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
