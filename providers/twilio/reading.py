"""Twilio's callbacks as events: what the parameters say decides, since status and inbound URLs get mixed up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from messaging.accounts import ProviderAccount
from messaging.errors import Malformed
from messaging.events import ConsentChoice, DeliveryReported, Event, Media, MessageReceived, Raw
from messaging.status import FAILURES, FailureReason
from messaging.web import HttpRequest, HttpResponse
from providers.base import Reading
from providers.body import limited, plain, read_json
from providers.detail import detail
from providers.origin import Origin
from providers.payload import Payload
from providers.twilio.base64_text import readable
from providers.twilio.form import FORM, Pairs, callback_parameters, content_type, query_parameters
from providers.twilio.statuses import INCOMING, REASONS, STATUSES

MAX_MEDIA = 10
# The answer is taken for the reply to the text: a text/plain body would be sent to the customer.
EMPTY_TWIML = HttpResponse(
    status=200,
    headers={"content-type": "text/xml"},
    body=b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>',
)
NOTED = HttpResponse(status=200)
CONSENT: Mapping[str, ConsentChoice] = {  # Advanced Opt-Out; HELP is no decision
    "STOP": ConsentChoice.OPTED_OUT,
    "START": ConsentChoice.OPTED_IN,
}
_CHANNEL = re.compile("([a-z]+):")
_DONE_DATE = re.compile("[0-9]{10}")


def read(request: HttpRequest, account: ProviderAccount, received_at: datetime) -> Reading:
    """The events of a verified callback and Twilio's answer. Raises Malformed naming the parameter."""
    if request.method.upper() == "POST" and limited(request) and content_type(request) != FORM:
        return _read_other_product(request, account, received_at)
    pairs = tuple((plain(name), plain(value)) for name, value in callback_parameters(request))
    form = Payload(dict(reversed(pairs)))
    origin = Origin.of(account, received_at, _raw(pairs))
    if account.account and form.text("AccountSid") != account.account:
        raise Malformed("AccountSid is not that of the account whose callback URL was called")
    if "MessageSid" not in form and ("CallSid" in form or "EventType" in form):  # voice, Conversations
        return Reading((origin.unknown(form.optional_identifier("EventType") or "call"),), EMPTY_TWIML)
    is_report = (form.optional_text("MessageStatus") or "received").lower() not in INCOMING
    reference = _reference(request) if is_report else None
    channel = _channel(form)
    if channel and not reference:  # a report of our own text counts, whatever channel Twilio carried it by
        events: tuple[Event, ...] = (origin.unknown(f"{channel} {'status' if is_report else 'message'}"),)
    else:
        events = _reported(origin, form, reference) if is_report else _received(origin, form)
    return Reading(events, NOTED if is_report else EMPTY_TWIML)


def _received(origin: Origin, form: Payload) -> tuple[Event, ...]:
    media = [
        Media(form.text(f"MediaUrl{number}"), form.optional_text(f"MediaContentType{number}") or "")
        for number in range(MAX_MEDIA)
        if f"MediaUrl{number}" in form
    ]
    text = MessageReceived(
        account=origin.account,
        provider=origin.provider,
        message_id=form.identifier("MessageSid"),
        sender=form.sender("From"),
        recipient=form.address("To"),
        body=readable(form.body("Body")),
        media=tuple(media),
        segments=form.count("NumSegments"),
        received_at=origin.received_at,
        raw=origin.raw,
    )
    choice = CONSENT.get((form.optional_text("OptOutType") or "").upper())
    return (text,) if choice is None else (text, origin.opt_out(text, text.sender, text.recipient, choice))


def _reported(origin: Origin, form: Payload, reference: str | None) -> tuple[Event, ...]:
    native, code = form.identifier("MessageStatus"), (form.optional_text("ErrorCode") or "").strip()
    status, reason = STATUSES.get(native.lower(), (None, None))
    failure, sentence = REASONS.get(code, (reason, "")) if status in FAILURES else (None, "")
    report = DeliveryReported(
        account=origin.account,
        provider=origin.provider,
        message_id=form.identifier("MessageSid"),
        reference=reference,
        status=status,
        native_status=native,
        failure=failure,
        detail=detail(origin.provider, code or native, sentence),
        occurred_at=_done_date(form.optional_text("RawDlrDoneDate") or ""),
        received_at=origin.received_at,
        raw=origin.raw,
    )
    customer = form.optional_address("To")
    if failure is not FailureReason.OPTED_OUT or customer is None:
        return (report,)
    return report, origin.opt_out(report, customer, form.optional_address("From"))


def _read_other_product(request: HttpRequest, account: ProviderAccount, received_at: datetime) -> Reading:
    """JSON comes from other products of Twilio's (Event Streams and the like), never from Messaging."""
    parsed = read_json(request)
    origin = Origin.of(account, received_at, parsed if isinstance(parsed, dict) else {"body": parsed})
    return Reading((origin.unknown(content_type(request) or "untyped body"),), EMPTY_TWIML)


def _raw(pairs: Pairs) -> Raw:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _channel(form: Payload) -> str | None:
    """`whatsapp`, `rcs`, … where an end carries such a prefix, None for SMS and MMS."""
    ends = (form.optional_text("From"), form.optional_text("To"))
    return next((found[1] for end in ends if end and (found := _CHANNEL.match(end))), None)


def _reference(request: HttpRequest) -> str | None:
    """Our own id, which we put into the URL of the status callback: a report may overtake the answer that brings the
    Message SID."""
    return Payload(dict(query_parameters(request))).optional_identifier("m")


def _done_date(text: str) -> datetime | None:
    """RawDlrDoneDate, YYMMDDhhmm by the carrier's clock, which is taken for UTC."""
    try:
        return datetime.strptime(f"20{text}", "%Y%m%d%H%M").replace(tzinfo=UTC) if _DONE_DATE.fullmatch(text) else None
    except ValueError:
        return None
