"""Event Grid's deliveries as events: an array in its own schema, one CloudEvent, or an array of them.

The case of names is not stable even across Microsoft's own samples (`messageId`, `MessageId`, `Tag`, `specVersion`), so
names are read in either case.
"""

from __future__ import annotations

import re
from datetime import datetime

from messaging.accounts import ProviderAccount
from messaging.errors import Malformed
from messaging.events import DeliveryReported, Event, MessageReceived
from messaging.status import FailureReason, Status
from messaging.web import HttpRequest, HttpResponse
from providers.acs.handshake import VALIDATION, validation_answer
from providers.acs.statuses import CODES, OPTED_OUT, OPTED_OUT_TEXT, STATUSES
from providers.base import Reading
from providers.body import read_json
from providers.detail import detail
from providers.origin import Origin
from providers.payload import Payload

RECEIVED = "microsoft.communication.smsreceived"
REPORTED = "microsoft.communication.smsdeliveryreportreceived"
NOTED = HttpResponse(status=200)
_CODE = re.compile(r"\s*([0-9]{4})(?![0-9])\W*(.*)", re.DOTALL)


def read(request: HttpRequest, account: ProviderAccount, received_at: datetime) -> Reading:
    """The events of a verified delivery. Raises Malformed naming the event and the field where none can be read.

    Of several, those that can be read are taken and the others kept whole as unknown: Event Grid does not deliver again
    what is answered 400, and a good text must not be lost for its neighbour.

    A deleted subscription (`aeg-event-type: SubscriptionDeletion`) is an event of a type that we do not know: it is
    kept, because from then on no text comes any more and someone may look for the reason.
    """
    parsed = read_json(request)
    batch = parsed if isinstance(parsed, list) else [parsed]
    events: list[Event] = []
    answer = NOTED
    unreadable: list[Malformed] = []
    for position, item in enumerate(batch):
        origin = Origin.of(account, received_at, item if isinstance(item, dict) else {"item": item})
        try:
            envelope = Payload(item, f"[{position}]", fold=True)
            kind = envelope.identifier("type" if "specversion" in envelope else "eventType")
            if kind.lower() == VALIDATION:
                answer = validation_answer(envelope.object("data").identifier("validationCode"))
            else:
                events += _events(origin, kind, envelope)
        except Malformed as error:
            unreadable.append(error)
            events.append(origin.unknown(f"unreadable: {error}"))
    if unreadable and len(unreadable) == len(batch):
        raise unreadable[0]
    return Reading(tuple(events), answer)


def _events(origin: Origin, kind: str, envelope: Payload) -> tuple[Event, ...]:
    if kind.lower() == RECEIVED:
        return (_received(origin, envelope, envelope.object("data")),)
    if kind.lower() == REPORTED:
        return _reported(origin, envelope.object("data"))
    return (origin.unknown(kind),)


def _received(origin: Origin, envelope: Payload, data: Payload) -> MessageReceived:
    return MessageReceived(
        account=origin.account,
        provider=origin.provider,
        message_id=data.identifier("messageId"),
        sender=data.sender("from"),
        recipient=data.address("to"),
        body=data.body("message"),
        segments=data.count("segmentCount"),
        occurred_at=data.time("receivedTimestamp") or envelope.time("eventTime") or envelope.time("time"),
        received_at=origin.received_at,
        raw=origin.raw,
    )


def _reported(origin: Origin, data: Payload) -> tuple[Event, ...]:
    native, details = data.identifier("deliveryStatus"), data.optional_text("deliveryStatusDetails") or ""
    code, text = _code_and_text(details)
    status, failure = _outcome(native, code, text)
    reference = data.optional_identifier("tag")
    report = DeliveryReported(
        account=origin.account,
        provider=origin.provider,
        message_id=data.identifier("messageId"),
        reference=reference.removeprefix("out:") or None if reference else None,
        status=status,
        native_status=native,
        failure=failure,
        detail=detail(origin.provider, code or native, text),
        occurred_at=data.time("receivedTimestamp"),
        received_at=origin.received_at,
        raw=origin.raw,
    )
    customer = data.optional_address("to")
    if failure is not FailureReason.OPTED_OUT or customer is None:
        return (report,)
    return report, origin.opt_out(report, customer, data.optional_address("from"))


def _code_and_text(details: str) -> tuple[str, str]:
    found = _CODE.fullmatch(details)
    return (found[1], found[2]) if found else ("", details)


def _outcome(native: str, code: str, text: str) -> tuple[Status | None, FailureReason | None]:
    said = STATUSES.get(native.lower(), (None, None))
    if said[0] is Status.DELIVERED:
        return said
    return OPTED_OUT if OPTED_OUT_TEXT in text.lower() else CODES.get(code, said)
