"""TeleSign's callbacks: https://developer.telesign.com/enterprise/docs/transaction-callback-service and, beside it,
`authenticate-callbacks`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from local.carriers.values import CustomerText, Outcome
from messaging.accounts import ProviderAccount
from messaging.status import Status
from messaging.web import HttpRequest

WORDS: Mapping[Status, str] = {
    Status.QUEUED: "290",
    Status.SENT: "203",
    Status.DELIVERED: "200",
    Status.UNDELIVERED: "207",
    Status.FAILED: "230",
}
_DESCRIPTIONS = {
    "200": "Delivered to handset",
    "203": "Delivered to gateway",
    "207": "Error delivering SMS to handset (reason unknown)",
    "210": "Temporary phone error",
    "211": "Permanent phone error",
    "221": "Message expired before delivery",
    "230": "Message blocked by TeleSign",
    "290": "Message in progress",
    "1500": "Delivered to customer",
}


def new_message_id(made: UUID, _at: datetime) -> str:
    """See Carrier.new_message_id."""
    return made.hex.upper()


def inbound(account: ProviderAccount, url: str, text: CustomerText) -> HttpRequest:
    """A customer's text, both numbers without a plus sign."""
    return _callback(
        account,
        url,
        {
            "status": _status("1500", text.at),
            "submit_timestamp": _timestamp(text.at),
            "errors": [],
            "user_response": {
                "phone_number": text.sender.removeprefix("+"),
                "sender_id": text.recipient.removeprefix("+"),
                "mo_message": text.text,
            },
            "sub_resource": "mo_sms",
            "reference_id": text.message_id,
        },
    )


def report(account: ProviderAccount, url: str, outcome: Outcome) -> HttpRequest:
    """What became of a text of ours; a report names neither end."""
    if outcome.status not in WORDS:
        raise ValueError(f"TeleSign does not report {outcome.status}")
    payload: dict[str, object] = {
        "reference_id": outcome.message_id,
        "sub_resource": "sms",
        "status": _status(outcome.failure_code or WORDS[outcome.status], outcome.at),
        "submit_timestamp": _timestamp(outcome.at),
        "errors": [],
    }
    if outcome.reference is not None:
        payload["external_id"] = outcome.reference
    return _callback(account, url, payload)


def _callback(account: ProviderAccount, url: str, payload: dict[str, object]) -> HttpRequest:
    body = json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()
    key = base64.b64decode(account.callback_secrets[0].secret)
    signature = base64.b64encode(hmac.digest(key, body, hashlib.sha256)).decode()
    headers = {
        "Content-Type": "application/json",
        "Authorization": f"TSA {account.account}:{signature}",
        "X-TS-Authorization": signature,
    }
    return HttpRequest(method="POST", url=url, headers=headers, body=body)


def _status(code: str, at: datetime) -> dict[str, object]:
    return {"updated_on": _timestamp(at), "code": int(code), "description": _DESCRIPTIONS.get(code, "Not delivered")}


def _timestamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
