"""What administrators change while the service runs."""

from __future__ import annotations

import json

from dataverse.schema.components import Variable, VariableType
from routing.tiers import DEFAULT_ORDER

STATES: tuple[Variable, ...] = (
    Variable(
        name="txv_phoneindex",
        type=VariableType.JSON,
        display="Phone index",
        description="How far the phone index is filled. Written by `python -m admin phone-keys` and every night; "
        "emptied, texts are matched by spellings until it is filled again.",
        default="{}",
    ),
)
"""What the service itself writes, and nobody sets."""

VARIABLES: tuple[Variable, ...] = (
    Variable(
        name="txv_defaultregion",
        type=VariableType.STRING,
        display="Default region",
        description="The country (ISO 3166, such as US) in which numbers without a country code are read first. Empty: "
        "the app setting DEFAULT_REGION.",
        default="",
    ),
    Variable(
        name="txv_tierorder",
        type=VariableType.JSON,
        display="Order of the tiers",
        description="The tiers that decide whose text it is, the first one first, as a JSON list; lowest_id is last.",
        default=json.dumps(DEFAULT_ORDER),
    ),
    Variable(
        name="txv_notificationtext",
        type=VariableType.BOOLEAN,
        display="Text in notifications",
        description="Whether notifications show what a text says. No: they only say from whom there is one.",
        default="yes",
    ),
    Variable(
        name="txv_newleads",
        type=VariableType.BOOLEAN,
        display="New leads",
        description="Whether a text from an unknown number makes a lead. No: its conversation waits without a record. "
        "Short codes and names never make one. A phone number can say otherwise for itself.",
        default="yes",
    ),
    Variable(
        name="txv_leadsperhour",
        type=VariableType.NUMBER,
        display="New leads per hour",
        description="How many new leads each phone number makes at most within an hour. What comes on top waits on "
        "conversations without a record. 0: no limit.",
        default="30",
    ),
    Variable(
        name="txv_ambiguoustexts",
        type=VariableType.STRING,
        display="Ambiguous texts",
        description="What is done with a text where only the date of the last change, or an id, tells the candidates "
        "apart. decide: it goes to the first of them. ask: its conversation waits until somebody chooses the record.",
        default="decide",
    ),
)
