"""The reads around a text, as requests. Each counts as one operation; together they are one `$batch`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from dataverse.store.tables import RECORD_TABLES, RecordTable, phone_keys, regarding
from dataverse.webapi.literals import in_list, literal, quote_literal
from dataverse.webapi.request import Request
from messaging.numbers import Address
from messaging.phone_keys import look_up
from messaging.records import COUNTRY_COLUMN, Principal, PrincipalKind, Table
from routing.spellings import spellings

# What every candidate is read with, whatever its table.
_FACTS = "_owninguser_value,_owningteam_value,statecode,modifiedon"
_PERSON = "systemuserid,fullname,isdisabled,islicensed"
# The conversations of a number.
LEAD_MAKERS = "txv_phonenumber_textconversations"
# The security role whose holders see every text.
ADMINISTRATORS = "Text Messaging Administrator"


@dataclass(frozen=True, slots=True)
class LeadWindow:
    """The new leads of a number that count: those made `since` then, up to `most`."""

    since: datetime
    most: int

    @classmethod
    def last_hour(cls, now: datetime, most: int) -> LeadWindow | None:
        """Those of the last hour; None where there may be as many as come (`most` is 0)."""
        # Times are kept to the second: cut, the hour is rather too long than too short.
        return cls((now - timedelta(hours=1)).replace(microsecond=0), most) if most else None


def get(path: str) -> Request:
    """A read; blanks are encoded here, values where they are put in."""
    return Request(method="GET", path=path.replace(" ", "%20"), repeatable=True)


def our_number(our: Address, window: LeadWindow | None = None) -> Request:
    """The row of the number that was texted, with its conversations whose texts made leads in `window`."""
    lately = window and (
        f"&$expand={LEAD_MAKERS}($select=activityid"
        f";$filter=txv_leadmadeon ge {literal(window.since)};$top={window.most})"
    )
    return get(
        "txv_phonenumbers?$select=txv_phonenumberid,txv_newleads,txv_notices,_owninguser_value,_owningteam_value"
        f"&$filter=txv_digits eq {quote_literal(our.key)}{lately or ''}"
    )


def our_people(our: Address) -> Request:
    """Who owns the number: its user, or the members of its team."""
    number = f"any(n:n/txv_digits eq {quote_literal(our.key)})"
    where = f"user_txv_phonenumber/{number} or teammembership_association/any(t:t/team_txv_phonenumber/{number})"
    return _people(where)


def people_behind(owner: Principal) -> Request:
    """A user, or the members of a team."""
    member = f"teammembership_association/any(t:t/teamid eq {owner.id})"
    return _people(f"systemuserid eq {owner.id}" if owner.kind is PrincipalKind.USER else member)


def administrators() -> Request:
    """Who holds the role of administrators of text messages themselves."""
    return _people(f"systemuserroles_association/any(r:r/name eq {quote_literal(ADMINISTRATORS)})")


def _people(where: str) -> Request:
    return get(f"systemusers?$select={_PERSON}&$filter={where}&$expand=user_settings($select=uilanguageid)")


def carriers(table: Table, customer: Address, *, by_index: bool, most: int) -> Request:
    """The records of a table that may carry the customer's number, with their opportunities: by the phone index, or by
    the usual spellings. At most so many, active ones first, then those that were updated last."""
    known = RECORD_TABLES[table]
    where = _in_the_index(table, customer) if by_index else _spelled(known, customer)
    order = f"statecode,modifiedon desc,{known.id}"
    read = get(f"{known.set_name}?$select={_described(known)}&$filter={where}&$orderby={order}{_opportunities(known)}")
    return replace(read, headers={"Prefer": f"odata.maxpagesize={most}"})


def conversations(customer: Address) -> Request:
    """All conversations with the customer, on whichever of our numbers, with the records that they stand on."""
    records = ",".join(
        f"{regarding(table)}($select={','.join(known.described_by)},{_FACTS})" for table, known in RECORD_TABLES.items()
    )
    return get(
        "txv_textconversations?$select=activityid,txv_ourdigits,txv_lastmessageon,txv_unreadcount,"
        "_owninguser_value,_owningteam_value,_regardingobjectid_value"
        f"&$filter=txv_customerdigits eq {quote_literal(customer.key)}&$expand={records}"
    )


def stored_message(message_id: UUID) -> Request:
    """The message itself, if it is there (a query, so that its absence is no error)."""
    return get(
        "txv_textmessages?$select=txv_textmessageid,createdon,txv_notifiedon,_txv_conversationid_value"
        f"&$filter=txv_textmessageid eq {message_id}"
    )


def leads_made(lead_ids: tuple[UUID, ...]) -> Request:
    """Those of these leads that exist, as `carriers` reads them, whether or not they still carry the number."""
    known = RECORD_TABLES[Table.LEAD]
    columns, where = _described(known), in_list(known.id, tuple(map(str, lead_ids)))
    return get(f"{known.set_name}?$select={columns}&$filter={where}{_opportunities(known)}")


def _described(known: RecordTable) -> str:
    return ",".join((*known.described_by, *known.phones, COUNTRY_COLUMN, _FACTS))


def _in_the_index(table: Table, customer: Address) -> str:
    keys = " or ".join(f"k/txv_digits eq {quote_literal(key)}" for key in look_up(customer))
    return f"{phone_keys(table)}/any(k:{keys})"


def _spelled(known: RecordTable, customer: Address) -> str:
    like = spellings(customer)
    return " or ".join(in_list(column, like) for column in known.phones)


def _opportunities(known: RecordTable) -> str:
    if not known.opportunities:
        return ""
    columns = f"$select={','.join(RECORD_TABLES[Table.OPPORTUNITY].described_by)},{_FACTS}"
    return "&$expand=" + ",".join(f"{collection}({columns})" for collection in known.opportunities)
