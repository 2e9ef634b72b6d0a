"""`txv_phonenumber`: a number that we text from."""

from __future__ import annotations

from dataverse.schema.choices import NEW_LEADS, NUMBER_TYPES
from dataverse.schema.model import Column, Key, Lookup, Ownership, Table, Type, memo, text
from dataverse.schema.names import (
    ColumnName,
    KeyName,
    RelationshipName,
    SetName,
    TableName,
)

PHONE_NUMBER = Table(
    name=TableName.PHONE_NUMBER,
    set_name=SetName.PHONE_NUMBERS,
    display="Phone number",
    plural="Phone numbers",
    description="A number that texts are sent from and received on. Its owner, a user or a team, answers them.",
    ownership=Ownership.USER,
    primary=text(ColumnName.NAME, 100, "Name", "What the number is called, such as a region or a campaign."),
    columns=(
        text(ColumnName.NUMBER, 50, "Number", "The number as people read it, such as +1 206 555 0100."),
        text(ColumnName.DIGITS, 50, "Digits", "The digits of the number without a plus sign, by which it is found."),
        Column(
            name=ColumnName.NUMBER_TYPE,
            type=Type.CHOICE,
            display="Number type",
            description="What kind of number it is, which decides where it can send.",
            options=NUMBER_TYPES,
        ),
        Column(
            name=ColumnName.NEW_LEADS,
            type=Type.CHOICE,
            display="New leads",
            description="Whether a text from an unknown number makes a lead. Empty: as the organization says.",
            options=NEW_LEADS,
        ),
        memo(ColumnName.NOTICES, 4000, "Notices", "Who was told on which day that privileges are lacking, as JSON."),
    ),
    lookups=(
        Lookup(
            name=ColumnName.SMS_PROVIDER,
            target=TableName.SMS_PROVIDER,
            relationship=RelationshipName.PROVIDER_NUMBERS,
            display="SMS provider",
            description="The provider's account that the number belongs to.",
        ),
    ),
    keys=(Key(KeyName.PHONE_NUMBER_DIGITS, "Digits", (ColumnName.DIGITS,)),),
)
