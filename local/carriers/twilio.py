"""Twilio's callbacks: https://www.twilio.com/docs/messaging/guides/webhook-request, …/usage/security."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

from messaging.accounts import ProviderAccount
from messaging.status import Status
from messaging.web import HttpRequest

WORDS: Mapping[Status, str] = {
    Status.QUEUED: "queued",
    Status.SENDING: "sending",
    Status.SENT: "sent",
    Status.DELIVERED: "delivered",
    Status.UNDELIVERED: "undelivered",
    Status.FAILED: "failed",
}
_GEOGRAPHY = ("FromCity", "FromState", "FromZip", "FromCountry", "ToCity", "ToState", "ToZip", "ToCountry")


def inbound(
    account: ProviderAccount, *, url: str, message_id: str, sender: str, recipient: str, text: str, at: datetime
) -> HttpRequest:
    """A customer's text. Twilio tells no time, so `at` shows nowhere; what it does not know of a place is blank."""
    return _callback(
        account,
        url,
        {
            **dict.fromkeys(_GEOGRAPHY, ""),
            "MessageSid": message_id,
            "SmsMessageSid": message_id,
            "SmsSid": message_id,
            "SmsStatus": "received",
            "AccountSid": account.account,
            "From": sender,
            "To": recipient,
            "Body": text,
            "NumMedia": "0",
            "NumSegments": "1",
            "ApiVersion": "2010-04-01",
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
    """What became of a text of ours. Our own id is in the `m` of the URL, if anywhere: `reference` is not used."""
    if status not in WORDS:
        raise ValueError(f"Twilio does not report {status}")
    form = {
        "MessageSid": message_id,
        "SmsSid": message_id,
        "MessageStatus": WORDS[status],
        "SmsStatus": WORDS[status],
        "AccountSid": account.account,
        "From": sender,
        "To": recipient,
        "ApiVersion": "2010-04-01",
    }
    if status in (Status.DELIVERED, Status.UNDELIVERED):
        form["RawDlrDoneDate"] = at.astimezone(UTC).strftime("%y%m%d%H%M")
    if failure_code is not None:
        form["ErrorCode"] = failure_code
    return _callback(account, url, form)


def _callback(account: ProviderAccount, url: str, form: dict[str, str]) -> HttpRequest:
    secret = account.callback_secrets[0]
    signed = url.split("#", 1)[0]
    for name in sorted(form):
        signed += name + form[name]
    shared = secret.key is not None
    digest = hmac.digest(secret.secret.encode(), signed.encode(), hashlib.sha256 if shared else hashlib.sha1)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "User-Agent": "TwilioProxy/1.1",
        "X-Twilio-Signature": base64.b64encode(digest).decode(),
    }
    if shared:
        headers["X-Twilio-Webhooks-Signature-Settings"] = f"key={secret.key},algorithm=HMAC_SHA256"
    return HttpRequest(method="POST", url=url, headers=headers, body=urlencode(form).encode())
