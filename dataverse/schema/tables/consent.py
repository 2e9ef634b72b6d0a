"""`txv_consent`: whether a customer wants texts from us, and how we know."""

from __future__ import annotations

from dataverse.schema.choices import CONSENT_CHOICES
from dataverse.schema.model import Column, Key, Lookup, Ownership, Table, Type, date_time, text
from dataverse.schema.names import (
    ColumnName,
    KeyName,
    RelationshipName,
    SetName,
    TableName,
)

CONSENT = Table(
    name=TableName.CONSENT,
    set_name=SetName.CONSENTS,
    display="SMS consent",
    plural="SMS consents",
    description="Whether the person behind a number wants texts from us.",
    ownership=Ownership.ORGANIZATION,
    primary=text(ColumnName.NAME, 100, "Name", "The number, as people read it."),
    columns=(
        text(ColumnName.DIGITS, 200, "Digits", "The digits of the customer's number with its country code."),
        Column(
            name=ColumnName.CHOICE,
            type=Type.CHOICE,
            display="Choice",
            description="What the customer chose last.",
            options=CONSENT_CHOICES,
        ),
        date_time(ColumnName.DECIDED_ON, "Decided on", "When the customer chose."),
        text(ColumnName.SOURCE, 200, "Source", "How we know: a keyword, the provider, an import, a colleague."),
    ),
    lookups=(
        Lookup(
            name=ColumnName.EVIDENCE,
            target=TableName.TEXT_MESSAGE,
            relationship=RelationshipName.EVIDENCE_CONSENTS,
            display="Evidence",
            description="The message in which the customer said so.",
        ),
    ),
    keys=(Key(KeyName.CONSENT_DIGITS, "Digits", (ColumnName.DIGITS,)),),
)
