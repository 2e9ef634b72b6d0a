"""`txv_textmessage`: one text message, a child of its conversation in everything that concerns security."""

from __future__ import annotations

from dataverse.schema.model import (
    CHILD_OF,
    Column,
    Key,
    Lookup,
    Ownership,
    Table,
    Type,
    date_time,
    memo,
    text,
    whole_number,
)
from dataverse.schema.names import ChoiceName, ColumnName, KeyName, RelationshipName, SetName, TableName

_COLUMNS = (
    Column(
        name=ColumnName.DIRECTION,
        type=Type.CHOICE,
        display="Direction",
        description="Whether the message came in or went out.",
        choice=ChoiceName.DIRECTION,
    ),
    memo(ColumnName.BODY, 10_000, "Text", "What the message says."),
    text(ColumnName.FROM, 200, "From", "The number or name that it was sent from."),
    text(ColumnName.TO, 50, "To", "The number that it was sent to."),
    Column(
        name=ColumnName.STATUS,
        type=Type.CHOICE,
        display="Status",
        description="How far the message has got.",
        choice=ChoiceName.STATUS,
    ),
    text(ColumnName.FAILURE_REASON, 100, "Failure reason", "Why it did not arrive, in one word for machines."),
    text(ColumnName.STATUS_DETAIL, 1_000, "Status detail", "The provider's own code and words for the status."),
    date_time(ColumnName.FAILED_ON, "Failed on", "When the first failure was reported."),
    text(ColumnName.PROVIDER_MESSAGE_ID, 200, "Provider's message id", "The id that the provider gave the message."),
    text(ColumnName.PROVIDER_ACCOUNT, 100, "Provider account", "The account at the provider that it went through."),
    whole_number(ColumnName.SEGMENTS, "Segments", "How many texts the provider counts it as."),
    whole_number(ColumnName.MEDIA_COUNT, "Media", "How many pictures or other media came with it."),
    date_time(ColumnName.PROVIDER_TIME, "Provider time", "When it was received or sent, by the provider's clock."),
    date_time(ColumnName.ARRIVED_ON, "Arrived on", "When it arrived here; messages are sorted by it."),
    date_time(ColumnName.SCHEDULED_FOR, "Scheduled for", "When it is to be sent, if not at once."),
    date_time(ColumnName.NOTIFIED_ON, "Notified on", "When its reader was notified, so that it happens once."),
    memo(ColumnName.ROUTING, 100_000, "Routing", "Why it was attached to this record, as JSON."),
    memo(ColumnName.RAW, 100_000, "As received", "What the provider sent, as it was, for support."),
)

TEXT_MESSAGE = Table(
    name=TableName.TEXT_MESSAGE,
    set_name=SetName.TEXT_MESSAGES,
    display="Text message",
    plural="Text messages",
    description="One text message of a conversation, incoming or outgoing; what came with it are its notes.",
    ownership=Ownership.USER,
    notes=True,
    primary=text(ColumnName.NAME, 200, "Name", "What the message is called in lists."),
    columns=_COLUMNS,
    lookups=(
        Lookup(
            name=ColumnName.CONVERSATION,
            target=TableName.TEXT_CONVERSATION,
            to_activity=True,
            relationship=RelationshipName.CONVERSATION_MESSAGES,
            display="Conversation",
            description="The conversation that the message belongs to; who may see that may see this.",
            cascades=CHILD_OF,
        ),
        Lookup(
            name=ColumnName.SENT_BY,
            target=TableName.SYSTEM_USER,
            relationship=RelationshipName.USER_MESSAGES,
            display="Sent by",
            description="The user who sent the message.",
        ),
    ),
    keys=(
        Key(
            KeyName.PROVIDER_MESSAGE,
            "Provider's message",
            (ColumnName.PROVIDER_ACCOUNT, ColumnName.PROVIDER_MESSAGE_ID),
        ),
    ),
)
