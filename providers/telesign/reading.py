"""TeleSign's callbacks as events. One URL takes the callbacks of all its products, so the payload says what it is."""

from __future__ import annotations

from datetime import datetime

from messaging.accounts import ProviderAccount
from messaging.errors import Malformed
from messaging.events import DeliveryReported, Event, MessageReceived
from messaging.numbers import Address, AddressKind
from messaging.web import HttpRequest, HttpResponse
from providers.base import Reading
from providers.body import read_json
from providers.detail import detail
from providers.origin import Origin
from providers.payload import Payload
from providers.telesign.statuses import STATUSES

RECEIVED, REPORTED = "mo_sms", "sms"
INCOMING = "mo_"  # mo_mms, mo_rcs, mo_whatsapp, …: texts of channels that we do not read
NOTED = HttpResponse(status=200)  # 202 and 204 count as failures, and it calls again
UNNAMED = Address(AddressKind.ALPHANUMERIC, "", "")


def read(request: HttpRequest, account: ProviderAccount, received_at: datetime) -> Reading:
    """The event of a verified callback. Raises Malformed naming the field."""
    parsed = read_json(request)
    if not isinstance(parsed, dict):
        raise Malformed("the body is not an object")
    return Reading((_event(Origin.of(account, received_at, parsed), Payload(parsed)),), NOTED)


def _event(origin: Origin, payload: Payload) -> Event:
    payload.identifier("reference_id")  # the callbacks of all products have one
    resource = payload.optional_identifier("sub_resource") or "unknown"
    if resource.lower() == RECEIVED:
        return _received(origin, payload)
    if resource.lower().startswith(INCOMING):
        return origin.unknown(resource)
    if "user_response" in payload and "mo_message" in payload.object("user_response"):
        return _received(origin, payload)
    if "status" in payload or resource.lower() == REPORTED:
        return _reported(origin, payload)
    return origin.unknown(resource)


def _received(origin: Origin, payload: Payload) -> MessageReceived:
    response = payload.object("user_response")
    return MessageReceived(
        account=origin.account,
        provider=origin.provider,
        message_id=payload.identifier("reference_id"),
        sender=response.sender("phone_number"),
        # It may be "" (documented); the text is kept all the same, for a number of ours that is not named.
        recipient=response.optional_address("sender_id") or UNNAMED,
        body=response.body("mo_message"),
        occurred_at=payload.time("submit_timestamp"),
        received_at=origin.received_at,
        raw=origin.raw,
    )


def _reported(origin: Origin, payload: Payload) -> DeliveryReported:
    said = payload.object("status")
    native = said.code("code")
    status, failure = STATUSES.get(native, (None, None))
    return DeliveryReported(
        account=origin.account,
        provider=origin.provider,
        message_id=payload.identifier("reference_id"),
        reference=payload.optional_identifier("external_id"),
        status=status,
        native_status=native,
        failure=failure,
        detail=detail(origin.provider, native, said.optional_text("description") or ""),
        occurred_at=said.time("updated_on"),
        received_at=origin.received_at,
        raw=origin.raw,
    )
