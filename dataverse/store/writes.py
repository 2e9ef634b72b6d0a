"""The writes of an incoming text, as requests. Every row has an id of our choosing, so each can be met again."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from dataverse.store.choices import DIRECTIONS, STATUSES, Direction
from dataverse.store.tables import owner_path, path, regarding
from dataverse.webapi.request import Request
from messaging.inbound import Incoming, NewLead, Notices
from messaging.records import Principal, Record
from messaging.status import Status

_CREATE_ONLY = {"If-None-Match": "*"}


def stamp(moment: datetime) -> str:
    """A moment as Dataverse takes it: UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _patch(target: str, body: dict[str, object], condition: dict[str, str]) -> Request:
    return Request(method="PATCH", path=target, headers=condition, body=body, repeatable=True)


def _owned(owner: Principal | None) -> dict[str, object]:
    return {} if owner is None else {"ownerid@odata.bind": f"/{owner_path(owner)}"}


def _given(owner: Principal | None, before: Principal | None) -> dict[str, object]:
    # To name an owner is to assign, also where it is the same one.
    return {} if owner == before else _owned(owner)


def _on(record: Record | None) -> dict[str, object]:
    return {} if record is None else {f"{regarding(record.table)}@odata.bind": f"/{path(record)}"}


def lead(new: NewLead) -> Request:
    """The lead for an unknown number, created only if it is not there."""
    # No leadsourcecode: Dataverse's options know no texts, and which one an organization wants is not ours to guess.
    named = {"subject": f"Text from {new.number}", "lastname": new.number, "mobilephone": new.number}
    body = {**named, "description": new.reason}
    return _patch(f"leads({new.id})", {**body, **_owned(new.owner)}, _CREATE_ONLY)


def conversation(incoming: Incoming, now: datetime) -> Request:
    """The conversation, created if it is new, else moved on: only at the version that was read, so that no unread text
    goes uncounted, and none that waits for a record is put on two. A closed conversation opens again. One whose text
    makes a lead says when: `now`."""
    event, before = incoming.event, incoming.conversation
    target = f"txv_textconversations({incoming.conversation_id})"
    latest: dict[str, object] = {
        "txv_lastmessageon": stamp(event.received_at),
        "txv_lastdirection": DIRECTIONS[Direction.INCOMING],
    }
    made: dict[str, object] = {"txv_leadmadeon": stamp(now)} if incoming.new_lead is not None else {}
    if before is not None:
        # One that waited while others came is counted, and yet not the latest.
        overtaken = before.last_message_on is not None and event.received_at < before.last_message_on
        counted: dict[str, object] = {"txv_unreadcount": incoming.unread, "statecode": 0}
        taken = _on(incoming.record) | _given(incoming.owner, before.owner) if incoming.takes_along else {}
        moved_on = {} if overtaken else latest
        return _patch(target, {**moved_on, **made, **counted, **taken}, {"If-Match": before.etag})
    body = {
        "subject": f"Text messages with {event.sender.value}",
        "txv_ourdigits": event.recipient.key,
        "txv_customerdigits": event.sender.key,
        "txv_customer": event.sender.value,
        "txv_unreadcount": 1,
    }
    if incoming.number_id is not None:
        body["txv_phonenumberid@odata.bind"] = f"/txv_phonenumbers({incoming.number_id})"
    return _patch(target, {**latest, **made, **body, **_on(incoming.record), **_owned(incoming.owner)}, _CREATE_ONLY)


def message(incoming: Incoming, notified_on: datetime | None) -> Request:
    """The text itself, created only if it is not there. `notified_on` is given where nobody is to be told."""
    event = incoming.event
    body: dict[str, object] = {
        "txv_name": f"Text from {event.sender.value}",
        "txv_conversationid@odata.bind": f"/txv_textconversations({incoming.conversation_id})",
        "txv_direction": DIRECTIONS[Direction.INCOMING],
        "txv_status": STATUSES[Status.RECEIVED],
        "txv_body": event.body,
        "txv_from": event.sender.value,
        "txv_to": event.recipient.value,
        "txv_provideraccount": event.account,
        "txv_providermessageid": event.message_id,
        "txv_segments": event.segments,
        "txv_mediacount": len(event.media),
        "txv_providertime": event.occurred_at and stamp(event.occurred_at),
        "txv_arrivedon": stamp(event.received_at),
        "txv_arrivedms": event.received_at.microsecond // 1000,
        "txv_notifiedon": notified_on and stamp(notified_on),
        "txv_routing": json.dumps(incoming.routing, ensure_ascii=False),
        "txv_raw": json.dumps(event.raw, ensure_ascii=False),  # what fits a queue message fits the column
    }
    return _patch(f"txv_textmessages({incoming.message_id})", {**body, **_owned(incoming.owner)}, _CREATE_ONLY)


def noticed(notices: Notices) -> Request:
    """Who has been told that privileges are lacking, unless someone else noted something meanwhile."""
    told = {str(reader): day.isoformat() for reader, day in notices.told.items()}
    target = f"txv_phonenumbers({notices.number})"
    return _patch(target, {"txv_notices": json.dumps(told)}, {"If-Match": notices.etag})


def notified(message_id: object, on: datetime, condition: dict[str, str]) -> Request:
    """The mark that the sellers were told, under `condition`."""
    return _patch(f"txv_textmessages({message_id})", {"txv_notifiedon": stamp(on)}, condition)
