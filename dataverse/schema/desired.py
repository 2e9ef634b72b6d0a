"""The whole schema: publisher, solution, global choices and tables."""

from __future__ import annotations

from dataverse.schema.choices import DIRECTION, STATUS
from dataverse.schema.model import Publisher, Schema, Solution
from dataverse.schema.names import OPTION_PREFIX, PREFIX, PUBLISHER, SOLUTION
from dataverse.schema.tables.consent import CONSENT
from dataverse.schema.tables.conversation import TEXT_CONVERSATION
from dataverse.schema.tables.message import TEXT_MESSAGE
from dataverse.schema.tables.phone_key import PHONE_KEY
from dataverse.schema.tables.phone_number import PHONE_NUMBER
from dataverse.schema.tables.provider import SMS_PROVIDER
from dataverse.schema.tables.template import TEXT_TEMPLATE

TEXTVERSE = Schema(
    publisher=Publisher(
        id="8a066f03-a5c7-594f-b38f-b79460da0b57",
        name=PUBLISHER,
        display="Textverse",
        prefix=PREFIX,
        option_prefix=OPTION_PREFIX,
    ),
    solution=Solution(id="adfb62d0-645b-5863-ae2a-c3427d7f076e", name=SOLUTION, display="Textverse", version="1.0.0.0"),
    choices=(DIRECTION, STATUS),
    tables=(SMS_PROVIDER, PHONE_NUMBER, TEXT_CONVERSATION, TEXT_MESSAGE, TEXT_TEMPLATE, PHONE_KEY, CONSENT),
)
