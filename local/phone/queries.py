"""What the site asks the Web API for, as requests: a batch for the reader, a batch for the phone."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from dataverse.store.queries import get
from dataverse.store.tables import RECORD_TABLES, regarding
from dataverse.webapi.literals import in_list, quote_literal
from dataverse.webapi.request import Request
from messaging.records import Record, Table

FORMATTED = "@OData.Community.Display.V1.FormattedValue"
TARGET = "@Microsoft.Dynamics.CRM.lookuplogicalname"
_ANNOTATED = {"Prefer": 'odata.include-annotations="*"'}

MOST_NOTIFICATIONS = 30
MOST_CONVERSATIONS = 60
MOST_MESSAGES = 100
_RECORDS = tuple(f"{regarding(table)}($select={known.id},{known.name})" for table, known in RECORD_TABLES.items())
_PLACE = "activityid,_ownerid_value,_regardingobjectid_value"
_MESSAGE = (
    "txv_textmessageid,_txv_conversationid_value,txv_direction,txv_body,txv_from,txv_to,txv_status,txv_statusdetail,"
    "txv_failurereason,txv_provideraccount,txv_providermessageid,txv_providertime,txv_arrivedon,"
    "txv_arrivedms,createdon"
)


def notifications(reader: UUID | None) -> Request:
    """The entries behind the reader's bell, the newest first; everybody's for None."""
    whose = f"&$filter=_ownerid_value eq {reader}" if reader else ""
    columns = "appnotificationid,title,body,data,createdon,_ownerid_value"
    return _annotated(
        f"appnotifications?$select={columns}{whose}&$orderby=createdon desc,appnotificationid&$top={MOST_NOTIFICATIONS}"
    )


def conversations() -> Request:
    """The conversations that the reader may see, the latest first, with as much of their records as he may."""
    columns = f"{_PLACE},txv_customer,txv_ourdigits,txv_lastmessageon,txv_unreadcount"
    return _annotated(
        f"txv_textconversations?$select={columns}&$expand={','.join(_RECORDS)}"
        f"&$orderby=txv_lastmessageon desc,activityid&$top={MOST_CONVERSATIONS}"
    )


def newest_messages() -> Request:
    """The latest texts of all conversations: what the list shows under each name."""
    return _messages("", "_txv_conversationid_value,txv_direction,txv_body,txv_arrivedon,txv_arrivedms,createdon")


def messages_of(conversation: UUID) -> Request:
    """The latest texts of one conversation."""
    return _messages(f"&$filter=_txv_conversationid_value eq {conversation}", f"{_MESSAGE},txv_routing")


def message(message_id: UUID) -> Request:
    """One text, with its explanation."""
    return _messages(f"&$filter=txv_textmessageid eq {message_id}", f"{_MESSAGE},txv_routing")


def thread(customer: str, ours: str) -> Request:
    """Everything between two numbers, with the conversations and records that it was filed under."""
    one, other = quote_literal(customer), quote_literal(ours)
    where = f"(txv_from eq {one} and txv_to eq {other}) or (txv_from eq {other} and txv_to eq {one})"
    filed = (
        f"txv_conversationid($select=activityid,_ownerid_value,_regardingobjectid_value;$expand={','.join(_RECORDS)})"
    )
    return _messages(f"&$filter={where}&$expand={filed}", _MESSAGE)


def names(records: Iterable[Record]) -> list[tuple[Table, Request]]:
    """The names of records, as far as the reader may see them: a request for each table that occurs."""
    wanted = {table: sorted(each.id for each in records if each.table is table) for table in Table}
    return [
        (
            table,
            get(
                f"{RECORD_TABLES[table].set_name}?$select={RECORD_TABLES[table].id},{RECORD_TABLES[table].name}"
                f"&$filter={in_list(RECORD_TABLES[table].id, ids)}"
            ),
        )
        for table, ids in wanted.items()
        if ids
    ]


def people(ids: Iterable[UUID]) -> Request:
    """The names of users, as far as the reader may see them."""
    return get(f"systemusers?$select=systemuserid,fullname&$filter={in_list('systemuserid', sorted(ids))}")


def _messages(narrowed: str, columns: str) -> Request:
    return _annotated(
        f"txv_textmessages?$select={columns}{narrowed}&$orderby=createdon desc,txv_textmessageid&$top={MOST_MESSAGES}"
    )


def _annotated(path: str) -> Request:
    request = get(path)
    return Request(method=request.method, path=request.path, headers=_ANNOTATED, repeatable=True)
