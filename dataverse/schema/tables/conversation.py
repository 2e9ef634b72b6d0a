"""`txv_textconversation`: the texts between one of our numbers and a customer, as an activity on a record's timeline.

It holds no text of a message: all activities share one privilege, and who may see that a conversation took place may
not be allowed to read it.

Deleting a record would delete the activities about it, and with a conversation its texts: these stay, without a record.
"""

from __future__ import annotations

from dataverse.schema.model import Column, Lookup, Ownership, Table, Type, date_time, text, whole_number
from dataverse.schema.names import ChoiceName, ColumnName, RelationshipName, SetName, TableName

TEXT_CONVERSATION = Table(
    name=TableName.TEXT_CONVERSATION,
    set_name=SetName.TEXT_CONVERSATIONS,
    display="SMS conversation",
    plural="SMS conversations",
    description="The text messages between one of our numbers and a customer, about one record.",
    ownership=Ownership.USER,
    is_activity=True,
    outlives=("contact", "account", "opportunity", "lead"),
    primary=text(ColumnName.SUBJECT, 200, "Subject", "What the conversation is called on the timeline."),
    columns=(
        text(ColumnName.OUR_DIGITS, 50, "Our digits", "The digits of our number, or the name that we send as."),
        text(
            ColumnName.CUSTOMER_DIGITS,
            200,
            "Customer's digits",
            "The digits of the customer's number, by which it is found.",
        ),
        text(ColumnName.CUSTOMER, 200, "Customer", "The customer's number as people read it."),
        date_time(ColumnName.LAST_MESSAGE_ON, "Last message on", "When the newest message arrived or was sent."),
        Column(
            name=ColumnName.LAST_DIRECTION,
            type=Type.CHOICE,
            display="Last direction",
            description="Whether the newest message came in or went out.",
            choice=ChoiceName.DIRECTION,
        ),
        date_time(
            ColumnName.LEAD_MADE_ON,
            "Lead made on",
            "When a text of it made a lead: each number makes only so many an hour.",
        ),
        whole_number(ColumnName.UNREAD_COUNT, "Unread", "How many incoming messages nobody has read yet."),
    ),
    lookups=(
        Lookup(
            name=ColumnName.PHONE_NUMBER,
            target=TableName.PHONE_NUMBER,
            relationship=RelationshipName.NUMBER_CONVERSATIONS,
            display="Phone number",
            description="Our number in this conversation.",
        ),
    ),
)
