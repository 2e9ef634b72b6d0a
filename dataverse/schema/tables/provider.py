"""`txv_smsprovider`: the account at a provider that texts go through."""

from __future__ import annotations

from dataverse.schema.model import Key, Ownership, Table, text, yes_or_no
from dataverse.schema.names import ColumnName, KeyName, SetName, TableName

SMS_PROVIDER = Table(
    name=TableName.SMS_PROVIDER,
    set_name=SetName.SMS_PROVIDERS,
    display="SMS provider",
    plural="SMS providers",
    description="An account at a provider of text messages. Its secrets are not kept here.",
    ownership=Ownership.ORGANIZATION,
    primary=text(ColumnName.NAME, 100, "Name", "What administrators call the account."),
    columns=(
        text(ColumnName.TYPE, 50, "Type", "Which provider it is, such as twilio, acs or telesign."),
        text(
            ColumnName.CALLBACK_ID,
            100,
            "Callback id",
            "The account's part of the callback URLs, and its id in the settings.",
        ),
        text(
            ColumnName.INBOUND_URL, 500, "URL for incoming texts", "To be entered at the provider, for incoming texts."
        ),
        text(
            ColumnName.STATUS_URL,
            500,
            "URL for delivery reports",
            "To be entered at the provider, for delivery reports.",
        ),
        yes_or_no(ColumnName.TWO_WAY, "Two-way", "Whether customers can text to numbers of this account."),
        yes_or_no(
            ColumnName.DELIVERY_REPORTS, "Delivery reports", "Whether the provider reports what became of a text."
        ),
        yes_or_no(ColumnName.MEDIA, "Media", "Whether pictures and other media can be sent."),
    ),
    keys=(Key(KeyName.CALLBACK_ID, "Callback id", (ColumnName.CALLBACK_ID,)),),
)
