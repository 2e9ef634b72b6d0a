"""The app in which administrators work. Sellers find everything in the app that they have."""

from __future__ import annotations

from dataverse.schema.components import App
from dataverse.schema.names import TableName
from dataverse.schema.roles import ADMINISTRATOR

TEXT_MESSAGING = App(
    unique_name="txv_textverse",
    name="Text messaging",
    description="Phone numbers, providers, templates and consents; every conversation that you may see.",
    tables=(
        TableName.TEXT_CONVERSATION,
        TableName.TEXT_MESSAGE,
        TableName.PHONE_NUMBER,
        TableName.SMS_PROVIDER,
        TableName.TEXT_TEMPLATE,
        TableName.CONSENT,
    ),
    roles=(ADMINISTRATOR,),
)

APPS: tuple[App, ...] = (TEXT_MESSAGING,)
