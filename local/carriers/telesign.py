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


def inbound(
    account: ProviderAccount, *, url: str, message_id: str, sender: str, recipient: str, text: str, at: datetime
) -> HttpRequest:
    """A customer's text, both numbers without a plus sign."""
    return _callback(
        account,
        url,
        {
            "status": _status("1500", at),
            "submit_timestamp": _timestamp(at),
            "errors": [],
            "user_response": {
                "phone_number": sender.removeprefix("+"),
                "sender_id": recipient.removeprefix("+"),
                "mo_message": text,
            },
            "sub_resource": "mo_sms",
            "reference_id": message_id,
        },
    )


def report(
    account: ProviderAccount,
    *,
    url: str,
    message_id: str,
    status: Status,
    sender: str,
    recipient: str,
    at: datetime,
    failure_code: str | None = None,
    reference: str | None = None,
) -> HttpRequest:
    """What became of a text of ours; a report names neither end."""
    if status not in WORDS:
        raise ValueError(f"TeleSign does not report {status}")
    payload: dict[str, object] = {
        "reference_id": message_id,
        "sub_resource": "sms",
        "status": _status(failure_code or WORDS[status], at),
        "submit_timestamp": _timestamp(at),
        "errors": [],
    }
    if reference is not None:
        payload["external_id"] = reference
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
