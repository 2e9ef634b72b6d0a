"""The views of our tables: what sellers and administrators find in the grids.

FetchXML orders by a number, not by whether there is one: "unread first" is the conversation with most unread texts
first. Rows are shown as far as the reader may see them, whatever a view asks for.
"""

from __future__ import annotations

from collections.abc import Sequence

from dataverse.schema.choices import CONSENT_CHOICES, STATUS
from dataverse.schema.components import View, ViewColumn
from dataverse.schema.model import Option
from dataverse.schema.names import ColumnName, TableName

_MINE = '<condition attribute="ownerid" operator="eq-useroruserteams"/>'
_NUMBER = (  # ours, beside a conversation; one without a number stays in
    f'<link-entity name="{TableName.PHONE_NUMBER}" from="txv_phonenumberid" to="{ColumnName.PHONE_NUMBER}"'
    f' link-type="outer" alias="number"><attribute name="{ColumnName.NAME}"/></link-entity>'
)
_MY_CONVERSATION = (
    f'<filter type="or">{_MINE}<condition entityname="number" attribute="ownerid" operator="eq-useroruserteams"/>'
    "</filter>"
)
_FAILED = ("Undelivered", "Failed", "Unconfirmed")


def _value(options: Sequence[Option], label: str) -> int:
    return next(option.value for option in options if option.label == label)


def _where(*conditions: str) -> str:
    return f"<filter>{''.join(conditions)}</filter>"


def _is(column: str, operator: str, *values: object) -> str:
    start = f'<condition attribute="{column}" operator="{operator}"'
    if len(values) == 1:
        return f'{start} value="{values[0]}"/>'
    return f"{start}>{''.join(f'<value>{value}</value>' for value in values)}</condition>"


def _by(*columns: str) -> str:
    """Orders; a column with a minus in front from the highest down."""
    orders = ((column.removeprefix("-"), column.startswith("-")) for column in columns)
    return "".join(f'<order attribute="{column}" descending="{str(down).lower()}"/>' for column, down in orders)


def _view(table: str, name: str, description: str, columns: Sequence[ViewColumn], *parts: str) -> View:
    """`parts` are links, filters and orders, in FetchXML. What a grid shows has to be asked for; its first column opens
    the row."""
    key = "activityid" if table == TableName.TEXT_CONVERSATION else f"{table}id"
    asked = [key, *(column.name for column in columns if "." not in column.name)]
    attributes = "".join(f'<attribute name="{each}"/>' for each in asked)
    fetch = f'<fetch><entity name="{table}">{attributes}{"".join(parts)}</entity></fetch>'
    return View(table=table, name=name, description=description, fetch=fetch, columns=tuple(columns))


_CONVERSATION = (
    ViewColumn(ColumnName.SUBJECT, 300),
    ViewColumn("regardingobjectid", 200),
    ViewColumn(ColumnName.UNREAD_COUNT, 75),
    ViewColumn(ColumnName.LAST_MESSAGE_ON, 150),
    ViewColumn(ColumnName.LAST_DIRECTION, 100),
    ViewColumn("number.txv_name", 150),
    ViewColumn("ownerid", 150),
)
_MESSAGE = (
    ViewColumn(ColumnName.NAME, 200),
    ViewColumn(ColumnName.DIRECTION, 100),
    ViewColumn(ColumnName.BODY, 300),
    ViewColumn(ColumnName.STATUS, 100),
    ViewColumn(ColumnName.CONVERSATION, 200),
    ViewColumn(ColumnName.SENT_BY, 150),
    ViewColumn("createdon", 150),
)
_FAILED_MESSAGE = (
    ViewColumn(ColumnName.NAME, 200),
    ViewColumn(ColumnName.STATUS, 100),
    ViewColumn(ColumnName.FAILURE_REASON, 200),
    ViewColumn(ColumnName.STATUS_DETAIL, 300),
    ViewColumn(ColumnName.CONVERSATION, 200),
    ViewColumn(ColumnName.SENT_BY, 150),
    ViewColumn("createdon", 150),
)
_PHONE_NUMBER = (
    ViewColumn(ColumnName.NAME, 200),
    ViewColumn(ColumnName.NUMBER, 150),
    ViewColumn(ColumnName.NUMBER_TYPE, 125),
    ViewColumn("ownerid", 200),
    ViewColumn(ColumnName.SMS_PROVIDER, 200),
    ViewColumn("statecode", 100),
)
_PROVIDER = (
    ViewColumn(ColumnName.NAME, 200),
    ViewColumn(ColumnName.TYPE, 100),
    ViewColumn(ColumnName.CALLBACK_ID, 150),
    ViewColumn(ColumnName.INBOUND_URL, 300),
    ViewColumn(ColumnName.STATUS_URL, 300),
    ViewColumn("statecode", 100),
)
_TEMPLATE = (
    ViewColumn(ColumnName.TITLE, 200),
    ViewColumn(ColumnName.TABLE, 125),
    ViewColumn(ColumnName.LANGUAGE, 100),
    ViewColumn(ColumnName.TEXT, 300),
    ViewColumn(ColumnName.SHARED, 75),
    ViewColumn("ownerid", 150),
)
_CONSENT = (
    ViewColumn(ColumnName.NAME, 200),
    ViewColumn(ColumnName.DECIDED_ON, 150),
    ViewColumn(ColumnName.SOURCE, 200),
    ViewColumn(ColumnName.EVIDENCE, 200),
)
_PHONE_KEY = (
    ViewColumn(ColumnName.NAME, 200),
    ViewColumn(ColumnName.DIGITS, 150),
    ViewColumn(ColumnName.COLUMN, 125),
    ViewColumn(ColumnName.CONTACT, 200),
    ViewColumn(ColumnName.ACCOUNT, 200),
    ViewColumn(ColumnName.LEAD, 200),
    ViewColumn("modifiedon", 150),
)

_LATEST = _by(f"-{ColumnName.LAST_MESSAGE_ON}", "activityid")
MY_CONVERSATIONS = _view(
    TableName.TEXT_CONVERSATION,
    "My text messages",
    "Conversations whose record or phone number is yours or one of your teams'; those with unread texts first.",
    _CONVERSATION,
    _NUMBER,
    _MY_CONVERSATION,
    _by(f"-{ColumnName.UNREAD_COUNT}") + _LATEST,
)
ALL_CONVERSATIONS = _view(
    TableName.TEXT_CONVERSATION,
    "All text conversations",
    "Every conversation that you may see, the latest first.",
    _CONVERSATION,
    _NUMBER,
    _LATEST,
)
UNREAD_CONVERSATIONS = _view(
    TableName.TEXT_CONVERSATION,
    "Unread text conversations",
    "Conversations with texts that nobody has read yet, the latest first.",
    _CONVERSATION,
    _NUMBER,
    _where(_is(ColumnName.UNREAD_COUNT, "gt", 0)),
    _LATEST,
)
WAITING_CONVERSATIONS = _view(
    TableName.TEXT_CONVERSATION,
    "Text conversations waiting for a record",
    "Conversations on no record: nobody has chosen one yet, or their number made no lead. The latest first.",
    _CONVERSATION,
    _NUMBER,
    _where('<condition attribute="regardingobjectid" operator="null"/>'),
    _LATEST,
)
FAILED_MESSAGES = _view(
    TableName.TEXT_MESSAGE,
    "Failed text messages",
    "Texts that did not arrive, or of which nobody knows whether they were sent; by reason, the newest first.",
    _FAILED_MESSAGE,
    _where(_is(ColumnName.STATUS, "in", *(_value(STATUS.options, label) for label in _FAILED))),
    _by(ColumnName.FAILURE_REASON, "-createdon", "txv_textmessageid"),
)
ALL_MESSAGES = _view(
    TableName.TEXT_MESSAGE,
    "All text messages",
    "Every text that you may see, the newest first.",
    _MESSAGE,
    _by("-createdon", "txv_textmessageid"),
)
PHONE_NUMBERS = _view(
    TableName.PHONE_NUMBER,
    "Phone numbers",
    "All numbers that texts are sent from, with who answers them.",
    _PHONE_NUMBER,
    _by(ColumnName.NAME, "txv_phonenumberid"),
)
MY_PHONE_NUMBERS = _view(
    TableName.PHONE_NUMBER,
    "My phone numbers",
    "The numbers that you or one of your teams text from.",
    _PHONE_NUMBER,
    _where(_MINE),
    _by(ColumnName.NAME, "txv_phonenumberid"),
)
PROVIDERS = _view(
    TableName.SMS_PROVIDER,
    "SMS providers",
    "The accounts at providers, with the URLs to enter there.",
    _PROVIDER,
    _by(ColumnName.NAME, "txv_smsproviderid"),
)
MY_TEMPLATES = _view(
    TableName.TEXT_TEMPLATE,
    "My text templates",
    "The texts to begin with that are yours.",
    _TEMPLATE,
    _where('<condition attribute="ownerid" operator="eq-userid"/>'),
    _by(ColumnName.TITLE, "txv_texttemplateid"),
)
SHARED_TEMPLATES = _view(
    TableName.TEXT_TEMPLATE,
    "Shared text templates",
    "The texts to begin with that everyone can use.",
    _TEMPLATE,
    _where(_is(ColumnName.SHARED, "eq", 1)),
    _by(ColumnName.TITLE, "txv_texttemplateid"),
)
OPTED_OUT = _view(
    TableName.CONSENT,
    "Opted-out numbers",
    "The numbers of customers who want no texts, the latest first.",
    _CONSENT,
    _where(_is(ColumnName.CHOICE, "eq", _value(CONSENT_CHOICES, "Opted out"))),
    _by(f"-{ColumnName.DECIDED_ON}", "txv_consentid"),
)
PHONE_INDEX = _view(
    TableName.PHONE_KEY,
    "Phone index",
    "Which number stands on which record, in which column.",
    _PHONE_KEY,
    _by(ColumnName.DIGITS, "txv_phonekeyid"),
)

VIEWS: tuple[View, ...] = (
    MY_CONVERSATIONS,
    ALL_CONVERSATIONS,
    UNREAD_CONVERSATIONS,
    WAITING_CONVERSATIONS,
    FAILED_MESSAGES,
    ALL_MESSAGES,
    PHONE_NUMBERS,
    MY_PHONE_NUMBERS,
    PROVIDERS,
    MY_TEMPLATES,
    SHARED_TEMPLATES,
    OPTED_OUT,
    PHONE_INDEX,
)
