"""The main forms of our tables.

What the service writes is shown and not to be edited. The conversation's form is the page with its texts: that is what
a double-click in a grid opens.
"""

from __future__ import annotations

from dataverse.schema import views
from dataverse.schema.components import Field, Form, Section, SubGrid, Tab, WebPage
from dataverse.schema.names import ColumnName as Name
from dataverse.schema.names import RelationshipName, TableName
from dataverse.schema.web_resources import CONVERSATION_PAGE, SETUP_PAGE


def _shown(*columns: str) -> tuple[Field, ...]:
    return tuple(Field(column, read_only=True) for column in columns)


def _edited(*columns: str) -> tuple[Field, ...]:
    return tuple(Field(column) for column in columns)


def _section(label: str, *cells: Field | WebPage | SubGrid) -> Section:
    return Section(label, cells)


def _tab(label: str, *sections: Section) -> Tab:
    return Tab(label, sections)


_TEXTS = WebPage(
    name="conversation",
    web_resource=CONVERSATION_PAGE.name,
    label="Texts of this conversation",
    rows=30,
)
_SETUP = WebPage(
    name="setup",
    web_resource=SETUP_PAGE.name,
    label="What to enter at the provider",
    rows=24,
)
_CONVERSATIONS = SubGrid(
    name="conversations",
    label="Conversations on this number",
    table=TableName.TEXT_CONVERSATION,
    relationship=RelationshipName.NUMBER_CONVERSATIONS,
    view=views.ALL_CONVERSATIONS,
    rows=12,
)
_NUMBERS = SubGrid(
    name="numbers",
    label="Phone numbers of this account",
    table=TableName.PHONE_NUMBER,
    relationship=RelationshipName.PROVIDER_NUMBERS,
    view=views.PHONE_NUMBERS,
    rows=12,
)

CONVERSATION = Form(
    table=TableName.TEXT_CONVERSATION,
    name="Text conversation",
    description="The texts of a conversation, as on a phone.",
    tabs=(
        _tab("Conversation", _section("Texts", _TEXTS)),
        _tab(
            "Details",
            _section(
                "Who and what about",
                *_edited(Name.SUBJECT, "regardingobjectid", "ownerid"),
                *_shown(Name.CUSTOMER, Name.PHONE_NUMBER),
            ),
            _section(
                "Latest",
                *_shown(Name.LAST_MESSAGE_ON, Name.LAST_DIRECTION, Name.UNREAD_COUNT, Name.LEAD_MADE_ON, "createdon"),
            ),
        ),
    ),
)

MESSAGE = Form(
    table=TableName.TEXT_MESSAGE,
    name="Text message",
    description="One text with everything that is known of it.",
    tabs=(
        _tab(
            "Text message",
            _section(
                "Text",
                *_shown(Name.NAME, Name.DIRECTION, Name.BODY, Name.MEDIA_COUNT),
                *_shown(Name.FROM, Name.TO, Name.CONVERSATION, Name.SENT_BY),
            ),
            _section(
                "What became of it",
                *_shown(Name.STATUS, Name.FAILURE_REASON, Name.STATUS_DETAIL, Name.FAILED_ON),
            ),
            _section(
                "When",
                *_shown(Name.ARRIVED_ON, Name.PROVIDER_TIME, Name.SCHEDULED_FOR, Name.NOTIFIED_ON, "createdon"),
            ),
        ),
        _tab(
            "For support",
            _section("At the provider", *_shown(Name.PROVIDER_ACCOUNT, Name.PROVIDER_MESSAGE_ID, Name.SEGMENTS)),
            _section("As stored", *_shown(Name.ROUTING, Name.RAW)),
        ),
    ),
)

PHONE_NUMBER = Form(
    table=TableName.PHONE_NUMBER,
    name="Phone number",
    description="A number, who answers it, and what its provider has to be told.",
    tabs=(
        _tab(
            "Phone number",
            _section(
                "Number",
                *_edited(Name.NAME, Name.NUMBER, Name.DIGITS, Name.NUMBER_TYPE, Name.SMS_PROVIDER, "ownerid"),
                *_edited(Name.NEW_LEADS),
            ),
            _section("What to enter at the provider", _SETUP),
        ),
        _tab("Conversations", _section("Conversations on this number", _CONVERSATIONS)),
    ),
)

PROVIDER = Form(
    table=TableName.SMS_PROVIDER,
    name="SMS provider",
    description="An account at a provider, its numbers, and what to enter there. Its secrets are not kept here.",
    tabs=(
        _tab(
            "SMS provider",
            _section(
                "Account",
                *_edited(Name.NAME, Name.TYPE, Name.CALLBACK_ID),
                *_shown(Name.INBOUND_URL, Name.STATUS_URL),
            ),
            _section("What it can do", *_edited(Name.TWO_WAY, Name.DELIVERY_REPORTS, Name.MEDIA)),
            _section("What to enter at the provider", _SETUP),
        ),
        _tab("Phone numbers", _section("Phone numbers of this account", _NUMBERS)),
    ),
)

TEMPLATE = Form(
    table=TableName.TEXT_TEMPLATE,
    name="SMS template",
    description="A text to begin with.",
    tabs=(
        _tab(
            "SMS template",
            _section("Template", *_edited(Name.TITLE, Name.TABLE, Name.LANGUAGE, Name.SHARED, "ownerid")),
            _section("Text", *_edited(Name.TEXT, Name.PLACEHOLDERS)),
        ),
    ),
)

PHONE_KEY = Form(
    table=TableName.PHONE_KEY,
    name="Phone index entry",
    description="A number and the record that carries it.",
    tabs=(
        _tab(
            "Phone index entry",
            _section("Number", *_shown(Name.NAME, Name.DIGITS, Name.COLUMN)),
            _section("Record", *_shown(Name.CONTACT, Name.ACCOUNT, Name.LEAD)),
        ),
    ),
)

CONSENT = Form(
    table=TableName.CONSENT,
    name="SMS consent",
    description="Whether the person behind a number wants texts, and how we know.",
    tabs=(
        _tab(
            "SMS consent",
            _section("Number", *_edited(Name.NAME, Name.DIGITS)),
            _section("Decision", *_edited(Name.CHOICE, Name.DECIDED_ON, Name.SOURCE, Name.EVIDENCE)),
        ),
    ),
)

FORMS: tuple[Form, ...] = (CONVERSATION, MESSAGE, PHONE_NUMBER, PROVIDER, TEMPLATE, PHONE_KEY, CONSENT)
