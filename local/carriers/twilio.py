"""Twilio's callbacks: https://www.twilio.com/docs/messaging/guides/webhook-request, …/usage/security."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID

from local.carriers.values import CustomerText, Outcome
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


def new_message_id(made: UUID, _at: datetime) -> str:
    """See Carrier.new_message_id."""
    return f"SM{made.hex}"


def inbound(account: ProviderAccount, url: str, text: CustomerText) -> HttpRequest:
    """A customer's text. Twilio tells no time, so `at` shows nowhere; what it does not know of a place is blank."""
    return _callback(
        account,
        url,
        {
            **dict.fromkeys(_GEOGRAPHY, ""),
            "MessageSid": text.message_id,
            "SmsMessageSid": text.message_id,
            "SmsSid": text.message_id,
            "SmsStatus": "received",
            "AccountSid": account.account,
            "From": text.sender,
            "To": text.recipient,
            "Body": text.text,
            "NumMedia": str(len(text.media)),
            "NumSegments": "1",
            "ApiVersion": "2010-04-01",
            **{f"MediaUrl{number}": media for number, media in enumerate(text.media)},
            **{f"MediaContentType{number}": kind for number, kind in enumerate(text.media.values())},
        },
    )


def report(account: ProviderAccount, url: str, outcome: Outcome) -> HttpRequest:
    """What became of a text of ours. Our own id is in the `m` of the URL, if anywhere: `reference` is not used."""
    if outcome.status not in WORDS:
        raise ValueError(f"Twilio does not report {outcome.status}")
    form = {
        "MessageSid": outcome.message_id,
        "SmsSid": outcome.message_id,
        "MessageStatus": WORDS[outcome.status],
        "SmsStatus": WORDS[outcome.status],
        "AccountSid": account.account,
        "From": outcome.sender,
        "To": outcome.recipient,
        "ApiVersion": "2010-04-01",
    }
    if outcome.status in (Status.DELIVERED, Status.UNDELIVERED):
        form["RawDlrDoneDate"] = outcome.at.astimezone(UTC).strftime("%y%m%d%H%M")
    if outcome.failure_code is not None:
        form["ErrorCode"] = outcome.failure_code
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
